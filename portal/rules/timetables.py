"""Timetables: a client's calendar. The classes that they may book and all that they have booked, in two queries."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Integer, and_, bindparam, func, literal, null, or_, select, union_all
from sqlalchemy import cast as as_type

from portal import wording
from portal.db import AnySelect, Instant, rows_of
from portal.models import (
    Access,
    Booking,
    BookingProvider,
    Cancellation,
    Decision,
    Location,
    Provider,
    Service,
    ServiceSession,
    SessionProvider,
)
from portal.rules import occupancy
from portal.rules.access import HELD
from portal.rules.class_places import Doors, Place, places_of
from portal.rules.periods import Period
from portal.rules.standing import PETS, pet_marks

CLIENT, PROVIDER = bindparam("client_id", type_=Integer), bindparam("provider_id", type_=Integer)
SINCE, UNTIL = bindparam("since", type_=Instant), bindparam("until", type_=Instant)
# A day is that of the location, which may lie half a day apart from ours.
APART = timedelta(hours=26)
MOST = 5_000
BREAKABLE = "–\u200b"  # a column of seven is narrow


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
    requested: bool
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


VISIBLE = or_(Service.access == Access.PUBLIC, and_(Service.access == Access.MEMBERS, Service.id.in_(HELD)))
MARKS: AnySelect = (
    select(
        literal(0).label("part"),
        ServiceSession.id.label("id"),
        ServiceSession.starts_at.label("starts_at"),
        as_type(null(), Instant).label("ends_at"),
        Location.time_zone.label("zone"),
        literal("").label("name"),
        literal("").label("location"),
        literal(0).label("session_id"),
        literal(0).label("requested"),
        literal("").label("pets"),
    )
    .join(Service, Service.id == ServiceSession.service_id)
    .join(Location, Location.id == ServiceSession.location_id)
    .where(
        ServiceSession.starts_at >= SINCE,
        ServiceSession.starts_at < UNTIL,
        ServiceSession.called_off_at.is_(None),
        Service.retired_at.is_(None),
        Location.deactivated_at.is_(None),
        VISIBLE,
        gives(SessionProvider, SessionProvider.service_session_id, ServiceSession.id),
    )
)
OWN: AnySelect = (
    select(
        literal(1),
        Booking.id,
        Booking.starts_at,
        Booking.ends_at,
        Location.time_zone,
        Service.name,
        Location.name,
        func.coalesce(Booking.service_session_id, 0),
        as_type(and_(Booking.needs_approval.is_(True), Decision.id.is_(None)), Integer),
        PETS,
    )
    .join(Service, Service.id == Booking.service_id)
    .join(Location, Location.id == Booking.location_id)
    .outerjoin(Cancellation, Cancellation.booking_id == Booking.id)
    .outerjoin(Decision, Decision.booking_id == Booking.id)
    .where(
        Booking.client_id == CLIENT,
        Booking.ends_at >= SINCE,
        Booking.starts_at < UNTIL,
        Cancellation.id.is_(None),
        or_(Decision.id.is_(None), Decision.confirmed.is_(True)),
        or_(
            gives(BookingProvider, BookingProvider.booking_id, Booking.id),
            gives(SessionProvider, SessionProvider.service_session_id, Booking.service_session_id),
        ),
    )
)
PROVIDERS: AnySelect = select(
    literal(2), Provider.id, null(), null(), null(), Provider.name, literal(""), literal(0), literal(0), literal("")
).where(Provider.retired_at.is_(None))
ALL = union_all(
    select(MARKS.order_by(ServiceSession.starts_at, ServiceSession.id).limit(MOST).subquery()), OWN, PROVIDERS
)


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
    names = {
        "client_id": client_id,
        "provider_id": provider_id or 0,
        "since": occupancy.midnight(period.first, zone) - APART,
        "until": occupancy.midnight(period.last, zone) + APART + APART,
        "day": wording.today_in(zone, at),
    }
    days = {day: Day(day) for day in period.days}
    marks: dict[date, list[int]] = defaultdict(list)
    own: list[Own] = []
    providers = []
    for part, id, starts_at, ends_at, there, *rest in rows_of(ALL, names):
        if part == 0:
            marks[wording.local(starts_at, there).date()].append(id)
        elif part == 1:
            own.append(as_own(id, starts_at, ends_at, there, rest))
        else:
            providers.append((id, rest[0]))
    booked = {one.session_id for one in own if one.session_id}
    shown = {day: [id for id in marks[day] if id not in booked] for day in days}
    found = places_of(client_id, [id for ids in shown.values() for id in ids[:most]], doors, at=at)
    for day, ids in shown.items():
        mine = [one for one in own if falls_on(one, day)]
        rows: list[Own | Place] = [*mine, *(found[id] for id in ids[:most] if id in found)]
        days[day].rows = sorted(rows, key=lambda row: (row.starts_at, row.id))
        days[day].more = max(0, len(ids) - most)
    return Timetable(list(days.values()), sorted(providers, key=lambda pair: pair[1].casefold()))


def as_own(id: int, starts_at: datetime, ends_at: datetime, zone: str, rest: list[Any]) -> Own:
    service, location, session_id, requested, pets = rest
    names = [pet.name for pet in pet_marks(pets)]
    return Own(id, starts_at, ends_at, zone, service, location, session_id or None, bool(requested), names)


def falls_on(own: Own, day: date) -> bool:
    """A stay is there on each of its days; what ends at midnight is not there on the day that begins then."""
    first = wording.local(own.starts_at, own.zone).date()
    last = wording.local(max(own.starts_at, own.ends_at - timedelta(seconds=1)), own.zone).date()
    return first <= day <= last


def hours_on(row: Own | Place, day: date) -> str:
    """9:00–10:30 AM; of a stay what there is of it on this day."""
    first, last = (wording.local(moment, row.zone).date() for moment in (row.starts_at, row.ends_at))
    if first == last or (last - first == timedelta(days=1) and not isinstance(row, Own)):
        return wording.hours(row.starts_at, row.ends_at, row.zone).replace(wording.TO, BREAKABLE)
    if day == first:
        return f"from {wording.clock(wording.local(row.starts_at, row.zone))}"
    return f"until {wording.clock(wording.local(row.ends_at, row.zone))}" if day == last else "All day"
