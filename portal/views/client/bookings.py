"""My Bookings."""

from datetime import datetime, timedelta
from typing import Any

from flask import abort, url_for

from portal import wording
from portal.answers import Answer, asked_on, done, go, show, wants_part
from portal.db import now
from portal.identity import business
from portal.inputs.cursors import after
from portal.models import Booking
from portal.rules import (
    agendas,
    booking_facts,
    bookings,
    messages,
    series_cancellations,
    series_registrations,
    standing,
)
from portal.views.client.room import me, mine, room
from portal.views.files import calendar_file


@room.get("/")
def list_bookings() -> Answer:
    at = now()
    return show("client/bookings", at=at, agenda=short_lists(at), greeting=wording.greeting(at, business().time_zone))


@room.get("/bookings/upcoming")
def list_upcoming() -> Answer:
    at = now()
    rows = agendas.upcoming_page(me().id, at=at, after=after())
    return show("client/agenda", "client/agenda_rows", at=at, stretch=rows, heading="Upcoming Bookings")


@room.get("/bookings/past")
def list_past() -> Answer:
    at = now()
    rows = agendas.past_page(me().id, at=at, after=after())
    return show("client/agenda", "client/agenda_rows", at=at, stretch=rows, heading="Past Bookings")


@room.get("/bookings/<int:booking_id>")
def show_booking(booking_id: int) -> Answer:
    facts = booking_facts.facts(me().id, booking_id) or abort(404)
    threads = messages.threads_of(facts.booking)
    at, whole = now(), facts.booking.registration_id
    may_cancel_all = whole and not series_cancellations.why_not_cancel_all(series_registrations.dates_of(whole), at)
    names: dict[str, Any] = {
        "facts": facts,
        "booking": facts.booking,
        "threads": threads,
        "may_cancel_all": may_cancel_all,
    }
    return show("client/booking", at=at, **names)


@room.get("/bookings/<int:booking_id>.ics")
def show_booking_calendar(booking_id: int) -> Answer:
    return calendar_file(mine(Booking, booking_id), now())


@room.get("/bookings/<int:booking_id>/cancellation")
def ask_to_cancel(booking_id: int) -> Answer:
    booking = (booking_facts.facts(me().id, booking_id) or abort(404)).booking
    if booking.cancelled_at and not wants_part():
        return go(url_for(".show_booking", booking_id=booking.id))  # whoever went back to the question
    bookings.must_be_cancellable(booking, by=me().actor, at=now())
    return show("client/cancellation", "client/cancel_booking", at=now(), booking=booking)


@room.post("/bookings/<int:booking_id>/cancellation")
def cancel_booking(booking_id: int) -> Answer:
    at = now()
    booking = bookings.cancel(mine(Booking, booking_id), by=me().actor, at=at)
    return changed(booking, at, "Cancelled. You can undo this for 10 seconds.")


@room.delete("/bookings/<int:booking_id>/cancellation")
@room.post("/bookings/<int:booking_id>/restoration")
def restore_booking(booking_id: int) -> Answer:
    cancelled = mine(Booking, booking_id)
    at = now()  # after the lock: whoever waits for it may have waited until their time was over
    booking = series_cancellations.restore(cancelled, by=me().actor, at=at)
    return changed(booking, at, "Your booking is back.")


def changed(booking: standing.Standing, at: datetime, said: str) -> Answer:
    then = url_for(".show_booking", booking_id=booking.id)
    names: dict[str, Any] = {"then": then, "said": said, "booking": booking, "at": at, "fresh": True}
    if not asked_on(url_for(".list_bookings")):
        return done("client/booking_row", **names)
    return done("client/booking_row", "client/at_a_glance", **names, agenda=short_lists(at))


def short_lists(at: datetime) -> agendas.Agenda:
    today = wording.today_in(business().time_zone, at)
    return agendas.agenda(me().id, soon=today + timedelta(days=business().vaccine_days), at=at)
