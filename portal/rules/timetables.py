"""Timetables: a client's calendar. The classes that they may book and all that they have booked, in two queries."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import String, func, null, or_, select, union_all
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
from portal.rules import class_marks
from portal.rules.class_marks import IS_MINE, PROVIDER, plain
from portal.rules.class_places import Doors, Place, places_of
from portal.rules.periods import ONE, Period
from portal.rules.standing import PETS, pet_marks

# A day is that of the location, which may lie half a day apart from that of UTC.
APART = timedelta(hours=26)
BREAKABLE = "–\u200b"  # a column of seven is narrow
NONE: set[int] = set()
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


class Share(NamedTuple):
    """How many classes of a day are named: all of them up to `most`; where there are more, only a `few`."""

    most: int
    few: int


@dataclass(slots=True)
class Day:
    """What is on: their own and classes as time goes; `more` of the `classes` are not named."""

    day: date
    rows: list[Own | Place] = field(default_factory=list)
    classes: int = 0
    more: int = 0


@dataclass(slots=True)
class Marks:
    """Of a day: how many classes there are, but for those that are booked, and which of them may be named: the first
    ones, and those that they wait for."""

    classes: int = 0
    first: list[int] = field(default_factory=list)
    awaited: list[int] = field(default_factory=list)
    booked: list[int] = field(default_factory=list)

    def limit(self, share: Share) -> int:
        return share.most if self.classes <= share.most else share.few

    def ids(self, share: Share) -> set[int]:
        if not (self.first or self.awaited):
            return NONE
        return {*self.first[: self.limit(share)], *self.awaited}.difference(self.booked)


@dataclass(slots=True)
class Timetable:
    days: list[Day]
    providers: list[tuple[int, str]]


OWN: AnySelect = (
    select(
        plain("2"),
        Booking.id,
        Booking.starts_at,
        Booking.ends_at,
        Location.time_zone,
        Service.name,
        Location.name,
        func.coalesce(Booking.service_session_id, plain("0")),
        as_type(Booking.state, String),
        PETS,
    )
    .join(Service, Service.id == Booking.service_id)
    .join(Location, Location.id == Booking.location_id)
    .where(*IS_MINE)
)
OF_PROVIDER = or_(
    Booking.id.in_(select(BookingProvider.booking_id).where(BookingProvider.provider_id == PROVIDER)),
    Booking.service_session_id.in_(
        select(SessionProvider.service_session_id).where(SessionProvider.provider_id == PROVIDER)
    ),
)
PROVIDERS: AnySelect = select(
    *(plain("3"), Provider.id, null(), null(), null(), Provider.name, null(), null(), null(), null())
).where(Provider.retired_at.is_(None))


@cache
def everything(of_provider: bool) -> Any:
    own = OWN.where(OF_PROVIDER) if of_provider else OWN
    return union_all(own, PROVIDERS, class_marks.marks(of_provider), class_marks.known(of_provider))


def timetable(
    client_id: int,
    period: Period,
    doors: Doors,
    *,
    provider_id: int | None = None,
    share: Share,
    zone: str,
    at: datetime,
) -> Timetable:
    """Two queries, however full the days are; one where no class is named."""
    days = [Day(day) for day in period.days]
    marks = {day.day: Marks() for day in days}
    providers = []
    names = {
        **around(period.first, period.last),
        "client_id": client_id,
        "provider_id": provider_id or 0,
        "most": share.most,
        "few": share.few,
        "at": at,
        "day": wording.today_in(zone, at),
    }
    for part, id, starts_at, ends_at, there, *rest in rows_of(everything(provider_id is not None), names).all():
        if part == 2:
            put(days, as_own(id, starts_at, ends_at, there, rest, at))
        elif part == 3:
            providers.append((id, rest[0]))
        else:
            mark(marks[date.fromisoformat(there)], part, id, rest)
    name_classes(days, marks, client_id, doors, share, at)
    return Timetable(days, sorted(providers, key=lambda pair: pair[1].casefold()))


def mark(marks: Marks, part: int, id: int, rest: list[Any]) -> None:
    """How many there are and which come first (0), one of them that is booked (4), one that they wait for (5)."""
    if part == 0:
        marks.classes += rest[2]
        marks.first = [*map(int, rest[4].split(","))] if rest[4] else []
    elif part == 4:
        marks.classes -= 1
        marks.booked.append(id)
    else:
        marks.awaited.append(id)


def name_classes(
    days: list[Day], marks: dict[date, Marks], client_id: int, doors: Doors, share: Share, at: datetime
) -> None:
    """On each day those that are named, and how many others there are."""
    ids = [one.ids(share) for one in marks.values()]
    found = places_of(client_id, [id for few in ids for id in few], doors, at=at)
    for day, told, few in zip(days, marks.values(), ids, strict=True):
        day.classes = day.more = told.classes
        if few:
            most = told.limit(share)
            classes = sorted((found[id] for id in few if id in found), key=in_order)
            named = [one for number, one in enumerate(classes) if number < most or one.id in told.awaited]
            day.more -= len(named)
            day.rows += named
        day.rows.sort(key=in_order)


def around(first: date, last: date) -> dict[str, date | datetime]:
    """These days, and between which moments they are anywhere."""
    begins, ends = (datetime.combine(day, time(), UTC) for day in (first, last + ONE))
    return {"first": first, "last": last, "since": begins - APART, "until": ends + APART}


def put(days: list[Day], own: Own) -> None:
    """A stay is there on each of its days."""
    since, until = days_of(own)
    first = days[0].day
    for day in days[max((since - first).days, 0) : max((until - first).days + 1, 0)]:
        day.rows.append(own)


def in_order(row: Own | Place) -> tuple[datetime, int]:
    return row.starts_at, row.id


def as_own(id: int, starts_at: datetime, ends_at: datetime, zone: str, rest: list[Any], at: datetime) -> Own:
    service, location, session_id, state, pets = rest
    names = [pet.name for pet in pet_marks(pets)]
    done = ends_at <= at and state != State.REQUESTED
    status = STATUS.get(state) or ("Done" if done else "Checked in" if state == State.HERE else "Booked")
    return Own(id, starts_at, ends_at, zone, service, location, session_id or None, status, names)


def days_of(own: Own) -> tuple[date, date]:
    """What ends at midnight is not there on the day that begins then."""
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
