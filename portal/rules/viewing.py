"""Login as Client: a member of staff sees a client's portal as the client does, for a while and on the record."""

from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any, NamedTuple

from sqlalchemy import delete, select, update
from sqlalchemy.orm import aliased

from portal.db import AnySelect, atomic, db
from portal.models import Client, HandOver, Member, SignIn
from portal.rules import accounts, history, sign_ins, throttles
from portal.rules.actors import Actor, as_member
from portal.rules.refused import Refused

LASTS = timedelta(minutes=30)
TICKET_LIVES = timedelta(seconds=30)
RECENT = timedelta(hours=4)
SUBJECT = "Login as Client"
DEAD = "This way in is good for 30 seconds, once. Open the customer and choose Login as Client again."


class NotWhileViewing(Refused):
    """What only the client may do, whoever looks over their shoulder."""


class NotProven(Refused):
    """Somebody may have left the tablet lying there."""


class Viewer(NamedTuple):
    """The member of staff behind a client's sign-in, and until when theirs is good."""

    sign_in_id: int
    member_id: int
    name: str
    idle_until: datetime
    ends_at: datetime
    deactivated_at: datetime | None

    @property
    def actor(self) -> Actor:
        return Actor("member", self.member_id, self.name)

    def is_gone(self, at: datetime) -> bool:
        return bool(self.deactivated_at) or at >= self.idle_until or at >= self.ends_at


AtDesk = aliased(SignIn)
VIEWER = [AtDesk.id, Member.id, Member.name, AtDesk.idle_until, AtDesk.ends_at, Member.deactivated_at]


def with_viewer(statement: AnySelect) -> AnySelect:
    return statement.outerjoin(AtDesk, AtDesk.id == SignIn.viewer_id).outerjoin(Member, Member.id == AtDesk.member_id)


def viewer(row: tuple[Any, ...]) -> Viewer | None:
    return Viewer(*row) if row[0] else None


def is_recent(sign_in: SignIn, *, at: datetime) -> bool:
    return at - sign_in.began_at <= RECENT


def prove(member: Member, sign_in: SignIn, password: str, *, origin: str, at: datetime) -> None:
    """Who came in long ago shows once more who they are; wrong passwords count as they do at the door."""
    if is_recent(sign_in, at=at):
        return
    no = "This is not your password." if password else "You signed in a while ago: type your password."
    try:
        accounts.recognised(member, password, f"member {member.id}", no, origin=f"desk {origin}", at=at)
    except throttles.TooMany:
        raise
    except Refused as wrong:
        raise NotProven(str(wrong)) from wrong


@atomic
def hand_over(client: Client, reason: str, *, sign_in_id: int, at: datetime) -> str:
    """A ticket with which this very sign-in may enter the client's portal, once and at once."""
    must_be_open(client)
    db.session.execute(delete(HandOver).where(HandOver.expires_at < at))
    ticket = token_urlsafe(32)
    row = HandOver(
        ticket_hash=sign_ins.digest(ticket),
        sign_in_id=sign_in_id,
        client_id=client.id,
        reason=reason,
        expires_at=at + TICKET_LIVES,
    )
    db.session.add(row)
    return ticket


def must_be_open(client: Client) -> None:
    if client.deactivated_at:
        raise Refused(f"{client.name} is deactivated and has no portal. Reactivate the profile first.")


@atomic
def enter(ticket: str, key: str, *, device: str, at: datetime) -> str:
    """The key of a new sign-in as the client. `key` is that of the member's own, in the same browser."""
    used = update(HandOver).where(
        HandOver.ticket_hash == sign_ins.digest(ticket), HandOver.used_at.is_(None), HandOver.expires_at > at
    )
    row = db.session.scalars(used.values(used_at=at).returning(HandOver)).one_or_none()
    member = at_desk(row, key, at) if row else None
    if row is None or member is None:
        raise Refused(DEAD)
    client = db.session.get_one(Client, row.client_id)
    must_be_open(client)
    why = f"Begun: {row.reason}"
    history.note(client.id, SUBJECT, "", why, subject="Portal", by=as_member(member), at=at)
    return sign_ins.begin(SignIn(client_id=client.id, viewer_id=row.sign_in_id), LASTS, LASTS, device, at)


def at_desk(ticket: HandOver, key: str, at: datetime) -> Member | None:
    """The member for whose sign-in the ticket was made, if it is this one and still good."""
    mine = select(Member).join(SignIn, SignIn.member_id == Member.id)
    good = mine.where(SignIn.id == ticket.sign_in_id, SignIn.key_hash == sign_ins.digest(key))
    return db.session.scalar(good.where(SignIn.idle_until > at, SignIn.ends_at > at, Member.deactivated_at.is_(None)))


@atomic
def leave(sign_in_id: int, client_id: int, *, by: Actor, at: datetime) -> None:
    history.note(client_id, SUBJECT, "", "Ended", subject="Portal", by=by, at=at)
    sign_ins.end(sign_in_id)


@atomic
def leave_all(sign_in_id: int, *, by: Actor, at: datetime) -> None:
    """Whoever leaves the desk leaves every portal that they look at from there."""
    theirs = select(SignIn.id, Client.id).join(Client, Client.id == SignIn.client_id)
    open_ones = theirs.where(SignIn.viewer_id == sign_in_id, SignIn.ends_at > at)
    for id, client_id in db.session.execute(open_ones).all():
        leave(id, client_id, by=by, at=at)
