"""Inboxes: every client's threads as staff see them, and one of them opened."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, exists, func, literal_column, select, tuple_, update

from portal.db import AnySelect, atomic, db, rows_of
from portal.models import (
    Author,
    Booking,
    Channel,
    Client,
    Delivery,
    Member,
    Message,
    Pet,
    Service,
    Thread,
)
from portal.rules import thread_lists
from portal.rules.agendas import LONG, Stretch, cursor, stretch
from portal.rules.conversations import Topic
from portal.rules.packing import packed, units
from portal.rules.refused import Refused

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


# Written out, so that the database sees the conditions of the partial indexes in them.
NOT_READ = Message.seen_at.is_(None) & (Message.author == literal_column("'client'"))
GIVEN_UP = Delivery.state == literal_column("'failed'")
UNREAD_COUNT = select(func.count()).where(Message.thread_id == Thread.id, NOT_READ).scalar_subquery()
LOST = exists().where(Message.thread_id == Thread.id, Delivery.message_id == Message.id, GIVEN_UP)
PETS = select(packed(Pet.name)).where(Pet.client_id == Client.id).scalar_subquery()
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


NEWEST: AnySelect = select(func.max(Message.id))


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
            NEWEST.scalar_subquery(),
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


def page(which: str, member_id: int, *, after: tuple[datetime, int, int] | None) -> tuple[Stretch, int]:
    """The newest activity first, a page at a time, in one query; and the newest message of all, if any is listed."""
    names: dict[str, Any] = {"member_id": member_id} if which == MINE else {}
    if after:
        names |= {"at": after[0], "id": after[2]}
    found = [tuple(row) for row in rows_of((FOLLOWING if after else FIRST)[which], names)]
    rows = stretch([inbox_row(row) for row in found], lambda row: cursor(row.last_message_at, 0, row.id))
    return rows, found[0][16] if found else 0


def beside(which: str, member_id: int) -> Stretch:
    """The newest few, for the list beside an opened thread."""
    names = {"member_id": member_id} if which == MINE else {}
    rows = [inbox_row(tuple(row)) for row in rows_of(FEW[which], names)]
    return stretch(rows, lambda row: cursor(row.last_message_at, 0, row.id), most=thread_lists.BESIDE)


def newest() -> int:
    """The id of the newest message of all, by which a page that stays open knows that there is news."""
    return rows_of(NEWEST).scalar() or 0


def inbox_row(row: tuple[Any, ...]) -> InboxRow:
    pets = sorted(units(row[14]))
    return InboxRow(*(*row[:14], pets, row[15]))


def preview(row: InboxRow) -> str:
    """How the last message begins, and whose it is where it is not the client's."""
    words = " ".join((row.text or "").split()) or row.file_name or ""
    if row.author == Author.CLIENT:
        return words
    return f"{(row.author_name or 'Automatic').split(' ')[0]}: {words}"


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
