"""Bringing in lists of clients: a file, what is chosen about it, a look through it, and the clients themselves."""

from typing import Any

from flask import url_for

from portal import import_work
from portal.answers import Answer, done, go, show
from portal.db import now
from portal.gateways import tables
from portal.inputs.imports import ImportChoices, ImportFile
from portal.models import ClientImport
from portal.rules import client_imports, exports, pet_profiles
from portal.rules.imports import fields
from portal.rules.imports.choices import chosen
from portal.views.staff.room import me, room, the


@room.get("/customers/import")
def list_imports() -> Answer:
    return listed(ImportFile())


@room.post("/customers/import")
def take_import() -> Answer:
    form = ImportFile()
    if not form.validate():
        return listed(form, 422)
    file = form.file.data
    try:
        row = client_imports.take(file.stream, file.filename or "", by=me().actor, at=now())
    except tables.NoTable as no:
        form.file.errors = [str(no)]
        return listed(form, 422)
    return go(url_for(".show_import", client_import_id=row.id))


def listed(form: ImportFile, status: int = 200) -> Answer:
    names = {"imports": client_imports.newest(), "exports": exports.newest(), "at": now()}
    return show("staff/imports", None, status, form=form, **names)


@room.get("/customers/import/<int:client_import_id>")
def show_import(client_import_id: int) -> Answer:
    return shown(the(ClientImport, client_import_id))


@room.post("/customers/import/<int:client_import_id>/choices")
def choose_for_import(client_import_id: int) -> Answer:
    row, form = the(ClientImport, client_import_id), choices_form()
    if not form.validate():
        return shown(row, 422, form)
    columns = [key for key in form.columns if fields.target(key) or not key]
    client_imports.choose(row, chosen({**form.told, "columns": columns}), at=now())
    if form.check.data:
        client_imports.check(row)
    return worked(row)


@room.post("/customers/import/<int:client_import_id>/clients")
def run_import(client_import_id: int) -> Answer:
    row = the(ClientImport, client_import_id)
    client_imports.run(row)
    return worked(row)


@room.post("/customers/import/<int:client_import_id>/removal")
def discard_import(client_import_id: int) -> Answer:
    client_imports.discard(the(ClientImport, client_import_id))
    return go(url_for(".list_imports"), said="The list is discarded. Nothing was brought in.")


def worked(row: ClientImport) -> Answer:
    """A short list is done at once, a long one by the worker."""
    if row.state in client_imports.RUNNING and client_imports.is_short(row):
        import_work.work_off(row.id)
    then = url_for(".show_import", client_import_id=row.id)
    return done("staff/import_state", then=then, said="", **names_of(row))


def shown(row: ClientImport, status: int = 200, form: ImportChoices | None = None) -> Answer:
    return show("staff/import", "staff/import_state", status, **names_of(row, form))


def names_of(row: ClientImport, form: ImportChoices | None = None) -> dict[str, Any]:
    names: dict[str, Any] = {"row": row, "running": row.state in client_imports.RUNNING}
    if names["running"] or row.state == "done":
        return names | {"summary": client_imports.summary(row)}
    columns, vaccines = client_imports.columns(row)
    form = form or choices_form(kept=row.choices)
    wanted = next((int(word) for word, *_ in form.pets.iter_choices() if word == form.pets.data), 1)
    pets = max([wanted, *(fields.pet_of(column.key) for column in columns)])
    more = {"form": form, "columns": columns, "groups": fields.options(pets, vaccines)}
    return names | more | {"summary": client_imports.summary(row)}


def choices_form(kept: dict[str, Any] | None = None) -> ImportChoices:
    animals = pet_profiles.named_animals()
    if kept is None:
        return ImportChoices(animals=animals)
    words = {mark: word for word, mark in tables.DELIMITERS.items()}
    strings = {name: str(kept[name]) for name in ("animal_id", "pets")}
    return ImportChoices(
        animals=animals, formdata=None, data={**kept, **strings, "delimiter": words[kept["delimiter"]]}
    )
