"""The list of a client's threads, the newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, func, select, tuple_

from portal.db import rows_of
from portal.models import Attachment, Author, Booking, Channel, File, Message, Service, Thread
from portal.rules.agendas import LONG, Stretch, cursor, stretch
from portal.rules.threads import UNREAD

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
