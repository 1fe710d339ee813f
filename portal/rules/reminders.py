"""Reminders: how long before a booking they go out, and each one once, of the booking as it stands at that moment."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from portal.db import AnySelect, atomic, db, lock
from portal.models import (
    Author,
    Booking,
    Location,
    Message,
    Reminder,
    ReminderTime,
    State,
    Thread,
)
from portal.rules import message_templates
from portal.rules.refused import Refused, stale
from portal.rules.standing import standing, status
from portal.rules.states import is_in

MOST = 5
AT_ONCE = 200


def times() -> list[int]:
    """Minutes before the start, the longest first."""
    return list(db.session.scalars(select(ReminderTime.minutes).order_by(ReminderTime.minutes.desc())))


def waiting(minutes: int, at: datetime) -> AnySelect:
    """Bookings that begin within so many minutes and have not been reminded of, at the time they have now."""
    of_it = (
        (Reminder.booking_id == Booking.id) & (Reminder.starts_at == Booking.starts_at) & (Reminder.minutes == minutes)
    )
    return (
        select(Booking.id)
        # By location, as the index of days is sorted.
        .join(Location, Location.id == Booking.location_id)
        .outerjoin(Reminder, of_it)
        .where(
            Booking.starts_at > at,
            Booking.starts_at <= at + timedelta(minutes=minutes),
            is_in(State.BOOKED),
            Reminder.booking_id.is_(None),
        )
    )


def send_due(at: datetime) -> int:
    """Remind of what begins soon: the worker's round. How many went out."""
    sent = 0
    for minutes in reversed(times()):
        due = db.session.scalars(waiting(minutes, at).order_by(Booking.starts_at).limit(AT_ONCE)).all()
        sent += sum(remind(booking_id, minutes, at=at) for booking_id in due)
    return sent


@atomic
def remind(booking_id: int, minutes: int, *, at: datetime) -> bool:
    """Once for this booking at this time. Whoever heard of it as late as that need not hear again."""
    booking = db.session.get_one(Booking, booking_id)
    lock(booking)
    if status(standing(booking_id), at) != "Booked" or booking.starts_at <= at or reminded(booking, minutes):
        return False
    wanted = not heard_since(booking, booking.starts_at - timedelta(minutes=minutes))
    if wanted:
        message_templates.tell("reminder", booking.client, standing(booking_id), at=at)
    # A reminder that should have gone out before is not sent after this one.
    for longer in {minutes, *(time for time in times() if time > minutes)}:
        put_down(booking, longer, at)
    return wanted


def put_down(booking: Booking, minutes: int, at: datetime) -> None:
    if not reminded(booking, minutes):
        db.session.add(Reminder(booking_id=booking.id, starts_at=booking.starts_at, minutes=minutes, sent_at=at))


def reminded(booking: Booking, minutes: int) -> bool:
    return db.session.get(Reminder, (booking.id, booking.starts_at, minutes)) is not None


def heard_since(booking: Booking, since: datetime) -> bool:
    told = (
        select(Message.id)
        .join(Thread, Thread.id == Message.thread_id)
        .where(Thread.booking_id == booking.id, Message.author == Author.AUTOMATIC, Message.written_at > since)
    )
    return bool(db.session.scalar(select(told.exists())))


def within(minutes: int, at: datetime) -> int:
    """How many would be reminded at once, were such a reminder added now."""
    return db.session.execute(select(func.count()).select_from(waiting(minutes, at).subquery())).scalar_one()


@atomic
def add(minutes: int, *, also_now: bool, at: datetime) -> None:
    """Nobody who is booked already is mailed all of a sudden, unless that is wanted."""
    if minutes in times():
        raise Refused("There is a reminder at that time already.")
    if len(times()) >= MOST:
        raise Refused(f"There are {MOST} reminders already, which is as many as there can be. Remove one first.")
    db.session.add(ReminderTime(minutes=minutes))
    if not also_now:
        for booking_id in db.session.scalars(waiting(minutes, at)).all():
            put_down(db.session.get_one(Booking, booking_id), minutes, at)


@atomic
def remove(minutes: int) -> None:
    row = db.session.get(ReminderTime, minutes)
    if row is None:
        raise stale("This reminder has been removed already.")
    db.session.delete(row)


def spoken(minutes: int) -> str:
    """2 hours, 1 day: in the largest unit that comes out even."""
    for length, word in ((24 * 60, "day"), (60, "hour"), (1, "minute")):
        if minutes % length == 0:
            return f"{minutes // length} {word}{'s' if minutes // length != 1 else ''}"
    raise ValueError(minutes)
