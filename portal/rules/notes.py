"""Notes: what staff write down about a client or a pet, for each other. No client ever sees one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, bindparam, delete, select, tuple_

from portal.db import atomic, db, lock, rows_of
from portal.models import Client, File, Note, NoteFile, Pet
from portal.rules import history
from portal.rules.actors import Actor
from portal.rules.agendas import LONG, Stretch, cursor, stretch
from portal.rules.packing import packed
from portal.rules.refused import Refused, stale
from portal.rules.second_thoughts import UNDO, must_be_in_time, seconds_left
from portal.rules.threads import Attached, attached

TWICE = timedelta(minutes=1)


@dataclass(slots=True)
class Written:
    """A note as a list shows it."""

    id: int
    client_id: int
    pet_id: int | None
    pet: str | None
    text: str
    at: datetime
    by_id: int | None
    by_name: str
    edited_at: datetime | None
    removed_at: datetime | None
    files: list[Attached]

    def undo_left(self, at: datetime) -> int:
        """Whole seconds in which a removal can be taken back."""
        return seconds_left(self.removed_at, at)


FILES = (
    select(packed(NoteFile.id, File.size, File.type, File.name))
    .select_from(NoteFile)
    .join(File, File.id == NoteFile.file_id)
    .where(NoteFile.note_id == Note.id)
    .scalar_subquery()
)
NOTES = select(
    Note.id,
    Note.client_id,
    Note.pet_id,
    Pet.name,
    Note.text,
    Note.at,
    Note.by_id,
    Note.by_name,
    Note.edited_at,
    Note.removed_at,
    FILES,
).outerjoin(Pet, Pet.id == Note.pet_id)
LATEST = (
    NOTES.where(
        Note.client_id == bindparam("client_id", type_=Integer),
        Note.removed_at.is_(None) | (Note.removed_at > bindparam("just", type_=Note.at.type)),
    )
    .order_by(Note.at.desc(), Note.id.desc())
    .limit(LONG + 1)
)
FORMER = LATEST.where(
    tuple_(Note.at, Note.id) < tuple_(bindparam("at", type_=Note.at.type), bindparam("id", type_=Integer))
)


def page(client_id: int, *, at: datetime, after: tuple[datetime, int, int] | None = None) -> Stretch:
    """The latest first. What was just removed stays in its place while it can be taken back."""
    names: dict[str, Any] = {"client_id": client_id, "just": at - UNDO}
    if after:
        names |= {"at": after[0], "id": after[2]}
    rows = [as_written(tuple(row)) for row in rows_of(FORMER if after else LATEST, names)]
    return stretch(rows, lambda row: cursor(row.at, 0, row.id))


def as_written(row: tuple[Any, ...]) -> Written:
    return Written(*(*row[:10], attached(row[10])))


def written(note: Note) -> Written:
    return as_written(tuple(rows_of(NOTES.where(Note.id == note.id)).one()))


@atomic
def write(
    client: Client, text: str, *, pet: Pet | None = None, files: Sequence[File] = (), by: Actor, at: datetime
) -> Note:
    """The very same words a moment later are a button pressed twice, and one note."""
    db.session.flush()
    lock(client)
    former = same_a_moment_ago(client, text, pet, by, at)
    if former:
        return former
    note = Note(
        client_id=client.id,
        pet_id=pet.id if pet else None,
        text=text,
        at=at,
        **by.signed,
    )
    db.session.add(note)
    db.session.flush()
    db.session.add_all(NoteFile(client_id=client.id, note_id=note.id, file_id=file.id) for file in files)
    tell(note, "", "Written", by=by, at=at)
    db.session.flush()
    return note


def same_a_moment_ago(client: Client, text: str, pet: Pet | None, by: Actor, at: datetime) -> Note | None:
    recent = select(Note).where(
        Note.client_id == client.id,
        Note.removed_at.is_(None),
        Note.at > at - TWICE,
        Note.text == text,
        Note.by_id == by.id,
    )
    return db.session.scalar(recent.where(Note.pet_id == (pet.id if pet else None), Note.text != "").limit(1))


@atomic
def edit(note: Note, text: str, *, pet: Pet | None, by: Actor, at: datetime) -> Written:
    """The author’s own; the history keeps what it said before."""
    lock(note)
    must_be_here(note)
    must_be_own(note, by)
    pet_id = pet.id if pet else None
    if (text, pet_id) != (note.text, note.pet_id):
        tell(note, note.text, text, by=by, at=at)
        note.text, note.pet_id, note.edited_at = text, pet_id, at
        db.session.flush()
    return written(note)


def must_be_here(note: Note) -> None:
    if note.removed_at:
        raise Refused("This note has been removed. Reload the page to see those that are there.")


def must_be_own(note: Note, by: Actor) -> None:
    if note.by_id != by.id or note.by_kind != by.kind:
        raise Refused(f"{note.by_name} wrote this note, so only {note.by_name} changes it. Write one of your own.")


@atomic
def remove(note: Note, *, in_charge: bool = False, by: Actor, at: datetime) -> Written:
    """One’s own; whoever is in charge removes any."""
    lock(note)
    must_be_here(note)
    if not in_charge:
        must_be_own(note, by)
    note.removed_at = at
    tell(note, note.text, "Removed", by=by, at=at)
    db.session.flush()
    return written(note)


@atomic
def restore(note: Note, *, by: Actor, at: datetime) -> Written:
    lock(note)
    if note.removed_at is None:
        raise stale("This note has not been removed.")
    must_be_in_time(note.removed_at, at, "Write the note again.")
    note.removed_at = None
    tell(note, "Removed", note.text, by=by, at=at)
    db.session.flush()
    return written(note)


def tell(note: Note, old: str, new: str, *, by: Actor, at: datetime) -> None:
    history.note(note.client_id, "Note", old, new, subject="Note", by=by, at=at, pet_id=note.pet_id)


@atomic
def sweep(at: datetime) -> None:
    """Forget what was removed, so that its files are no longer needed."""
    gone = select(Note.id).where(Note.removed_at < at - UNDO)
    db.session.execute(delete(NoteFile).where(NoteFile.note_id.in_(gone)))
    db.session.execute(delete(Note).where(Note.id.in_(gone)))
