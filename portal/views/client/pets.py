"""My Pets: the list, a pet's page, adding one and changing what is known about it."""

from datetime import datetime
from typing import Any

from flask import abort, request, url_for

from portal.answers import Answer, go, show
from portal.db import now
from portal.inputs.cursors import after
from portal.inputs.pets import PetInput
from portal.models import Pet
from portal.rules import files, pet_bookings, pet_profiles, pets
from portal.views.client.returns import way_back
from portal.views.client.room import me, mine, myself, room
from portal.views.files import picture
from portal.views.pets import as_of, pet_form, told
from portal.views.uploads import taken


@room.get("/pets")
def list_pets() -> Answer:
    return show("client/pets", pets=pet_profiles.profiles(me().id, **as_of(now())))


@room.get("/pets/<int:pet_id>")
def show_pet(pet_id: int) -> Answer:
    at = now()
    pet = my_pet(pet_id, at)
    return show("client/pet", at=at, pet=pet, agenda=pet_bookings.agenda(me().id, pet.id, at=at))


@room.get("/pets/<int:pet_id>/bookings/upcoming")
def list_pet_upcoming(pet_id: int) -> Answer:
    at = now()
    pet = my_pet(pet_id, at)
    rows = pet_bookings.upcoming_page(me().id, pet.id, at=at, after=after())
    names: dict[str, Any] = {"pet": pet, "stretch": rows, "heading": "Upcoming Bookings"}
    return show("client/agenda", "client/agenda_rows", at=at, **names)


@room.get("/pets/<int:pet_id>/bookings/past")
def list_pet_past(pet_id: int) -> Answer:
    at = now()
    pet = my_pet(pet_id, at)
    rows = pet_bookings.completed_page(me().id, pet.id, at=at, after=after())
    names: dict[str, Any] = {"pet": pet, "stretch": rows, "heading": "Completed"}
    return show("client/agenda", "client/agenda_rows", at=at, **names)


@room.get("/pets/<int:pet_id>/photo")
def show_pet_photo(pet_id: int) -> Answer:
    return picture(mine(Pet, pet_id).photo_id, small=request.args.get("size") != "l")


@room.get("/pets/new")
def write_pet() -> Answer:
    pets.must_be_open(me().actor)
    return written(pet_form(now()))


@room.post("/pets")
def add_pet() -> Answer:
    pets.must_be_open(me().actor)
    at = now()
    form = pet_form(at)
    if not form.validate_on_submit() or not taken(form.photo, files.keep_photo, sent_by=me().id, at=at):
        return written(form, status=422)
    pet = pets.add(myself(), **told(form), by=me().actor, at=at)
    return go(way_back() or url_for(".show_pet", pet_id=pet.id), said=f"{pet.name} is added.")


@room.get("/pets/<int:pet_id>/profile")
def edit_pet(pet_id: int) -> Answer:
    pet = mine(Pet, pet_id)
    pets.must_be_open(me().actor)
    return written(pet_form(now(), obj=pet), pet)


@room.post("/pets/<int:pet_id>/profile")
def change_pet(pet_id: int) -> Answer:
    at = now()
    pet, form = mine(Pet, pet_id), pet_form(at)
    pets.must_be_open(me().actor)
    if not form.validate_on_submit() or not taken(form.photo, files.keep_photo, sent_by=me().id, at=at):
        return written(form, pet, 422)
    pets.change(pet, **told(form), remove_photo=form.remove_photo.data, by=me().actor, at=at)
    return go(way_back() or url_for(".show_pet", pet_id=pet.id), said=f"{pet.name}’s profile is updated.")


def my_pet(pet_id: int, at: datetime) -> pet_profiles.Profile:
    return pet_profiles.profile(me().id, pet_id, **as_of(at)) or abort(404)


def written(form: PetInput, pet: Pet | None = None, status: int = 200) -> Answer:
    page = "client/pet_profile" if pet else "client/pet_new"
    return show(page, "client/pet_form", status, form=form, pet=pet, breeds=pet_profiles.breeds)
