"""Timetables: a client's calendar. The classes that they may book and all that they have booked, in two queries."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
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
from portal.rules import class_marks, hours
from portal.rules.class_marks import IS_MINE, PROVIDER, plain
from portal.rules.class_places import Doors, Place, places_of
from portal.rules.periods import ONE, Period
from portal.rules.standing import PETS, pet_marks

# A day is that of the location, which may lie half a day apart from ours.
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
    ones, in the zone of the business and elsewhere, and those that they wait for."""

    classes: int = 0
    first: list[int] = field(default_factory=list)
    elsewhere: list[int] = field(default_factory=list)
    awaited: list[int] = field(default_factory=list)
    booked: list[int] = field(default_factory=list)

    def limit(self, share: Share) -> int:
        return share.most if self.classes <= share.most else share.few

    def ids(self, share: Share) -> set[int]:
        if not (self.first or self.elsewhere or self.awaited):
            return NONE
        most = self.limit(share)
        elsewhere = [id for id in self.elsewhere if id not in self.booked]
        return {*self.first[:most], *elsewhere[:most], *self.awaited}.difference(self.booked)


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
def everything(days: int, of_provider: bool) -> Any:
    own = OWN.where(OF_PROVIDER) if of_provider else OWN
    classes = class_marks.marks(days, of_provider), class_marks.known(of_provider), class_marks.elsewhere(of_provider)
    return union_all(own, PROVIDERS, *classes)


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
    marks = [Marks() for _ in days]
    providers = []
    names = {
        **edges(period.first, period.last, zone),
        "client_id": client_id,
        "provider_id": provider_id or 0,
        "most": share.most,
        "few": share.few,
        "zone": zone,
        "at": at,
        "day": wording.today_in(zone, at),
    }
    found = rows_of(everything(len(days), provider_id is not None), names).all()
    for part, id, starts_at, ends_at, there, *rest in found:
        if part == 0:
            marks[id].classes += rest[2]
            marks[id].first += map(int, rest[4].split(",")) if rest[4] else ()
        elif part == 2:
            put(days, as_own(id, starts_at, ends_at, there, rest, at))
        elif part == 3:
            providers.append((id, rest[0]))
        elif 0 <= (number := (wording.local(starts_at, there).date() - period.first).days) < len(days):
            mark(marks[number], part, id)
    name_classes(days, marks, client_id, doors, share, at)
    return Timetable(days, sorted(providers, key=lambda pair: pair[1].casefold()))


def mark(marks: Marks, part: int, id: int) -> None:
    {1: marks.elsewhere, 4: marks.booked, 5: marks.awaited}[part].append(id)
    marks.classes += {1: 1, 4: -1, 5: 0}[part]


def name_classes(days: list[Day], marks: list[Marks], client_id: int, doors: Doors, share: Share, at: datetime) -> None:
    """On each day those that are named, and how many others there are."""
    ids = [one.ids(share) for one in marks]
    found = places_of(client_id, [id for few in ids for id in few], doors, at=at)
    for day, told, few in zip(days, marks, ids, strict=True):
        day.classes = day.more = told.classes
        if few:
            most = told.limit(share)
            classes = sorted((found[id] for id in few if id in found), key=in_order)
            named = [one for number, one in enumerate(classes) if number < most or one.id in told.awaited]
            day.more -= len(named)
            day.rows += named
        day.rows.sort(key=in_order)


@lru_cache(256)
def edges(first: date, last: date, zone: str) -> dict[str, datetime]:
    """The midnights of these days and of the one after them, and between which moments anything is looked for."""
    found = [hours.moment(hours.dial(zone, first + ONE * number).begins) for number in range((last - first).days + 2)]
    told = {f"edge_{number}": edge for number, edge in enumerate(found)}
    return {**told, "since": found[0] - APART, "until": found[-1] + APART}


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
