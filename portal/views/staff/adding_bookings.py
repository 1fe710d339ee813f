"""Add Booking: for whom, a client who is looked up or somebody new; the rest is chosen as in Book Now."""

from datetime import date, datetime
from typing import Any

from flask import url_for

from portal import wording
from portal.answers import Answer, go, show
from portal.db import now
from portal.identity import business
from portal.inputs import asked, book
from portal.inputs.newcomers import Newcomer
from portal.models import Client, Location, ServiceRequest
from portal.rules import clients, newcomers, pet_profiles, plan_bookings, plan_visits, service_requests
from portal.views import book_steps
from portal.views.book_steps import Way
from portal.views.staff.customers import looked_up
from portal.views.staff.room import me, room, the


@room.get("/bookings/new")
def choose_booker() -> Answer:
    """What the address says already, such as a class or a day, is carried on."""
    names: dict[str, Any] = {"onward": "book", "form": newcomer(), **carried()}
    return show("staff/booking_for", "staff/for_whom_rows", **looked_up(), **names)


def carried() -> dict[str, Any]:
    chosen = book.chosen()
    return {"query": chosen.query(), "pairs": chosen.pairs()}


def newcomer() -> Newcomer:
    return Newcomer(animals=pet_profiles.named_animals(), country=business().country)


@room.post("/bookings/new")
def add_booker() -> Answer:
    form = newcomer()
    if not form.validate():
        return written(form)
    animal = next(animal for animal in pet_profiles.animals() if animal.id == form.animal_id.data)
    first, last, email = form.first_name.data or "", form.last_name.data or "", form.email.data or ""
    told: dict[str, Any] = {"pet": form.pet.data or "", "animal": animal, "by": me().actor}
    try:
        client, pet = newcomers.add(first, last, email, form.number or "", **told, at=now())
    except clients.KnownAlready:
        form.email.errors = ["This e-mail has a profile already."]
        return written(form, other=clients.with_email(email))
    then = url_for(".write_booking", client_id=client.id) + f"?{book.chosen().query(pet=(pet.id,))}"
    return go(then, said=f"{client.name} is added, with {pet.name}.")


def written(form: Newcomer, other: Client | None = None) -> Answer:
    names = {"words": "", "found": [], "form": form, "other": other, **carried()}
    return show("staff/booking_for", "staff/newcomer_form", 422, **names)


def way(client: Client, wish: ServiceRequest | None) -> Way:
    asked_for = f"/requests/{wish.id}" if wish else ""
    return Way(f"/desk/customers/{client.id}{asked_for}/book", "staff/book", desk=True)


def wish_of(client_id: int, id: int | None) -> ServiceRequest | None:
    """What they asked for in their own words, if it is that which is booked here."""
    return the(ServiceRequest, id, ServiceRequest.client_id == client_id, locked=False) if id else None


@room.get("/customers/<int:client_id>/book")
@room.get("/customers/<int:client_id>/requests/<int:service_request_id>/book")
def write_booking(client_id: int, service_request_id: int | None = None) -> Answer:
    client, wish, at = the(Client, client_id), wish_of(client_id, service_request_id), now()
    plan, here = book_steps.planned(book.chosen(), client, at, by_staff=True), way(client, wish)
    if other := typed_time(plan.location):
        return go(f"{here.path}?{plan.chosen.query(at=other)}")
    return book_steps.show_step(here, plan, at, customer=client, wish=wish)


def typed_time(location: Location | None) -> datetime | None:
    """A day and a wall time that are typed in, besides those that are offered."""
    day, wall = book.day_of(asked("on")), book.wall_of(asked("clock"))
    return plan_visits.reached(location, day, wall) if location and day and wall else None


@room.post("/customers/<int:client_id>/book")
@room.post("/customers/<int:client_id>/requests/<int:service_request_id>/book")
def add_booking(client_id: int, service_request_id: int | None = None) -> Answer:
    client, wish, at = the(Client, client_id), wish_of(client_id, service_request_id), now()
    plan = book_steps.planned(book.chosen(), client, at, by_staff=True)
    made = book_steps.carry_out(way(client, wish), plan, by=me().actor, at=at, customer=client, wish=wish)
    if not isinstance(made, plan_bookings.Outcome):
        return made
    if wish:
        service_requests.schedule_as(wish, made.booked[0], by=me().actor, at=at)
    names = wording.listed([pet.name for pet in plan.pets])
    said = f"{names}: booked." if not made.skipped else f"{names}: booked, but for {days(made.skipped)}."
    return go(url_for(".show_customer", client_id=client.id), said=said)


def days(skipped: list[date]) -> str:
    return wording.listed([wording.full_day(day) for day in skipped])
