"""Sendings: documents out of the business’s storage, and the way to the portal, go to a client with a message."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from portal.db import atomic, db, lock
from portal.links import public
from portal.models import Channel, Client, Document, Message, StoredDocument
from portal.rules import accounts, business, document_letters, documents, history, messages
from portal.rules.actors import Actor
from portal.rules.refused import Refused
from portal.rules.shelves import titled


@atomic
def send(
    client: Client,
    stored: Sequence[StoredDocument],
    text: str,
    *,
    portal_link: bool,
    channel: Channel,
    key: str,
    by: Actor,
    at: datetime,
) -> Message:
    """What is sent stands in the client’s documents, and the message says so. A form sent twice sends once."""
    lock(client)
    sent = db.session.scalar(select(Message).where(Message.client_id == client.id, Message.key == key))
    if sent:
        return sent
    must_be_sendable(client, stored, portal_link)
    given = [hand_over(client, document, by, at) for document in stored]
    subject, words = subject_of(stored), in_words(text, stored)
    message = messages.begin(client, subject, words, channel=channel, key=key, by=by, at=at)
    for document in given:
        document.message_id = message.id
    if portal_link and not client.password_hash and client.email:
        accounts.invite(client, by=by, at=at)
    db.session.flush()
    return message


def must_be_sendable(client: Client, stored: Sequence[StoredDocument], portal_link: bool) -> None:
    if client.deactivated_at:
        raise Refused(f"{client.name} is deactivated and has no portal. Reactivate the profile first.")
    if not stored and not portal_link:
        raise Refused("Choose a document, or the link to the portal.")
    for document in stored:
        if document.removed_at:
            raise Refused(f"“{titled(document.name)}” has been removed from the storage. Choose again.")


def hand_over(client: Client, stored: StoredDocument, by: Actor, at: datetime) -> Document:
    """One that is there from an earlier time is new again; there are never two of it."""
    there = select(Document).where(
        Document.client_id == client.id, Document.stored_document_id == stored.id, Document.removed_at.is_(None)
    )
    document = db.session.scalar(there.order_by(Document.id.desc()).limit(1))
    if document is None:
        return documents.give(client, stored.file, name=stored.name, stored=stored, by=by, at=at)
    document_letters.withdraw(document, at=at)
    document.visible, document.seen_at, document.shared_at = True, None, at
    history.note(client.id, "Document", "", "Sent again", subject=document.name, by=by, at=at)
    return document


def subject_of(stored: Sequence[StoredDocument]) -> str:
    shop = business.the_business().name
    if not stored:
        return f"Your portal at {shop}"
    return titled(stored[0].name)[:120] if len(stored) == 1 else f"Documents from {shop}"


def in_words(text: str, stored: Sequence[StoredDocument]) -> str:
    """What was typed, then what there is to open, and where."""
    names = [titled(document.name) for document in stored]
    where = f"Open {'it' if len(names) == 1 else 'them'} here: {public('/documents')}" if names else ""
    what = where or f"Your portal: {public('/')}"
    return "\n\n".join(filter(None, [text, "\n".join(names), what]))


def latest(client_id: int) -> dict[int, datetime]:
    """When each stored document was last sent to this client."""
    rows = select(Document.stored_document_id, Document.shared_at).where(
        Document.client_id == client_id, Document.stored_document_id.is_not(None), Document.removed_at.is_(None)
    )
    return {row[0]: row[1] for row in db.session.execute(rows.order_by(Document.shared_at)) if row[0]}
