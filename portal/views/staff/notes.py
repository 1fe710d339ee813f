"""Notes about a customer: reading, writing, mending one’s own, taking one away. No client ever sees them."""

from typing import Any

from flask import url_for

from portal.answers import Answer, done, show
from portal.db import now
from portal.inputs.cursors import after
from portal.inputs.notes import AboutPet, NoteInput, NoteText
from portal.models import Client, Note, NoteFile, Pet, Role
from portal.rules import files, notes
from portal.rules.shelves import opens_in_tab
from portal.views.files import attachment
from portal.views.staff.customer import opened
from portal.views.staff.room import me, room, the
from portal.views.uploads import enclosed


@room.get("/customers/<int:client_id>/notes")
def list_notes(client_id: int) -> Answer:
    at = now()
    stretch = notes.page(client_id, at=at, after=after())
    return opened(client_id, "staff/customer_notes", "staff/note_rows", at, stretch=stretch, form=NoteInput())


@room.post("/customers/<int:client_id>/notes")
def write_note(client_id: int) -> Answer:
    client, form, at = the(Client, client_id), NoteInput(), now()
    form.offer(pets_of(client))
    kept = enclosed(form, at=at, keep=files.keep, to="note") if form.validate() else []
    names: dict[str, Any] = {"client": client, "pets": client.pets, "at": at}
    if form.errors:
        return show("staff/note_new", "staff/note_form", 422, form=form, **names)
    note = notes.write(client, form.text.data or "", pet=about(form), files=kept, by=me().actor, at=at)
    names |= {"note": notes.written(note), "form": NoteInput(formdata=None)}
    return done("staff/note_form", "staff/note", then=address(note), said="The note is written.", **names)


def pets_of(client: Client) -> list[tuple[int, str]]:
    return [(pet.id, pet.name) for pet in client.pets]


def about(form: AboutPet) -> Pet | None:
    return the(Pet, form.pet.data) if form.pet.data else None


def address(note: Note) -> str:
    return url_for(".list_notes", client_id=note.client_id, _anchor=f"note-{note.id}")


@room.get("/notes/<int:note_id>")
def edit_note(note_id: int) -> Answer:
    note = the(Note, note_id)
    notes.must_be_here(note)
    notes.must_be_own(note, me().actor)
    return changing(note, NoteText(text=note.text, pet=note.pet_id or 0))


@room.post("/notes/<int:note_id>")
def change_note(note_id: int) -> Answer:
    note, form = the(Note, note_id), NoteText()
    form.offer(pets_of(the(Client, note.client_id)))
    if not form.validate():
        return changing(note, form, 422)
    changed = notes.edit(note, form.text.data or "", pet=about(form), by=me().actor, at=now())
    return stands(note, changed, "The note is changed.")


def changing(note: Note, form: NoteText, status: int = 200) -> Answer:
    client = the(Client, note.client_id)
    form.offer(pets_of(client))
    names = {"client": client, "note": notes.written(note), "form": form, "at": now()}
    return show("staff/note_edit", "staff/note", status, **names)


@room.post("/notes/<int:note_id>/removal")
def remove_note(note_id: int) -> Answer:
    note = the(Note, note_id)
    gone = notes.remove(note, in_charge=me().role != Role.TEAM, by=me().actor, at=now())
    return stands(note, gone, "The note is removed. You can undo this for 10 minutes.")


@room.delete("/notes/<int:note_id>/removal")
@room.post("/notes/<int:note_id>/return")
def restore_note(note_id: int) -> Answer:
    note = the(Note, note_id)
    return stands(note, notes.restore(note, by=me().actor, at=now()), "The note is back.")


def stands(note: Note, as_it_is: notes.Written, said: str) -> Answer:
    names: dict[str, Any] = {"client": the(Client, note.client_id), "note": as_it_is, "at": now()}
    return done("staff/note", then=address(note), said=said, focus=True, **names)


@room.get("/notes/files/<int:note_file_id>")
def open_note_file(note_file_id: int) -> Answer:
    file = the(NoteFile, note_file_id).file
    return attachment(file, inline=opens_in_tab(file.type))
