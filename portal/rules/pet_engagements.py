"""Pet engagements: where a pet is already, because it cannot be at two places at one time."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Integer, bindparam, exists
from sqlalchemy.orm import aliased

from portal.db import rows_of
from portal.models import Booking, BookingPet, Cancellation, Location, Pet, Service, ServiceKind
from portal.rules import hours
from portal.rules.hours import Span
from portal.rules.occupancy import HOUSED, SINCE, UNTIL, days_of, excepting, holding

# A day or a night is one of its location, whose clocks may be half a day apart from ours.
APART = timedelta(days=2)
GivenUp = aliased(Cancellation)
TAKEN = (
    holding(
        Pet.id,
        Pet.name,
        Booking.id,
        exists().where(GivenUp.booking_id == Booking.id).correlate(Booking),
        Service.id,
        Service.name,
        Service.kind,
        Booking.service_session_id,
        Booking.starts_at,
        Booking.ends_at,
        Location.time_zone,
    )
    .join(BookingPet, BookingPet.booking_id == Booking.id)
    .join(Pet, Pet.id == BookingPet.pet_id)
    .join(Service, Service.id == Booking.service_id)
    .join(Location, Location.id == Booking.location_id)
    .where(
        Booking.client_id == bindparam("client_id", type_=Integer),
        Booking.starts_at < UNTIL,
        Booking.ends_at > SINCE,
    )
    .order_by(Pet.name, Pet.id, Booking.starts_at, Booking.id)
)


class Engaged(NamedTuple):
    """A pet, and what it is booked for. What was `given_up` is held for a moment, in case it was a mistake."""

    pet_id: int
    pet: str
    booking_id: int
    given_up: bool
    service_id: int
    service: str
    kind: ServiceKind
    session_id: int | None
    starts_at: datetime
    ends_at: datetime
    zone: str


def engaged(
    pets: Sequence[Pet], since: datetime, until: datetime, *, at: datetime, except_booking: int | None = None
) -> list[Engaged]:
    """All that they are booked for between these moments, and maybe some more around. One query."""
    if not pets:
        return []
    ids = {pet.id for pet in pets}
    named = {"client_id": pets[0].client_id, "since": since - APART, "until": until + APART, "at": at}
    rows = rows_of(TAKEN, {**named, **excepting(except_booking, None)})
    return [Engaged(*row) for row in rows if row[0] in ids]


def meets(one: Engaged, kind: ServiceKind, starts_at: datetime, ends_at: datetime, zone: str) -> bool:
    """Two days of day care on one date, two stays that share a night, or two of anything else at one time. A dog is
    groomed while it is in day care, and comes to a class during its stay."""
    if kind in HOUSED or one.kind in HOUSED:
        days = days_of(kind, starts_at, ends_at, zone)
        return one.kind == kind and not set(days).isdisjoint(days_of(kind, one.starts_at, one.ends_at, one.zone))
    return one.starts_at < ends_at and one.ends_at > starts_at


def spans(found: Iterable[Engaged]) -> list[Span]:
    """When an appointment cannot be: minutes, in order."""
    timed = (one for one in found if one.kind not in HOUSED)
    return hours.joined([(hours.minute(one.starts_at), hours.minute_after(one.ends_at)) for one in timed])
