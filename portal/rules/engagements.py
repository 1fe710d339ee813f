"""Engagements: when providers are taken, by appointments and their buffers, by sessions, by offers and by time off."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, bindparam, func, literal, select, union_all
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from portal.db import Instant, rows_of
from portal.models import (
    Booking,
    BookingProvider,
    Location,
    Offer,
    Service,
    ServiceKind,
    ServiceSession,
    SessionProvider,
    TimeOff,
)
from portal.rules import hours
from portal.rules.hours import Span
from portal.rules.occupancy import IS_OPEN, SINCE, UNTIL, excepting, holding

LONGEST = timedelta(days=1)  # an appointment or a class
BUFFERS = timedelta(hours=8)  # four after the one and four before the other: a service has no longer ones
EARLIEST, LATEST = (bindparam(name, type_=Instant) for name in ("earliest", "latest"))
PROVIDERS = bindparam("provider_ids", type_=Integer, expanding=True)
NONE = literal(0)
# Adds nothing; but now these are found by their time first, and no database begins with all that somebody ever did.
FIRST = literal(0)


class Epoch(FunctionElement[int]):
    """Seconds since 1970, counted by the database: thousands of rows come as numbers, not as moments."""

    name, type = "epoch", Integer()
    inherit_cache = True


@compiles(Epoch, "sqlite")
def epoch_on_sqlite(told: Epoch, compiler: SQLCompiler, **more: Any) -> str:
    return f"CAST(strftime('%s', {compiler.process(told.clauses, **more)}) AS INTEGER)"


@compiles(Epoch, "postgresql")
def epoch_on_postgres(told: Epoch, compiler: SQLCompiler, **more: Any) -> str:
    return f"CAST(floor(extract(epoch FROM {compiler.process(told.clauses, **more)})) AS BIGINT)"


def span(of: Any, before: Any = NONE, after: Any = NONE) -> tuple[Any, Any]:
    """In minutes since the epoch; begun ones are whole."""
    return Epoch(of.starts_at) // 60 - before, (Epoch(of.ends_at) + 59) // 60 + after


def meets(of: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return of.starts_at < UNTIL, of.ends_at > SINCE


BUFFERED = Service.buffer_before, Service.buffer_after
# Who comes to a session takes no more of its provider's time than the session does.
TAKEN = union_all(
    holding(BookingProvider.provider_id, *span(Booking, *BUFFERED))
    .join(BookingProvider, BookingProvider.booking_id == Booking.id + FIRST)
    .join(Service, Service.id == Booking.service_id)
    .where(
        Booking.location_id.in_(select(Location.id)),
        Booking.service_id.in_(select(Service.id).where(Service.kind == ServiceKind.INDIVIDUAL)),
        (BookingProvider.provider_id + FIRST).in_(PROVIDERS),  # or each booking would be looked for once for each
        Booking.ends_at < LATEST,
        Booking.ends_at > SINCE,
        # Looked at, but never found by: before any moment lie all the years there have been.
        func.coalesce(Booking.starts_at, UNTIL) < UNTIL,
    ),
    select(SessionProvider.provider_id, *span(ServiceSession))
    .join(ServiceSession, ServiceSession.id + FIRST == SessionProvider.service_session_id)
    .where(
        SessionProvider.provider_id.in_(PROVIDERS),
        ServiceSession.called_off_at.is_(None),
        ServiceSession.starts_at > EARLIEST,
        *meets(ServiceSession),
    ),
    select(Offer.provider_id, *span(Offer, *BUFFERED))
    .join(Service, Service.id == Offer.service_id)
    .where(Offer.provider_id.in_(PROVIDERS), *meets(Offer), *IS_OPEN),
    select(TimeOff.provider_id, *span(TimeOff)).where(TimeOff.provider_id.in_(PROVIDERS), *meets(TimeOff)),
)


def taken(
    provider_ids: Collection[int],
    since: datetime,
    until: datetime,
    *,
    buffers: timedelta = BUFFERS,
    at: datetime,
    except_booking: int | None = None,
    except_offer: int | None = None,
) -> dict[int, list[Span]]:
    """The time of each provider that is taken between these moments, and maybe some more around: minutes, in order."""
    found: dict[int, list[Span]] = {id: [] for id in provider_ids}
    if found:
        names = {
            "provider_ids": list(found),
            "earliest": since - 2 * LONGEST,
            "latest": until + 2 * LONGEST,
            "since": since - buffers,
            "until": until + buffers,
            "at": at,
            **excepting(except_booking, except_offer),
        }
        for provider_id, start, end in rows_of(TAKEN, names).all():
            found[provider_id].append((start, end))
    return {id: hours.joined(spans) for id, spans in found.items()}


def busy(
    provider_ids: Collection[int],
    since: datetime,
    until: datetime,
    *,
    at: datetime,
    except_booking: int | None = None,
    except_offer: int | None = None,
) -> set[int]:
    """Those of them who are not free from one moment to the other."""
    told = taken(provider_ids, since, until, at=at, except_booking=except_booking, except_offer=except_offer)
    first, last = hours.minute(since), hours.minute_after(until)
    return {id for id, spans in told.items() if any(start < last and end > first for start, end in spans)}
