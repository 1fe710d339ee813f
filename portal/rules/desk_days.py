"""The day at the front desk: arrivals, who is in the house, departures and classes, at one location or at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select

from portal import wording
from portal.db import AnySelect, rows_of
from portal.models import (
    Attendance,
    Booking,
    History,
    Location,
    Note,
    Service,
    ServiceSession,
    WaitlistEntry,
)
from portal.rules.bookings import UNDO_STAFF as UNDO
from portal.rules.visits import VISIT, Visit, as_visit

# A guest who is expected to stay may come this late and is still expected.
LATE_DAYS = 2


class Place(NamedTuple):
    id: int
    name: str
    address: str
    zone: str


@dataclass(slots=True)
class Lesson:
    """A session of today, and who comes to it."""

    id: int
    service: str
    location: str
    zone: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    waiting: int
    visits: list[Visit]

    @property
    def taken(self) -> int:
        return sum(len(visit.pets) for visit in self.visits if not visit.missed_at)


@dataclass(slots=True)
class Day:
    arrivals: list[Visit]
    house: list[Visit]
    departures: list[Visit]
    classes: list[Lesson]
    at: datetime

    @property
    def to_arrive(self) -> list[Visit]:
        return [visit for visit in self.arrivals if not visit.missed_at]

    @property
    def next_arrival(self) -> Visit | None:
        return next((visit for visit in self.to_arrive if visit.starts_at > self.at), None)

    @property
    def next_departure(self) -> Visit | None:
        return next((visit for visit in self.to_leave if visit.ends_at > self.at), None)

    @property
    def late(self) -> list[Visit]:
        return [visit for visit in self.to_arrive if visit.is_late(self.at)]

    @property
    def to_leave(self) -> list[Visit]:
        return [visit for visit in self.departures if not visit.checked_out_at]

    @property
    def inside(self) -> list[Visit]:
        """Everybody who is here, whenever they leave."""
        return [visit for visit in self.house if not visit.checked_out_at] + self.to_leave


def newest(model: Any) -> Any:
    return select(func.coalesce(func.max(model.id), 0)).scalar_subquery()


PLACES: AnySelect = (
    select(
        Location.id,
        Location.name,
        Location.address,
        Location.time_zone,
        newest(History),
        newest(Note),
        newest(ServiceSession),
    )
    .where(Location.deactivated_at.is_(None))
    .order_by(Location.name, Location.id)
)
FIRST, FROM, UNTIL, LEFT = (
    bindparam(name, type_=Booking.starts_at.type) for name in ("first", "from", "until", "left")
)
AT_PLACES: Any = bindparam("places", expanding=True)
OF_TODAY = select(Booking.id).where(
    Booking.location_id.in_(AT_PLACES), Booking.starts_at >= FIRST, Booking.starts_at < UNTIL, Booking.ends_at >= FROM
)
IN_THE_HOUSE = select(Attendance.booking_id).where(
    Attendance.checked_in_at.is_not(None), Attendance.checked_out_at.is_(None)
)
JUST_LEFT = select(Attendance.booking_id).where(Attendance.checked_out_at >= LEFT)
VISITS = VISIT.where(Booking.id.in_(OF_TODAY.union_all(IN_THE_HOUSE, JUST_LEFT))).order_by(
    Booking.starts_at, Booking.id
)
WAITING = (
    select(func.count())
    .where(WaitlistEntry.service_session_id == ServiceSession.id, WaitlistEntry.removed_at.is_(None))
    .scalar_subquery()
)
LESSONS: AnySelect = (
    select(
        ServiceSession.id,
        Service.name,
        ServiceSession.location_id,
        ServiceSession.starts_at,
        ServiceSession.ends_at,
        ServiceSession.capacity,
        WAITING,
    )
    .join(Service, Service.id == ServiceSession.service_id)
    .where(
        ServiceSession.location_id.in_(AT_PLACES), ServiceSession.starts_at >= FROM, ServiceSession.starts_at < UNTIL
    )
    .order_by(ServiceSession.starts_at, ServiceSession.id)
)


def places() -> tuple[list[Place], str]:
    """Every location, and a mark that differs as soon as anything on the board may: each change leaves a newer row."""
    rows = [tuple(row) for row in rows_of(PLACES)]
    return [Place(*row[:4]) for row in rows], "-".join(map(str, rows[0][4:])) if rows else ""


def day(at_places: Sequence[Place], *, at: datetime) -> Day:
    """Two queries. Locations may lie in several zones, and each has its own today."""
    zones = {place.zone for place in at_places} or {"UTC"}
    spans = [today(zone, at) for zone in zones]
    begins, ends = min(begin for begin, _ in spans), max(end for _, end in spans)
    names = {
        "places": [place.id for place in at_places],
        "first": begins - timedelta(days=LATE_DAYS),
        "from": begins,
        "until": ends,
        "left": at - UNDO,
    }
    by_id = {place.id: place for place in at_places}
    found = [as_visit(tuple(row)) for row in rows_of(VISITS, names)]
    visits = [visit for visit in found if visit.location_id in by_id]
    lessons = [as_lesson(tuple(row), by_id, visits) for row in rows_of(LESSONS, names)]
    return Day(
        arrivals=sorted((visit for visit in visits if is_arrival(visit, at)), key=lambda visit: bool(visit.missed_at)),
        house=[visit for visit in visits if visit.checked_in_at and stays_on(visit, at)],
        departures=sorted(
            (visit for visit in visits if visit.checked_in_at and not stays_on(visit, at) and is_shown(visit, at)),
            key=lambda visit: (bool(visit.checked_out_at), visit.ends_at, visit.id),
        ),
        classes=[lesson for lesson in lessons if on(lesson.starts_at, lesson.zone) == on(at, lesson.zone)],
        at=at,
    )


def today(zone: str, at: datetime) -> tuple[datetime, datetime]:
    """From one midnight to the next: 23, 24 or 25 hours."""
    when = on(at, zone)
    first, next = (midnight(when + timedelta(days=days), zone) for days in (0, 1))
    return first, next


def midnight(when: date, zone: str) -> datetime:
    return datetime.combine(when, time(), wording.zone_of(zone)).astimezone(UTC)


def on(moment: datetime, zone: str) -> date:
    return wording.local(moment, zone).date()


def is_arrival(visit: Visit, at: datetime) -> bool:
    """Booked or requested for today, or a stay that should have begun; not here yet. No-shows stay at the end."""
    if visit.checked_in_at or visit.cancelled_at or visit.confirmed is False:
        return False
    here = on(at, visit.zone)
    starts, ends = on(visit.starts_at, visit.zone), on(visit.ends_at, visit.zone)
    return starts == here or (starts < here <= ends and visit.ends_at > at and not visit.missed_at)


def is_shown(visit: Visit, at: datetime) -> bool:
    """Who has left stays in view as long as that can be undone."""
    return visit.checked_out_at is None or at <= visit.checked_out_at + UNDO


def stays_on(visit: Visit, at: datetime) -> bool:
    return visit.checked_out_at is None and on(visit.ends_at, visit.zone) > on(at, visit.zone)


def as_lesson(row: tuple[Any, ...], by_id: dict[int, Place], visits: list[Visit]) -> Lesson:
    id, service, location_id, starts_at, ends_at, capacity, waiting = row
    place = by_id[location_id]
    there = [
        visit for visit in visits if visit.session_id == id and not visit.cancelled_at and visit.confirmed is not False
    ]
    return Lesson(id, service, place.name, place.zone, starts_at, ends_at, capacity, waiting, there)
