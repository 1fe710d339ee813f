"""Attendances: the pets came and went, or did not come; and each of these taken back. Clients get no message of it."""

from datetime import datetime

from sqlalchemy import select

from portal import wording
from portal.db import atomic, db, lock
from portal.models import Attendance, Booking, History
from portal.rules import history, places, queues
from portal.rules.actors import Actor
from portal.rules.bookings import UNDO_STAFF as UNDO
from portal.rules.bookings import in_full, note
from portal.rules.refused import Refused
from portal.rules.standing import Standing, is_request, pet_names, standing


@atomic
def check_in(booking: Booking, *, by: Actor, at: datetime) -> Standing:
    """They are here. Whoever was marked as a no-show and comes after all is welcome too."""
    stands, kept = as_kept(booking)
    must_be_expected(stands, kept, at)
    must_be_their_day(stands, at)
    was = "No-show" if kept.missed_at else "Booked"
    kept.missed_at = kept.missed_by = None
    kept.checked_in_at, kept.checked_in_by = at, by.name
    note(stands, was, "Checked in", by=by, at=at)
    return stands


@atomic
def undo_check_in(booking: Booking, *, by: Actor, at: datetime) -> Standing:
    stands, kept = as_kept(booking)
    if kept.checked_in_at is None:
        raise Refused(f"There is nothing to undo: {pet_names(stands)} {are(stands)} not checked in.")
    must_not_have_left(stands, kept, at)
    must_be_fresh(kept.checked_in_at, "Check out instead.", at)
    missed = missed_before(stands, kept.checked_in_at)
    if missed:
        kept.missed_at, kept.missed_by = missed.at, missed.by_name
        kept.checked_in_at = kept.checked_in_by = None
        queues.freed(booking, due_at=max(at, missed.at + UNDO))
    else:
        db.session.delete(kept)
    note(stands, "Checked in", "No-show" if missed else "Booked", by=by, at=at)
    return stands


def missed_before(booking: Standing, checked_in_at: datetime) -> History | None:
    """Who had marked them as a no-show before they came, and when. The attendance only knows how it is now; the history
    still knows how it was."""
    told = select(History).where(
        History.client_id == booking.client_id,
        History.field == "Status",
        History.subject == in_full(booking, checked_in_at),
        History.at <= checked_in_at,
    )
    came = told.where(History.old == "No-show", History.new == "Checked in", History.at == checked_in_at)
    if db.session.scalar(came.limit(1)) is None:
        return None
    return db.session.scalar(told.where(History.new == "No-show").order_by(History.id.desc()).limit(1))


@atomic
def check_out(booking: Booking, *, by: Actor, at: datetime) -> Standing:
    stands, kept = as_kept(booking)
    if kept.checked_in_at is None:
        raise Refused(f"{pet_names(stands)} {are(stands)} not checked in. Check in first, then out.")
    must_not_have_left(stands, kept, at)
    kept.checked_out_at, kept.checked_out_by = at, by.name
    note(stands, "Checked in", "Done", by=by, at=at)
    return stands


@atomic
def undo_check_out(booking: Booking, *, by: Actor, at: datetime) -> Standing:
    stands, kept = as_kept(booking)
    if kept.checked_out_at is None:
        raise Refused(f"There is nothing to undo: {pet_names(stands)} {are(stands)} not checked out.")
    must_be_fresh(kept.checked_out_at, "Make a new booking if they are here again.", at)
    kept.checked_out_at = kept.checked_out_by = None
    note(stands, "Done", "Checked in", by=by, at=at)
    return stands


@atomic
def miss(booking: Booking, *, by: Actor, at: datetime) -> Standing:
    """They were expected and did not come. Who waits for the place is asked when this can be undone no more."""
    stands, kept = as_kept(booking)
    must_be_expected(stands, kept, at)
    if kept.missed_at:
        raise Refused(f"Already marked as a no-show: {whose(kept.missed_by, kept.missed_at, stands, at)}.")
    if at < stands.starts_at:
        starts = wording.moment(stands.starts_at, stands.zone, at)
        raise Refused(f"{pet_names(stands)} may still come: expected {lowered(starts)}. Try again after that.")
    kept.missed_at, kept.missed_by = at, by.name
    queues.freed(booking, due_at=at + UNDO)
    note(stands, "Booked", "No-show", by=by, at=at)
    return stands


