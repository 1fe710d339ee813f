"""A date is added to a series, or takes place after all: whoever has registered for it comes to this one too."""

from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.models import Booking, Cancellation, Registration, Series, ServiceSession
from portal.rules import bookings, places
from portal.rules.actors import Actor
from portal.rules.states import COUNTS

# Whoever has cancelled a single date still comes to the others.
IS_CANCELLED = (
    select(Booking.id)
    .join(Cancellation, Cancellation.booking_id == Booking.id)
    .where(Booking.registration_id == Registration.id, Cancellation.whole)
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


def put_in_registered(session: ServiceSession, series: Series, *, by: Actor, at: datetime) -> None:
    """At no further price."""
    lock_clients(series)
    for registration in registrations_of(series):
        last = newest(registration)
        if last is None or not last.pets:
            continue
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
            needs_approval=False,
            overbook=True,
            by=by,
            at=at,
        )


def newest(registration: Registration) -> Booking | None:
    """Its last date that stands: who came to that one comes."""
    standing = select(Booking).where(Booking.registration_id == registration.id, COUNTS)
    return db.session.scalar(standing.order_by(Booking.starts_at.desc(), Booking.id.desc()).limit(1))
