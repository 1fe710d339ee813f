"""Engagements: when providers are taken, by appointments and their buffers, by sessions, by offers and by time off."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    bindparam,
    func,
    select,
    type_coerce,
    union_all,
)

from portal.among import among
from portal.db import NONE, Instant, rows_of
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
from portal.rules.occupancy import IS_OPEN, OVER, SINCE, UNTIL, excepting, holding
from portal.rules.packing import FIELD, packed, units
from portal.rules.stretches import stretched

LONGEST = timedelta(days=1)  # a class
BUFFERS = timedelta(hours=8)  # four after the one and four before the other: a service has no longer ones
EARLIEST = bindparam("earliest", type_=Instant)
# Adds nothing; but now these are found by their time first, and no database begins with all that somebody ever did.
FIRST = NONE


def times_of(of: Any) -> tuple[Any, Any]:
    """As the database keeps them."""
    return type_coerce(of.starts_at, String), type_coerce(of.ends_at, String)


def whose(provider_id: Any, of: Any) -> Any:
    """All of them in one word."""
    return packed(provider_id, *times_of(of))


@lru_cache(16_384)
def span(words: str) -> Span:
    """A minute that has begun is whole. Of thousands of them many are the same."""
    start, end = words.split(FIELD)
    return hours.minute(as_moment(start)), hours.minute_after(as_moment(end))


def as_moment(kept: str) -> datetime:
    """SQLite keeps none of its zone, which is UTC."""
    return datetime.fromisoformat(kept if kept.endswith("+00") else f"{kept}+00:00")


def meets(of: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return of.starts_at < UNTIL, of.ends_at > SINCE


def one_of_them(provider_id: Any) -> ColumnElement[bool]:
    return among(provider_id, "provider_ids")


def with_one_of_them(provider_id: Any, id: Any) -> ColumnElement[bool]:
    """Asked of each one that is found by its time: neither looked for once for each provider, nor sifted beforehand out
    of all that providers ever did, which SQLite would do with a question about the provider alone."""
    return one_of_them(provider_id + id * FIRST)


# By length, as some appointments go on for days. Looked at, but never found by: before any moment lie all the years
# there have been.
IS_THERE = (
    Booking.ends_at > SINCE,
    Booking.ends_at < OVER.c.ends_before,
    func.coalesce(Booking.starts_at, UNTIL) < UNTIL,
)
BUFFERS_OF = Service.buffer_before, Service.buffer_after
# Service by service: their buffers are told once.
BOOKED = (
    holding(whose(BookingProvider.provider_id, Booking))
    .join(OVER, OVER.c.length == Booking.length)
    .join(BookingProvider, BookingProvider.booking_id == Booking.id + FIRST)
    .where(
        Booking.location_id.in_(select(Location.id)),
        Booking.service_id == Service.id,
        with_one_of_them(BookingProvider.provider_id, Booking.id),
        *IS_THERE,
    )
    .correlate(Service)
    .scalar_subquery()
)
# Who comes to a session takes no more of its provider's time than the session does.
GIVEN = (
    select(NONE, NONE, whose(SessionProvider.provider_id, ServiceSession))
    .join(ServiceSession, ServiceSession.id + FIRST == SessionProvider.service_session_id)
    .where(
        with_one_of_them(SessionProvider.provider_id, ServiceSession.id),
        ServiceSession.called_off_at.is_(None),
        ServiceSession.starts_at > EARLIEST,
        *meets(ServiceSession),
    )
)
HELD = (
    select(*BUFFERS_OF, whose(Offer.provider_id, Offer))
    .join(Service, Service.id == Offer.service_id)
    .where(one_of_them(Offer.provider_id), *meets(Offer), *IS_OPEN)
    .group_by(Service.id, *BUFFERS_OF)
)
AWAY = select(NONE, NONE, whose(TimeOff.provider_id, TimeOff)).where(one_of_them(TimeOff.provider_id), *meets(TimeOff))
TAKEN = union_all(select(*BUFFERS_OF, BOOKED).where(Service.kind == ServiceKind.INDIVIDUAL), GIVEN, HELD, AWAY)


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
    names = {**around(since, until, buffers), "at": at, **excepting(except_booking, except_offer)}
    found: dict[int, list[Span]] = {id: [] for id in provider_ids}
    for before, after, told in rows_of(TAKEN, {**names, "provider_ids": list(found)}).all() if found else ():
        for id, times in by_provider(told).items():
            found[id] += with_buffers(times, before, after)
    return {id: hours.joined(spans) for id, spans in found.items()}


def around(since: datetime, until: datetime, buffers: timedelta) -> dict[str, date | datetime]:
    first, last = since - buffers, until + buffers
    days = {"first": first.astimezone(UTC).date(), "last": last.astimezone(UTC).date()}
    return {"since": first, "until": last, "earliest": first - LONGEST, **stretched("over", last), **days}


def by_provider(told: str | None) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for one in units(told):
        provider_id, _, words = one.partition(FIELD)
        found.setdefault(int(provider_id), []).append(words)
    return found


def with_buffers(times: list[str], before: int, after: int) -> list[Span]:
    return [(start - before, end + after) for start, end in map(span, times)]


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
