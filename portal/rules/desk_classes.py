"""The classes of a day at the desk, each with the pets that come to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, case, func, select, union_all

from portal import wording
from portal.db import AnySelect, first_of, rows_of, written
from portal.models import (
    Booking,
    BookingPet,
    Location,
    Pet,
    Service,
    ServiceSession,
    State,
    WaitlistEntry,
)
from portal.rules import desk_spans
from portal.rules.desk_lanes import CLASSES
from portal.rules.desk_spans import Asked, Span
from portal.rules.packing import FIELD, UNIT, packed
from portal.rules.states import IS_REQUEST, STANDS, is_in


class Pupil(NamedTuple):
    """A pet that is booked for a class: "", requested, here, gone or no-show."""

    booking_id: int
    id: int
    state: str
    name: str


@dataclass(slots=True)
class Lesson:
    """A session of today, and who comes to it."""

    pupils: list[Pupil]
    id: int
    service: str
    location: str
    zone: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    waiting: int

    @property
    def begins(self) -> datetime:
        """As the clocks there show it."""
        return wording.local(self.starts_at, self.zone)

    @property
    def taken(self) -> int:
        return sum(pupil.state != "no-show" for pupil in self.pupils)


STATE = case(
    (is_in(State.LEFT), written("gone")),
    (is_in(State.HERE), written("here")),
    (is_in(State.MISSED), written("no-show")),
    (IS_REQUEST, written("requested")),
    else_=written(""),
)
PUPILS = (
    select(packed(Booking.id, Pet.id, STATE, Pet.name))
    .select_from(Booking)
    .join(BookingPet, BookingPet.booking_id == Booking.id)
    .join(Pet, Pet.id == BookingPet.pet_id)
    .where(
        Booking.service_session_id == ServiceSession.id,
        STANDS,
    )
    .scalar_subquery()
)
WAITING = (
    select(func.count())
    .where(WaitlistEntry.service_session_id == ServiceSession.id, WaitlistEntry.removed_at.is_(None))
    .scalar_subquery()
)


def dated(span: Asked) -> AnySelect:
    return select(ServiceSession.id.label("id"), ServiceSession.starts_at.label("starts_at")).where(
        span.here(ServiceSession.location_id),
        ServiceSession.starts_at >= span.begins,
        ServiceSession.starts_at < span.ends,
        ServiceSession.called_off_at.is_(None),
    )


@cache
def timetable(zones: tuple[int, ...]) -> AnySelect:
    sessions = union_all(*map(dated, desk_spans.asked(zones))).cte("sessions")
    ordered = select(sessions.c.id).order_by(sessions.c.starts_at, sessions.c.id)
    shown = first_of(ordered, bindparam(f"most_{CLASSES}")).subquery("shown")
    return (
        select(
            select(func.count()).select_from(sessions).scalar_subquery(),
            ServiceSession.id,
            Service.name,
            Location.name,
            Location.time_zone,
            ServiceSession.starts_at,
            ServiceSession.ends_at,
            ServiceSession.capacity,
            WAITING,
            PUPILS,
        )
        .join(shown, shown.c.id == ServiceSession.id)
        .join(Service, Service.id == ServiceSession.service_id)
        .join(Location, Location.id == ServiceSession.location_id)
        .order_by(ServiceSession.starts_at, ServiceSession.id)
    )


def lessons(spans: Sequence[Span], most: int, *, at: datetime) -> tuple[list[Lesson], int]:
    """One query: the first of them, and how many there are in all."""
    names = desk_spans.named(spans, at) | {f"most_{CLASSES}": most}
    found = [tuple(row) for row in rows_of(timetable(desk_spans.zones(spans)), names).all()]
    return [as_lesson(row[1:]) for row in found], found[0][0] if found else 0


def as_lesson(row: tuple[Any, ...]) -> Lesson:
    return Lesson(pupils(row[-1]), *row[:-1])


def pupils(told: str | None) -> list[Pupil]:
    return sorted(map(pupil, told.split(UNIT)), key=place_in_class) if told else []


def pupil(told: str) -> Pupil:
    booking_id, id, state, name = told.split(FIELD, 3)
    return Pupil(int(booking_id), int(id), state, name)


def place_in_class(pupil: Pupil) -> tuple[int, str, int]:
    return pupil.booking_id, pupil.name.casefold(), pupil.id
