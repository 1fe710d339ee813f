"""Timetables: a client's calendar. The classes that they may book and all that they have booked, in two queries."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import String, func, literal, null, or_, select, union_all
from sqlalchemy import cast as as_type

from portal import wording
from portal.db import AnySelect, rows_of
from portal.models import (
    Booking,
    BookingProvider,
    Location,
    Provider,
    Service,
    SessionProvider,
    State,
)
from portal.rules import class_marks, occupancy
from portal.rules.class_marks import IS_MINE, PROVIDER
from portal.rules.class_places import Doors, Place, places_of
from portal.rules.periods import Period
from portal.rules.standing import PETS, pet_marks

# A day is that of the location, which may lie half a day apart from ours.
APART = timedelta(hours=26)
BREAKABLE = "–\u200b"  # a column of seven is narrow
STATUS = {State.REQUESTED: "Requested", State.MISSED: "No-show", State.LEFT: "Done"}


@dataclass(slots=True)
class Own:
    """A booking of the client's."""

    id: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    service: str
    location: str
    session_id: int | None
    status: str  # in a word, as everywhere
    pets: list[str]


@dataclass(slots=True)
class Day:
    """What is on: their own first as time goes, then classes; `more` of these are not shown."""

    day: date
    rows: list[Own | Place] = field(default_factory=list)
    more: int = 0


@dataclass(slots=True)
class Timetable:
    days: list[Day]
    providers: list[tuple[int, str]]


def gives(link: Any, of: Any, id: Any) -> Any:
    """Everything, or what this provider gives."""
    return or_(PROVIDER == 0, id.in_(select(of).where(link.provider_id == PROVIDER)))


OWN: AnySelect = (
    select(
        literal(2),
        Booking.id,
        Booking.starts_at,
        Booking.ends_at,
        Location.time_zone,
        Service.name,
        Location.name,
        func.coalesce(Booking.service_session_id, 0),
        as_type(Booking.state, String),
        PETS,
    )
    .join(Service, Service.id == Booking.service_id)
    .join(Location, Location.id == Booking.location_id)
    .where(
        *IS_MINE,
        or_(
            gives(BookingProvider, BookingProvider.booking_id, Booking.id),
            gives(SessionProvider, SessionProvider.service_session_id, Booking.service_session_id),
        ),
    )
)
PROVIDERS: AnySelect = select(
    literal(3), Provider.id, null(), null(), null(), Provider.name, literal(""), literal(0), null(), literal("")
).where(Provider.retired_at.is_(None))


@cache
def everything(days: int, of_provider: bool) -> Any:
    classes = class_marks.marks(days, of_provider), class_marks.booked(of_provider), class_marks.elsewhere(of_provider)
    return union_all(OWN, PROVIDERS, *classes)


def timetable(
    client_id: int,
    period: Period,
    doors: Doors,
    *,
    provider_id: int | None = None,
    most: int,
    zone: str,
    at: datetime,
) -> Timetable:
    """Two queries, however full the days are: of each day `most` classes are shown."""
    days = [Day(day) for day in period.days]
    counts, ids = [0] * len(days), [list[int]() for _ in days]
    own: list[Own] = []
    providers = []
    names = names_of(client_id, period, provider_id, most, zone, at)
    for part, id, starts_at, ends_at, there, *rest in rows_of(everything(len(days), provider_id is not None), names):
        if part == 0 and rest[2]:
            counts[id] += rest[2]
            ids[id] += map(int, rest[4].split(",") if rest[4] else ())
        elif part in (1, 4) and 0 <= (number := days_from(period.first, starts_at, there)) < len(days):
            counts[number] += 1 if part == 1 else -1
            ids[number] += [id] if part == 1 else []
        elif part == 2:
            own.append(as_own(id, starts_at, ends_at, there, rest, at))
        elif part == 3:
            providers.append((id, rest[0]))
    found = places_of(client_id, [id for few in ids for id in few[: 2 * most]], doors, at=at)
    spans = [(*days_of(one), one) for one in own]
    for day, count, few in zip(days, counts, ids, strict=True):
        classes = sorted((found[id] for id in few if id in found), key=in_order)[:most]
        mine = [one for first, last, one in spans if first <= day.day <= last]
        day.rows = sorted([*mine, *classes], key=in_order)
        day.more = count - len(classes)
    return Timetable(days, sorted(providers, key=lambda pair: pair[1].casefold()))


def days_from(first: date, moment: datetime, zone: str) -> int:
    return (wording.local(moment, zone).date() - first).days


def names_of(
    client_id: int, period: Period, provider_id: int | None, most: int, zone: str, at: datetime
) -> dict[str, Any]:
    edges = [occupancy.midnight(day, zone) for day in [*period.days, period.last + timedelta(days=1)]]
    return {
        "client_id": client_id,
        "provider_id": provider_id or 0,
        "most": most,
        "zone": zone,
        "since": edges[0] - APART,
        "until": edges[-1] + APART,
        "day": wording.today_in(zone, at),
        **{f"edge_{number}": edge for number, edge in enumerate(edges)},
    }


def in_order(row: Own | Place) -> tuple[datetime, int]:
    return row.starts_at, row.id


def as_own(id: int, starts_at: datetime, ends_at: datetime, zone: str, rest: list[Any], at: datetime) -> Own:
    service, location, session_id, state, pets = rest
    names = [pet.name for pet in pet_marks(pets)]
    done = ends_at <= at and state != State.REQUESTED
    status = STATUS.get(state) or ("Done" if done else "Checked in" if state == State.HERE else "Booked")
    return Own(id, starts_at, ends_at, zone, service, location, session_id or None, status, names)


def days_of(own: Own) -> tuple[date, date]:
    """A stay is there on each of its days; what ends at midnight is not there on the day that begins then."""
    last = max(own.starts_at, own.ends_at - timedelta(seconds=1))
    return wording.local(own.starts_at, own.zone).date(), wording.local(last, own.zone).date()


def hours_on(row: Own | Place, day: date) -> str:
    """9:00–10:30 AM; of a stay what there is of it on this day."""
    begins, ends = wording.local(row.starts_at, row.zone), wording.local(row.ends_at, row.zone)
    first, last = begins.date(), ends.date()
    if first == last or (last - first == timedelta(days=1) and not isinstance(row, Own)):
        return wording.between(begins, ends).replace(wording.TO, BREAKABLE)
    if day == first:
        return f"from {wording.clock(begins)}"
    return f"until {wording.clock(ends)}" if day == last else "All day"


def begins_on(row: Own | Place, day: date) -> str:
    """9:00 AM, in a month; of a stay what there is of it on this day."""
    begins = wording.local(row.starts_at, row.zone)
    return hours_on(row, day) if begins.date() != day else wording.clock(begins)
