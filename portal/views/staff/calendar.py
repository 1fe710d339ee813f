"""The calendar of the desk: a day by provider, a week by day, a month in figures."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.answers import Answer, show
from portal.db import now
from portal.identity import business
from portal.inputs import asked, id_of
from portal.rules import desk_calendar, desk_calendar_columns
from portal.rules.desk_calendar import Shown
from portal.rules.periods import VIEWS, Period, period
from portal.views.staff.room import room
from portal.wording import today_in

YEARS = range(2000, 2100)


@dataclass(frozen=True, slots=True)
class Way:
    """Addresses of the calendar: each keeps what is not said anew."""

    view: str
    day: date
    location: int
    provider: int

    def to(self, **other: Any) -> str:
        here = {"view": self.view, "day": self.day, "location": self.location, "provider": self.provider}
        return address("/desk/calendar", here | other)

    def toward(self, name: str, **other: Any) -> str:
        """All but what stands at its end, for as many as there are: days, locations, providers."""
        return f"{self.to(**other, **{name: None})}&{name}="

    @property
    def booking(self) -> str:
        """Where a booking is added, at the location and with the provider that are looked at."""
        return address("/desk/bookings/new", {"location": self.location, "provider": self.provider})


def address(path: str, words: dict[str, Any]) -> str:
    """No word in it needs to be quoted: there are views, days and ids."""
    query = "&".join(f"{name}={word}" for name, word in words.items() if word)
    return f"{path}?{query}" if query else path


@room.get("/calendar")
def show_calendar() -> Answer:
    at, zone = now(), business().time_zone
    today = today_in(zone, at)
    time = period(asked("view"), day_of(asked("day")) or today)
    here, provider = id_of(asked("location")), id_of(asked("provider"))
    only = {"location_id": here, "provider_id": provider}
    whole = asked("all") != ""
    shown = desk_calendar.calendar(time.days, view=time.view, whole=whole, zone=zone, at=at, **only)
    return show("staff/calendar", "staff/calendar", **named(time, shown), today=today, views=VIEWS)


def named(time: Period, shown: Shown) -> dict[str, Any]:
    way = Way(time.view, time.day, shown.place.id if shown.place else 0, shown.provider or 0)
    columns = (
        desk_calendar_columns.columns(shown.days[0], shown.providers, shown.provider) if time.view == "day" else None
    )
    return {"time": time, "shown": shown, "way": way, "columns": columns}


def day_of(told: str) -> date | None:
    """What stands in an address may be nonsense."""
    try:
        day = date.fromisoformat(told)
    except ValueError:
        return None
    return day if day.year in YEARS else None
