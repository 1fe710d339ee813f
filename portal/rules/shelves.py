"""Shelves: a client's documents as lists show them, by name and a page at a time."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_

from portal.db import AnySelect, rows_of
from portal.models import Document, File
from portal.rules.second_thoughts import seconds_left

LONG, LONGEST = 25, 100
UNDO = timedelta(seconds=10)
SHOWN: tuple[ColumnElement[bool], ...] = (Document.visible.is_(True), Document.removed_at.is_(None))


class Titled:
    """What the name and the type of a document tell; every list of documents shows it so."""

    __slots__ = ()
    name: str
    type: str

    @property
    def title(self) -> str:
        return titled(self.name)

    @property
    def kind(self) -> str:
        return kind(self.name)

    @property
    def in_tab(self) -> bool:
        return opens_in_tab(self.type)


@dataclass(slots=True)
class Listed(Titled):
    """As much of a document as a list shows."""

    id: int
    name: str
    type: str
    size: int
    from_client: bool
    shared_at: datetime
    shared_by: str
    seen_at: datetime | None
    removed_at: datetime | None

    def undo_left(self, at: datetime) -> int:
        """Whole seconds in which a removal can be taken back."""
        return seconds_left(self.removed_at, at, UNDO)


@dataclass(slots=True)
class Stretch:
    """One page of the list; `after` continues it where there is more."""

    rows: list[Listed]
    after: int | None


COLUMNS: list[Any] = [
    Document.id,
    Document.name,
    File.type,
    File.size,
    Document.from_client,
    Document.shared_at,
    Document.shared_by,
    Document.seen_at,
    Document.removed_at,
]
LISTED: AnySelect = select(*COLUMNS).join(File, File.id == Document.file_id)
PLACE = tuple_(Document.sort_name, Document.id)


def stretch(client_id: int, *, at: datetime, after: Document | None = None, through: Document | None = None) -> Stretch:
    """A page by name: the one after a document, or the first, made long enough to show a new one in its place.

    What was just removed stays in its place while it can be taken back.
    """
    own = LISTED.where(Document.client_id == client_id, Document.visible.is_(True), here(at))
    if after:
        own = own.where(tuple_(after.sort_name, after.id) < PLACE)
    most = min(max(LONG, place(through, at)), LONGEST) if through else LONG
    rows = [Listed(*row) for row in rows_of(own.order_by(Document.sort_name, Document.id).limit(most + 1))]
    return Stretch(rows[:most], rows[most - 1].id if len(rows) > most else None)


def here(at: datetime) -> ColumnElement[bool]:
    own = and_(Document.removed_by_staff.is_(False), Document.removed_at > at - UNDO)
    return or_(Document.removed_at.is_(None), own)


def place(document: Document, at: datetime) -> int:
    rows = select(func.count()).where(Document.client_id == document.client_id, Document.visible.is_(True), here(at))
    return int(rows_of(rows.where(tuple_(document.sort_name, document.id) >= PLACE)).scalar_one())


def titled(name: str) -> str:
    """A name without its ending."""
    return name.rpartition(".")[0] or name


def kind(name: str) -> str:
    """PDF, DOCX: the ending of a name, as a label."""
    return name.rpartition(".")[2].upper()[:4] if "." in name else "FILE"


def opens_in_tab(type: str) -> bool:
    """Browsers show these themselves; anything else is saved."""
    return type.startswith(("application/pdf", "image/"))


def listed(document: Document) -> Listed:
    return Listed(*rows_of(LISTED.where(Document.id == document.id)).one())


def sort_name(name: str) -> str:
    """Without accents and capitals, and with numbers filled up: Éclair before Fig, Page 9 before Page 10."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"[0-9]+", lambda digits: digits[0].zfill(10), plain)
