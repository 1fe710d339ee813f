"""Invitations: somebody is asked to join staff, by mail, and joins by the link in it."""

from datetime import datetime

from sqlalchemy import delete, select

from portal.db import atomic, db, lock
from portal.models import Invitation, Member, Role
from portal.passwords import hash_password
from portal.rules import desk_letters, desk_links, members, throttles
from portal.rules.actors import Actor
from portal.rules.business import the_business
from portal.rules.clients import folded
from portal.rules.links import DeadLink
from portal.rules.refused import Refused


def every() -> list[Invitation]:
    """The open ones, the newest first."""
    return list(db.session.scalars(select(Invitation).order_by(Invitation.at.desc(), Invitation.id.desc())))


@atomic
def invite(email: str, role: Role, *, by: Actor, at: datetime) -> Invitation:
    lock(the_business())
    members.must_be_free(folded(email))
    not_too_often(folded(email), at)
    invitation = Invitation(email=folded(email), role=role, at=at, **by.signed)
    db.session.add(invitation)
    db.session.flush()
    desk_letters.invitation(invitation)
    return invitation


@atomic
def mail_again(invitation: Invitation, *, by: Actor, at: datetime) -> None:
    """A new letter, good from now on; the link in the old one is dead."""
    lock(invitation)
    not_too_often(invitation.email, at)
    invitation.at, invitation.by_id, invitation.by_name = at, by.id, by.name
    desk_letters.invitation(invitation)


def not_too_often(email: str, at: datetime) -> None:
    """Withdrawing and inviting anew is writing again."""
    throttles.take((throttles.LINKS, f"invited {email}"), at=at)


@atomic
def withdraw(invitation: Invitation) -> None:
    db.session.delete(invitation)


def accept(token: str, name: str, password: str, *, at: datetime) -> Member:
    """Of any number of browsers with the same link exactly one joins; to the others the link is dead."""
    invitation = desk_links.invitation_of(token, at=at)
    if not db.session.info.get("changing"):
        db.session.commit()
    return join(invitation, name, hash_password(password))


@atomic
def join(invitation: Invitation, name: str, password_hash: str) -> Member:
    lock(the_business())
    taken_up = delete(Invitation).where(Invitation.id == invitation.id, Invitation.at == invitation.at)
    if db.session.execute(taken_up.returning(Invitation.id)).first() is None:
        raise DeadLink(desk_links.USED)
    if members.with_email(invitation.email):
        raise Refused("Somebody works here with this e-mail already. Sign in with it.")
    member = Member(name=name, email=invitation.email, role=invitation.role, password_hash=password_hash)
    db.session.add(member)
    db.session.flush()
    return member


def forbidden_words(invitation: Invitation) -> list[str]:
    """What the password must not be made of alone."""
    return [the_business().name, "Latchkey", invitation.email]
