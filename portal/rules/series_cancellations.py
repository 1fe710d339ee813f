"""Cancelling a registration: all dates of a series that are ahead at once, and the undo of that."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from time import monotonic

from sqlalchemy import select

from portal import wording
from portal.db import atomic, db, lock
from portal.models import Booking, Cancellation, Client, NoticeKind, Registration
from portal.rules import bookings, business, message_templates, messages, notices, queues
from portal.rules.actors import Actor
from portal.rules.bookings import UNDO_CLIENT, UNDO_STAFF, in_full
from portal.rules.cancelling import restorable, why_not_cancel
from portal.rules.merge_codes import guests
from portal.rules.refused import Refused
from portal.rules.series_registrations import dates_of, write
from portal.rules.standing import OPEN, Standing, is_request, standing, status


def ahead_of(dates: Iterable[Standing], at: datetime) -> list[Standing]:
    """Those that would be called off: booked or requested, and still to come."""
    return [one for one in dates if status(one, at) in OPEN and one.starts_at > at]


def why_not_cancel_all(dates: Sequence[Standing], at: datetime) -> str | None:
    """Against calling the whole rest off: that there is none, or that one of its dates must stay."""
    ahead = ahead_of(dates, at)
    if not ahead:
        return "There is no date of it ahead that could be cancelled."
    return next(filter(None, (why_not_cancel(one, at) for one in ahead)), None)


def must_be_cancellable(dates: Sequence[Standing], *, by: Actor, at: datetime) -> None:
    """Staff have no cut-off, but there must be a date to call off."""
    reason = why_not_cancel_all(dates, at)
    if reason and by.kind == "client":
        raise Refused(f"{reason} {business.contact()}")
    if reason and not ahead_of(dates, at):
        raise Refused(reason)


@atomic
def cancel_registration(
    registration: Registration, *, reason: str = "", tell: bool = True, by: Actor, at: datetime
) -> list[Standing]:
    """All dates ahead are called off at once, with one letter; what was is left as it is."""
    dates = dates_of(registration.id)
    must_be_cancellable(dates, by=by, at=at)
    ahead = ahead_of(dates, at)
    undo_until = at + (UNDO_CLIENT if by.kind == "client" else UNDO_STAFF)
    name = registration.series.name
    word, verb = ("withdrawn", "withdrew") if is_request(ahead[0]) else ("cancelled", "cancelled")
    then = " ".join(filter(None, [reason, "Nothing has been charged for it."]))
    told = write(registration, ahead, f"{name} is {word}.", then, due_at=undo_until, at=at) if tell else None
    for one in ahead:
        booking = db.session.get_one(Booking, one.id)
        lock(booking)
        row = Cancellation(booking_id=one.id, at=at, undo_until=undo_until, reason=reason, **by.signed)
        row.whole, row.message_id = True, told if one is ahead[0] else None
        db.session.add(row)
        bookings.note(one, status(one, at), "Cancelled", by=by, at=at)
        queues.freed(booking, due_at=undo_until)
    words = f"{by.name} {verb} {name}, {wording.counted(len(ahead), 'date')} from {in_full(ahead[0], at)}"
    client_id, id = registration.client_id, ahead[0].id
    notices.tell(NoticeKind.CANCELLATION, words, client_id=client_id, booking_id=id, by=by, mailed_at=undo_until, at=at)
    db.session.flush()
    return dates_of(registration.id)


@atomic
def restore(booking: Booking, *, by: Actor, at: datetime) -> Standing:
    """Undo a cancellation, and with it that of all dates that were cancelled in the same moment."""
    stands = standing(booking.id)
    together = [one for one in cancelled_with(stands) if restorable(standing(one.id), by, at)]
    if not together:
        return bookings.restore(booking, by=by, at=at)
    began = monotonic()
    for one in together:
        # Whoever waits for the place of one date may come too late for that of the next.
        bookings.restore(one, by=by, at=at + timedelta(seconds=monotonic() - began))
    leave_called_off(cancelled_with(stands), at)
    return standing(together[0].id if booking not in together else booking.id)


def cancelled_with(booking: Standing) -> Sequence[Booking]:
    """It too, and each of them in the order of their ids."""
    if booking.registration_id is None:
        return []
    own = Booking.registration_id == booking.registration_id, Cancellation.at == booking.cancelled_at
    found = select(Booking).join(Cancellation, Cancellation.booking_id == Booking.id).where(*own)
    return db.session.scalars(found.order_by(Booking.id)).all()


def leave_called_off(rows: Iterable[Booking], at: datetime) -> None:
    """What was called off in the meantime stays so, and they hear of it now: then it did not concern them."""
    called_off = [one for one in rows if one.service_session and one.service_session.called_off_at]
    for one in called_off:
        release(one)
    if called_off:
        dates = [standing(one.id) for one in called_off]
        words = [f"{in_full(one, at)}\nFor {guests(one)}, at {one.location}." for one in dates]
        session = called_off[0].service_session
        told = {"DATES": "\n\n".join(words), "REASON": session.called_off_why if session else ""}
        client = db.session.get_one(Client, dates[0].client_id)
        message_templates.tell("called off", client, dates[0], at=at, more=told)


def release(booking: Booking) -> None:
    """Its cancellation is its own from now on, as if the class alone had been called off."""
    cancellation = booking.cancellation
    assert cancellation
    told, cancellation.message_id = cancellation.message_id, None
    cancellation.whole, cancellation.undo_until = False, cancellation.at
    bookings.take_notice_back(booking.id, cancellation.at)
    db.session.flush()
    if told:
        messages.take_back(told)
