"""What is written about a client or a pet beyond what everybody asks: one attribute at a time."""

from typing import Any

from flask import abort

from portal.answers import Answer, done, show, wants_part
from portal.db import now
from portal.inputs.attributes import FileValue, ValueInput, value_form
from portal.models import Attribute, AttributeValue, Client, File, Pet
from portal.rules import attribute_values, files, particulars
from portal.rules.shelves import opens_in_tab
from portal.views.files import attachment
from portal.views.staff.room import me, room, the
from portal.views.staff.tagging import base
from portal.views.uploads import taken


@room.get("/customers/<int:client_id>/attributes/<int:attribute_id>")
def edit_client_value(client_id: int, attribute_id: int) -> Answer:
    return edited(the(Client, client_id), attribute_id)


@room.get("/pets/<int:pet_id>/attributes/<int:attribute_id>")
def edit_pet_value(pet_id: int, attribute_id: int) -> Answer:
    return edited(the(Pet, pet_id), attribute_id)


def edited(of: Client | Pet, attribute_id: int) -> Answer:
    attribute, row, form = opened(of, attribute_id)
    return written("staff/value_dialog", of, attribute, row, form)


@room.post("/customers/<int:client_id>/attributes/<int:attribute_id>")
def write_client_value(client_id: int, attribute_id: int) -> Answer:
    return changed(the(Client, client_id), attribute_id)


@room.post("/pets/<int:pet_id>/attributes/<int:attribute_id>")
def write_pet_value(pet_id: int, attribute_id: int) -> Answer:
    return changed(the(Pet, pet_id), attribute_id)


def changed(of: Client | Pet, attribute_id: int) -> Answer:
    attribute, row, form = opened(of, attribute_id)
    at = now()
    if not form.validate() or (isinstance(form, FileValue) and not taken(form.value, files.keep, at=at)):
        return written("staff/value_form", of, attribute, row, form, 422)
    value, file = told(form, row)
    attribute_values.write(of, attribute, value, file=file, by=me().actor, at=at)
    parts = "staff/value_saved", "staff/own_attributes", "staff/own_tags"
    then, mine = f"{base(of)}#own_attributes", particulars.of(of)
    return done(*parts, then=then, said="Saved.", mine=mine, base=base(of), fresh=attribute.id)


def told(form: ValueInput, row: AttributeValue | None) -> tuple[str, File | None]:
    """A file that is not touched stays."""
    if not isinstance(form, FileValue):
        return form.told, None
    if form.value.data:
        return form.value.data.name, form.value.data
    return ("", None) if form.remove.data or row is None else (row.value, None)


@room.get("/customers/<int:client_id>/attributes/<int:attribute_id>/file")
def open_client_file(client_id: int, attribute_id: int) -> Answer:
    return file_of(the(Client, client_id), attribute_id)


@room.get("/pets/<int:pet_id>/attributes/<int:attribute_id>/file")
def open_pet_file(pet_id: int, attribute_id: int) -> Answer:
    return file_of(the(Pet, pet_id), attribute_id)


def file_of(of: Client | Pet, attribute_id: int) -> Answer:
    row = attribute_values.written(of, the(Attribute, attribute_id))
    file = (row and row.file) or abort(404)
    return attachment(file, inline=opens_in_tab(file.type))


def opened(of: Client | Pet, attribute_id: int) -> tuple[Attribute, AttributeValue | None, ValueInput]:
    """An attribute of their sort that is in use, and what is written now."""
    fits = Attribute.of_pets.is_(isinstance(of, Pet)), Attribute.retired_at.is_(None)
    attribute = the(Attribute, attribute_id, *fits)
    row = attribute_values.written(of, attribute)
    return attribute, row, value_form(attribute.name, attribute.kind, attribute.choices, row.value if row else "")


def written(
    part: str,
    of: Client | Pet,
    attribute: Attribute,
    row: AttributeValue | None,
    form: ValueInput,
    status: int = 200,
) -> Answer:
    names: dict[str, Any] = {"of": of, "base": base(of), "attribute": attribute, "row": row, "form": form}
    return show("staff/value", part, status, dialog=wants_part(), **names)