@atomic
def undo_miss(booking: Booking, *, by: Actor, at: datetime) -> Standing:
    """They are expected again, also where somebody has booked the place meanwhile: that is written down."""
    places.lock_client(booking.client_id)
    full = places.guard(places.wanted_by(booking), at=at, except_booking=booking.id)
    stands, kept = as_kept(booking)
    if kept.missed_at is None:
        raise Refused(f"There is nothing to undo: {pet_names(stands)} {are(stands)} not marked as a no-show.")
    must_be_fresh(kept.missed_at, "If they come after all, check them in.", at)
    db.session.delete(kept)
    note(stands, "No-show", "Booked", by=by, at=at)
    if full and not booking.overbooked:
        booking.overbooked = True
        history.note(booking.client_id, "Overbooked", "", " ".join(full), subject=in_full(stands, at), by=by, at=at)
    return stands


def as_kept(booking: Booking) -> tuple[Standing, Attendance]:
    """The booking as it stands and its attendance, with nobody else between: of two tablets one waits here."""
    lock(booking)
    statement = select(Attendance).where(Attendance.booking_id == booking.id)
    kept = db.session.scalar(statement.execution_options(populate_existing=True))
    stands = standing(booking.id)
    if kept is None:
        kept = Attendance(booking_id=booking.id)
        db.session.add(kept)
        db.session.flush()
    return stands, kept


def must_be_expected(booking: Standing, kept: Attendance, at: datetime) -> None:
    pets = pet_names(booking)
    if booking.cancelled_at:
        when = wording.moment(booking.cancelled_at, booking.zone, at)
        raise Refused(f"This booking was cancelled {lowered(when)}. {pets} would need a new one.")
    if booking.confirmed is False:
        raise Refused(f"This request was declined. {pets} would need a new booking.")
    if is_request(booking):
        raise Refused(f"This is still a request, so {pets} cannot be checked in yet. It must be confirmed first.")
    must_not_have_left(booking, kept, at)
    if kept.checked_in_at:
        who = whose(kept.checked_in_by, kept.checked_in_at, booking, at)
        raise Refused(f"{pets} {are(booking)} already checked in: {who}.")


def must_be_their_day(booking: Standing, at: datetime) -> None:
    """The days of a booking are days at its location; a stay may begin late."""
    first, last, today = (wording.local(when, booking.zone).date() for when in (booking.starts_at, booking.ends_at, at))
    if today < first:
        starts = wording.moment(booking.starts_at, booking.zone, at)
        raise Refused(f"{pet_names(booking)} {are(booking)} expected {lowered(starts)}. Check in on that day.")
    if today > last:
        raise Refused(f"This booking was for {wording.full_day(last)}. {pet_names(booking)} would need a new one.")


def must_not_have_left(booking: Standing, kept: Attendance, at: datetime) -> None:
    if kept.checked_out_at:
        who = whose(kept.checked_out_by, kept.checked_out_at, booking, at)
        raise Refused(f"{pet_names(booking)} {are(booking)} already checked out: {who}.")


def must_be_fresh(done_at: datetime, instead: str, at: datetime) -> None:
    if at > done_at + UNDO:
        raise Refused(f"This can be undone for 10 minutes, and they are over. {instead}")


def whose(name: str | None, done_at: datetime, booking: Standing, at: datetime) -> str:
    """Theo Brandt did that today, 8:35 AM"""
    return f"{name or 'Somebody'} did that {lowered(wording.moment(done_at, booking.zone, at))}"


def are(booking: Standing) -> str:
    return "is" if len(booking.pets) == 1 else "are"


def lowered(moment: str) -> str:
    """Today and tomorrow inside a sentence; Tue stays as it is."""
    return moment[:1].lower() + moment[1:] if moment.startswith(("Today", "Tomorrow", "Yesterday")) else moment


def is_their_day(booking: Standing, at: datetime) -> bool:
    first, last, today = (wording.local(when, booking.zone).date() for when in (booking.starts_at, booking.ends_at, at))
    return first <= today <= last
