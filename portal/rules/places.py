"""Places: how many are taken, how many are left. Places are pets."""

from datetime import datetime

from sqlalchemy import func, or_, select

from portal.db import db
from portal.models import Attendance, Booking, BookingPet, Cancellation, Decision, ServiceSession


def taken(session: ServiceSession, at: datetime) -> int:
    """A request holds its place; so does a cancelled booking until its undo has run out."""
    statement = (
        select(func.count())
        .select_from(BookingPet)
        .join(Booking, Booking.id == BookingPet.booking_id)
        .outerjoin(Cancellation, Cancellation.booking_id == Booking.id)
        .outerjoin(Decision, Decision.booking_id == Booking.id)
        .outerjoin(Attendance, Attendance.booking_id == Booking.id)
        .where(
            Booking.service_session_id == session.id,
            or_(Cancellation.id.is_(None), Cancellation.undo_until > at),
            or_(Decision.id.is_(None), Decision.confirmed.is_(True)),
            Attendance.missed_at.is_(None),
        )
    )
    return db.session.execute(statement).scalar_one()


def left(session: ServiceSession, at: datetime) -> int:
    return session.capacity - taken(session, at)
