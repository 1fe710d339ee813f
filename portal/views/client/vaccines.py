"""A pet's vaccines, and bringing one up to date in place."""

from datetime import datetime

from flask import abort, url_for

from portal.answers import Answer, done, go, show, wants_part
from portal.db import now
from portal.inputs.vaccines import VaccinationInput
from portal.models import Pet
from portal.rules import vaccines
from portal.rules.pet_profiles import Profile
from portal.rules.shelves import opens_in_tab
from portal.views.client.pets import my_pet
from portal.views.client.returns import way_back
from portal.views.client.room import me, mine, room
from portal.views.files import attachment
from portal.views.pets import as_of, vaccination_form
from portal.views.uploads import taken


@room.get("/pets/<int:pet_id>/vaccines")
def list_vaccines(pet_id: int) -> Answer:
    at = now()
    pet = my_pet(pet_id, at)
    rows = vaccines.vaccines(pet.id, **as_of(at)) or abort(404)
    return show("client/pet_vaccines", "client/vaccine_rows", pet=pet, vaccines=rows)


@room.get("/pets/<int:pet_id>/vaccines/<int:vaccine_kind_id>")
def show_vaccination(pet_id: int, vaccine_kind_id: int) -> Answer:
    at = now()
    vaccine = own(pet_id, vaccine_kind_id, at)
    return opened(vaccine, vaccination_form(vaccine, data={"expires_on": vaccine.expires_on}), at)


@room.post("/pets/<int:pet_id>/vaccines/<int:vaccine_kind_id>")
def update_vaccination(pet_id: int, vaccine_kind_id: int) -> Answer:
    at = now()
    vaccine = own(pet_id, vaccine_kind_id, at)
    form = vaccination_form(vaccine)
    if not form.validate_on_submit() or not taken(form.record, vaccines.keep_record, sent_by=me().id, at=at):
        return opened(vaccine, form, at, 422)
    vaccines.update(
        mine(Pet, pet_id),
        vaccine.id,
        expires_on=form.expires_on.data,
        record=form.record.data,
        remove_record=form.remove_record.data,
        by=me().actor,
        at=at,
    )
    return updated(my_pet(pet_id, at), own(pet_id, vaccine_kind_id, at))


@room.get("/pets/<int:pet_id>/vaccines/<int:vaccine_kind_id>/record")
def open_vaccination_record(pet_id: int, vaccine_kind_id: int) -> Answer:
    record = vaccines.record(mine(Pet, pet_id).id, vaccine_kind_id) or abort(404)
    return attachment(record, inline=opens_in_tab(record.type))


def own(pet_id: int, kind_id: int, at: datetime) -> vaccines.Vaccine:
    """A vaccine that my pet's kind of animal can have."""
    return vaccines.own_vaccine(me().id, pet_id, kind_id, **as_of(at)) or abort(404)


def opened(vaccine: vaccines.Vaccine, form: VaccinationInput, at: datetime, status: int = 200) -> Answer:
    """As a row alone it says nothing of the pet, which is not looked up then."""
    pet = None if wants_part() else my_pet(vaccine.pet_id, at)
    return show("client/vaccination", "client/vaccine_row", status, pet=pet, vaccine=vaccine, form=form)


def updated(pet: Profile, vaccine: vaccines.Vaccine) -> Answer:
    said = f"{pet.name}’s {vaccine.name} is updated."
    if way_back():
        return go(way_back(), said)
    return done(
        "client/vaccine_row",
        "client/vaccine_tab",
        "client/pet_flags",
        then=url_for(".list_vaccines", pet_id=pet.id),
        said=said,
        pet=pet,
        vaccine=vaccine,
    )
