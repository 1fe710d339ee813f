"""Queues: that a place may have become free is written down, in the change that frees it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

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

WEEKS_AHEAD = timedelta(weeks=4)


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
        check(held.service_id, held.location_id, session_id=held.service_session_id, due_at=due_at)
        check_all(on_its_day(db.session.get_one(ServiceSession, held.service_session_id), due_at), due_at)
        return
    first, last = days(held)
    for service_id in (held.service_id, *services_of(providers_of(held), held.location_id, apart=held.service_id)):
        check(service_id, held.location_id, first_day=first, last_day=last, due_at=due_at)


def check_all(sessions: Iterable[ServiceSession], due_at: datetime) -> None:
    for one in sessions:
        check(one.service_id, one.location_id, session_id=one.id, due_at=due_at)


def on_its_day(session: ServiceSession, at: datetime) -> Sequence[ServiceSession]:
    """The service's other sessions on the day, where it has so many places a day and no more."""
    day = select(ServiceSession.day).where(ServiceSession.id == session.id).scalar_subquery()
    here = Offering.service_id == session.service_id, Offering.location_id == session.location_id
    others = select(ServiceSession).where(
        ServiceSession.day == day,
        ServiceSession.service_id == session.service_id,
        ServiceSession.location_id == session.location_id,
        ServiceSession.called_off_at.is_(None),
        ServiceSession.starts_at > at,
        ServiceSession.id != session.id,
        exists().where(*here, Offering.places.is_not(None)),
    )
    return db.session.scalars(others.order_by(ServiceSession.id)).all()


def ask_for_times(service_ids: Iterable[int], location_id: int, today: date, *, due_at: datetime) -> None:
    """There may be more times for these appointments from now on: who waits for one is asked, for the weeks ahead."""
    for service_id in service_ids:
        check(service_id, location_id, first_day=today, last_day=today + WEEKS_AHEAD, due_at=due_at)


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
