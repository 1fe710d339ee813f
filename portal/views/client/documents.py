"""Being written."""

from portal.answers import Answer
from portal.views.client.room import room


@room.get("/documents")
def list_documents() -> Answer:
    return "Documents"
