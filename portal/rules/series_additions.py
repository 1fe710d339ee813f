"""A date is added to a series, or takes place after all: whoever has registered for it comes to this one too."""

from datetime import datetime

from sqlalchemy import or_, select

from portal.db import db
from portal.models import Booking, Cancellation, Client, Registration, Series, ServiceSession
from portal.rules import bookings, places
from portal.rules.actors import Actor
from portal.rules.refused import Refused
from portal.rules.standing import is_request, standing
from portal.rules.states import COUNTS

# Whoever has cancelled a single date still comes to the others.
IS_CANCELLED = (
    select(Booking.id)
    .join(Cancellation, Cancellation.booking_id == Booking.id)
    .where(Booking.registration_id == Registration.id, Cancellation.whole)
    .exists()
)
# What is called off with its class cannot be undone, not even for a second.
WITH_ITS_CLASS = (
    select(Cancellation.id)
    .where(Cancellation.booking_id == Booking.id, Cancellation.undo_until == Cancellation.at)
    .exists()
)


def lock_clients(series: Series) -> None:
    """Before the places, and always in this order."""
    clients = select(Registration.client_id).where(Registration.series_id == series.id).distinct()
    for client_id in db.session.scalars(clients.order_by(Registration.client_id)).all():
        places.lock_client(client_id)


def registrations_of(series: Series) -> list[Registration]:
    """Those that stand, locked. Asked once more after the lock: one may just have been cancelled."""
    own = select(Registration).where(Registration.series_id == series.id).order_by(Registration.id)
    db.session.scalars(own.with_for_update(key_share=True)).all()
    return list(db.session.scalars(own.where(~IS_CANCELLED)))


def put_in_registered(session: ServiceSession, series: Series, *, tell: bool = True, by: Actor, at: datetime) -> None:
    """At no further price. Who has only asked for the series asks for this date too; who is booked elsewhere in it at
    that time stays there, and is told by `missing`."""
    lock_clients(series)
    for registration in coming(session, series):
        last = newest(registration)
        if last is None or not last.pets:
            continue
        try:
            with db.session.begin_nested():
                put_in(registration, last, session, tell=tell, by=by, at=at)
        except Refused:
            continue


def put_in(
    registration: Registration, last: Booking, session: ServiceSession, *, tell: bool, by: Actor, at: datetime
) -> None:
    bookings.book(
        last.client,
        session.service,
        last.pets,
        location=session.location,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        session=session,
        registration=registration,
        keep_price=0,
        needs_approval=is_request(standing(last.id)),
        overbook=True,
        tell=tell,
        by=by,
        at=at,
    )


def coming(session: ServiceSession, series: Series) -> list[Registration]:
    """Without those who had cancelled this date before it was called off."""
    return [one for one in registrations_of(series) if not has_cancelled(one, session)]


def has_cancelled(registration: Registration, session: ServiceSession) -> bool:
    """By themselves, or staff for them: that the class was called off says nothing about who would come."""
    own = select(Booking).where(Booking.registration_id == registration.id, Booking.service_session_id == session.id)
    last = db.session.scalar(own.order_by(Booking.id.desc()).limit(1))
    return bool(last and last.cancellation and last.cancellation.undo_until > last.cancellation.at)


def missing(session: ServiceSession) -> list[str]:
    """The clients who have registered and would come, but are not booked on this date."""
    if session.series is None:
        return []
    here = select(Booking.registration_id).where(Booking.service_session_id == session.id, COUNTS)
    there = set(db.session.scalars(here))
    away = {one.client_id for one in coming(session, session.series) if one.id not in there and newest(one)}
    clients = select(Client).where(Client.id.in_(away)).order_by(Client.first_name, Client.last_name, Client.id)
    return [client.name for client in db.session.scalars(clients)]


def newest(registration: Registration) -> Booking | None:
    """Its last date that stands, or would if its class did: who came to that one comes."""
    own = select(Booking).where(Booking.registration_id == registration.id, or_(COUNTS, WITH_ITS_CLASS))
    return db.session.scalar(own.order_by(Booking.starts_at.desc(), Booking.id.desc()).limit(1))
