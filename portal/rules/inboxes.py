"""Inboxes: every client's threads as staff see them, and one of them opened."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Integer, String, bindparam, cast, exists, func, literal_column, select, tuple_, update

from portal.db import AnySelect, atomic, db, rows_of
from portal.models import (
    Author,
    Booking,
    Channel,
    Client,
    Delivery,
    DeliveryState,
    Member,
    Message,
    Pet,
    Service,
    Thread,
)
from portal.rules import thread_lists, threads
from portal.rules.agendas import LONG, Stretch, cursor, stretch
from portal.rules.refused import Refused
from portal.rules.standing import FIELD, UNIT

ALL, UNREAD, MINE, UNASSIGNED, FAILED = "all", "unread", "mine", "unassigned", "failed"
FILTERS = {ALL: "All", UNREAD: "Unread", MINE: "Mine", UNASSIGNED: "Unassigned", FAILED: "Failed"}


@dataclass(slots=True)
class InboxRow:
    """One line of the list, with as much of the last message as fits."""

    id: int
    subject: str
    channel: Channel
    last_message_at: datetime
    unread: int
    failed: bool
    author: Author | None
    author_name: str | None
    text: str | None
    from_portal: bool | None
    file_name: str | None
    service: str | None
    first_name: str
    last_name: str
    pets: list[str]
    member: str | None


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


# Written out, so that the database sees the conditions of the partial indexes in them.
NOT_READ = Message.seen_at.is_(None) & (Message.author == literal_column("'client'"))
GIVEN_UP = Delivery.state == literal_column("'failed'")
UNREAD_COUNT = select(func.count()).where(Message.thread_id == Thread.id, NOT_READ).scalar_subquery()
LOST = exists().where(Message.thread_id == Thread.id, Delivery.message_id == Message.id, GIVEN_UP)
PETS = select(func.aggregate_strings(Pet.name, UNIT)).where(Pet.client_id == Client.id).scalar_subquery()
THREADS: AnySelect = (
    select(
        Thread.id,
        Thread.subject,
        Thread.channel,
        Thread.last_message_at,
        Thread.booking_id,
        Thread.client_id,
        Thread.member_id,
        thread_lists.LAST.label("last_id"),
        UNREAD_COUNT.label("unread"),
        LOST.label("failed"),
    )
    .order_by(Thread.last_message_at.desc(), Thread.id.desc())
    .limit(LONG + 1)
)
# There are few of these: they are found by their own index, and then sorted.
WITH_UNREAD = select(Message.thread_id).where(NOT_READ)
WITH_FAILED = select(Message.thread_id).where(Message.id.in_(select(Delivery.message_id).where(GIVEN_UP)))
CHOSEN: dict[str, AnySelect] = {
    ALL: THREADS,
    UNREAD: THREADS.where(Thread.id.in_(WITH_UNREAD)),
    MINE: THREADS.where(Thread.member_id == bindparam("member_id", type_=Integer)),
    UNASSIGNED: THREADS.where(Thread.member_id.is_(None)),
    FAILED: THREADS.where(Thread.id.in_(WITH_FAILED)),
}


def listed(chosen: AnySelect) -> AnySelect:
    page = chosen.subquery()
    return (
        select(
            page.c.id,
            page.c.subject,
            page.c.channel,
            page.c.last_message_at,
            page.c.unread,
            page.c.failed,
            Message.author,
            Message.author_name,
            func.substr(Message.text, 1, thread_lists.GLANCE),
            Message.from_portal,
            thread_lists.FILE_NAME,
            Service.name,
            Client.first_name,
            Client.last_name,
            PETS,
            Member.name,
        )
        .join(Client, Client.id == page.c.client_id)
        .outerjoin(Message, Message.id == page.c.last_id)
        .outerjoin(Booking, Booking.id == page.c.booking_id)
        .outerjoin(Service, Service.id == Booking.service_id)
        .outerjoin(Member, Member.id == page.c.member_id)
        .order_by(page.c.last_message_at.desc(), page.c.id.desc())
    )


def following(chosen: AnySelect) -> AnySelect:
    last = tuple_(bindparam("at", type_=Thread.last_message_at.type), bindparam("id", type_=Integer))
    return listed(chosen.where(tuple_(Thread.last_message_at, Thread.id) < last))


FIRST = {name: listed(chosen) for name, chosen in CHOSEN.items()}
FEW = {name: listed(chosen.limit(thread_lists.BESIDE + 1)) for name, chosen in CHOSEN.items()}
FOLLOWING = {name: following(chosen) for name, chosen in CHOSEN.items()}


def page(which: str, member_id: int, *, after: tuple[datetime, int, int] | None) -> Stretch:
    """The newest activity first, a page at a time, in one query."""
    names: dict[str, Any] = {"member_id": member_id} if which == MINE else {}
    if after:
        names |= {"at": after[0], "id": after[2]}
    rows = [inbox_row(tuple(row)) for row in rows_of((FOLLOWING if after else FIRST)[which], names)]
    return stretch(rows, lambda row: cursor(row.last_message_at, 0, row.id))


def beside(which: str, member_id: int) -> Stretch:
    """The newest few, for the list beside an opened thread."""
    names = {"member_id": member_id} if which == MINE else {}
    rows = [inbox_row(tuple(row)) for row in rows_of(FEW[which], names)]
    return stretch(rows, lambda row: cursor(row.last_message_at, 0, row.id), most=thread_lists.BESIDE)


def inbox_row(row: tuple[Any, ...]) -> InboxRow:
    pets = sorted(row[14].split(UNIT)) if row[14] else []
    return InboxRow(*(*row[:14], pets, row[15]))


def preview(row: InboxRow) -> str:
    """How the last message begins, and whose it is where it is not the client's."""
    words = " ".join((row.text or "").split()) or row.file_name or ""
    if row.author == Author.CLIENT:
        return words
    return f"{(row.author_name or 'Automatic').split(' ')[0]}: {words}"


