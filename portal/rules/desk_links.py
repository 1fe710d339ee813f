"""Links in letters to staff: to set a new password, or to join. Signed, short-lived, each good once."""

from datetime import datetime, timedelta
from typing import Any

from itsdangerous import BadData
from sqlalchemy import select

from portal.db import db
from portal.links import public
from portal.models import Invitation, Member
from portal.rules.links import DeadLink, signer

RESET_LIVES, INVITATION_LIVES = timedelta(hours=2), timedelta(days=7)
RESET, JOIN = "desk-password", "desk-join"
USED = "This link has been used already, or a newer one has taken its place."


def to_set_password(member: Member, *, at: datetime) -> str:
    return public(f"/desk/password/{signed(RESET, member.id, member.credential_version, seconds(at))}")


def to_join(invitation: Invitation) -> str:
    """It names the moment of its letter, so that a newer letter ends it."""
    return public(f"/desk/join/{signed(JOIN, invitation.id, invitation.email, seconds(invitation.at))}")


def member_of(token: str, *, at: datetime) -> tuple[Member, int]:
    """Whose link it is, and the version of the password that it may replace."""
    member_id, version, made_at = read(RESET, token)
    member = db.session.scalar(select(Member).where(Member.id == member_id, Member.deactivated_at.is_(None)))
    if member is None or member.credential_version != version:
        raise DeadLink(USED)
    must_be_young(made_at, RESET_LIVES, "2 hours", at)
    return member, version


def invitation_of(token: str, *, at: datetime) -> Invitation:
    id, email, made_at = read(JOIN, token)
    invitation = db.session.scalar(select(Invitation).where(Invitation.id == id, Invitation.email == email))
    if invitation is None or seconds(invitation.at) != made_at:
        raise DeadLink("This invitation has been taken up or withdrawn, or a newer letter has taken its place.")
    must_be_young(made_at, INVITATION_LIVES, "7 days", at)
    return invitation


def signed(purpose: str, *facts: object) -> str:
    return signer(purpose).dumps(facts)


def read(purpose: str, token: str) -> list[Any]:
    try:
        facts: list[Any] = signer(purpose).loads(token)
    except BadData:
        raise DeadLink("This address is not complete. Copy all of it from the letter.") from None
    return facts


def must_be_young(made_at: int, lives: timedelta, spoken: str, at: datetime) -> None:
    if at.timestamp() - made_at > lives.total_seconds():
        raise DeadLink(f"This link has run out: it was good for {spoken}.")


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())
