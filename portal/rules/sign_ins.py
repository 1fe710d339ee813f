"""Sign-ins: rows behind the cookies. Ending the row ends the sign-in, wherever the cookie has been copied to."""

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import delete, or_, select, update

from portal.db import atomic, db
from portal.models import Client, Member, SignIn

CLIENT_IDLE, CLIENT_END = timedelta(days=14), timedelta(days=30)
REMEMBERED_IDLE, REMEMBERED_END = timedelta(days=90), timedelta(days=365)
TOUCH_AFTER = timedelta(minutes=5)
JUST_NOW = timedelta(minutes=10)


def digest(key: str) -> str:
    return sha256(key.encode()).hexdigest()


@atomic
def begin_for_client(client: Client, *, remember: bool, device: str, at: datetime) -> str:
    """Sign a client in on one device and return the key for its cookie."""
    idle, end = (REMEMBERED_IDLE, REMEMBERED_END) if remember else (CLIENT_IDLE, CLIENT_END)
    return begin(SignIn(client_id=client.id, remembered=remember), idle, end, device, at)


@atomic
def begin_for_member(member: Member, *, idle: timedelta, end: timedelta, device: str, at: datetime) -> str:
    return begin(SignIn(member_id=member.id), idle, end, device, at)


def begin(row: SignIn, idle: timedelta, end: timedelta, device: str, at: datetime) -> str:
    key = token_urlsafe(32)
    row.key_hash = digest(key)
    row.began_at = row.seen_at = at
    row.idle_until, row.ends_at = at + idle, at + end
    row.device = device[:200]
    db.session.add(row)
    return key


@atomic
def touch(sign_in_id: int, *, idle: timedelta, at: datetime) -> None:
    """The person is still there."""
    db.session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=at, idle_until=at + idle))


@atomic
def end(sign_in_id: int) -> None:
    db.session.execute(delete(SignIn).where(SignIn.id == sign_in_id))


@atomic
def end_all(*, client_id: int | None = None, member_id: int | None = None, but: int | None = None) -> None:
    """End every sign-in of one person, except perhaps the one that asks."""
    mine = SignIn.client_id == client_id if client_id else SignIn.member_id == member_id
    db.session.execute(delete(SignIn).where(mine, SignIn.id != (but or 0)))


@atomic
def end_one(sign_in_id: int, *, client_id: int) -> bool:
    """End a client's sign-in elsewhere; there may be none by that id."""
    ended = delete(SignIn).where(SignIn.id == sign_in_id, SignIn.client_id == client_id).returning(SignIn.id)
    return db.session.execute(ended).first() is not None


def of_client(client_id: int, *, at: datetime) -> list[SignIn]:
    """Where a client is signed in, the latest first."""
    own = select(SignIn).where(SignIn.client_id == client_id, SignIn.viewer_id.is_(None))
    alive = own.where(SignIn.idle_until > at, SignIn.ends_at > at)
    return list(db.session.scalars(alive.order_by(SignIn.seen_at.desc(), SignIn.id.desc()).limit(50)))


def one(sign_in_id: int) -> SignIn:
    return db.session.get_one(SignIn, sign_in_id)


def is_fresh(sign_in: SignIn, *, at: datetime) -> bool:
    """Who came in just now need not show again who they are."""
    return at - sign_in.began_at <= JUST_NOW


@atomic
def sweep(at: datetime) -> None:
    db.session.execute(delete(SignIn).where(or_(SignIn.idle_until < at, SignIn.ends_at < at)))
