"""Messages: threads, what is written into them, and what is to be sent because of it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from portal.db import atomic, db
from portal.models import Attachment, Author, Booking, Channel, Client, Delivery, File, Message, NoticeKind, Thread
from portal.rules import addresses, notices
from portal.rules.actors import Actor
from portal.rules.standing import Standing


@atomic
def start(
    client: Client,
    subject: str,
    text: str,
    *,
    by: Actor,
    at: datetime,
    files: Sequence[File] = (),
    booking_id: int | None = None,
    key: str | None = None,
) -> Message:
    """A client writes to the business about something new."""

    def write() -> Message:
        thread = new_thread(client, subject, Channel.EMAIL, booking_id, at)
        return from_client(thread, text, files, key, by, at)

    return once(client.id, key, write)


@atomic
def reply(
    thread: Thread, text: str, *, by: Actor, at: datetime, files: Sequence[File] = (), key: str | None = None
) -> Message:
    """A client writes into a thread."""
    return once(thread.client_id, key, lambda: from_client(thread, text, files, key, by, at))


def once(client_id: int, key: str | None, write: Callable[[], Message]) -> Message:
    """A form that is sent twice, even at the same moment, is written once: the second finds what the first wrote."""
    first = select(Message).where(Message.client_id == client_id, Message.key == key)
    if key and (message := db.session.scalar(first)):
        return message
    try:
        with db.session.begin_nested():
            return write()
    except IntegrityError:
        if key and (message := db.session.scalar(first)):
            return message
        raise


def from_client(thread: Thread, text: str, files: Sequence[File], key: str | None, by: Actor, at: datetime) -> Message:
    message = add(thread, Author.CLIENT, by.name, text, at, files, key)
    notices.tell(
        NoticeKind.MESSAGE,
        f"{by.name} wrote: {thread.subject}",
        client_id=thread.client_id,
        thread_id=thread.id,
        booking_id=thread.booking_id,
        by=by,
        at=at,
    )
    return message


@atomic
def begin(
    client: Client,
    subject: str,
    text: str,
    *,
    channel: Channel,
    by: Actor,
    at: datetime,
    files: Sequence[File] = (),
    booking_id: int | None = None,
    key: str | None = None,
) -> Message:
    """A member of staff writes to a client about something new."""

    def write() -> Message:
        thread = new_thread(client, subject, channel, booking_id, at)
        return personal(thread, client, subject, text, files, key, by, at)

    return once(client.id, key, write)


@atomic
def answer(
    thread: Thread, text: str, *, by: Actor, at: datetime, files: Sequence[File] = (), key: str | None = None
) -> Message:
    """A member of staff writes into a thread; it goes out the way the thread goes, whatever the client's opt-outs."""
    client, subject = db.session.get_one(Client, thread.client_id), f"Re: {thread.subject}"
    return once(client.id, key, lambda: personal(thread, client, subject, text, files, key, by, at))


def personal(
    thread: Thread,
    client: Client,
    subject: str,
    text: str,
    files: Sequence[File],
    key: str | None,
    by: Actor,
    at: datetime,
) -> Message:
    recipient = addresses.checked(client, thread.channel, text)
    message = add(thread, Author.MEMBER, by.name, text, at, files, key)
    send(client, thread.channel, recipient, subject, text, at=at, message=message)
    return message


@atomic
def tell_client(
    client: Client,
    subject: str,
    text: str,
    *,
    at: datetime,
    booking_id: int | None = None,
    due_at: datetime | None = None,
    channel: Channel = Channel.EMAIL,
) -> Message:
    """Write an automatic message into the booking's thread, or a new one; it goes out when due, if they want such."""
    thread = thread_for(client, subject, booking_id, at, channel)
    message = add(thread, Author.AUTOMATIC, "", text, at)
    recipient = addresses.of(client, channel)
    unwanted = client.no_automatic_text if channel == Channel.SMS else client.no_automatic_email
    if recipient and not unwanted:
        send(client, channel, recipient, subject, text, at=at, due_at=due_at, message=message)
    return message


def thread_for(
    client: Client, subject: str, booking_id: int | None, at: datetime, channel: Channel = Channel.EMAIL
) -> Thread:
    """The booking's thread that goes the same way, or a new one."""
    thread = None
    if booking_id:
        newest = select(Thread).where(
            Thread.booking_id == booking_id, Thread.client_id == client.id, Thread.channel == channel
        )
        thread = db.session.scalar(newest.order_by(Thread.last_message_at.desc(), Thread.id.desc()).limit(1))
    return thread or new_thread(client, subject, channel, booking_id, at)


def new_thread(client: Client, subject: str, channel: Channel, booking_id: int | None, at: datetime) -> Thread:
    thread = Thread(client_id=client.id, subject=subject, channel=channel, booking_id=booking_id, last_message_at=at)
    db.session.add(thread)
    db.session.flush()
    return thread


def add(
    thread: Thread,
    author: Author,
    name: str,
    text: str,
    at: datetime,
    files: Sequence[File] = (),
    key: str | None = None,
) -> Message:
    message = Message(
        client_id=thread.client_id,
        thread_id=thread.id,
        author=author,
        author_name=name,
        text=text,
        from_portal=author == Author.CLIENT,
        written_at=at,
        key=key,
    )
    db.session.add(message)
    db.session.flush()
    db.session.add_all(Attachment(client_id=thread.client_id, message_id=message.id, file_id=file.id) for file in files)
    thread.last_message_at = max(thread.last_message_at, at)
    db.session.flush()
    return message


def send(
    client: Client | None,
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
        client_id=client.id if client else None,
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


def threads_of(booking: Booking | Standing) -> list[Thread]:
    """The threads about one booking, newest activity first."""
    about = select(Thread).where(Thread.booking_id == booking.id, Thread.client_id == booking.client_id)
    return list(db.session.scalars(about.order_by(Thread.last_message_at.desc(), Thread.id.desc())))


@atomic
def take_back(message_id: int) -> bool:
    """Remove a message that has not gone out yet; one that has stays, and the answer is no."""
    outgoing = select(Delivery).where(Delivery.message_id == message_id).with_for_update()
    delivery = db.session.scalar(outgoing.execution_options(populate_existing=True))
    message = db.session.get(Message, message_id, options=[joinedload(Message.thread)])
    if message is None or (delivery and (delivery.tries or delivery.sent_at)):
        return False
    thread = message.thread
    set_committed_value(message, "delivery", delivery)
    if delivery:
        db.session.delete(delivery)
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
