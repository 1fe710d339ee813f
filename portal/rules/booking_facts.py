"""All that a booking's own page tells, in one query."""

from dataclasses import dataclass

from sqlalchemy import Integer, String, bindparam, cast, func, select

from portal.db import rows_of
from portal.models import Booking, BookingAddOn, BookingProvider, Provider, Registration, Series, ServiceRequest
from portal.rules.standing import FIELD, STANDING, UNIT, WIDTH, InPlace, Standing, as_standing


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


PROVIDERS = (
    select(func.aggregate_strings(Provider.name, UNIT))
    .join(BookingProvider, BookingProvider.provider_id == Provider.id)
    .where(BookingProvider.booking_id == Booking.id)
    .scalar_subquery()
)
ADD_ONS = (
    select(func.aggregate_strings(cast(BookingAddOn.price, String) + FIELD + BookingAddOn.name, UNIT))
    .where(BookingAddOn.booking_id == Booking.id)
    .scalar_subquery()
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
FACTS = STANDING.add_columns(InPlace.address, PROVIDERS, ADD_ONS, SERIES, ASKED).where(
    Booking.id == bindparam("booking_id", type_=Integer), Booking.client_id == bindparam("client_id", type_=Integer)
)


def facts(client_id: int, booking_id: int) -> Facts | None:
    """A client's own booking, or None."""
    row = rows_of(FACTS, {"client_id": client_id, "booking_id": booking_id}).first()
    if row is None:
        return None
    told = tuple(row)
    address, providers, add_ons, series, asked = told[WIDTH:]
    extras = sorted(priced(one) for one in apart(add_ons))
    return Facts(as_standing(told), address, sorted(apart(providers)), extras, series or "", asked or "")


def apart(told: str | None) -> list[str]:
    return told.split(UNIT) if told else []


def priced(told: str) -> tuple[str, int]:
    price, name = told.split(FIELD, 1)
    return name, int(price)
