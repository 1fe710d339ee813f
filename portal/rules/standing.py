"""A booking as it stands: one row, with all that lists show and verbs ask."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from portal import wording
from portal.db import AnySelect, rows_of
from portal.models import (
    Animal,
    Attendance,
    Booking,
    BookingPet,
    Cancellation,
    Decision,
    Location,
    Pet,
    Service,
    ServiceKind,
)
from portal.rules.packing import FIELD, UNIT, or_nothing, packed


class PetMark(NamedTuple):
    """As much of a pet as a list shows."""

    id: int
    drawing: str
    photo_id: int | None
    name: str


@dataclass(slots=True)
class Standing:
    pets: list[PetMark]
    id: int
    client_id: int
    starts_at: datetime
    ends_at: datetime
    service: str
    service_kind: ServiceKind
    location: str
    zone: str
    price: int
    cancel_allowed: bool
    cancel_hours: int | None
    cancel_day_before_at: time | None
    move_allowed: bool
    move_hours: int | None
    move_day_before_at: time | None
    service_id: int
    location_id: int
    session_id: int | None
    registration_id: int | None
    needs_approval: bool
    confirmed: bool | None
    declined_why: str
    cancelled_at: datetime | None
    undo_until: datetime | None
    cancelled_by_kind: str | None
    checked_in_at: datetime | None
    checked_out_at: datetime | None
    missed_at: datetime | None


InService, InPlace = aliased(Service), aliased(Location)
PETS = (
    select(packed(Pet.id, Animal.drawing, or_nothing(Pet.photo_id), Pet.name))
    .select_from(BookingPet)
    .join(Pet, Pet.id == BookingPet.pet_id)
    .join(Animal, Animal.id == Pet.animal_id)
    .where(BookingPet.booking_id == Booking.id)
    .scalar_subquery()
)
STANDING: AnySelect = (
    select(
        Booking.id,
        Booking.client_id,
        Booking.starts_at,
        Booking.ends_at,
        InService.name,
        InService.kind,
        InPlace.name,
        InPlace.time_zone,
        Booking.price,
        Booking.cancel_allowed,
        Booking.cancel_hours,
        Booking.cancel_day_before_at,
        Booking.move_allowed,
        Booking.move_hours,
        Booking.move_day_before_at,
        Booking.service_id,
        Booking.location_id,
        Booking.service_session_id,
        Booking.registration_id,
        Booking.needs_approval,
        Decision.confirmed,
        func.coalesce(Decision.reason, ""),
        Cancellation.at,
        Cancellation.undo_until,
        Cancellation.by_kind,
        Attendance.checked_in_at,
        Attendance.checked_out_at,
        Attendance.missed_at,
        PETS,
    )
    .join(InService, InService.id == Booking.service_id)
    .join(InPlace, InPlace.id == Booking.location_id)
    .outerjoin(Cancellation, Cancellation.booking_id == Booking.id)
    .outerjoin(Decision, Decision.booking_id == Booking.id)
    .outerjoin(Attendance, Attendance.booking_id == Booking.id)
)


WIDTH = len(STANDING.selected_columns)


def standings(statement: AnySelect, names: dict[str, Any]) -> list[Standing]:
    return [as_standing(tuple(row)) for row in rows_of(statement, names)]


def as_standing(row: tuple[Any, ...]) -> Standing:
    """Of a row that begins as STANDING does."""
    return Standing(pet_marks(row[WIDTH - 1]), *row[: WIDTH - 1])


def pet_marks(told: str | None) -> list[PetMark]:
    return sorted(map(pet_mark, told.split(UNIT)), key=lambda pet: (pet.name.casefold(), pet.id)) if told else []


def pet_mark(told: str) -> PetMark:
    id, drawing, photo_id, name = told.split(FIELD, 3)
    return PetMark(int(id), drawing, int(photo_id) if photo_id else None, name)


def standing(booking_id: int) -> Standing:
    return standings(STANDING.where(Booking.id == booking_id), {})[0]


def status(booking: Standing, at: datetime) -> str:
    """One word: Requested, Declined, Booked, Checked in, Done, No-show or Cancelled."""
    if booking.cancelled_at:
        return "Cancelled"
    if booking.confirmed is False:
        return "Declined"
    if booking.missed_at:
        return "No-show"
    if booking.checked_out_at or (booking.ends_at <= at and not is_request(booking)):
        return "Done"
    if booking.checked_in_at:
        return "Checked in"
    return "Requested" if is_request(booking) else "Booked"


# What can still be moved or called off.
OPEN = "Booked", "Requested"


def is_request(booking: Standing) -> bool:
    return booking.needs_approval and booking.confirmed is None


def named(booking: Standing) -> str:
    """Full Groom, Tue 24 Nov 2026: a name that stays right."""
    return f"{booking.service}, {wording.full_day(wording.local(booking.starts_at, booking.zone).date())}"


def pet_names(booking: Standing) -> str:
    return wording.listed([pet.name for pet in booking.pets])


def first_of(rows: Iterable[Standing], at: datetime) -> Standing | None:
    """The next one that will take place."""
    return next((row for row in rows if status(row, at) in ("Booked", "Requested", "Checked in")), None)
