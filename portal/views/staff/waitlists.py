"""Waitlists at the desk: who waits for what, in order; offering by hand, removing and adding."""

from typing import Any

from flask import abort, url_for

from portal.answers import Answer, go, show
from portal.db import now
from portal.inputs.book import chosen
from portal.inputs.desk_waitlists import OfferInput, tells
from portal.inputs.waitlists import chosen_pets, together
from portal.models import Client, Location, ServiceSession, WaitlistEntry
from portal.rules import chances, lines, offers, turns, waitlists, wishes
from portal.rules.chances import Wish
from portal.rules.refused import Refused
from portal.views.staff.customers import looked_up
from portal.views.staff.room import me, room, the


@room.get("/waitlists")
def list_waitlists() -> Answer:
    dated, general = lines.lines()
    return show("staff/waitlists", at=now(), dated=dated, general=general)


@room.get("/waitlists/<int:entry_id>")
def show_line(entry_id: int) -> Answer:
    return in_line(the(WaitlistEntry, entry_id))


def in_line(entry: WaitlistEntry, no: Refused | None = None) -> Answer:
    at, line = now(), lines.line(entry.id)
    names: dict[str, Any] = {"turn": turns.waiting(entry.id), "line": line, "query": wish_query(entry), "no": no}
    lacking = lines.lacking(entry, line, at=at)
    return show("staff/waitlist", None, 422 if no else 200, entry=entry, lacking=lacking, at=at, **names)


def wish_query(entry: WaitlistEntry) -> str:
    """The same wish as an address, for somebody else who is added to the line."""
    return wishes.as_chosen(chances.of_entry(entry)).query()


@room.get("/waitlists/<int:entry_id>/offer")
def choose_offer(entry_id: int) -> Answer:
    entry = the(WaitlistEntry, entry_id)
    return choosing(entry, offer_form(entry))


def offer_form(entry: WaitlistEntry) -> OfferInput:
    form, service = OfferInput(), entry.service
    places = [entry.location] if entry.location else wishes.places_of(service)
    sessions = lines.classes_with_places(service, entry.location, at=now())
    form.offer(sessions, [(place.id, place.name) for place in places])
    return form


def choosing(entry: WaitlistEntry, form: OfferInput, status: int = 200, no: Refused | None = None) -> Answer:
    return show("staff/waitlist_offer", None, status, entry=entry, turn=turns.waiting(entry.id), form=form, no=no)


@room.post("/waitlists/<int:entry_id>/offer")
def offer_place(entry_id: int) -> Answer:
    entry = the(WaitlistEntry, entry_id)
    wish = chances.of_entry(entry)
    form = offer_form(entry) if wish.chance() is None else None
    if form and not form.validate():
        return choosing(entry, form, 422)
    try:
        hold(entry, picked(entry, form) if form else wish)
    except Refused as no:
        return choosing(entry, form, 422, no) if form else in_line(entry, no)
    return go(url_for(".show_line", entry_id=entry.id), f"The place is held, and {told(entry.pet.client)}.")


def told(client: Client) -> str:
    """Or who tells them."""
    unheard = chances.why_not_asked(*chances.reach(client))
    return "no e-mail goes out: call them" if unheard else f"{client.name} is told"


def hold(entry: WaitlistEntry, wish: Wish) -> None:
    at = now()
    chance = chances.on(wish, len(offers.party(entry)), at)
    if chance is None:
        raise Refused("There is nothing free then. Choose another date.")
    offers.offer(entry, chance, by=me().actor, at=at)


def picked(entry: WaitlistEntry, form: OfferInput) -> Wish:
    session = the(ServiceSession, form.session.data) if form.session.data else None
    place = the(Location, form.location.data) if form.location.data else None
    return Wish(entry.service, session, place, form.day.data, form.last.data or form.day.data)


@room.get("/waitlists/<int:entry_id>/removal")
def ask_to_remove_waiting(entry_id: int) -> Answer:
    entry = the(WaitlistEntry, entry_id)
    return show("staff/waitlist_removal", entry=entry, turn=turns.waiting(entry.id))


@room.post("/waitlists/<int:entry_id>/removal")
def remove_waiting(entry_id: int) -> Answer:
    entry = the(WaitlistEntry, entry_id)
    waitlists.remove(entry, tell=tells(), by=me().actor, at=now())
    return go(url_for(".show_line", entry_id=entry.id), f"{entry.pet.name} is off the waitlist.")


@room.get("/waitlists/new")
def choose_who_waits() -> Answer:
    names: dict[str, Any] = {"onward": "waitlists/new", "query": chosen().query(), "pairs": chosen().pairs()}
    return show("staff/waitlist_for", "staff/for_whom_rows", **looked_up(), **names)


@room.get("/customers/<int:client_id>/waitlists/new")
def write_waiting(client_id: int) -> Answer:
    client, wanted = the(Client, client_id), wishes.wished(chosen(), None, at=now())
    if not wanted:
        return show("staff/waitlist_what", client=client, services=wishes.waitable())
    names: dict[str, Any] = {"ahead": wishes.how_many_wait(wanted[0]), "query": chosen().query()}
    return show("staff/waitlist_new", client=client, wishes=wanted, pets=client.pets, **names)


@room.post("/customers/<int:client_id>/waitlists")
def add_waiting(client_id: int) -> Answer:
    client, picked_pets, at = the(Client, client_id), chosen_pets(), now()
    pets = [pet for pet in client.pets if pet.id in picked_pets]
    wanted = wishes.wished(chosen(), None, at=at) or abort(404)
    entries = waitlists.join_all(client, pets, wanted, together=together(), tell=tells(), by=me().actor, at=at)
    heard = f", and {told(client)}" if tells() else ""
    return go(url_for(".show_line", entry_id=entries[0].id), f"{client.name} is on the waitlist{heard}.")
