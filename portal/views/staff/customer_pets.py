"""A customer's pets at the desk: one pet's page, adding one, changing what is known about it."""

from typing import Any

from flask import abort, request, url_for

from portal.answers import Answer, go, show
from portal.db import now
from portal.inputs.pets import PetInput
from portal.models import Client, Pet
from portal.rules import files, particulars, pet_profiles, pets, vaccines
from portal.views.files import picture
from portal.views.pets import as_of, pet_form, told
from portal.views.staff.room import me, room, the
from portal.views.staff.tagging import just_off
from portal.views.uploads import taken


@room.get("/pets/<int:pet_id>")
def show_pet(pet_id: int) -> Answer:
    at = now()
    pet, client = pet_profiles.with_owner(pet_id, **as_of(at)) or abort(404)
    rows = vaccines.vaccines(pet_id, **as_of(at))
    names: dict[str, Any] = {"particulars": particulars.of_pet(client.id, pet_id), "off": just_off(Pet, pet_id)}
    return show("staff/customer_pet", at=at, pet=pet, client=client, vaccines=rows, **names)


@room.get("/pets/<int:pet_id>/photo")
def show_pet_photo(pet_id: int) -> Answer:
    return picture(the(Pet, pet_id).photo_id, small=request.args.get("size") != "l")


@room.get("/customers/<int:client_id>/pets/new")
def write_pet(client_id: int) -> Answer:
    return written(pet_form(now()), the(Client, client_id))


@room.post("/customers/<int:client_id>/pets")
def add_pet(client_id: int) -> Answer:
    at, client = now(), the(Client, client_id)
    form = pet_form(at)
    if not form.validate_on_submit() or not taken(form.photo, files.keep_photo, at=at):
        return written(form, client, status=422)
    pet = pets.add(client, **told(form), by=me().actor, at=at)
    return go(url_for(".show_customer", client_id=client.id), said=f"{pet.name} is added.")


@room.get("/pets/<int:pet_id>/profile")
def edit_pet(pet_id: int) -> Answer:
    pet = the(Pet, pet_id)
    return written(pet_form(now(), obj=pet), the(Client, pet.client_id), pet)


@room.post("/pets/<int:pet_id>/profile")
def change_pet(pet_id: int) -> Answer:
    at, pet = now(), the(Pet, pet_id)
    form = pet_form(at)
    if not form.validate_on_submit() or not taken(form.photo, files.keep_photo, at=at):
        return written(form, the(Client, pet.client_id), pet, 422)
    pets.change(pet, **told(form), remove_photo=form.remove_photo.data, by=me().actor, at=at)
    return go(url_for(".show_pet", pet_id=pet.id), said=f"{pet.name}’s profile is updated.")


def written(form: PetInput, client: Client, pet: Pet | None = None, status: int = 200) -> Answer:
    names = {"form": form, "client": client, "pet": pet, "breeds": pet_profiles.breeds}
    return show("staff/customer_pet_edit", "staff/customer_pet_form", status, **names)
