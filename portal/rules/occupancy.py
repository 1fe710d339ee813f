"""Occupancy: what takes places, and how many. Bookings and open offers do, in sessions and on days."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, bindparam, case, exists, func, or_, select, union_all

from portal import wording
from portal.among import among
from portal.db import NONE, AnySelect, Instant, rows_of, written
from portal.models import (
    Attendance,
    Booking,
    Cancellation,
    Offer,
    Service,
    ServiceKind,
    ServiceSession,
    State,
)
from portal.rules.states import COUNTS, is_in
from portal.rules.stretches import stretched, stretches, there

AT = bindparam("at", type_=Instant)
SINCE, UNTIL = bindparam("since", type_=Instant), bindparam("until", type_=Instant)
LOCATION = bindparam("location_id", type_=Integer)
SERVICE = bindparam("service_id", type_=Integer)
IS_OPEN = (
    Offer.ended_at.is_(None),
    Offer.until > AT,
    Offer.id != bindparam("except_offer", type_=Integer),
)
HOUSED = (ServiceKind.DAY, ServiceKind.STAY)
HOUSED_KINDS = [written(kind) for kind in HOUSED]
IS_DAY_CARE, IS_STAY = (Service.kind == kind for kind in HOUSED_KINDS)
IS_HOUSED, IS_NOT_HOUSED = Service.kind.in_(HOUSED_KINDS), Service.kind.not_in(HOUSED_KINDS)


def one_of_the_sessions(id: Any) -> ColumnElement[bool]:
    return among(id, "session_ids")


def holding(*columns: Any) -> AnySelect:
    """Bookings that hold their places: a request does, and so does a cancelled one until its undo has run out, but for
    one that was missed before."""
    undoable = and_(
        is_in(State.CANCELLED),
        exists().where(Cancellation.booking_id == Booking.id, Cancellation.undo_until > AT),
        ~exists().where(Attendance.booking_id == Booking.id, Attendance.missed_at.is_not(None)),
    )
    return (
        select(*columns)
        .select_from(Booking)
        .where(or_(COUNTS, undoable), Booking.id != bindparam("except_booking", type_=Integer))
    )


PETS_IN_SESSIONS = (
    holding(Booking.service_session_id, -func.sum(Booking.pet_count))
    .where(one_of_the_sessions(Booking.service_session_id))
    .group_by(Booking.service_session_id)
)
BOOKED = holding(func.coalesce(func.sum(Booking.pet_count), NONE)).where(
    Booking.service_session_id == ServiceSession.id
)
OFFERED = select(func.coalesce(func.sum(Offer.places), NONE)).where(
    Offer.service_session_id == ServiceSession.id, *IS_OPEN
)
# In the session of the query around it.
TAKEN_IN_SESSION = (
    BOOKED.correlate(ServiceSession).scalar_subquery() + OFFERED.correlate(ServiceSession).scalar_subquery()
)
LEFT = union_all(
    select(ServiceSession.id, case((ServiceSession.called_off_at.is_(None), ServiceSession.capacity), else_=0)).where(
        one_of_the_sessions(ServiceSession.id)
    ),
    PETS_IN_SESSIONS,
    select(Offer.service_session_id, -Offer.places).where(one_of_the_sessions(Offer.service_session_id), *IS_OPEN),
)
# By service and length, so that one index tells all of it: what is over, and what is later, is not even looked at.
OVER = stretches("over")
COUNTED = select(Service.id).where(or_(Service.id == SERVICE, IS_HOUSED))
TAKEN = union_all(
    holding(Booking.service_id, Service.kind, Booking.starts_at, Booking.ends_at, func.sum(Booking.pet_count))
    .join(Service, Service.id == Booking.service_id)
    .join(OVER, and_(*there(OVER, SINCE, UNTIL)))
    .where(Booking.location_id == LOCATION, Booking.service_id.in_(COUNTED))
    .group_by(Booking.service_id, Service.kind, Booking.starts_at, Booking.ends_at),
    select(Offer.service_id, Service.kind, Offer.starts_at, Offer.ends_at, Offer.places)
    .join(Service, Service.id == Offer.service_id)
    .where(
        Offer.location_id == LOCATION,
        Offer.service_id.in_(COUNTED),
        Offer.starts_at < UNTIL,
        Offer.ends_at >= SINCE,
        *IS_OPEN,
    ),
)


def left_in(
    session_ids: Iterable[int], *, at: datetime, except_booking: int | None = None, except_offer: int | None = None
) -> dict[int, int]:
    """Fewer than none where a session is overbooked. One that is called off has no places."""
    left: dict[int, int] = {}
    for session_id, places in rows_of(
        LEFT, {"session_ids": list(session_ids), "at": at, **excepting(except_booking, except_offer)}
    ):
        left[session_id] = left.get(session_id, 0) + places
    return left


def taken_on(
    service_id: int,
    location_id: int,
    zone: str,
    first: date,
    days: int,
    *,
    at: datetime,
    except_booking: int | None = None,
    except_offer: int | None = None,
) -> tuple[dict[date, int], dict[date, int]]:
    """Pets on each of these days: of the service, and in day care and boarding of all services together."""
    of_service, in_house = (dict.fromkeys(following(first, days), 0) for _ in range(2))
    span = {"since": midnight(first, zone), "until": midnight(first + timedelta(days=days), zone)}
    names = {"service_id": service_id, "location_id": location_id, "at": at, **span, **stretched("over", span["until"])}
    for of, kind, starts_at, ends_at, pets in rows_of(TAKEN, {**names, **excepting(except_booking, except_offer)}):
        for day in days_of(kind, starts_at, ends_at, zone):
            if day in of_service:
                of_service[day] += pets if of == service_id else 0
                in_house[day] += pets if kind in HOUSED else 0
    return of_service, in_house


def days_of(kind: ServiceKind, starts_at: datetime, ends_at: datetime, zone: str) -> list[date]:
    """The days whose places it takes: of a stay each night, of anything else the day on which it starts."""
    first = wording.local(starts_at, zone).date()
    nights = (wording.local(ends_at, zone).date() - first).days if kind == ServiceKind.STAY else 1
    return following(first, max(nights, 1))


def following(first: date, days: int) -> list[date]:
    return [first + timedelta(days=number) for number in range(days)]


def midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=wording.zone_of(zone))


def excepting(booking: int | None, offer: int | None) -> dict[str, int]:
    """No row has the id 0."""
    return {"except_booking": booking or 0, "except_offer": offer or 0}
