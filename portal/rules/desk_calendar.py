"""The calendar of the desk: a day, a week or a month, at one location or all, with one provider or all.

Three queries: who and where there is, with closures and time off; how much is on, and which are the first of each day;
and what stands on the lines of these.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import Date, bindparam, cast, null, select, union_all

from portal.db import Instant, rows_of, written
from portal.models import Closure, Location, Provider, TimeOff
from portal.rules import desk_calendar_firsts, desk_calendar_months, desk_calendar_rows
from portal.rules.desk_calendar_days import FIRST, LAST, Span
from portal.rules.desk_calendar_rows import Item
from portal.rules.occupancy import midnight

DAY = timedelta(days=1)
# So many rows a day shows in its week, by itself, and by itself when all of it is asked for; and so many where it has
# more than that. In a week "more" stands where the fourth would; by itself, who has to ask for the rest loses nothing
# by it, and a shorter list is there sooner.
MOST = {"week": (4, 3), "day": (40, 24), "all": (500, 500)}
SINCE, UNTIL = (bindparam(name, type_=Instant) for name in ("since", "until"))
NO_WORD = written("")
NO_DAYS, NO_MOMENTS = [cast(null(), Date)] * 2, [cast(null(), Instant)] * 2
FRAME: Any = union_all(
    select(written("location"), Location.id, Location.name, Location.time_zone, *NO_DAYS, *NO_MOMENTS).where(
        Location.deactivated_at.is_(None)
    ),
    select(written("provider"), Provider.id, Provider.name, NO_WORD, *NO_DAYS, *NO_MOMENTS).where(
        Provider.retired_at.is_(None)
    ),
    select(
        written("closed"),
        Closure.location_id,
        Closure.reason,
        NO_WORD,
        Closure.first_day,
        Closure.last_day,
        *NO_MOMENTS,
    ).where(Closure.last_day >= FIRST, Closure.first_day <= LAST),
    select(
        written("away"), TimeOff.provider_id, TimeOff.reason, NO_WORD, *NO_DAYS, TimeOff.starts_at, TimeOff.ends_at
    ).where(TimeOff.ends_at > SINCE, TimeOff.starts_at < UNTIL),
)


class Place(NamedTuple):
    id: int
    name: str
    zone: str


class Away(NamedTuple):
    """Somebody's time off, as much of it as falls on a day; without times all of it."""

    provider_id: int
    name: str
    reason: str
    zone: str
    starts_at: datetime | None
    ends_at: datetime | None


@dataclass(slots=True)
class Day:
    """One day: the first of what is on, how much there is, and what is counted of it."""

    day: date
    items: list[Item] = field(default_factory=list)
    rows: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    closed: list[str] = field(default_factory=list)
    away: list[Away] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.rows - len(self.items)


class Shown(NamedTuple):
    """A calendar, and what it can be narrowed down to."""

    days: list[Day]
    places: list[Place]
    providers: dict[int, str]
    place: Place | None
    provider: int | None

    @property
    def locations(self) -> list[tuple[int, str]]:
        return [(place.id, place.name) for place in self.places]

    @property
    def names(self) -> dict[int, str]:
        """Of locations, where there are several in view."""
        return {place.id: place.name for place in self.places} if len(self.places) > 1 and not self.place else {}


def calendar(
    days: Sequence[date], *, view: str, location_id: int, provider_id: int, zone: str, at: datetime, whole: bool = False
) -> Shown:
    """A location or provider that is not there is as good as all of them. `zone` is that of the business.
    Of a day only the first rows are shown, unless the `whole` of it is asked for."""
    span = {
        "first": days[0],
        "last": days[-1],
        "since": begins(days[0] - DAY, zone),
        "until": begins(days[-1] + 2 * DAY, zone),
    }
    frame = [tuple(row) for row in rows_of(FRAME, span).all()]
    places = sorted((Place(*row[1:4]) for row in frame if row[0] == "location"), key=lambda place: place.name)
    providers = dict(sorted(((row[1], row[2]) for row in frame if row[0] == "provider"), key=lambda pair: pair[1]))
    place = next((one for one in places if one.id == location_id), None)
    provider = provider_id if provider_id in providers else None
    here = [place] if place else places
    spans = spans_of(here, days, whole=view != "month" or provider is not None)
    if not spans:
        found = [Day(day) for day in days]
    elif view == "month":
        counts = desk_calendar_months.month(spans, provider)
        found = [Day(day, counts=counts) for day, counts in zip(days, counts, strict=True)]
    else:
        found = filled(spans, "all" if whole and view == "day" else view, provider, at=at)
    for kind, id, words, _, first, last, starts, ends in frame:
        if kind == "closed":
            close(found, next((one.name for one in here if one.id == id), ""), words, first, last)
        elif kind == "away" and id in providers and provider in (None, id):
            leave(found, id, providers[id], words, starts, ends, here[0].zone if here else zone)
    return Shown(found, places, providers, place, provider)


def filled(spans: Sequence[Span], view: str, provider: int | None, *, at: datetime) -> list[Day]:
    most, few = MOST[view]
    firsts, rows, counts = desk_calendar_firsts.outline(spans, most, provider)
    shown = [first if count <= most else first[:few] for first, count in zip(firsts, rows, strict=True)]
    items = desk_calendar_rows.items(chain.from_iterable(shown), spans, at=at)
    told = ([items[first] for first in of_day if first in items] for of_day in shown)
    return [Day(*of_day) for of_day in zip(spans[0].days, told, rows, counts, strict=True)]


def spans_of(places: Sequence[Place], days: Sequence[date], *, whole: bool) -> list[Span]:
    """Locations in several zones have days of their own. A month knows by itself which days they are: only the first
    midnights are looked for."""
    edges = [*days, days[-1] + DAY] if whole else [days[0], days[0] + DAY]
    zones = sorted({place.zone for place in places})
    return [
        Span([place.id for place in places if place.zone == zone], zone, days, [begins(day, zone) for day in edges])
        for zone in zones
    ]


@lru_cache(500)
def begins(day: date, zone: str) -> datetime:
    """In UTC, as queries are told it: a week names nine midnights again and again."""
    return midnight(day, zone).astimezone(UTC)


def close(days: Sequence[Day], place: str, reason: str, first: date, last: date) -> None:
    for day in days:
        if place and first <= day.day <= last:
            day.closed.append(f"{place} is closed{f': {reason}' if reason else ''}")


def leave(days: Sequence[Day], id: int, name: str, reason: str, starts: datetime, ends: datetime, zone: str) -> None:
    for day in days:
        first, last = begins(day.day, zone), begins(day.day + DAY, zone)
        if starts < last and ends > first:
            day.away.append(
                Away(id, name, reason, zone, starts if starts > first else None, ends if ends < last else None)
            )
