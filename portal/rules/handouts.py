"""Handouts: what staff put into a client’s documents, whether the client sees it, its name, taking it away."""

from collections.abc import Sequence
from datetime import datetime
from typing import IO

from portal.db import atomic, db, lock
from portal.gateways.files import clean_name
from portal.models import Client, Document, File
from portal.rules import document_letters, documents, files, folders, history, uploads
from portal.rules.actors import Actor
from portal.rules.folders import Paper
from portal.rules.refused import Refused, stale
from portal.rules.second_thoughts import must_be_in_time
from portal.rules.shelves import sort_name
from portal.rules.uploads import Outcome

SEEN = {True: "Client sees it", False: "Only staff"}


def add_each(
    client: Client, sent: Sequence[tuple[str, IO[bytes]]], *, visible: bool, by: Actor, at: datetime
) -> list[Outcome[Document]]:
    return uploads.each(sent, lambda stream, name: add(client, stream, name, visible=visible, by=by, at=at))


def add(client: Client, stream: IO[bytes], name: str, *, visible: bool, by: Actor, at: datetime) -> Document:
    """Keep a file for this client. Raises Unacceptable with words for the person."""
    return put(client, files.keep(stream, name, at=at), visible=visible, by=by, at=at)


@atomic
def put(client: Client, file: File, *, visible: bool, by: Actor, at: datetime) -> Document:
    document = documents.give(client, file, visible=visible, by=by, at=at)
    if visible:
        document_letters.announce(document, at=at)
    return document


@atomic
def show(document: Document, *, by: Actor, at: datetime) -> Paper:
    """The client sees it from now on, and is told in a moment."""
    return turn(document, True, by, at)


@atomic
def hide(document: Document, *, by: Actor, at: datetime) -> Paper:
    return turn(document, False, by, at)


def turn(document: Document, visible: bool, by: Actor, at: datetime) -> Paper:
    lock(document)
    must_be_here(document)
    must_be_ours(document)
    if document.visible != visible:
        document.visible = visible
        note(document, "Seen by", SEEN[not visible], SEEN[visible], by=by, at=at)
        db.session.flush()
        (document_letters.announce if visible else document_letters.withdraw)(document, at=at)
    return folders.paper(document)


def must_be_here(document: Document) -> None:
    if document.removed_at:
        raise Refused("This document has been removed. Reload the page to see those that are there.")


def must_be_ours(document: Document) -> None:
    if document.from_client:
        raise Refused("The client sent this, so the client sees it. Remove it where it should not be here.")


@atomic
def leave_unsaid(document: Document, *, at: datetime) -> Paper:
    """The client sees it, but no letter names it."""
    lock(document)
    if not document_letters.withdraw(document, at=at):
        raise Refused(
            "The letter about this document has gone out already. Hide the document if it should not be seen."
        )
    return folders.paper(document)


@atomic
def rename(document: Document, name: str, *, by: Actor, at: datetime) -> Paper:
    """Its ending stays what the file is."""
    lock(document)
    must_be_here(document)
    former, fresh = document.name, clean_name(name, document.file.type)
    if fresh != former:
        document.name, document.sort_name = fresh, sort_name(fresh)
        history.note(document.client_id, "Name", former, fresh, subject="Document", by=by, at=at)
        db.session.flush()
    return folders.paper(document)


@atomic
def remove(document: Document, *, by: Actor, at: datetime) -> Paper:
    """Away from the client as well. The bytes stay until the undo is over, then they are swept."""
    lock(document)
    must_be_here(document)
    document.removed_at, document.removed_by_staff = at, True
    note(document, "Document", "Shared", "Removed", by=by, at=at)
    db.session.flush()
    document_letters.withdraw(document, at=at)
    return folders.paper(document)


@atomic
def restore(document: Document, *, by: Actor, at: datetime) -> Paper:
    lock(document)
    if document.removed_at is None:
        raise stale("This document has not been removed.")
    if not document.removed_by_staff:
        raise Refused("The client has removed this document. Ask for it again.")
    must_be_in_time(document.removed_at, at, "Add the document again.")
    document.removed_at, document.removed_by_staff = None, False
    note(document, "Document", "Removed", "Shared", by=by, at=at)
    db.session.flush()
    if document.visible and document.seen_at is None:
        document_letters.announce(document, at=at)
    return folders.paper(document)


def note(document: Document, field: str, old: str, new: str, *, by: Actor, at: datetime) -> None:
    history.note(document.client_id, field, old, new, subject=document.name, by=by, at=at)
