"""Being written."""

from portal.answers import Answer
from portal.views.client.room import room


@room.get("/profile")
def show_profile() -> Answer:
    return "My Profile"


@room.get("/profile/photo")
def show_own_photo() -> Answer:
    return "Photo"
