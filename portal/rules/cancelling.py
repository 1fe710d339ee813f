"""Cancelling by the client: until when, why not any more, for how long it can be undone, and what it does."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from portal import wording
from portal.rules.actors import Actor
from portal.rules.standing import OPEN, Standing, is_request, pet_names, status


def cut_off(booking: Standing) -> datetime:
    """The last moment for a client to cancel."""
    return last_moment(booking.starts_at, booking.zone, booking.cancel_hours, booking.cancel_day_before_at)


def last_moment(starts_at: datetime, zone: str, hours: int | None, day_before_at: time | None) -> datetime:
    """The stricter of both limits, and in any case the start. Hours are real hours, so a night with a clock change
    counts as it is."""
    limits = [starts_at]
    if hours is not None:
        limits.append(starts_at - timedelta(hours=hours))
    if day_before_at is not None:
        limits.append(on_the_day_before(starts_at, zone, day_before_at))
    return min(limits)


def on_the_day_before(starts_at: datetime, zone: str, wall: time) -> datetime:
    """A wall time that the clocks skip or repeat is read in the way that gives the client longer."""
    before = wording.local(starts_at, zone).date() - timedelta(days=1)
    readings = (datetime.combine(before, wall, wording.zone_of(zone)).replace(fold=fold) for fold in (0, 1))
    return max(reading.astimezone(UTC) for reading in readings)


def why_not_cancel(booking: Standing, at: datetime) -> str | None:
    """The one judge of cancelling by a client: a reason against it, or None. A request is withdrawn at any time."""
    if booking.cancelled_at:
        return "This booking is already cancelled."
    if is_request(booking):
        return why_over(booking, "cancelled", at)
    return why_not(booking, "cancelled", booking.cancel_allowed, cut_off, at)


def why_not(
    booking: Standing, done: str, allowed: bool, until: Callable[[Standing], datetime], at: datetime
) -> str | None:
    """Why a client cannot have it cancelled, or moved, as the word says."""
    if over := why_over(booking, done, at):
        return over
    if not allowed:
        return f"{booking.service} cannot be {done} here."
    last = until(booking)
    if at > last:
        was = wording.midway(wording.moment_with_zone(last, booking.zone, at))
        return f"This booking can no longer be {done} here: that was possible until {was}."
    return None


def why_over(booking: Standing, done: str, at: datetime) -> str | None:
    state = status(booking, at)
    if state not in OPEN:
        return f"This booking can no longer be {done} here: it is marked “{state}”."
    if at >= booking.starts_at:
        return f"This booking can no longer be {done} here: it has already started."
    return None


def cancellable(booking: Standing, at: datetime) -> bool:
    return why_not_cancel(booking, at) is None


def restorable(booking: Standing, by: Actor, at: datetime) -> bool:
    """Whoever cancelled may think again, and staff may take back what clients did too."""
    theirs = by.kind != "client" or booking.cancelled_by_kind == by.kind
    return theirs and booking.undo_until is not None and at < booking.undo_until


def after_cancelling(booking: Standing) -> list[str]:
    """What cancelling does, said before and written into the confirmation after: one function, so both agree."""
    if is_request(booking):
        return ["Your request is withdrawn. Nothing has been charged."]
    given_up = f"{pet_names(booking)}’s place is given up."
    return [given_up, "Nothing has been charged for it, so there is nothing to pay back."]
