"""Requests at the desk: soonest first, confirmed with one tap or declined with a reason."""

from typing import Any

from flask import url_for

from portal.answers import Answer, done, go, show, wants_part
from portal.db import now
from portal.inputs.cursors import after
from portal.inputs.desk_bookings import ConfirmInput, DeclineInput
from portal.models import Booking
from portal.rules import requests, service_requests
from portal.rules.requests import Full
from portal.rules.standing import pet_names, standing
from portal.views.staff.bookings import opened
from portal.views.staff.room import look_again, me, room, the


@room.get("/requests")
def list_requests() -> Answer:
    at = now()
    stretch, own_words = requests.page(at, after()), service_requests.how_many()
    return show("staff/requests", "staff/request_rows", at=at, stretch=stretch, own_words=own_words)


@room.post("/bookings/<int:booking_id>/confirmation")
def confirm_request(booking_id: int) -> Answer:
    booking, form, at = the(Booking, booking_id, locked=False), ConfirmInput(), now()
    anyway = form.anyway.data == "yes"
    try:
        requests.confirm_request(booking, overbook=anyway, tell=not form.quiet.data, by=me().actor, at=at)
    except Full as no:
        return too_full(booking_id, form, str(no))
    look_again()
    said = f"Confirmed: {pet_names(standing(booking_id))}."
    then = url_for(".show_booking", booking_id=booking_id)
    return done("staff/request_row", "staff/requests_link", then=then, said=said, toast=True, **row(booking_id))


def too_full(booking_id: int, form: ConfirmInput, problem: str) -> Answer:
    """Nothing is done yet: it may be done on purpose, or declined."""
    if wants_part():
        return show("staff/requests", "staff/request_row", 422, problem=problem, **row(booking_id))
    return opened(booking_id, 422, problem=problem, form=form)


def row(booking_id: int) -> dict[str, Any]:
    one = requests.one(the(Booking, booking_id, locked=False))
    return {"request_row": one, "at": now(), "section": "Requests"}


@room.get("/bookings/<int:booking_id>/decline")
def write_decline(booking_id: int) -> Answer:
    return written(the(Booking, booking_id), DeclineInput(formdata=None))


@room.post("/bookings/<int:booking_id>/decline")
def decline_request(booking_id: int) -> Answer:
    booking, form = the(Booking, booking_id), DeclineInput()
    if not form.validate():
        return written(booking, form, 422)
    gone = requests.decline(booking, form.reason.data or "", tell=not form.quiet.data, by=me().actor, at=now())
    return go(url_for(".list_requests"), f"Declined: {pet_names(gone)}.")


def written(booking: Booking, form: DeclineInput, answer: int = 200) -> Answer:
    at = now()
    requests.must_be_asked(booking, at)
    one = requests.one(booking)
    return show("staff/request_decline", None, answer, at=at, form=form, one=one)
