"""A pet's vaccines, and bringing one up to date in place."""

from datetime import datetime

from flask import abort, url_for

from portal.answers import Answer, done, show
from portal.db import now
from portal.inputs.vaccines import VaccinationInput
from portal.models import Pet
from portal.rules import vaccines
from portal.rules.pet_profiles import Profile
from portal.rules.shelves import opens_in_tab
from portal.views.client.pets import as_of, my_pet
from portal.views.client.room import me, mine, room
from portal.views.files import attachment
from portal.views.uploads import taken


@room.get("/pets/<int:pet_id>/vaccines")
def list_vaccines(pet_id: int) -> Answer:
    at = now()
    pet = my_pet(pet_id, at)
    rows = vaccines.vaccines(pet.id, **as_of(at)) or abort(404)
    return show("client/pet_vaccines", "client/vaccine_rows", pet=pet, vaccines=rows)


@room.get("/pets/<int:pet_id>/vaccines/<int:vaccine_kind_id>")
def show_vaccination(pet_id: int, vaccine_kind_id: int) -> Answer:
    pet, vaccine = found(pet_id, vaccine_kind_id, now())
    return opened(pet, vaccine, vaccination_form(vaccine, data={"expires_on": vaccine.expires_on}))


@room.post("/pets/<int:pet_id>/vaccines/<int:vaccine_kind_id>")
def update_vaccination(pet_id: int, vaccine_kind_id: int) -> Answer:
    at = now()
    pet, vaccine = found(pet_id, vaccine_kind_id, at)
    form = vaccination_form(vaccine)
    if not form.validate_on_submit() or not taken(form.record, vaccines.keep_record, at=at):
        return opened(pet, vaccine, form, 422)
    vaccines.update(
        mine(Pet, pet_id),
        vaccine.id,
        expires_on=form.expires_on.data,
        record=form.record.data,
        remove_record=form.remove_record.data,
        by=me().actor,
        at=at,
    )
    return updated(*found(pet_id, vaccine_kind_id, at))


@room.get("/pets/<int:pet_id>/vaccines/<int:vaccine_kind_id>/record")
def open_vaccination_record(pet_id: int, vaccine_kind_id: int) -> Answer:
    record = vaccines.record(mine(Pet, pet_id).id, vaccine_kind_id) or abort(404)
    return attachment(record, inline=opens_in_tab(record.type))


def found(pet_id: int, kind_id: int, at: datetime) -> tuple[Profile, vaccines.Vaccine]:
    """A pet of mine, and a vaccine that its kind of animal can have."""
    pet = my_pet(pet_id, at)
    return pet, vaccines.vaccine(pet.id, kind_id, **as_of(at)) or abort(404)


def vaccination_form(vaccine: vaccines.Vaccine, **more: object) -> VaccinationInput:
    return VaccinationInput(kind_id=vaccine.id, today=vaccine.today, **more)


def opened(pet: Profile, vaccine: vaccines.Vaccine, form: VaccinationInput, status: int = 200) -> Answer:
    return show("client/vaccination", "client/vaccine_row", status, pet=pet, vaccine=vaccine, form=form)


def updated(pet: Profile, vaccine: vaccines.Vaccine) -> Answer:
    return done(
        "client/vaccine_row",
        "client/vaccine_tab",
        "client/pet_flags",
        then=url_for(".list_vaccines", pet_id=pet.id),
        said=f"{pet.name}’s {vaccine.name} is updated.",
        pet=pet,
        vaccine=vaccine,
    )
