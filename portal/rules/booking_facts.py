"""All that a booking's own page tells, in one query."""

from dataclasses import dataclass

from sqlalchemy import Integer, bindparam, select

from portal.db import rows_of
from portal.models import Booking, BookingAddOn, Registration, Series, ServiceRequest
from portal.rules import given_by
from portal.rules.packing import packed, units, unpacked
from portal.rules.standing import STANDING, WIDTH, InPlace, Standing, as_standing


@dataclass(slots=True)
class Facts:
    booking: Standing
    address: str
    providers: list[str]
    add_ons: list[tuple[str, int]]
    series: str  # of which it is one date
    asked: str  # in their own words, where it came of that

    @property
    def total(self) -> int:
        return self.booking.price + sum(price for _, price in self.add_ons)


ADD_ONS = (
    select(packed(BookingAddOn.price, BookingAddOn.name)).where(BookingAddOn.booking_id == Booking.id).scalar_subquery()
)
SERIES = (
    select(Series.name)
    .join(Registration, Registration.series_id == Series.id)
    .where(Registration.id == Booking.registration_id)
    .scalar_subquery()
)
ASKED = (
    select(ServiceRequest.wanted)
    .where(ServiceRequest.client_id == Booking.client_id, ServiceRequest.booking_id == Booking.id)
    .order_by(ServiceRequest.id)
    .limit(1)
    .scalar_subquery()
)
FACTS = STANDING.add_columns(InPlace.address, given_by.OF_BOOKING, ADD_ONS, SERIES, ASKED).where(
    Booking.id == bindparam("booking_id", type_=Integer), Booking.client_id == bindparam("client_id", type_=Integer)
)


def facts(client_id: int, booking_id: int) -> Facts | None:
    """A client's own booking, or None."""
    row = rows_of(FACTS, {"client_id": client_id, "booking_id": booking_id}).first()
    if row is None:
        return None
    told = tuple(row)
    address, providers, add_ons, series, asked = told[WIDTH:]
    names, extras = sorted(units(providers)), priced(add_ons)
    return Facts(as_standing(told), address, names, extras, series or "", asked or "")


def priced(add_ons: str | None) -> list[tuple[str, int]]:
    return sorted((name, int(price)) for price, name in unpacked(add_ons, 2))
