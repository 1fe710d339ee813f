"""Queues: that a place may have become free is written down, in the change that frees it."""

from datetime import date, datetime

from portal import wording
from portal.db import db
from portal.models import Booking, Location, Offer, QueueCheck


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
    """The place of a booking or an offer is given up: in its session, or on its days."""
    first, last = (None, None) if held.service_session_id else days(held)
    check(
        held.service_id,
        held.location_id,
        session_id=held.service_session_id,
        first_day=first,
        last_day=last,
        due_at=due_at,
    )


def days(held: Booking | Offer) -> tuple[date, date]:
    zone = db.session.get_one(Location, held.location_id).time_zone
    first, last = (wording.local(moment, zone).date() for moment in (held.starts_at, held.ends_at))
    return first, last
