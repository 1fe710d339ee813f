"""A thread as its client sees it, opened."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, func, literal_column, select, update

from portal.db import atomic, db, rows_of
from portal.models import Attachment, Author, Booking, Channel, Delivery, File, Location, Message, Service, Thread
from portal.rules.packing import packed, unpacked

AT_ONCE = 30
# What is said while a page stays open is all shown again each time, so that none of it goes from before their eyes.
MOST_NEWER = 500


class Attached(NamedTuple):
    id: int
    size: int
    type: str
    name: str


@dataclass(slots=True)
class Spoken:
    """A message as a bubble shows it."""

    id: int
    author: Author
    author_name: str
    text: str
    from_portal: bool
    written_at: datetime
    seen_at: datetime | None
    channel: Channel
    files: list[Attached]


@dataclass(slots=True)
class About:
    """The booking that a thread is about."""

    id: int
    service: str
    starts_at: datetime
    ends_at: datetime
    location: str
    zone: str


class Topic(NamedTuple):
    """What a thread is called, and whose it is."""

    id: int
    client_id: int
    subject: str


@dataclass(slots=True)
class Opened:
    """One page of a thread, oldest first; `before` leads to what was said earlier."""

    messages: list[Spoken]
    before: int | None
    about: About | None
    first_unread: int | None


# Written out, so that the database sees the condition of the partial index in it.
UNREAD = Message.seen_at.is_(None) & (Message.author != literal_column("'client'"))
FILES = (
    select(packed(Attachment.id, File.size, File.type, File.name))
    .select_from(Attachment)
    .join(File, File.id == Attachment.file_id)
    .where(Attachment.message_id == Message.id)
    .scalar_subquery()
)
SPOKEN = (
    select(
        Message.id,
        Message.author,
        Message.author_name,
        Message.text,
        Message.from_portal,
        Message.written_at,
        Message.seen_at,
        func.coalesce(Delivery.channel, Thread.channel),
        FILES,
        Booking.id,
        Service.name,
        Booking.starts_at,
        Booking.ends_at,
        Location.name,
        Location.time_zone,
    )
    .select_from(Thread)
    .outerjoin(Message, Message.thread_id == Thread.id)
    .outerjoin(Delivery, Delivery.message_id == Message.id)
    .outerjoin(Booking, Booking.id == Thread.booking_id)
    .outerjoin(Service, Service.id == Booking.service_id)
    .outerjoin(Location, Location.id == Booking.location_id)
    .order_by(Message.id.desc())
)
NEWEST = (
    SPOKEN.add_columns(Thread.id, Thread.client_id, Thread.subject)
    .where(
        Thread.id == bindparam("thread_id", type_=Integer),
        Thread.client_id == bindparam("client_id", type_=Integer),
    )
    .limit(AT_ONCE + 1)
)
EARLIER = NEWEST.where(Message.id < bindparam("before", type_=Integer))
NEWER = NEWEST.where(Message.id > bindparam("after", type_=Integer)).limit(MOST_NEWER)


def opened(thread_id: int, client_id: int, *, before: int | None = None) -> tuple[Topic, Opened] | None:
    """A client's thread with its newest messages, or those before one of them, in one query.

    None where the client has no such thread, or nothing was said before.
    """
    names = {"thread_id": thread_id, "client_id": client_id} | ({"before": before} if before else {})
    rows = rows_of(EARLIER if before else NEWEST, names).all()
    if not rows:
        return None
    messages = [spoken(row) for row in rows[:AT_ONCE] if row[0]][::-1]
    return Topic(*rows[0][15:]), Opened(
        messages=messages,
        before=messages[0].id if len(rows) > AT_ONCE else None,
        about=About(*rows[0][9:15]) if rows[0][9] else None,
        first_unread=next((message.id for message in messages if is_unread(message)), None),
    )


def newer(thread_id: int, client_id: int, *, after: int) -> list[Spoken]:
    """What was said after one message, oldest first; nothing in a thread that is not the client's."""
    rows = rows_of(NEWER, {"thread_id": thread_id, "client_id": client_id, "after": after})
    return [spoken(row) for row in rows][::-1]


def is_unread(message: Spoken) -> bool:
    return message.seen_at is None and message.author != Author.CLIENT


def said(message: Message) -> Spoken:
    """One message, to be added where the thread is open."""
    return spoken(rows_of(SPOKEN.where(Message.id == message.id)).one())


def spoken(row: Any) -> Spoken:
    return Spoken(*(*row[:8], attached(row[8])))


def attached(told: str | None) -> list[Attached]:
    return sorted(Attached(int(id), int(size), type, name) for id, size, type, name in unpacked(told, 4))


@atomic
def see(thread: Thread | Topic, *, at: datetime) -> None:
    """The client has the thread open: what the business wrote there is seen."""
    db.session.execute(
        update(Message)
        .where(Message.client_id == thread.client_id, Message.thread_id == thread.id, UNREAD)
        .values(seen_at=at)
        .execution_options(synchronize_session=False)
    )
