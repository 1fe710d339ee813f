"""The public booking portal: Book Now for somebody who is not signed in, and may be new."""

from datetime import datetime
from typing import Any

from flask import abort, request, session, url_for

from portal.answers import Answer, go, show
from portal.db import now
from portal.identity import ClientHere, business, here
from portal.inputs import book
from portal.inputs.arrivals import Arrival
from portal.models import Client, Gender
from portal.rules import arrivals, pet_profiles, plan_bookings
from portal.rules.actors import as_client
from portal.rules.business import contact
from portal.rules.clients import KnownAlready
from portal.rules.refused import Refused
from portal.rules.standing import Standing
from portal.rules.throttles import TooMany
from portal.views import book_steps
from portal.views.doors import origin, typed
from portal.views.files import calendar_file
from portal.views.public.room import room

WAY = book_steps.Way("/book-online", "public/book", newcomer=True)


def arrived(at: datetime) -> Client | None:
    """Who has told in this browser, a moment ago, who they are."""
    client_id = session.get("arrived")
    return arrivals.still_here(client_id, at=at) if isinstance(client_id, int) else None


def arrival() -> Arrival:
    return Arrival(animals=pet_profiles.named_animals(), country=business().country)


def must_be_open() -> None:
    """For who is new; without booking by clients there is none of it either."""
    if not business().booking_open:
        raise Refused(f"Online booking is closed at the moment. {contact()}")
    if not business().public_booking_open:
        raise Refused(f"Only clients book online at the moment: sign in first, if you are one. {contact()}")


def step(at: datetime, form: Arrival | None = None, status: int = 200, **more: Any) -> Answer:
    plan = book_steps.planned(book.chosen(), arrived(at), at)
    return book_steps.show_step(WAY, plan, at, status=status, form=form or arrival(), **more)


@room.get("/book-online")
def choose() -> Answer:
    if isinstance(here(), ClientHere):
        return go(f"/book?{request.query_string.decode('utf-8', 'replace')}")
    must_be_open()
    return step(now())


@room.post("/book-online/profile")
def tell_who() -> Answer:
    must_be_open()
    at, form = now(), arrival()
    if form.asks_for_more:
        return step(at, form)
    if not form.validate():
        return step(at, form, 422)
    try:
        return welcomed(add(form, at))
    except Refused as no:
        status = 429 if isinstance(no, TooMany) else 422
        return step(at, form, status, no=no, known=isinstance(no, KnownAlready))


def add(form: Arrival, at: datetime) -> Client | None:
    person = form.person
    family = [
        arrivals.Animals(typed(pet.name), int(pet.animal_id.data), typed(pet.breed), Gender(pet.gender.data))
        for pet in form.family
    ]
    names = typed(person.first_name), typed(person.last_name), typed(person.email), person.number or ""
    return arrivals.arrive(*names, family=family, origin=origin(), at=at)


def welcomed(client: Client | None) -> Answer:
    """On to the next step; where nobody is told what is known here, to their mail."""
    if client is None:
        return go(url_for(".registered"))
    session["arrived"] = client.id
    return go(f"{WAY.path}?{book.chosen().query(pet=arrivals.pet_ids(client))}")


@room.post("/book-online")
def book_now() -> Answer:
    must_be_open()
    at = now()
    client = arrived(at)
    if client is None:
        return go(f"{WAY.path}?{book.chosen().query()}", said="Tell us once more who you are, or sign in.")
    made = book_steps.carry_out(WAY, book_steps.planned(book.chosen(), client, at), by=as_client(client), at=at)
    if not isinstance(made, plan_bookings.Outcome):
        return made
    session.pop("arrived")
    session["booked"] = [client.id, [booking.id for booking in made.booked]]
    return go(url_for(".booked", skipped=made.skipped))


def just_booked(at: datetime) -> list[Standing]:
    """What was booked in this browser a moment ago."""
    client_id, ids = session.get("booked", (0, []))
    return plan_bookings.booked(client_id, ids, since=at - arrivals.GOES_ON)


@room.get("/book-online/done")
def booked() -> Answer:
    at = now()
    rows = just_booked(at) or abort(404)
    return show("public/booked", at=at, rows=rows, skipped=book.days("skipped"))


@room.get("/book-online/done/<int:booking_id>.ics")
def show_booked_calendar(booking_id: int) -> Answer:
    at = now()
    row = next((row for row in just_booked(at) if row.id == booking_id), None) or abort(404)
    return calendar_file(plan_bookings.find(row.id), at)
