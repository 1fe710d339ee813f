"""The client's calendar."""

from datetime import date, datetime
from typing import Any

from flask import abort

from portal import wording
from portal.answers import Answer, show
from portal.db import now
from portal.identity import business
from portal.inputs import asked, number
from portal.inputs.book import day_of
from portal.rules import timetables
from portal.rules.class_places import Doors, Place, places_of
from portal.rules.periods import VIEWS, period
from portal.rules.timetables import Share
from portal.views.client.room import me, room

# The classes of a day that are not named are counted, and lead to the day, and there to all of it.
SHARES = {"week": Share(5, 2), "month": Share(2, 0), "day": Share(40, 40)}
ALL = Share(500, 500)


@room.get("/calendar")
def show_calendar() -> Answer:
    at, here, provider_id = now(), business(), number("provider")
    if not here.calendar_open:
        abort(404)
    today = wording.today_in(here.time_zone, at)
    shown = period(asked("view"), day_of(asked("day")) or today)
    share = ALL if shown.view == "day" and asked("all") else SHARES[shown.view]
    timetable = timetables.timetable(
        me().id, shown, doors(), provider_id=provider_id, share=share, zone=here.time_zone, at=at
    )
    names: dict[str, Any] = {"timetable": timetable, "period": shown, "provider_id": provider_id or 0, "today": today}
    return show("client/calendar", "client/calendar", views=VIEWS, **names)


def doors() -> Doors:
    return Doors(business().booking_open, business().waitlist_open)


def place_now(class_id: int, at: datetime) -> tuple[Place, date]:
    """A class as the calendar shows it now, and its day."""
    place = places_of(me().id, [class_id], doors(), at=at)[class_id]
    return place, wording.local(place.starts_at, place.zone).date()
