"""One vaccine on a pet’s page at the desk: what is on file, and bringing it up to date in place."""

from datetime import datetime

from flask import abort, url_for

from portal.answers import Answer, done, show
from portal.db import now
from portal.inputs.vaccines import VaccinationInput
from portal.models import Client, Pet
from portal.rules import vaccines
from portal.rules.shelves import opens_in_tab
from portal.views.files import attachment
from portal.views.pets import as_of, vaccination_form
from portal.views.staff.room import look_again, me, room, the
from portal.views.uploads import taken


@room.get("/pets/<int:pet_id>/vaccines/<int:vaccine_kind_id>")
def show_vaccination(pet_id: int, vaccine_kind_id: int) -> Answer:
    pet, vaccine = found(pet_id, vaccine_kind_id, now())
    return written(pet, vaccine, vaccination_form(vaccine, data={"expires_on": vaccine.expires_on}))


@room.post("/pets/<int:pet_id>/vaccines/<int:vaccine_kind_id>")
def update_vaccination(pet_id: int, vaccine_kind_id: int) -> Answer:
    at = now()
    pet, vaccine = found(pet_id, vaccine_kind_id, at)
    form = vaccination_form(vaccine)
    if not form.validate_on_submit() or not taken(form.record, vaccines.keep_record, at=at):
        return written(pet, vaccine, form, 422)
    facts = {"record": form.record.data, "remove_record": form.remove_record.data}
    vaccines.update(the(Pet, pet_id), vaccine.id, expires_on=form.expires_on.data, **facts, by=me().actor, at=at)
    look_again()
    pet, vaccine = found(pet_id, vaccine_kind_id, at)
    said, then = f"{pet.name}’s {vaccine.name} is updated.", url_for(".show_pet", pet_id=pet.id)
    parts = "staff/vaccine_row", "staff/vaccines_link"
    return done(*parts, then=then, said=said, pet=pet, vaccine=vaccine, section="Customers")


@room.get("/pets/<int:pet_id>/vaccines/<int:vaccine_kind_id>/record")
def open_vaccination_record(pet_id: int, vaccine_kind_id: int) -> Answer:
    record = vaccines.record(the(Pet, pet_id).id, vaccine_kind_id) or abort(404)
    return attachment(record, inline=opens_in_tab(record.type))


def found(pet_id: int, kind_id: int, at: datetime) -> tuple[Pet, vaccines.Vaccine]:
    """A vaccine that this kind of animal can have."""
    pet = the(Pet, pet_id)
    return pet, vaccines.vaccine(pet.id, kind_id, **as_of(at)) or abort(404)


def written(pet: Pet, vaccine: vaccines.Vaccine, form: VaccinationInput, status: int = 200) -> Answer:
    names = {"pet": pet, "vaccine": vaccine, "form": form, "client": the(Client, pet.client_id)}
    return show("staff/customer_vaccination", "staff/vaccine_row", status, **names)
