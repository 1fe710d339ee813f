"""Documents: what a client shares and is given, opening it, removing it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import IO

from sqlalchemy import delete, func, select, update

from portal.db import atomic, db, lock
from portal.gateways.files import clean_name
from portal.models import Client, Document, File, Notice, NoticeKind, StoredDocument
from portal.rules import allowances, business, files, history, notices, uploads
from portal.rules.actors import Actor
from portal.rules.refused import Refused
from portal.rules.shelves import UNDO, Listed, listed, sort_name
from portal.rules.uploads import Outcome

SWEPT = timedelta(minutes=10)
TWICE = timedelta(minutes=1)
MOST_FILES, MOST_OCTETS = 500, 2_000_000_000


def see(document: Document, *, at: datetime) -> None:
    """Opened for the first time: it is no longer new."""
    if document.seen_at is None and not document.from_client:
        mark_seen(document, at=at)


@atomic
def mark_seen(document: Document, *, at: datetime) -> None:
    db.session.execute(update(Document).where(Document.id == document.id).values(seen_at=at))


def must_be_open() -> None:
    if not business.the_business().uploads_open:
        raise Refused(f"Documents cannot be shared here at the moment. {business.contact()}")


def share_each(
    client: Client, sent: Sequence[tuple[str, IO[bytes]]], *, by: Actor, at: datetime
) -> list[Outcome[Document]]:
    must_be_open()
    return uploads.each(sent, lambda stream, name: share(client, stream, name, by=by, at=at))


def share(client: Client, stream: IO[bytes], name: str, *, by: Actor, at: datetime) -> Document:
    """Keep a file that the client gives us. Raises Unacceptable or Refused with words for the person."""
    must_be_open()
    must_have_room(client.id)
    allowances.take_file(client.id, at=at)
    return add_shared(client, files.keep(stream, name, at=at), by=by, at=at)


@atomic
def add_shared(client: Client, file: File, *, by: Actor, at: datetime) -> Document:
    """The very same file a moment later is a button pressed twice, and one document."""
    lock(client)
    former = same_a_moment_ago(client, file, at)
    if former:
        return former
    must_have_room(client.id, file.size)
    document = put(Document(from_client=True), client, file, file.name, by=by, at=at)
    notices.tell(
        NoticeKind.DOCUMENT_SHARED,
        f"{client.name} shared {document.name}",
        client_id=client.id,
        document_id=document.id,
        by=by,
        at=at,
    )
    return document


@atomic
def give(
    client: Client,
    file: File,
    *,
    name: str = "",
    stored: StoredDocument | None = None,
    visible: bool = True,
    by: Actor,
    at: datetime,
) -> Document:
    """Put a file on a client's profile, or send one from the business's own storage."""
    document = Document(visible=visible)
    if stored:
        document.stored_document_id, document.shared_by = stored.id, business.the_business().name
    return put(document, client, file, name or file.name, by=by, at=at)


def put(document: Document, client: Client, file: File, name: str, *, by: Actor, at: datetime) -> Document:
    document.client_id, document.file_id = client.id, file.id
    document.name = clean_name(name, file.type)
    document.sort_name = sort_name(document.name)
    document.shared_at, document.shared_by = at, document.shared_by or by.name
    db.session.add(document)
    db.session.flush()
    note(document, "", "Shared", by=by, at=at)
    return document


def same_a_moment_ago(client: Client, file: File, at: datetime) -> Document | None:
    return db.session.scalar(
        select(Document)
        .join(File)
        .where(
            Document.client_id == client.id,
            Document.from_client.is_(True),
            Document.removed_at.is_(None),
            Document.shared_at > at - TWICE,
            Document.name == file.name,
            File.sha256 == file.sha256,
        )
        .limit(1)
    )


def must_have_room(client_id: int, more: int = 0) -> None:
    kept = (
        select(func.count(), func.coalesce(func.sum(File.size), 0))
        .select_from(Document)
        .join(File)
        .where(Document.client_id == client_id, Document.from_client.is_(True), Document.removed_at.is_(None))
    )
    count, octets = db.session.execute(kept).one()
    if count >= MOST_FILES or octets + more > MOST_OCTETS:
        full = f"{MOST_FILES} documents" if count >= MOST_FILES else "2 GB of documents"
        raise Refused(
            f"You have shared {full}, which is as much as we keep. Remove what is out of date, then try again."
        )


@atomic
def remove(document: Document, *, by: Actor, at: datetime) -> Listed:
    """Take back what one shared. The bytes stay until the undo is over, then they are swept."""
    lock(document)
    must_be_own(document)
    if document.removed_at:
        raise Refused("This document has already been removed.")
    document.removed_at = at
    note(document, "Shared", "Removed", by=by, at=at)
    db.session.flush()
    return listed(document)


def must_be_own(document: Document) -> None:
    if not document.from_client:
        raise Refused(f"Only what you shared yourself can be removed here. {business.contact()}")


@atomic
def restore(document: Document, *, by: Actor, at: datetime) -> Listed:
    lock(document)
    if document.removed_at is None:
        raise Refused("This document has not been removed.")
    if document.removed_by_staff:
        raise Refused(f"This document was removed at the front desk. {business.contact()}")
    if at > document.removed_at + UNDO:
        raise Refused("The time to undo is over. Share the document again.")
    document.removed_at = None
    note(document, "Removed", "Shared", by=by, at=at)
    db.session.flush()
    return listed(document)


def note(document: Document, old: str, new: str, *, by: Actor, at: datetime) -> None:
    history.note(document.client_id, "Document", old, new, subject=document.name, by=by, at=at)


@atomic
def sweep(at: datetime) -> None:
    """Forget what was removed, so that its file is no longer needed; the history keeps its name."""
    gone = select(Document.id).where(Document.removed_at < at - SWEPT)
    db.session.execute(update(Notice).where(Notice.document_id.in_(gone)).values(document_id=None))
    db.session.execute(delete(Document).where(Document.id.in_(gone)))
