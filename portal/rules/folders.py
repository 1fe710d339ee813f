"""Folders: a client’s documents as the desk lists them: what the client sent, and what was shared with them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, and_, bindparam, or_, select, tuple_, union_all

from portal.db import AnySelect, rows_of, written
from portal.models import Delivery, DeliveryState, Document, File
from portal.rules.second_thoughts import UNDO, seconds_left
from portal.rules.shelves import LONG, PLACE, Titled


@dataclass(slots=True)
class Paper(Titled):
    """As much of a document as the desk shows."""

    id: int
    client_id: int
    name: str
    type: str
    size: int
    from_client: bool
    stored: bool
    visible: bool
    shared_at: datetime
    shared_by: str
    seen_at: datetime | None
    removed_at: datetime | None
    told_at: datetime | None  # when the letter about it goes out, while it waits

    def undo_left(self, at: datetime) -> int:
        """Whole seconds in which a removal can be taken back."""
        return seconds_left(self.removed_at, at)

    def told_in(self, at: datetime) -> int:
        """Whole seconds until the client is told."""
        return seconds_left(self.told_at, at, timedelta(0))


class Folder(NamedTuple):
    """One page of a list; `after` continues it where there is more."""

    rows: list[Paper]
    after: int | None


WAITING = and_(Delivery.state == written(DeliveryState.QUEUED), Delivery.tries == 0)
PAPERS: AnySelect = (
    select(
        Document.id,
        Document.client_id,
        Document.name,
        File.type,
        File.size,
        Document.from_client,
        Document.stored_document_id.is_not(None),
        Document.visible,
        Document.shared_at,
        Document.shared_by,
        Document.seen_at,
        Document.removed_at,
        Delivery.due_at,
    )
    .join(File, File.id == Document.file_id)
    .outerjoin(Delivery, and_(Delivery.message_id == Document.message_id, WAITING))
)


def here(just: Any) -> ColumnElement[bool]:
    """What staff just removed stays in its place while it can be taken back; what the client removed is gone."""
    return or_(Document.removed_at.is_(None), and_(Document.removed_by_staff.is_(True), Document.removed_at > just))


OWN = (
    Document.client_id == bindparam("client_id", type_=Integer),
    here(bindparam("just", type_=Document.shared_at.type)),
)
PARTS: list[Any] = [
    select(Document.id)
    .where(*OWN, Document.from_client.is_(of_client))
    .order_by(Document.sort_name, Document.id)
    .limit(LONG + 1)
    .subquery()
    for of_client in (True, False)
]
BOTH = union_all(*(select(part) for part in PARTS)).subquery()
FIRST = PAPERS.where(Document.id.in_(select(BOTH))).order_by(Document.sort_name, Document.id)


def first(client_id: int, *, at: datetime) -> tuple[Folder, Folder]:
    """The first page of either folder, by name, in one query."""
    rows = [Paper(*row) for row in rows_of(FIRST, {"client_id": client_id, "just": at - UNDO})]
    return folder([row for row in rows if row.from_client]), folder([row for row in rows if not row.from_client])


def further(after: Document, *, at: datetime) -> Folder:
    """The page of the same folder that follows a document."""
    own = PAPERS.where(
        Document.client_id == after.client_id, Document.from_client.is_(after.from_client), here(at - UNDO)
    ).where(tuple_(after.sort_name, after.id) < PLACE)
    rows = rows_of(own.order_by(Document.sort_name, Document.id).limit(LONG + 1))
    return folder([Paper(*row) for row in rows])


def folder(rows: list[Paper]) -> Folder:
    return Folder(rows[:LONG], rows[LONG - 1].id if len(rows) > LONG else None)


def paper(document: Document) -> Paper:
    return Paper(*rows_of(PAPERS.where(Document.id == document.id)).one())
