"""A thread of the inbox, opened at the desk."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, select

from portal.db import rows_of
from portal.models import Author, Channel, Client, Delivery, DeliveryState, Member, Message, Thread
from portal.rules import threads
from portal.rules.packing import packed, unpacked


class Fate(NamedTuple):
    """What became of a message on its way out."""

    state: DeliveryState
    tries: int
    reason: str
    recipient: str


@dataclass(slots=True)
class Shown(threads.Spoken):
    """A message as a bubble at the desk shows it."""

    sent_from: str
    fate: Fate | None


class Colleague(NamedTuple):
    id: int
    name: str


@dataclass(slots=True)
class Correspondent:
    """As much of a client as stands about a thread."""

    id: int
    first_name: str
    last_name: str
    email: str | None
    phone: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass(slots=True)
class Topic:
    """What a thread is called, whose it is, and who takes care of it."""

    id: int
    subject: str
    channel: Channel
    member_id: int | None
    client: Correspondent


FATES = threads.SPOKEN.add_columns(
    Message.sent_from, Delivery.state, Delivery.tries, Delivery.last_error, Delivery.recipient
)
STAFF = select(packed(Member.id, Member.name)).where(Member.deactivated_at.is_(None)).scalar_subquery()
NEWEST = (
    FATES.add_columns(
        *(Thread.id, Thread.subject, Thread.channel, Thread.member_id),
        *(Client.id, Client.first_name, Client.last_name, Client.email, Client.phone),
        STAFF,
    )
    .join(Client, Client.id == Thread.client_id)
    .where(Thread.id == bindparam("thread_id", type_=Integer))
    .limit(threads.AT_ONCE + 1)
)
EARLIER = NEWEST.where(Message.id < bindparam("before", type_=Integer))
NEWER = (
    FATES.where(Message.thread_id == bindparam("thread_id", type_=Integer))
    .where(Message.id > bindparam("after", type_=Integer))
    .limit(threads.MOST_NEWER)
)


def opened(thread_id: int, *, before: int | None = None) -> tuple[Topic, threads.Opened, list[Colleague]] | None:
    """A thread with its newest messages, or those before one of them, and who may take care of it, in one query.

    None where there is no such thread, or nothing was said before.
    """
    names = {"thread_id": thread_id} | ({"before": before} if before else {})
    rows = rows_of(EARLIER if before else NEWEST, names).all()
    if not rows:
        return None
    first = tuple(rows[0])
    messages = [shown(tuple(row)) for row in rows[: threads.AT_ONCE] if row[0]][::-1]
    said = threads.Opened(
        messages=[*messages],
        before=messages[0].id if len(rows) > threads.AT_ONCE else None,
        about=threads.About(*first[9:15]) if first[9] else None,
        first_unread=next((m.id for m in messages if m.seen_at is None and m.author == Author.CLIENT), None),
    )
    topic = Topic(*(*first[20:24], Correspondent(*first[24:29])))
    return topic, said, staff(first[29])


def staff(told: str | None) -> list[Colleague]:
    people = (Colleague(int(id), name) for id, name in unpacked(told, 2))
    return sorted(people, key=lambda one: (one.name, one.id))


def newer(thread_id: int, *, after: int) -> list[Shown]:
    """What was said after one message, oldest first."""
    rows = rows_of(NEWER, {"thread_id": thread_id, "after": after})
    return [shown(tuple(row)) for row in rows][::-1]


def said(message: Message) -> Shown:
    """One message, to be added where the thread is open."""
    return shown(rows_of(FATES.where(Message.id == message.id)).one())


def shown(row: Any) -> Shown:
    return Shown(*(*row[:8], threads.attached(row[8]), row[15], Fate(*row[16:20]) if row[16] else None))


def colleagues() -> list[Colleague]:
    """Everybody who may take care of a thread."""
    staff = select(Member.id, Member.name).where(Member.deactivated_at.is_(None)).order_by(Member.name, Member.id)
    return [Colleague(*row) for row in rows_of(staff)]
