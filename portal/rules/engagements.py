"""Engagements: when providers are taken, by appointments and their buffers, by sessions, by offers and by time off."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Integer, bindparam, literal, select, union_all

from portal.db import rows_of
from portal.models import (
    Booking,
    BookingProvider,
    Offer,
    Service,
    ServiceKind,
    ServiceSession,
    SessionProvider,
    TimeOff,
)
from portal.rules.occupancy import IS_OPEN, SINCE, UNTIL, excepting, holding

BUFFER = timedelta(days=1)  # the longest there can be
PROVIDERS = bindparam("provider_ids", type_=Integer, expanding=True)
NONE = literal(0)
# Who comes to a session takes no more of its provider's time than the session does.
BUSY = union_all(
    holding(
        BookingProvider.provider_id, Booking.starts_at, Booking.ends_at, Service.buffer_before, Service.buffer_after
    )
    .join(BookingProvider, BookingProvider.booking_id == Booking.id)
    .join(Service, Service.id == Booking.service_id)
    .where(
        BookingProvider.provider_id.in_(PROVIDERS),
        Service.kind == ServiceKind.INDIVIDUAL,
        Booking.starts_at < UNTIL,
        Booking.ends_at > SINCE,
    ),
    select(SessionProvider.provider_id, ServiceSession.starts_at, ServiceSession.ends_at, NONE, NONE)
    .join(ServiceSession, ServiceSession.id == SessionProvider.service_session_id)
    .where(
        SessionProvider.provider_id.in_(PROVIDERS),
        ServiceSession.called_off_at.is_(None),
        ServiceSession.starts_at < UNTIL,
        ServiceSession.ends_at > SINCE,
    ),
    select(Offer.provider_id, Offer.starts_at, Offer.ends_at, Service.buffer_before, Service.buffer_after)
    .join(Service, Service.id == Offer.service_id)
    .where(Offer.provider_id.in_(PROVIDERS), Offer.starts_at < UNTIL, Offer.ends_at > SINCE, *IS_OPEN),
    select(TimeOff.provider_id, TimeOff.starts_at, TimeOff.ends_at, NONE, NONE).where(
        TimeOff.provider_id.in_(PROVIDERS), TimeOff.starts_at < UNTIL, TimeOff.ends_at > SINCE
    ),
    select(Offer.provider_id, Offer.starts_at, Offer.ends_at, Service.buffer_before, Service.buffer_after)
    .join(Service, Service.id == Offer.service_id)
    .where(Offer.provider_id.in_(PROVIDERS), Offer.starts_at < UNTIL, Offer.ends_at > SINCE, *IS_OPEN),
)


def busy(
    provider_ids: Collection[int],
    since: datetime,
    until: datetime,
    *,
    at: datetime,
    except_booking: int | None = None,
    except_offer: int | None = None,
) -> list[tuple[int, datetime, datetime]]:
    """Provider, from and until, with buffers."""
    names = {"provider_ids": list(provider_ids), "since": since - BUFFER, "until": until + BUFFER, "at": at}
    spans = (
        (provider_id, starts - timedelta(minutes=before), ends + timedelta(minutes=after))
        for provider_id, starts, ends, before, after in rows_of(
            BUSY, {**names, **excepting(except_booking, except_offer)}
        )
    )
    return [(provider_id, starts, ends) for provider_id, starts, ends in spans if starts < until and ends > since]
