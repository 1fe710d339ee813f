"""Affected: bookings and classes inside a time in which their provider is away or their location is closed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import literal, null, or_, select, union_all

from portal import wording
from portal.db import AnySelect, db
from portal.models import (
    Booking,
    BookingProvider,
    Client,
    Location,
    Service,
    ServiceSession,
    SessionProvider,
)
from portal.rules.states import COUNTS

MOST = 200


@dataclass(slots=True)
class Affected:
    """A booking, or a class, which has no client."""

    client_id: int | None
    first_name: str
    last_name: str
    service: str
    starts_at: datetime
    ends_at: datetime
    zone: str

    @property
    def title(self) -> str:
        return f"{self.first_name} {self.last_name}, {self.service}" if self.client_id else f"{self.service}, class"


class Time(NamedTuple):
    """Of a row with this id."""

    id: int
    starts_at: datetime
    ends_at: datetime


BOOKINGS: AnySelect = (
    select(
        Booking.client_id,
        Client.first_name,
        Client.last_name,
        Service.name,
        Booking.starts_at,
        Booking.ends_at,
        Location.time_zone,
    )
    .join(Client, Client.id == Booking.client_id)
    .join(Service, Service.id == Booking.service_id)
    .join(Location, Location.id == Booking.location_id)
    .where(
        Booking.service_session_id.is_(None),
        COUNTS,
    )
)
CLASSES: AnySelect = (
    select(
        null(),
        literal(""),
        literal(""),
        Service.name,
        ServiceSession.starts_at,
        ServiceSession.ends_at,
        Location.time_zone,
    )
    .join(Service, Service.id == ServiceSession.service_id)
    .join(Location, Location.id == ServiceSession.location_id)
    .where(ServiceSession.called_off_at.is_(None))
)


def with_provider(provider_id: int, times: Sequence[Time]) -> dict[int, list[Affected]]:
    bookings = BOOKINGS.join(BookingProvider, BookingProvider.booking_id == Booking.id)
    classes = CLASSES.join(SessionProvider, SessionProvider.service_session_id == ServiceSession.id)
    return inside(
        bookings.where(BookingProvider.provider_id == provider_id),
        classes.where(SessionProvider.provider_id == provider_id),
        times,
    )


def at_location(location_id: int, times: Sequence[Time]) -> dict[int, list[Affected]]:
    here = BOOKINGS.where(Booking.location_id == location_id), CLASSES.where(ServiceSession.location_id == location_id)
    return inside(*here, times)


def inside(bookings: AnySelect, classes: AnySelect, times: Sequence[Time]) -> dict[int, list[Affected]]:
    """For each of the times what lies in it, all of them asked for at once."""
    found: dict[int, list[Affected]] = {time.id: [] for time in times}
    if not times:
        return found
    every = [during(bookings, Booking, times), during(classes, ServiceSession, times)]
    rows = [Affected(*row) for row in db.session.execute(union_all(*every).limit(MOST))]
    rows.sort(key=lambda row: (row.starts_at, row.title))
    for time in times:
        found[time.id] = [row for row in rows if row.starts_at < time.ends_at and row.ends_at > time.starts_at]
    return found


def during(statement: AnySelect, of: Any, times: Sequence[Time]) -> AnySelect:
    return statement.where(or_(*((of.starts_at < time.ends_at) & (of.ends_at > time.starts_at) for time in times)))


def in_words(rows: Iterable[Affected]) -> str:
    """3 bookings and 1 class are in this time."""
    every = list(rows)
    bookings = sum(row.client_id is not None for row in every)
    counts = (bookings, "booking", "bookings"), (len(every) - bookings, "class", "classes")
    said = [wording.counted(count, one, many) for count, one, many in counts if count]
    return f"{' and '.join(said)} {'is' if len(every) == 1 else 'are'} in this time" if said else ""
