"""Signing in, for staff."""

from portal.answers import Answer, show
from portal.views.staff.room import room


@room.get("/sign-in")
def sign_in() -> Answer:
    return show("staff/sign_in")


@room.get("/")
def today() -> Answer:
    return show("staff/today")
