"""Storage: the business’s own documents, kept once and sent to whoever needs them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from sqlalchemy import func, literal, select

from portal.db import AnySelect, atomic, db, lock
from portal.gateways.files import clean_name
from portal.models import Document, File, StoredDocument
from portal.rules import business, files, uploads
from portal.rules.actors import Actor
from portal.rules.refused import Refused, stale
from portal.rules.second_thoughts import UNDO, must_be_in_time, seconds_left
from portal.rules.shelves import Titled, sort_name
from portal.rules.uploads import Outcome

MOST = 300


@dataclass(slots=True)
class Kept(Titled):
    """A stored document as a list shows it; `sent` is to how many clients."""

    id: int
    name: str
    type: str
    size: int
    stored_at: datetime
    stored_by: str
    removed_at: datetime | None
    sent: int

    def undo_left(self, at: datetime) -> int:
        """Whole seconds in which a removal can be taken back."""
        return seconds_left(self.removed_at, at)


SENT = (
    select(func.count())
    .where(Document.stored_document_id == StoredDocument.id, Document.removed_at.is_(None))
    .scalar_subquery()
)
COLUMNS: list[Any] = [
    StoredDocument.id,
    StoredDocument.name,
    File.type,
    File.size,
    StoredDocument.stored_at,
    StoredDocument.stored_by,
    StoredDocument.removed_at,
]
KEPT: AnySelect = select(*COLUMNS, SENT).join(File, File.id == StoredDocument.file_id)
# To be chosen from: nobody counts there.
OFFERED: AnySelect = (
    select(*COLUMNS, literal(0))
    .join(File, File.id == StoredDocument.file_id)
    .where(StoredDocument.removed_at.is_(None))
)


def kept_documents(*, at: datetime) -> list[Kept]:
    """All of them by name; one that was just removed stays in its place while it can be taken back."""
    here = StoredDocument.removed_at.is_(None) | (StoredDocument.removed_at > at - UNDO)
    return by_name(KEPT.where(here))


def choices() -> list[Kept]:
    """Those that can be sent."""
    return by_name(OFFERED)


def by_name(statement: AnySelect) -> list[Kept]:
    rows = [Kept(*row) for row in db.session.execute(statement)]
    return sorted(rows, key=lambda row: (sort_name(row.name), row.id))


def kept(document: StoredDocument) -> Kept:
    return Kept(*db.session.execute(KEPT.where(StoredDocument.id == document.id)).one())


def store_each(sent: Sequence[tuple[str, IO[bytes]]], *, by: Actor, at: datetime) -> list[Outcome[StoredDocument]]:
    return uploads.each(sent, lambda stream, name: store(files.keep(stream, name, at=at), by=by, at=at))


@atomic
def store(file: File, *, name: str = "", by: Actor, at: datetime) -> StoredDocument:
    lock(business.the_business())
    there = select(func.count()).select_from(StoredDocument).where(StoredDocument.removed_at.is_(None))
    if db.session.execute(there).scalar_one() >= MOST:
        raise Refused(f"There are {MOST} documents here already. Remove what is out of date, then add this again.")
    row = StoredDocument(name=clean_name(name or file.name, file.type), file_id=file.id, stored_at=at)
    row.stored_by = by.name
    db.session.add(row)
    db.session.flush()
    return row


@atomic
def rename(document: StoredDocument, name: str) -> Kept:
    """Clients keep the name under which they were sent it."""
    lock(document)
    must_be_here(document)
    document.name = clean_name(name, document.file.type)
    db.session.flush()
    return kept(document)


def must_be_here(document: StoredDocument) -> None:
    if document.removed_at:
        raise Refused("This document has been removed. Reload the page to see those that are there.")


@atomic
def remove(document: StoredDocument, *, at: datetime) -> Kept:
    """It can be sent no more; who was sent it keeps it."""
    lock(document)
    must_be_here(document)
    document.removed_at = at
    db.session.flush()
    return kept(document)


@atomic
def restore(document: StoredDocument, *, at: datetime) -> Kept:
    lock(document)
    if document.removed_at is None:
        raise stale("This document has not been removed.")
    must_be_in_time(document.removed_at, at, "Add the document again.")
    document.removed_at = None
    db.session.flush()
    return kept(document)
