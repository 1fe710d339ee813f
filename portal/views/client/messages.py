"""Being written."""

from portal.answers import Answer
from portal.views.client.room import room


@room.get("/messages")
def list_threads() -> Answer:
    return "Messages"


@room.get("/messages/new")
def write_thread() -> Answer:
    return "New Message"
