"""A visit: a booking as the front desk sees it, with all that must not be overlooked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, exists, func, null, or_, select
from sqlalchemy.orm import aliased

from portal import wording
from portal.db import AnySelect, written
from portal.models import (
    Animal,
    Attendance,
    Attribute,
    AttributeKind,
    AttributeValue,
    Booking,
    BookingPet,
    Cancellation,
    Client,
    Decision,
    Location,
    Note,
    Pet,
    Service,
    ServiceVaccine,
    Vaccination,
    VaccineKind,
)
from portal.rules import given_by
from portal.rules.attribute_values import flagged
from portal.rules.bookings import UNDO_STAFF as UNDO
from portal.rules.packing import FIELD, UNIT, or_nothing, packed, unpacked
from portal.rules.states import IS_REQUEST

NEW, LATE_AFTER = timedelta(days=30), timedelta(minutes=1)
NEVER = date(1, 1, 1)


class Guest(NamedTuple):
    """As much of a pet as a row of Today shows."""

    id: int
    drawing: str
    photo_id: int | None
    birthday: date | None
    name: str


@dataclass(slots=True)
class Visit:
    pets: list[Guest]
    providers: str
    id: int
    client_id: int
    client: str
    client_since: datetime
    session_id: int | None
    starts_at: datetime
    ends_at: datetime
    service: str
    location_id: int
    location: str
    zone: str
    needs_approval: bool
    confirmed: bool | None
    cancelled_at: datetime | None
    checked_in_at: datetime | None
    checked_out_at: datetime | None
    missed_at: datetime | None
    vaccinated_until: date | None  # the first day on which a vaccine runs out; None where none is asked for
    noted: bool
    marked: str | None  # what is flagged about these pets and their person, out of one column

    @property
    def name(self) -> str:
        return wording.listed([pet.name for pet in self.pets])

    @property
    def flags(self) -> list[str]:
        marks = unpacked(self.marked, 3)
        return sorted(filter(None, (flagged(AttributeKind(kind), name, value) for kind, name, value in marks)))

    @property
    def requested(self) -> bool:
        return self.needs_approval and self.confirmed is None

    @property
    def unprotected(self) -> bool:
        """A vaccine is missing, or runs out before the visit is over."""
        until = self.vaccinated_until
        if until is None or until == NEVER:
            return until == NEVER
        return until < wording.local(self.ends_at, self.zone).date()

    def is_late(self, at: datetime) -> bool:
        """To come, or to leave."""
        due = self.ends_at if self.checked_in_at else self.starts_at
        return at - due >= LATE_AFTER and not self.requested

    def may_undo(self, done_at: datetime | None, at: datetime) -> bool:
        return done_at is not None and at <= done_at + UNDO

    def is_new(self, at: datetime) -> bool:
        return at - self.client_since <= NEW

    def celebrating(self, today: date) -> list[str]:
        """Who has a birthday on this day. One of 29 February has it on the 28th where there is no 29th."""
        return [
            pet.name for pet in self.pets if pet.birthday and pet.birthday < today and same_day(pet.birthday, today)
        ]


def same_day(birthday: date, today: date) -> bool:
    if (birthday.month, birthday.day) == (2, 29):
        tomorrow = today + timedelta(days=1)
        if tomorrow.month == 3 and tomorrow.day == 1:
            return True
    return birthday.month == today.month and birthday.day == today.day


Person, InService, InPlace = aliased(Client), aliased(Service), aliased(Location)
GUESTS = (
    select(packed(Pet.id, Animal.drawing, or_nothing(Pet.photo_id), or_nothing(Pet.birthday), Pet.name))
    .select_from(BookingPet)
    .join(Pet, Pet.id == BookingPet.pet_id)
    .join(Animal, Animal.id == Pet.animal_id)
    .where(BookingPet.booking_id == Booking.id)
    .scalar_subquery()
)
OWN_LIST = select(ServiceVaccine.vaccine_kind_id).where(ServiceVaccine.service_id == Booking.service_id)
ASKED_FOR = or_(
    VaccineKind.id.in_(OWN_LIST.correlate(Booking)),
    and_(VaccineKind.required.is_(True), ~OWN_LIST.correlate(Booking).exists()),
)
UNTIL = func.coalesce(Vaccination.expires_on, written(NEVER.isoformat()))
VACCINATED_UNTIL = (
    select(func.min(UNTIL, type_=Vaccination.expires_on.type))
    .select_from(BookingPet)
    .join(Pet, Pet.id == BookingPet.pet_id)
    .join(VaccineKind, and_(VaccineKind.animal_id == Pet.animal_id, ASKED_FOR))
    .outerjoin(Vaccination, and_(Vaccination.pet_id == Pet.id, Vaccination.vaccine_kind_id == VaccineKind.id))
    .where(BookingPet.booking_id == Booking.id, VaccineKind.retired_at.is_(None))
    .scalar_subquery()
)
IS_INSIDE = exists().where(
    Attendance.booking_id == Booking.id, Attendance.checked_in_at.is_not(None), Attendance.checked_out_at.is_(None)
)
OF_THE_PETS = select(BookingPet.pet_id).where(BookingPet.booking_id == Booking.id).correlate(Booking)
NOTED = exists().where(
    Note.client_id == Booking.client_id,
    Note.removed_at.is_(None),
    or_(Note.pet_id.is_(None), Note.pet_id.in_(OF_THE_PETS)),
)
MARKED = (
    select(packed(Attribute.kind, Attribute.name, AttributeValue.value))
    .join(AttributeValue, AttributeValue.attribute_id == Attribute.id)
    .where(
        AttributeValue.client_id == Booking.client_id,
        or_(AttributeValue.pet_id.is_(None), AttributeValue.pet_id.in_(OF_THE_PETS)),
        Attribute.flag.is_(True),
        Attribute.retired_at.is_(None),
    )
    .scalar_subquery()
)


def visits(needs_approval: Any, confirmed: Any, cancelled_at: Any) -> AnySelect:
    return (
        select(
            GUESTS,
            given_by.OF_BOOKING,
            Booking.id,
            Booking.client_id,
            Person.first_name + written(" ") + Person.last_name,
            Person.created_at,
            Booking.service_session_id,
            Booking.starts_at,
            Booking.ends_at,
            InService.name,
            InPlace.id,
            InPlace.name,
            InPlace.time_zone,
            needs_approval,
            confirmed,
            cancelled_at,
            Attendance.checked_in_at,
            Attendance.checked_out_at,
            Attendance.missed_at,
            VACCINATED_UNTIL,
            NOTED,
            MARKED,
        )
        .join(Person, Person.id == Booking.client_id)
        .join(InService, InService.id == Booking.service_id)
        .join(InPlace, InPlace.id == Booking.location_id)
        .outerjoin(Attendance, Attendance.booking_id == Booking.id)
    )


VISIT = (
    visits(Booking.needs_approval, Decision.confirmed, Cancellation.at)
    .outerjoin(Decision, Decision.booking_id == Booking.id)
    .outerjoin(Cancellation, Cancellation.booking_id == Booking.id)
)
# Whether it was declined or cancelled says the lane in which somebody stands, or is no matter any more.
TODAYS_VISIT = visits(IS_REQUEST, null(), null())


def as_visit(row: Sequence[Any]) -> Visit:
    return Visit(guests(row[0]), providers(row[1]), *row[2:])


def guests(told: str | None) -> list[Guest]:
    return sorted(map(guest, told.split(UNIT)), key=lambda pet: (pet.name.casefold(), pet.id)) if told else []


def guest(told: str) -> Guest:
    id, drawing, photo_id, birthday, name = told.split(FIELD, 4)
    born = date.fromisoformat(birthday) if birthday else None
    return Guest(int(id), drawing, int(photo_id) if photo_id else None, born, name)


def providers(told: str | None) -> str:
    """By first names, as colleagues call each other."""
    return wording.listed(sorted(name.split()[0] for name in told.split(UNIT) if name.strip())) if told else ""
