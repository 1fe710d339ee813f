"""Attributes, in the settings: what is asked about clients and pets, and how."""

from typing import Any

from flask import url_for

from portal.answers import Answer, done, go, show
from portal.attribute_kinds import KINDS
from portal.db import now
from portal.inputs.attributes import AttributeInput, NewAttributeInput
from portal.inputs.positions import upwards
from portal.models import Attribute, AttributeKind
from portal.rules import attributes
from portal.views.staff.room import me, room, the


@room.get("/settings/attributes")
def list_attributes() -> Answer:
    return show("staff/settings/attributes", "staff/attribute_rows", attributes=attributes.counted())


@room.get("/settings/attributes/new")
def write_attribute() -> Answer:
    return written(NewAttributeInput())


@room.post("/settings/attributes")
def add_attribute() -> Answer:
    form = NewAttributeInput()
    if not form.validate():
        return written(form, status=422)
    try:
        row = attributes.add(**facts(form), of_pets=form.of.data == "pets")
    except attributes.Taken as no:
        form.name.errors = [str(no)]
        return written(form, status=422)
    return go(url_for(".list_attributes"), said=f"“{row.name}” is added.")


@room.get("/settings/attributes/<int:attribute_id>")
def edit_attribute(attribute_id: int) -> Answer:
    row = the(Attribute, attribute_id)
    return written(AttributeInput(obj=row), row)


@room.post("/settings/attributes/<int:attribute_id>")
def change_attribute(attribute_id: int) -> Answer:
    row, form = the(Attribute, attribute_id), AttributeInput()
    if not form.validate():
        return written(form, row, 422)
    try:
        attributes.change(row, **facts(form))
    except (attributes.Taken, attributes.KindStays) as no:
        field = form.name if isinstance(no, attributes.Taken) else form.kind
        field.errors = [str(no)]
        return written(form, the(Attribute, attribute_id), 422)
    return go(url_for(".list_attributes"), said="Saved.")


@room.post("/settings/attributes/<int:attribute_id>/place")
def move_attribute(attribute_id: int) -> Answer:
    row, up = the(Attribute, attribute_id), upwards()
    attributes.move(row, up=up)
    then, rows = url_for(".list_attributes"), attributes.counted()
    return done("staff/attribute_rows", then=then, said="Moved.", attributes=rows, moved=row.id, up=up)


@room.post("/settings/attributes/<int:attribute_id>/retirement")
def retire_attribute(attribute_id: int) -> Answer:
    row = the(Attribute, attribute_id)
    attributes.retire(row, at=now())
    return go(url_for(".list_attributes"), said=f"“{row.name}” is retired. What is written stays.")


@room.post("/settings/attributes/<int:attribute_id>/return")
def bring_back_attribute(attribute_id: int) -> Answer:
    row = the(Attribute, attribute_id)
    attributes.bring_back(row)
    return go(url_for(".list_attributes"), said=f"“{row.name}” is back on the profiles.")


@room.get("/settings/attributes/<int:attribute_id>/removal")
def ask_to_remove_attribute(attribute_id: int) -> Answer:
    row = the(Attribute, attribute_id)
    count = attributes.carried(row)
    return show("staff/settings/attribute_removal", "staff/attribute_removal", attribute=row, count=count)


@room.post("/settings/attributes/<int:attribute_id>/removal")
def remove_attribute(attribute_id: int) -> Answer:
    row = the(Attribute, attribute_id)
    attributes.remove(row, by=me().actor, at=now())
    return go(url_for(".list_attributes"), said=f"“{row.name}” is removed.")


def facts(form: AttributeInput) -> dict[str, Any]:
    return {**form.facts, "kind": AttributeKind(form.kind.data)}


def written(form: AttributeInput, row: Attribute | None = None, status: int = 200) -> Answer:
    count = attributes.carried(row) if row else 0
    names: dict[str, Any] = {"form": form, "attribute": row, "count": count, "kinds": KINDS}
    return show("staff/settings/attribute", "staff/attribute_form", status, **names)
