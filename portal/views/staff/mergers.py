"""Merging two profiles, or two records of one animal: find the other, choose what stays, confirm."""

from typing import Any

from flask import abort, request, url_for

from portal.answers import Answer, go, show
from portal.db import now
from portal.inputs import asked, number
from portal.inputs.mergers import from_lost, told
from portal.models import Client, Pet
from portal.rules import merges, pet_merges
from portal.views.staff.room import me, room, the


@room.get("/customers/<int:client_id>/merger")
def choose_merger(client_id: int) -> Answer:
    lost, into = the(Client, client_id), number("into")
    if into is not None:
        return show("staff/merger", **profiles(lost, the(Client, into)))
    words = asked("q") if "q" in request.args else lost.last_name
    found = merges.candidates(lost, words)
    return show("staff/merger_choice", "staff/merger_rows", client=lost, words=words, found=found)


def profiles(lost: Client, kept: Client) -> dict[str, Any]:
    merges.must_be_mergeable(lost, kept)
    held = merges.holdings(merges.COUNTED, "client_id", lost.id, kept.id)
    return {"lost": lost, "kept": kept, "facts": merges.facts(lost, kept), "held": held}


@room.get("/customers/<int:client_id>/merger/question")
def ask_to_merge(client_id: int) -> Answer:
    names = profiles(the(Client, client_id), the(Client, number("into") or abort(404)))
    return show("staff/merger_question", "staff/merger_dialog", **names, chosen=from_lost(merges.FACTS))


@room.post("/customers/<int:client_id>/merger")
def merge_customers(client_id: int) -> Answer:
    """The account numbers say who is meant: an id may belong to somebody else by now."""
    chosen = from_lost(merges.FACTS)
    kept = merges.merge(told("lost"), told("kept"), chosen, by=me().actor, at=now())
    return go(url_for(".show_customer", client_id=kept.id), said=f"The two profiles of {kept.name} are one now.")


@room.get("/pets/<int:pet_id>/merger")
def choose_pet_merger(pet_id: int) -> Answer:
    lost, into = the(Pet, pet_id), number("into")
    if into is not None:
        return show("staff/pet_merger", **animals(lost, the(Pet, into)))
    found = pet_merges.candidates(lost)
    return show("staff/pet_merger_choice", pet=lost, client=lost.client, found=found)


def animals(lost: Pet, kept: Pet) -> dict[str, Any]:
    pet_merges.must_be_mergeable(lost, kept)
    held = merges.holdings(pet_merges.COUNTED, "pet_id", lost.id, kept.id)
    marks = {"lost_mark": pet_merges.mark(lost), "kept_mark": pet_merges.mark(kept)}
    facts, twice = pet_merges.facts(lost, kept), pet_merges.booked_twice(lost, kept, at=now())
    return {"lost": lost, "kept": kept, "facts": facts, "held": held, "twice": twice, **marks}


@room.get("/pets/<int:pet_id>/merger/question")
def ask_to_merge_pets(pet_id: int) -> Answer:
    names = animals(the(Pet, pet_id), the(Pet, number("into") or abort(404)))
    return show("staff/pet_merger_question", "staff/pet_merger_dialog", **names, chosen=from_lost(pet_merges.FACTS))


@room.post("/pets/<int:pet_id>/merger")
def merge_pets(pet_id: int) -> Answer:
    chosen = from_lost(pet_merges.FACTS)
    kept = pet_merges.merge(told("lost"), told("kept"), chosen, by=me().actor, at=now())
    return go(url_for(".show_pet", pet_id=kept.id), said=f"The two records of {kept.name} are one now.")
