"""Document letters: a client is told what is new in their documents, once for all that comes within a moment.

Until the letter goes out it names what can be seen then; when nothing of it is left to see, it is taken back.
"""

from datetime import datetime, timedelta

from sqlalchemy import or_, select

from portal.db import atomic, db, lock
from portal.links import public
from portal.models import Client, Delivery, DeliveryState, Document, Message
from portal.rules import addresses, business, messages
from portal.rules.shelves import titled

WAIT = timedelta(minutes=2)
SUBJECT = "New in your documents"


@atomic
def announce(document: Document, *, at: datetime) -> None:
    """Together with what else is about to be told; nobody hears of a document twice."""
    client = db.session.get_one(Client, document.client_id)
    if document.message_id or document.from_client or client.deactivated_at:
        return
    message = waiting(client.id, at) or messages.tell_client(
        client, SUBJECT, "", at=at, due_at=at + WAIT, channel=addresses.first_way(client)
    )
    document.message_id = message.id
    db.session.flush()
    put_into_words(message, at)


def waiting(client_id: int, at: datetime) -> Message | None:
    """The letter that has not gone out yet; where none goes out, the message that is not old."""
    unsent = (Delivery.state == DeliveryState.QUEUED) & (Delivery.tries == 0) & (Delivery.due_at > at)
    unread = Delivery.id.is_(None) & (Message.written_at > at - WAIT) & Message.seen_at.is_(None)
    return db.session.scalar(
        select(Message)
        .join(Document, Document.message_id == Message.id)
        .outerjoin(Delivery, Delivery.message_id == Message.id)
        .where(Document.client_id == client_id, Message.author == "automatic", or_(unsent, unread))
        .order_by(Message.id.desc())
        .limit(1)
    )


def put_into_words(message: Message, at: datetime) -> None:
    named = select(Document.name).where(
        Document.message_id == message.id, Document.visible.is_(True), Document.removed_at.is_(None)
    )
    names = db.session.scalars(named.order_by(Document.sort_name, Document.id)).all()
    text = words(list(names))
    message.text = text
    if message.delivery:
        message.delivery.text, message.delivery.due_at = text, at + WAIT
    db.session.flush()


def words(names: list[str]) -> str:
    """Boarding agreement is new in your documents at Maple & Paw. Open it here: …"""
    shop, link = business.the_business().name, public("/documents")
    if len(names) == 1:
        return f"{titled(names[0])} is new in your documents at {shop}.\n\nOpen it here: {link}"
    lines = "\n".join(titled(name) for name in names)
    return f"{len(names)} documents are new in your documents at {shop}:\n\n{lines}\n\nOpen them here: {link}"


@atomic
def withdraw(document: Document, *, at: datetime) -> bool:
    """Before it goes out the letter no longer names this document; afterwards it is too late."""
    message = db.session.get(Message, document.message_id) if document.message_id else None
    if message is None or not is_waiting(message):
        return False
    document.message_id = None
    db.session.flush()
    others = select(Document.id).where(Document.message_id == message.id).limit(1)
    if db.session.scalar(others):
        put_into_words(message, at)
    else:
        messages.take_back(message.id)
    return True


def is_waiting(message: Message) -> bool:
    """Only automatic letters: what a member of staff wrote is theirs."""
    if message.author != "automatic":
        return False
    if message.delivery is None:
        return message.seen_at is None
    lock(message.delivery)
    return message.delivery.state == DeliveryState.QUEUED and message.delivery.tries == 0
