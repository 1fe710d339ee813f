"""Queues: that a place may have become free is written down, in the change that frees it."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import exists, select

from portal import wording
from portal.db import db
from portal.models import (
    Booking,
    BookingProvider,
    Location,
    Offer,
    Offering,
    QueueCheck,
    Service,
    ServiceKind,
    ServiceProvider,
    ServiceSession,
)


def check(
    service_id: int,
    location_id: int,
    *,
    session_id: int | None = None,
    first_day: date | None = None,
    last_day: date | None = None,
    due_at: datetime,
) -> None:
    """From the due moment on, who waits is asked. Of day care and a stay the days, the last being that of leaving; with
    neither days nor a session whatever the service has at this location."""
    row = QueueCheck(
        service_id=service_id,
        location_id=location_id,
        service_session_id=session_id,
        first_day=first_day,
        last_day=last_day or first_day,
        due_at=due_at,
    )
    db.session.add(row)


def freed(held: Booking | Offer, *, due_at: datetime) -> None:
    """The place of a booking or an offer is given up: in its session, or on its days. With it a day that was full may
    have a place for the service's other sessions, and who gave the one appointment has time for others."""
    if held.service_session_id:
        for session_id in (held.service_session_id, *on_its_day(held, due_at)):
            check(held.service_id, held.location_id, session_id=session_id, due_at=due_at)
        return
    first, last = days(held)
    for service_id in (held.service_id, *services_of(providers_of(held), held.location_id, apart=held.service_id)):
        check(service_id, held.location_id, first_day=first, last_day=last, due_at=due_at)


def on_its_day(held: Booking | Offer, at: datetime) -> Iterable[int]:
    """The service's other sessions on the day, where it has so many places a day and no more."""
    day = select(ServiceSession.day).where(ServiceSession.id == held.service_session_id).scalar_subquery()
    here = Offering.service_id == held.service_id, Offering.location_id == held.location_id
    others = select(ServiceSession.id).where(
        ServiceSession.day == day,
        ServiceSession.service_id == held.service_id,
        ServiceSession.location_id == held.location_id,
        ServiceSession.called_off_at.is_(None),
        ServiceSession.starts_at > at,
        ServiceSession.id != held.service_session_id,
        exists().where(*here, Offering.places.is_not(None)),
    )
    return db.session.scalars(others.order_by(ServiceSession.id)).all()


def providers_of(held: Booking | Offer) -> list[int]:
    """Whose time was taken: that of a day belongs to the business."""
    if db.session.get_one(Service, held.service_id).kind != ServiceKind.INDIVIDUAL:
        return []
    if isinstance(held, Offer):
        return [held.provider_id] if held.provider_id else []
    given_by = select(BookingProvider.provider_id).where(BookingProvider.booking_id == held.id)
    return list(db.session.scalars(given_by))


def services_of(provider_ids: list[int], location_id: int, apart: int = 0) -> Iterable[int]:
    """The appointments that they give there."""
    theirs = (
        select(Service.id)
        .join(ServiceProvider, ServiceProvider.service_id == Service.id)
        .join(Offering, Offering.service_id == Service.id)
        .where(ServiceProvider.provider_id.in_(provider_ids), Offering.location_id == location_id)
        .where(Service.kind == ServiceKind.INDIVIDUAL, Service.retired_at.is_(None), Service.id != apart)
    )
    return db.session.scalars(theirs.distinct().order_by(Service.id)).all() if provider_ids else []


def days(held: Booking | Offer) -> tuple[date, date]:
    zone = db.session.get_one(Location, held.location_id).time_zone
    first, last = (wording.local(moment, zone).date() for moment in (held.starts_at, held.ends_at))
    return first, last
