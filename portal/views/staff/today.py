"""The first page of the front desk."""

from portal import wording
from portal.answers import Answer, show
from portal.db import now
from portal.identity import business
from portal.rules import locations
from portal.views.staff.room import room


@room.get("/")
def today() -> Answer:
    at = now()
    greeting = wording.greeting(at, business().time_zone)
    return show("staff/today", at=at, greeting=greeting, locations=locations.every())
