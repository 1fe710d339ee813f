"""The client's waitlist entries: joining, leaving, and the place that is held for one."""

from datetime import datetime
from typing import Any

from flask import abort, url_for

from portal.answers import Answer, asked_on, done, go, show, wants_part
from portal.db import now
from portal.inputs.book import chosen
from portal.inputs.waitlists import chosen_pets, together
from portal.models import WaitlistEntry
from portal.rules import agendas, offer_facts, offers, turns, waitlists, wishes
from portal.rules.chances import Wish
from portal.views.client.calendar import place_now
from portal.views.client.room import me, mine, myself, room
from portal.wording import listed


@room.get("/waitlists")
def list_waitlists() -> Answer:
    at = now()
    return show("client/waitlists", at=at, entries=agendas.waitlist_page(me().id, at=at))


@room.get("/waitlists/new")
def ask_to_wait() -> Answer:
    at, choice = now(), chosen()
    wanted = wished(at)
    ahead = wishes.how_many_wait(wanted[0])
    names: dict[str, Any] = {"wishes": wanted, "ahead": ahead, "pets": myself().pets, "choice": choice}
    return show("client/join_waitlist", "client/join_dialog", **names)


@room.post("/waitlists")
def join_waitlist() -> Answer:
    at, client, picked = now(), myself(), chosen_pets()
    pets = [pet for pet in client.pets if pet.id in picked]
    wanted = wished(at)
    waitlists.join_all(client, pets, wanted, together=together(), by=me().actor, at=at)
    said = f"{listed([pet.name for pet in pets])}: on the waitlist for {wanted[0].service.name}."
    class_id = wanted[0].class_id
    if class_id and wants_part() and asked_on(url_for(".show_calendar")):
        row, day = place_now(class_id, at)
        return done("client/calendar_slot", then=url_for(".show_calendar"), said=said, rows=[row], day=day, fresh=True)
    return go(url_for(".list_bookings"), said)


def wished(at: datetime) -> list[Wish]:
    return wishes.wished(chosen(), me().id, at=at) or abort(404)


@room.get("/waitlists/<int:entry_id>/offer")
def show_offer(entry_id: int) -> Answer:
    at, entry = now(), mine(WaitlistEntry, entry_id)
    facts = offer_facts.facts(entry, at=at)
    return show("client/offer", at=at, facts=facts, entry=turns.waiting(entry.id))


@room.post("/waitlists/<int:entry_id>/offer/acceptance")
def accept_offer(entry_id: int) -> Answer:
    held = offers.latest(mine(WaitlistEntry, entry_id)) or abort(404)
    booking = offers.accept(held, by=me().actor, at=now())
    return go(url_for(".show_booking", booking_id=booking.id), "The place is yours.")


@room.post("/waitlists/<int:entry_id>/offer/refusal")
def decline_offer(entry_id: int) -> Answer:
    held = offers.latest(mine(WaitlistEntry, entry_id)) or abort(404)
    offers.decline(held, by=me().actor, at=now())
    return go(url_for(".list_bookings"), "You have let the place go, and are off this waitlist.")


@room.post("/waitlists/<int:entry_id>/removal")
def leave_waitlist(entry_id: int) -> Answer:
    at = now()
    entry = waitlists.leave(mine(WaitlistEntry, entry_id), by=me().actor, at=at)
    return changed(entry, at, f"{entry.service} is removed from your waitlists.")


@room.delete("/waitlists/<int:entry_id>/removal")
@room.post("/waitlists/<int:entry_id>/return")
def return_to_waitlist(entry_id: int) -> Answer:
    at = now()
    entry = waitlists.return_to(mine(WaitlistEntry, entry_id), by=me().actor, at=at)
    return changed(entry, at, f"{entry.service} is back on your waitlists.")


def changed(entry: turns.Waiting, at: datetime, said: str) -> Answer:
    then = url_for(".list_bookings", _anchor=f"waitlist_row-{entry.id}")
    return done("client/waitlist_row", then=then, said=said, entry=entry, at=at, fresh=True)
