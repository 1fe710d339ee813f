"""Vaccine kinds, in the settings: what is asked for with each kind of animal."""

from flask import url_for

from portal.answers import Answer, done, go, show
from portal.db import now
from portal.inputs.catalogue import NewVaccineKindInput, VaccineDaysInput, VaccineKindInput
from portal.inputs.positions import upwards
from portal.models import VaccineKind
from portal.rules import business, pet_profiles, vaccine_kinds
from portal.views.staff.room import room, the


@room.get("/settings/vaccines")
def list_vaccine_kinds() -> Answer:
    return listed(VaccineDaysInput(data={"vaccine_days": str(business.the_business().vaccine_days)}))


def listed(form: VaccineDaysInput, status: int = 200) -> Answer:
    names = {"form": form, "asked": vaccine_kinds.every()}
    return show("staff/settings/vaccine_kinds", "staff/vaccine_days_form", status, **names)


@room.post("/settings/vaccines/days")
def choose_vaccine_days() -> Answer:
    form = VaccineDaysInput()
    if not form.validate():
        return listed(form, 422)
    business.change(business.the_business(), vaccine_days=form.days)
    return done("staff/vaccine_days_form", then=url_for(".list_vaccine_kinds"), said="Saved.", toast=True, form=form)


@room.get("/settings/vaccines/new")
def write_vaccine_kind() -> Answer:
    return written(NewVaccineKindInput(animals=pet_profiles.animals(), data={"required": True}))


@room.post("/settings/vaccines")
def add_vaccine_kind() -> Answer:
    form = NewVaccineKindInput(animals=pet_profiles.animals())
    if not form.validate():
        return written(form, status=422)
    try:
        kind = vaccine_kinds.add(form.animal, form.name.data or "", required=form.required.data)
    except vaccine_kinds.Taken as no:
        form.name.errors = [str(no)]
        return written(form, status=422)
    return go(url_for(".list_vaccine_kinds"), said=f"{kind.name} is added.")


@room.get("/settings/vaccines/<int:vaccine_kind_id>")
def edit_vaccine_kind(vaccine_kind_id: int) -> Answer:
    kind = the(VaccineKind, vaccine_kind_id)
    return written(VaccineKindInput(obj=kind), kind)


@room.post("/settings/vaccines/<int:vaccine_kind_id>")
def change_vaccine_kind(vaccine_kind_id: int) -> Answer:
    kind, form = the(VaccineKind, vaccine_kind_id), VaccineKindInput()
    if not form.validate():
        return written(form, kind, 422)
    try:
        vaccine_kinds.change(kind, form.name.data or "", required=form.required.data)
    except vaccine_kinds.Taken as no:
        form.name.errors = [str(no)]
        return written(form, kind, 422)
    return go(url_for(".list_vaccine_kinds"), said="Saved.")


def written(form: VaccineKindInput, kind: VaccineKind | None = None, status: int = 200) -> Answer:
    return show("staff/settings/vaccine_kind", "staff/vaccine_kind_form", status, form=form, kind=kind)


@room.post("/settings/vaccines/<int:vaccine_kind_id>/place")
def move_vaccine_kind(vaccine_kind_id: int) -> Answer:
    kind, up = the(VaccineKind, vaccine_kind_id), upwards()
    vaccine_kinds.move(kind, up=up)
    then, asked = url_for(".list_vaccine_kinds"), vaccine_kinds.every()
    return done("staff/vaccine_kind_rows", then=then, said="Moved.", asked=asked, moved=kind.id, up=up)


@room.post("/settings/vaccines/<int:vaccine_kind_id>/removal")
def remove_vaccine_kind(vaccine_kind_id: int) -> Answer:
    kind = the(VaccineKind, vaccine_kind_id)
    gone = vaccine_kinds.remove(kind, at=now())
    said = f"{kind.name} is removed." if gone else f"{kind.name} is retired; what is on file about it stays."
    return go(url_for(".list_vaccine_kinds"), said=said)


@room.post("/settings/vaccines/<int:vaccine_kind_id>/return")
def bring_back_vaccine_kind(vaccine_kind_id: int) -> Answer:
    kind = the(VaccineKind, vaccine_kind_id)
    vaccine_kinds.bring_back(kind)
    return go(url_for(".list_vaccine_kinds"), said=f"{kind.name} is asked for again.")
