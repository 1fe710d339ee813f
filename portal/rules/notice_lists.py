"""Notice lists: what a member of staff has been told, the latest first, and what of it is new."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, select, tuple_, update

from portal.db import AnySelect, atomic, db
from portal.models import Client, Notice, NoticeKind, Told
from portal.rules.agendas import LONG, Stretch, cursor, stretch
from portal.rules.notices import LABELS

ALL, UNREAD = "all", "unread"
FILTERS = {ALL: "All", UNREAD: "Unread"}


@dataclass(slots=True)
class Line:
    """A notice as the list shows it."""

    id: int
    at: datetime
    seen_at: datetime | None
    kind: NoticeKind
    text: str
    first_name: str
    last_name: str

    @property
    def label(self) -> str:
        return LABELS[self.kind]

    @property
    def client(self) -> str:
        return f"{self.first_name} {self.last_name}"


MINE = (
    select(Told.notice_id, Told.at, Told.seen_at)
    .where(Told.member_id == bindparam("member_id", type_=Integer))
    .order_by(Told.at.desc(), Told.notice_id.desc())
    .limit(LONG + 1)
)
SEEN = tuple_(bindparam("at", type_=Told.at.type), bindparam("id", type_=Integer))
CHOSEN = {ALL: MINE, UNREAD: MINE.where(Told.seen_at.is_(None))}


def listed(chosen: AnySelect) -> AnySelect:
    page = chosen.subquery()
    return (
        select(
            page.c.notice_id, page.c.at, page.c.seen_at, Notice.kind, Notice.text, Client.first_name, Client.last_name
        )
        .join(Notice, Notice.id == page.c.notice_id)
        .join(Client, Client.id == Notice.client_id)
        .order_by(page.c.at.desc(), page.c.notice_id.desc())
    )


FIRST = {name: listed(chosen) for name, chosen in CHOSEN.items()}
FOLLOWING = {name: listed(chosen.where(tuple_(Told.at, Told.notice_id) < SEEN)) for name, chosen in CHOSEN.items()}


def page(which: str, member_id: int, *, after: tuple[datetime, int, int] | None) -> Stretch:
    """A page at a time, in one query."""
    names: dict[str, Any] = {"member_id": member_id} | ({"at": after[0], "id": after[2]} if after else {})
    rows = [Line(*row) for row in db.session.execute((FOLLOWING if after else FIRST)[which], names)]
    return stretch(rows, lambda row: cursor(row.at, 0, row.id))


NEW = update(Told).where(Told.seen_at.is_(None)).execution_options(synchronize_session=False)


@atomic
def read(notice: Notice, member_id: int, *, at: datetime) -> None:
    db.session.execute(NEW.where(Told.notice_id == notice.id, Told.member_id == member_id).values(seen_at=at))


@atomic
def read_thread(thread_id: int, member_id: int, *, at: datetime) -> None:
    """Who has the conversation open knows what was told about it."""
    about = select(Notice.id).where(Notice.thread_id == thread_id)
    db.session.execute(NEW.where(Told.notice_id.in_(about), Told.member_id == member_id).values(seen_at=at))


@atomic
def read_all(member_id: int, *, until: int, at: datetime) -> None:
    """As far as the list went when it was shown: what has come since is new."""
    db.session.execute(NEW.where(Told.member_id == member_id, Told.notice_id <= until).values(seen_at=at))


def newest() -> int:
    """The last notice there is."""
    return db.session.scalar(select(Notice.id).order_by(Notice.id.desc()).limit(1)) or 0
