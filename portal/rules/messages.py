"""Messages: threads, what is written into them, and what is to be sent because of it."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import select

from portal.db import atomic, db
from portal.models import Author, Channel, Client, Delivery, Message, Thread


@atomic
def tell_client(
    client: Client,
    subject: str,
    text: str,
    *,
    at: datetime,
    booking_id: int | None = None,
    due_at: datetime | None = None,
) -> Message:
    """Write an automatic message into the booking's thread, or a new one; it goes out when due, if they want such mail."""
    thread = thread_for(client, subject, booking_id, at)
    message = Message(
        client_id=client.id, thread_id=thread.id, author=Author.AUTOMATIC, author_name="", text=text, written_at=at
    )
    thread.last_message_at = max(thread.last_message_at, at)
    db.session.add(message)
    db.session.flush()
    if client.email and not client.no_automatic_email:
        send(client, Channel.EMAIL, client.email, subject, text, at=at, due_at=due_at, message=message)
    return message


def thread_for(client: Client, subject: str, booking_id: int | None, at: datetime) -> Thread:
    thread = None
    if booking_id:
        newest = select(Thread).where(Thread.booking_id == booking_id, Thread.client_id == client.id)
        thread = db.session.scalar(newest.order_by(Thread.last_message_at.desc(), Thread.id.desc()).limit(1))
    if thread is None:
        thread = Thread(
            client_id=client.id, subject=subject, channel=Channel.EMAIL, booking_id=booking_id, last_message_at=at
        )
        db.session.add(thread)
        db.session.flush()
    return thread


def send(
    client: Client,
    channel: Channel,
    recipient: str,
    subject: str,
    text: str,
    *,
    at: datetime,
    due_at: datetime | None = None,
    message: Message | None = None,
) -> Delivery:
    """Into the outbox, in the same transaction as what it tells of."""
    delivery = Delivery(
        client_id=client.id,
        message_id=message.id if message else None,
        channel=channel,
        recipient=recipient,
        subject=subject,
        text=text,
        header_id=uuid4().hex,
        due_at=due_at or at,
        created_at=at,
    )
    db.session.add(delivery)
    return delivery


@atomic
def take_back(message_id: int) -> bool:
    """Remove a message that has not gone out yet; one that has stays, and the answer is no."""
    message = db.session.get(Message, message_id)
    if message is None or (message.delivery and (message.delivery.tries or message.delivery.sent_at)):
        return False
    thread = message.thread
    if message.delivery:
        db.session.delete(message.delivery)
    db.session.delete(message)
    db.session.flush()
    last = db.session.scalar(
        select(Message.written_at).where(Message.thread_id == thread.id).order_by(Message.id.desc()).limit(1)
    )
    if last is None:
        db.session.delete(thread)
    else:
        thread.last_message_at = last
    return True