FATES = threads.SPOKEN.add_columns(
    Message.sent_from, Delivery.state, Delivery.tries, Delivery.last_error, Delivery.recipient
)
STAFF = (
    select(func.aggregate_strings(cast(Member.id, String) + FIELD + Member.name, UNIT))
    .where(Member.deactivated_at.is_(None))
    .scalar_subquery()
)
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
    people = (one.split(FIELD, 1) for one in told.split(UNIT)) if told else ()
    return sorted((Colleague(int(id), name) for id, name in people), key=lambda one: (one.name, one.id))


def said(message: Message) -> Shown:
    """One message, to be added where the thread is open."""
    return shown(rows_of(FATES.where(Message.id == message.id)).one())


def shown(row: Any) -> Shown:
    files = [threads.attached(told) for told in row[8].split(UNIT)] if row[8] else []
    return Shown(*(*row[:8], sorted(files), row[15], Fate(*row[16:20]) if row[16] else None))


@atomic
def read(thread: Thread | Topic, *, at: datetime) -> None:
    """A member of staff has the thread open: what the client wrote there is seen, for everybody at the desk."""
    db.session.execute(
        update(Message)
        .where(Message.thread_id == thread.id, NOT_READ)
        .values(seen_at=at)
        .execution_options(synchronize_session=False)
    )


@atomic
def assign(thread: Thread, member_id: int | None) -> None:
    """Somebody takes care of the thread, or nobody in particular."""
    member = db.session.get(Member, member_id) if member_id else None
    if member_id and (member is None or member.deactivated_at):
        raise Refused("This member of staff is no longer here. Reload the page and choose somebody else.")
    thread.member_id = member_id


def colleagues() -> list[Colleague]:
    """Everybody who may take care of a thread."""
    staff = select(Member.id, Member.name).where(Member.deactivated_at.is_(None)).order_by(Member.name, Member.id)
    return [Colleague(*row) for row in rows_of(staff)]
