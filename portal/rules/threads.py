"""Threads as a client sees them: the list of all, and one of them opened."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Integer, String, bindparam, cast, func, literal_column, select, tuple_, update

from portal.db import atomic, db, rows_of
from portal.models import Attachment, Author, Booking, Channel, Delivery, File, Location, Message, Service, Thread
from portal.rules.agendas import LONG, Stretch, cursor, stretch
from portal.rules.standing import FIELD, UNIT

AT_ONCE = 30
BESIDE = 12
GLANCE = 200


@dataclass(slots=True)
class ThreadRow:
    """One line of the list, with as much of the last message as fits."""

    id: int
    subject: str
    channel: Channel
    last_message_at: datetime
    unread: int
    author: Author | None
    author_name: str | None
    text: str | None
    file_name: str | None
    service: str | None


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
LAST = select(func.max(Message.id)).where(Message.thread_id == Thread.id).scalar_subquery()
UNREAD_COUNT = (
    select(func.count())
    .where(Message.client_id == Thread.client_id, Message.thread_id == Thread.id, UNREAD)
    .scalar_subquery()
)
THREADS = (
    select(
        Thread.id,
        Thread.subject,
        Thread.channel,
        Thread.last_message_at,
        Thread.booking_id,
        LAST.label("last_id"),
        UNREAD_COUNT.label("unread"),
    )
    .where(Thread.client_id == bindparam("client_id", type_=Integer))
    .order_by(Thread.last_message_at.desc(), Thread.id.desc())
    .limit(LONG + 1)
)
FILE_NAME = (
    select(func.min(File.name))
    .join(Attachment, Attachment.file_id == File.id)
    .where(Attachment.message_id == Message.id)
    .scalar_subquery()
)


def listed(threads: Any) -> Any:
    page = threads.subquery()
    return (
        select(
            page.c.id,
            page.c.subject,
            page.c.channel,
            page.c.last_message_at,
            page.c.unread,
            Message.author,
            Message.author_name,
            func.substr(Message.text, 1, GLANCE),
            FILE_NAME,
            Service.name,
        )
        .outerjoin(Message, Message.id == page.c.last_id)
        .outerjoin(Booking, Booking.id == page.c.booking_id)
        .outerjoin(Service, Service.id == Booking.service_id)
        .order_by(page.c.last_message_at.desc(), page.c.id.desc())
    )


FIRST = listed(THREADS)
FEW = listed(THREADS.limit(BESIDE + 1))
FOLLOWING = listed(
    THREADS.where(
        tuple_(Thread.last_message_at, Thread.id)
        < tuple_(bindparam("at", type_=Thread.last_message_at.type), bindparam("id", type_=Integer))
    )
)


def page(client_id: int, *, after: tuple[datetime, int, int] | None) -> Stretch:
    """The newest activity first, a page at a time, in one query."""
    names: dict[str, Any] = {"client_id": client_id}
    if after:
        names |= {"at": after[0], "id": after[2]}
    rows = [ThreadRow(*row) for row in rows_of(FOLLOWING if after else FIRST, names)]
    return stretch(rows, lambda row: cursor(row.last_message_at, 0, row.id))


def beside(client_id: int) -> Stretch:
    """The newest few, for the list beside an opened thread."""
    rows = [ThreadRow(*row) for row in rows_of(FEW, {"client_id": client_id})]
    return stretch(rows, lambda row: cursor(row.last_message_at, 0, row.id), most=BESIDE)


def glance(row: ThreadRow) -> str:
    """How the last message begins, and whose it is: “You: …”, “Nina: …”."""
    words = " ".join((row.text or "").split()) or row.file_name or ""
    if row.author == Author.CLIENT:
        return f"You: {words}"
    first_name = (row.author_name or "").split(" ")[0]
    return f"{first_name}: {words}" if first_name else words


FILES = (
    select(
        func.aggregate_strings(
            cast(Attachment.id, String) + FIELD + cast(File.size, String) + FIELD + File.type + FIELD + File.name,
            UNIT,
        )
    )
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
        first_unread=next((m.id for m in messages if m.seen_at is None and m.author != Author.CLIENT), None),
    )


def said(message: Message) -> Spoken:
    """One message, to be added where the thread is open."""
    return spoken(rows_of(SPOKEN.where(Message.id == message.id)).one())


def spoken(row: Any) -> Spoken:
    files = [attached(told) for told in row[8].split(UNIT)] if row[8] else []
    return Spoken(*(*row[:8], sorted(files)))


def attached(told: str) -> Attached:
    id, size, type, name = told.split(FIELD, 3)
    return Attached(int(id), int(size), type, name)


@atomic
def see(thread: Thread | Topic, *, at: datetime) -> None:
    """The client has the thread open: what the business wrote there is seen."""
    db.session.execute(
        update(Message)
        .where(Message.client_id == thread.client_id, Message.thread_id == thread.id, UNREAD)
        .values(seen_at=at)
        .execution_options(synchronize_session=False)
    )
