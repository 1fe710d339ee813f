"""Who is here: a client or a member of staff, never both by one credential."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from flask import Flask, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user
from sqlalchemy import bindparam, func, select, true

from portal.business_here import BUSINESS, THE_BUSINESS, BusinessHere
from portal.cookies import TwoCookies, key_of_staff, side
from portal.db import AnySelect, first_of, now, rows_of, written
from portal.models import Author, Business, Client, Document, Member, Message, Role, SignIn, Told
from portal.rules import requests, service_requests, sign_ins, vaccine_checks, viewing
from portal.rules.actors import Actor
from portal.settings import settings

logins = LoginManager()


@dataclass(frozen=True, slots=True)
class ClientHere(UserMixin):
    id: int
    first_name: str
    last_name: str
    email: str | None
    account_number: str
    photo_id: int | None
    unread: int
    new_documents: int
    viewer: viewing.Viewer | None
    sign_in_id: int
    key: str

    def get_id(self) -> str:
        return self.key

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def actor(self) -> Actor:
        """Whoever is behind the changes: staff, while they look on from the desk."""
        return self.viewer.actor if self.viewer else Actor("client", self.id, self.name)


@dataclass(frozen=True, slots=True)
class MemberHere(UserMixin):
    id: int
    name: str
    role: Role
    inbox: int
    notices: int
    vaccines: int
    requests: int
    sign_in_id: int
    key: str

    def get_id(self) -> str:
        return self.key

    @property
    def first_name(self) -> str:
        return self.name.split()[0]

    @property
    def actor(self) -> Actor:
        return Actor("member", self.id, self.name)


UNREAD = (
    select(func.count())
    .where(Message.client_id == Client.id, Message.seen_at.is_(None), Message.author != written(Author.CLIENT))
    .scalar_subquery()
)
NEW_DOCUMENTS = (
    select(func.count())
    .where(
        Document.client_id == Client.id,
        Document.seen_at.is_(None),
        Document.from_client.is_(False),
        Document.visible.is_(True),
        Document.removed_at.is_(None),
    )
    .scalar_subquery()
)
SIGN_IN = [SignIn.id, SignIn.seen_at, SignIn.idle_until, SignIn.ends_at, SignIn.remembered]
CLIENT_HERE: AnySelect = viewing.with_viewer(
    select(
        *SIGN_IN,
        Client.deactivated_at,
        Client.id,
        Client.first_name,
        Client.last_name,
        Client.email,
        Client.account_number,
        Client.photo_id,
        UNREAD,
        NEW_DOCUMENTS,
        *viewing.VIEWER,
        *BUSINESS,
    )
    .join(Client, SignIn.client_id == Client.id)
    .join(Business, true())
    .where(SignIn.key_hash == bindparam("key_hash"))
)
ASKED = Message.seen_at.is_(None) & (Message.author == written(Author.CLIENT))
INBOX = select(func.count(Message.thread_id.distinct())).where(ASKED).scalar_subquery()
# A hundred are as many as anybody wants to know of, and as many as are counted.
UNSEEN = select(Told.notice_id).where(Told.member_id == Member.id, Told.seen_at.is_(None)).correlate(Member)
SOME = first_of(UNSEEN, 100)
NOTICES = select(func.count()).select_from(SOME.subquery()).scalar_subquery()
REQUESTS = requests.HOW_MANY + service_requests.HOW_MANY
COUNTED = [INBOX, NOTICES, vaccine_checks.HOW_MANY, REQUESTS]
MEMBER_HERE: AnySelect = (
    select(*SIGN_IN, Member.deactivated_at, Member.id, Member.name, Member.role, *COUNTED, *BUSINESS)
    .join(Member, SignIn.member_id == Member.id)
    .join(Business, true())
    .where(SignIn.key_hash == bindparam("key_hash"))
)


@logins.user_loader
def load(key: str) -> ClientHere | MemberHere | None:
    staff = side() == "staff"
    moment = now()
    named = {"key_hash": sign_ins.digest(key), **({"since": requests.since(moment)} if staff else {})}
    found = rows_of(MEMBER_HERE if staff else CLIENT_HERE, named).first()
    if found is None:
        return None
    row = tuple(found)
    sign_in_id, seen_at, idle_until, ends_at, remembered, deactivated_at = row[:6]
    if deactivated_at or moment >= idle_until or moment >= ends_at:
        return None
    idle = idle_time(staff, remembered)
    if moment - seen_at > min(sign_ins.TOUCH_AFTER, idle / 12) and not asks_by_itself():
        sign_ins.touch(sign_in_id, idle=idle, at=moment)
    g.business = BusinessHere(*row[-len(BUSINESS) :])
    mine = row[6 : -len(BUSINESS)]
    if staff:
        return MemberHere(*mine, sign_in_id, key)
    facts, viewer = mine[: -len(viewing.VIEWER)], viewing.viewer(mine[-len(viewing.VIEWER) :])
    return None if viewer and viewer.is_gone(moment) else ClientHere(*facts, viewer, sign_in_id, key)


def asks_by_itself() -> bool:
    """A page that keeps itself up to date is not somebody who is still there."""
    return request.headers.get("HX-Trigger") == "watch"


def idle_time(staff: bool, remembered: bool) -> timedelta:
    if staff:
        return timedelta(minutes=settings().staff_idle_minutes)
    return sign_ins.REMEMBERED_IDLE if remembered else sign_ins.CLIENT_IDLE


def business() -> BusinessHere:
    """The business, from the same query as the person where somebody is signed in."""
    if "business" not in g:
        g.business = BusinessHere(*rows_of(THE_BUSINESS).one())
    return cast(BusinessHere, g.business)


def sign_in_client(client: Client, *, remember: bool = False, at: datetime) -> None:
    """A new row and a new cookie; whatever the old cookie held is gone, its CSRF secret too."""
    end_former()
    key = sign_ins.begin_for_client(client, remember=remember, device=request.user_agent.string, at=at)
    begin_cookie(key, remember)


def sign_in_member(member: Member, *, at: datetime) -> None:
    lasts = timedelta(hours=settings().staff_hours)
    end_former()
    key = sign_ins.begin_for_member(
        member, idle=idle_time(True, False), end=lasts, device=request.user_agent.string, at=at
    )
    begin_cookie(key, remember=False)


def sign_in_viewer(ticket: str, *, at: datetime) -> None:
    """Staff come over from the desk in this browser; their own sign-in stays as it is, in its own cookie."""
    key = viewing.enter(ticket, key_of_staff(), device=request.user_agent.string, at=at)
    end_former()
    begin_cookie(key, remember=False)


def end_former() -> None:
    """First, because a new row may get the id of one that is gone."""
    if former := here():
        end(former)


def end(person: ClientHere | MemberHere) -> None:
    if isinstance(person, MemberHere):
        viewing.leave_all(person.sign_in_id, by=person.actor, at=now())
    if isinstance(person, ClientHere) and person.viewer:
        viewing.leave(person.sign_in_id, person.id, by=person.actor, at=now())
    else:
        sign_ins.end(person.sign_in_id)


def begin_cookie(key: str, remember: bool) -> None:
    session.clear()
    g.pop("csrf_token", None)
    session.permanent = remember
    session["_user_id"] = key
    g.pop("_login_user", None)
    person = load(key)
    if person:
        login_user(person, force=True)


def sign_out() -> None:
    person = here()
    if person:
        end(person)
    session.clear()
    g.pop("_login_user", None)


def here() -> ClientHere | MemberHere | None:
    """Whoever is signed in on this side, or nobody."""
    person = g.get("_login_user") or current_user._get_current_object()
    return person if isinstance(person, ClientHere | MemberHere) else None


def init_app(app: Flask) -> None:
    logins.init_app(app)
    logins.session_protection = None
    app.session_interface = TwoCookies()
    app.permanent_session_lifetime = sign_ins.REMEMBERED_END
