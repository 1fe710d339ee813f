"""Being written."""

from portal.answers import Answer
from portal.views.client.room import room


@room.get("/pets")
def list_pets() -> Answer:
    return "My Pets"
