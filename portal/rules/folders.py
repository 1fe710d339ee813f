"""Folders: a client’s documents as the desk lists them: what the client sent, and what was shared with them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select, tuple_, union_all

from portal.db import AnySelect, db
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


WAITING = and_(Delivery.state == DeliveryState.QUEUED, Delivery.tries == 0)
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


def first(client_id: int, *, at: datetime) -> tuple[Folder, Folder]:
    """The first page of either folder, by name, in one query."""
    parts: list[Any] = [
        select(Document.id)
        .where(Document.client_id == client_id, Document.from_client.is_(of_client), here(at))
        .order_by(Document.sort_name, Document.id)
        .limit(LONG + 1)
        .subquery()
        for of_client in (True, False)
    ]
    both = union_all(*(select(part) for part in parts)).subquery()
    found = PAPERS.where(Document.id.in_(select(both))).order_by(Document.sort_name, Document.id)
    rows = [Paper(*row) for row in db.session.execute(found)]
    return folder([row for row in rows if row.from_client]), folder([row for row in rows if not row.from_client])


def further(after: Document, *, at: datetime) -> Folder:
    """The page of the same folder that follows a document."""
    own = PAPERS.where(
        Document.client_id == after.client_id, Document.from_client.is_(after.from_client), here(at)
    ).where(tuple_(after.sort_name, after.id) < PLACE)
    rows = db.session.execute(own.order_by(Document.sort_name, Document.id).limit(LONG + 1))
    return folder([Paper(*row) for row in rows])


def folder(rows: list[Paper]) -> Folder:
    return Folder(rows[:LONG], rows[LONG - 1].id if len(rows) > LONG else None)


def here(at: datetime) -> ColumnElement[bool]:
    """What staff just removed stays in its place while it can be taken back; what the client removed is gone."""
    return or_(
        Document.removed_at.is_(None), and_(Document.removed_by_staff.is_(True), Document.removed_at > at - UNDO)
    )


def paper(document: Document) -> Paper:
    return Paper(*db.session.execute(PAPERS.where(Document.id == document.id)).one())
