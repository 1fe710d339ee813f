"""One booking at the desk: what it is, and calling it off."""

from typing import Any

from flask import abort, url_for

from portal.answers import Answer, go, show
from portal.db import now
from portal.inputs.desk_bookings import CancelInput, ConfirmInput
from portal.models import Booking
from portal.rules import attendances, bookings, desk_bookings, series_cancellations, series_registrations
from portal.rules.standing import pet_names, standing
from portal.views.staff.room import me, room, the


@room.get("/bookings/<int:booking_id>")
def show_booking(booking_id: int) -> Answer:
    return opened(booking_id)


def opened(booking_id: int, answer: int = 200, **more: Any) -> Answer:
    at = now()
    facts = desk_bookings.facts(booking_id) or abort(404)
    names = {"form": ConfirmInput(formdata=None), "problem": "", **more}
    here = attendances.is_their_day(facts.booking, at)
    return show("staff/booking", None, answer, at=at, facts=facts, booking=facts.booking, is_their_day=here, **names)


@room.get("/bookings/<int:booking_id>/cancellation")
def ask_to_cancel_booking(booking_id: int) -> Answer:
    return asked(booking_id, cancel_form(the(Booking, booking_id), formdata=None))


@room.post("/bookings/<int:booking_id>/cancellation")
def cancel_booking(booking_id: int) -> Answer:
    booking, by, at = the(Booking, booking_id), me().actor, now()
    form = cancel_form(booking)
    if not form.validate():
        return asked(booking_id, form, 422)
    how: dict[str, Any] = {"reason": form.reason.data or "", "tell": not form.quiet.data, "by": by, "at": at}
    if form.is_whole and booking.registration:
        series_cancellations.cancel_registration(booking.registration, **how)
        words = f"All dates ahead of {booking.registration.series.name} are cancelled."
    else:
        words = f"Cancelled: {pet_names(bookings.cancel(booking, **how))}."
    return go(url_for(".show_booking", booking_id=booking_id), f"{words} You can undo it.")


def cancel_form(booking: Booking, **more: Any) -> CancelInput:
    if booking.registration is None:
        return CancelInput(**more)
    ahead = series_cancellations.ahead_of(series_registrations.dates_of(booking.registration.id), now())
    return CancelInput(series=booking.registration.series.name, dates=len(ahead), **more)


@room.post("/bookings/<int:booking_id>/restoration")
def restore_booking(booking_id: int) -> Answer:
    back = series_cancellations.restore(the(Booking, booking_id), by=me().actor, at=now())
    return go(url_for(".show_booking", booking_id=back.id), f"Booked again: {pet_names(back)}.")


def asked(booking_id: int, form: CancelInput, answer: int = 200) -> Answer:
    at, stands = now(), standing(the(Booking, booking_id).id)
    bookings.must_be_cancellable(stands, by=me().actor, at=at)
    return show("staff/booking_cancellation", None, answer, at=at, booking=stands, form=form)
