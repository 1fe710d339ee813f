"""Add-ons, in the settings."""

from typing import Any

from flask import url_for

from portal.answers import Answer, go, show
from portal.db import now
from portal.identity import business
from portal.inputs.offers import AddOnInput, add_on_words
from portal.models import AddOn
from portal.rules import add_ons, retiring, services
from portal.rules.refused import Misfit
from portal.views.staff.room import room, the


@room.get("/settings/add-ons")
def list_add_ons() -> Answer:
    return show("staff/settings/add_ons", add_ons=add_ons.every())


@room.get("/settings/add-ons/new")
def write_add_on() -> Answer:
    return written(add_on_form(data={"minutes": "0"}))


@room.post("/settings/add-ons")
def add_add_on() -> Answer:
    form = add_on_form()
    if not form.validate():
        return written(form, status=422)
    try:
        add_on = add_ons.add(form.facts, service_ids=form.service_ids)
    except Misfit as no:
        return misfit(form, no)
    return go(url_for(".list_add_ons"), said=f"{add_on.name} is added.")


@room.get("/settings/add-ons/<int:add_on_id>")
def edit_add_on(add_on_id: int) -> Answer:
    add_on = the(AddOn, add_on_id)
    words = add_on_words(add_on, add_ons.services_of(add_on), business().currency)
    return written(add_on_form(data=words), add_on)


@room.post("/settings/add-ons/<int:add_on_id>")
def change_add_on(add_on_id: int) -> Answer:
    add_on, form = the(AddOn, add_on_id), add_on_form()
    if not form.validate():
        return written(form, add_on, 422)
    try:
        add_ons.change(add_on, form.facts, service_ids=form.service_ids)
    except Misfit as no:
        return misfit(form, no, the(AddOn, add_on_id))
    return go(url_for(".list_add_ons"), said="Saved.")


@room.post("/settings/add-ons/<int:add_on_id>/retirement")
def retire_add_on(add_on_id: int) -> Answer:
    add_on = the(AddOn, add_on_id)
    retiring.retire(add_on, at=now())
    return go(url_for(".list_add_ons"), said=f"{add_on.name} is retired; what was booked stays.")


@room.post("/settings/add-ons/<int:add_on_id>/return")
def bring_back_add_on(add_on_id: int) -> Answer:
    add_on = the(AddOn, add_on_id)
    retiring.bring_back(add_on)
    return go(url_for(".list_add_ons"), said=f"{add_on.name} is offered again.")


def add_on_form(**more: Any) -> AddOnInput:
    return AddOnInput(offered=services.named(), currency=business().currency, **more)


def misfit(form: AddOnInput, no: Misfit, add_on: AddOn | None = None) -> Answer:
    form[no.field].errors = [str(no)]
    return written(form, add_on, 422)


def written(form: AddOnInput, add_on: AddOn | None = None, status: int = 200) -> Answer:
    return show("staff/settings/add_on", "staff/add_on_form", status, form=form, add_on=add_on)
