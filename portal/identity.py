"""Who is here: a client or a member of staff, never both by one credential."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, cast

from flask import Flask, Request, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_login import LoginManager, UserMixin, current_user, login_user
from itsdangerous import BadSignature
from sqlalchemy import bindparam, func, select, true

from portal.db import AnySelect, db, now
from portal.models import Author, Business, Client, Document, Member, Message, Role, SignIn, Told
from portal.rules import sign_ins
from portal.rules.actors import Actor
from portal.settings import settings

logins = LoginManager()


class BusinessHere(NamedTuple):
    """What every page needs to know about the business."""

    name: str
    tagline: str
    hide_name: bool
    logo_id: int | None
    colour: str
    email: str
    phone: str
    time_zone: str
    currency: str
    country: str
    header_label: str
    header_link: str
    registration_open: bool
    neutral_answers: bool
    uploads_open: bool
    vaccine_days: int


BUSINESS = [getattr(Business, name) for name in BusinessHere._fields]
THE_BUSINESS: AnySelect = select(*BUSINESS).order_by(Business.id).limit(1)


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
    sign_in_id: int
    key: str

    def get_id(self) -> str:
        return self.key

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def actor(self) -> Actor:
        return Actor("client", self.id, self.name)


@dataclass(frozen=True, slots=True)
class MemberHere(UserMixin):
    id: int
    name: str
    role: Role
    inbox: int
    notices: int
    sign_in_id: int
    key: str

    def get_id(self) -> str:
        return self.key

    @property
    def actor(self) -> Actor:
        return Actor("member", self.id, self.name)


UNREAD = (
    select(func.count())
    .where(Message.client_id == Client.id, Message.seen_at.is_(None), Message.author != Author.CLIENT)
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
CLIENT_HERE: AnySelect = (
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
        *BUSINESS,
    )
    .join(Client, SignIn.client_id == Client.id)
    .join(Business, true())
    .where(SignIn.key_hash == bindparam("key_hash"))
)
INBOX = (
    select(func.count(Message.thread_id.distinct()))
    .where(Message.seen_at.is_(None), Message.author == Author.CLIENT)
    .scalar_subquery()
)
NOTICES = select(func.count()).where(Told.member_id == Member.id, Told.seen_at.is_(None)).scalar_subquery()
MEMBER_HERE: AnySelect = (
    select(*SIGN_IN, Member.deactivated_at, Member.id, Member.name, Member.role, INBOX, NOTICES, *BUSINESS)
    .join(Member, SignIn.member_id == Member.id)
    .join(Business, true())
    .where(SignIn.key_hash == bindparam("key_hash"))
)


def side() -> str:
    """Which half of the house an address belongs to; each has its own cookie."""
    return "staff" if request.path == "/desk" or request.path.startswith("/desk/") else "client"


class TwoCookies(SecureCookieSessionInterface):
    """Flask's signed cookie, one per side: a name and a salt of its own. Its age is the sign-in row's affair,
    so that a clock set back by a second signs nobody out."""

    @property
    def salt(self) -> str:  # type: ignore[override]
        return f"portal-{side()}"

    def get_cookie_name(self, app: Flask) -> str:
        return ("__Host-" if app.config["SESSION_COOKIE_SECURE"] else "") + side()

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        serializer = self.get_signing_serializer(app)
        value = request.cookies.get(self.get_cookie_name(app))
        if serializer is None or not value:
            return self.session_class()
        try:
            return self.session_class(serializer.loads(value))
        except BadSignature:
            return self.session_class()


@logins.user_loader
def load(key: str) -> ClientHere | MemberHere | None:
    staff = side() == "staff"
    found = db.session.execute(MEMBER_HERE if staff else CLIENT_HERE, {"key_hash": sign_ins.digest(key)}).first()
    if found is None:
        return None
    row = tuple(found)
    sign_in_id, seen_at, idle_until, ends_at, remembered, deactivated_at = row[:6]
    moment = now()
    if deactivated_at or moment >= idle_until or moment >= ends_at:
        return None
    idle = idle_time(staff, remembered)
    if moment - seen_at > min(sign_ins.TOUCH_AFTER, idle / 12):
        sign_ins.touch(sign_in_id, idle=idle, at=moment)
    g.business = BusinessHere(*row[-len(BUSINESS) :])
    mine = row[6 : -len(BUSINESS)]
    return MemberHere(*mine, sign_in_id, key) if staff else ClientHere(*mine, sign_in_id, key)


def idle_time(staff: bool, remembered: bool) -> timedelta:
    if staff:
        return timedelta(minutes=settings().staff_idle_minutes)
    return sign_ins.REMEMBERED_IDLE if remembered else sign_ins.CLIENT_IDLE


def business() -> BusinessHere:
    """The business, from the same query as the person where somebody is signed in."""
    if "business" not in g:
        g.business = BusinessHere(*db.session.execute(THE_BUSINESS).one())
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


def end_former() -> None:
    """First, because a new row may get the id of one that is gone."""
    former = here()
    if former:
        sign_ins.end(former.sign_in_id)


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
        sign_ins.end(person.sign_in_id)
    session.clear()
    g.pop("_login_user", None)


def here() -> ClientHere | MemberHere | None:
    """Whoever is signed in on this side, or nobody."""
    person = current_user._get_current_object()
    return person if isinstance(person, ClientHere | MemberHere) else None


def init_app(app: Flask) -> None:
    logins.init_app(app)
    logins.session_protection = None
    app.session_interface = TwoCookies()
    app.permanent_session_lifetime = sign_ins.REMEMBERED_END
