"""Taken days: when providers are taken by appointments, with what is kept free around each, and by classes; day by day
of UTC, and on each as much as falls on it.

What was called off and can still be taken back stands in none of them: that ends by itself, as time goes on.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    bindparam,
    delete,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from portal.among import among
from portal.db import NONE
from portal.models import (
    Attendance,
    Booking,
    BookingProvider,
    Cancellation,
    Decision,
    Location,
    Service,
    ServiceKind,
    ServiceSession,
    SessionProvider,
    TakenDay,
)
from portal.rules import hours, kept
from portal.rules.engagements import BUFFERS, EARLIEST, FIRST, IS_THERE, LONGEST, meets, with_one_of_them
from portal.rules.hours import Span
from portal.rules.kept import Kept, Key
from portal.rules.kept_days import KeptDays
from portal.rules.occupancy import OVER
from portal.rules.states import COUNTS
from portal.rules.stretches import stretched

TABLE: Any = TakenDay.__table__
DAY = timedelta(days=1)
EPOCH = date(1970, 1, 1)
PLACE = "starts_at", "ends_at", "service_id", "service", "providers"
CLASS_PLACE = "starts_at", "ends_at", "called_off_at", "providers"
AROUND_IT = "buffer_before", "buffer_after", "kind"
OF_BOOKING = BookingProvider, Cancellation, Decision, Attendance
TIMES = Booking.starts_at, Booking.ends_at, Service.buffer_before, Service.buffer_after
APPOINTMENTS = (
    select(BookingProvider.provider_id, *TIMES)
    .join(Booking, Booking.id == BookingProvider.booking_id)
    .join(Service, Service.id == Booking.service_id)
    .where(Service.kind == ServiceKind.INDIVIDUAL)
)
CLASS_TIMES = ServiceSession.starts_at, ServiceSession.ends_at, NONE, NONE
CLASSES = select(SessionProvider.provider_id, *CLASS_TIMES).join(
    ServiceSession, ServiceSession.id == SessionProvider.service_session_id
)
OF_BOOKINGS, OF_SERVICES = (
    APPOINTMENTS.where(among(Booking.id, "ids")),
    APPOINTMENTS.where(among(Booking.service_id, "ids")),
)
OF_CLASSES = CLASSES.where(among(ServiceSession.id, "ids"))
OFFERED: Any = aliased(Service)
# Found by their time, service by service: nobody looks through all that a provider ever did.
BOOKED = (
    select(*TIMES)
    .select_from(Booking)
    .join(Service, Service.id == Booking.service_id)
    .join(OVER, OVER.c.length == Booking.length)
    .join(BookingProvider, BookingProvider.booking_id == Booking.id + FIRST)
    .where(
        COUNTS,
        Booking.location_id.in_(select(Location.id)),
        Booking.service_id.in_(select(OFFERED.id).where(OFFERED.kind == ServiceKind.INDIVIDUAL)),
        *IS_THERE,
        with_one_of_them(BookingProvider.provider_id, Booking.id),
    )
)
GIVEN = (
    select(*CLASS_TIMES)
    .join(SessionProvider, SessionProvider.service_session_id == ServiceSession.id + FIRST)
    .where(
        ServiceSession.called_off_at.is_(None),
        ServiceSession.starts_at > EARLIEST,
        *meets(ServiceSession),
        with_one_of_them(SessionProvider.provider_id, ServiceSession.id),
    )
)
STANDING = union_all(BOOKED, GIVEN)
EVERY = union_all(APPOINTMENTS.where(COUNTS), CLASSES.where(ServiceSession.called_off_at.is_(None)))
DAYS = KeptDays(TABLE, {"spans": ""}, spans=bindparam("told"))


def keys_of(connection: Connection, rows: list[Any]) -> set[Key]:
    """Of appointments and classes that are made, moved, given to somebody else, or in another state than before; and of
    all of a service that keeps more or less free around them."""
    bookings = {row.id for row in rows if isinstance(row, Booking) and kept.is_changed(row, PLACE)}
    bookings |= {row.booking_id for row in rows if isinstance(row, OF_BOOKING)}
    classes = {row.id for row in rows if isinstance(row, ServiceSession) and kept.is_changed(row, CLASS_PLACE)}
    classes |= {row.service_session_id for row in rows if isinstance(row, SessionProvider)}
    services = {row.id for row in rows if isinstance(row, Service) and kept.is_changed(row, AROUND_IT)}
    found: set[Key] = set()
    for statement, these in ((OF_BOOKINGS, bookings), (OF_CLASSES, classes), (OF_SERVICES, services)):
        if ids := sorted(these):
            for provider_id, *times in connection.execute(statement, {"ids": ids}):
                found |= {(provider_id, day) for day in days_of(*span(*times))}
    return found


def span(starts_at: Any, ends_at: Any, before: Any, after: Any) -> Span:
    """A minute that has begun is whole."""
    return hours.minute(starts_at) - before, hours.minute_after(ends_at) + after


def days_of(since: int, until: int) -> list[date]:
    return [EPOCH + DAY * number for number in range(since // hours.DAY, (until - 1) // hours.DAY + 1)]


def write(connection: Connection, keys: list[Key]) -> None:
    DAYS.write(connection, keys, on_day)


def on_day(connection: Connection, provider_id: int, day: date) -> dict[str, str]:
    begins = hours.moment((day - EPOCH).days * hours.DAY)
    since, until = begins - BUFFERS, begins + DAY + BUFFERS
    around = {"since": since, "until": until, "earliest": since - LONGEST, **stretched("over", until)}
    told = (span(*times) for times in connection.execute(STANDING, {"provider_ids": [provider_id], **around}))
    return {"told": words_of(day, (one for one in told if day in days_of(*one)))}


def words_of(day: date, spans: Iterable[Span]) -> str:
    begins = (day - EPOCH).days * hours.DAY
    whole = [(max(since, begins), min(until, begins + hours.DAY)) for since, until in hours.joined(spans)]
    return " ".join(f"{since}-{until}" for since, until in whole)


def every(connection: Connection) -> dict[Key, str]:
    """All that there is to keep, reckoned at once."""
    days: dict[Key, list[Span]] = defaultdict(list)
    for provider_id, *times in connection.execute(EVERY):
        one = span(*times)
        for day in days_of(*one):
            days[provider_id, day].append(one)
    return {(id, day): words_of(day, spans) for (id, day), spans in sorted(days.items())}


def write_all(connection: Connection) -> None:
    connection.execute(delete(TABLE))
    DAYS.put(connection, {key: [words] for key, words in every(connection).items()})


kept.KEPT.append(Kept(keys_of, write, write_all))
