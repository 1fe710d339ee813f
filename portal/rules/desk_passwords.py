"""Passwords of staff: a link by mail for whoever has forgotten theirs, and changing it from inside."""

from datetime import datetime

from sqlalchemy import update

from portal.db import atomic, db
from portal.models import Member
from portal.passwords import hash_password
from portal.rules import accounts, desk_letters, desk_links, members, throttles
from portal.rules.actors import as_member
from portal.rules.business import the_business
from portal.rules.clients import folded
from portal.rules.links import DeadLink
from portal.rules.refused import Refused


def ask_for_link(email: str, *, origin: str, at: datetime) -> None:
    """Nobody is told whether somebody works here with this e-mail."""
    throttles.take(*accounts.look_ups(origin), (throttles.LINKS, f"desk {folded(email)}"), at=at)
    member = members.with_email(email)
    if member and member.deactivated_at is None:
        mail_link(member, at=at)


@atomic
def mail_link(member: Member, *, at: datetime) -> None:
    desk_letters.reset(member, at=at)


def set_by_link(token: str, password: str, *, at: datetime) -> Member:
    """Of any number of browsers with the same link exactly one sets the password."""
    member, version = desk_links.member_of(token, at=at)
    if not replaced(member, version, password, at=at):
        raise DeadLink(desk_links.USED)
    return member


def change(member: Member, current: str, new: str, *, origin: str, at: datetime) -> None:
    """By somebody who knows the current one. Ends every sign-in."""
    members.prove(member, current, origin=origin, at=at)
    if not replaced(member, member.credential_version, new, at=at):
        raise Refused("This password was just changed elsewhere. Reload the page and try again.")


def replaced(member: Member, version: int, password: str, *, at: datetime) -> bool:
    """No lock is held while a password is worked on."""
    if not db.session.info.get("changing"):
        db.session.commit()
    return replace(member, version, hash_password(password), at=at)


@atomic
def replace(member: Member, version: int, fresh: str, *, at: datetime) -> bool:
    still = update(Member).where(Member.id == member.id, Member.credential_version == version)
    first = still.where(Member.deactivated_at.is_(None)).values(password_hash=fresh, credential_version=version + 1)
    if db.session.execute(first.returning(Member.id)).first() is None:
        return False
    db.session.refresh(member)
    members.leave_everything(member, by=as_member(member), at=at)
    desk_letters.password_set(member, at=at)
    return True


def forbidden_words(member: Member) -> list[str]:
    """What a password must not be made of alone."""
    return [the_business().name, "Latchkey", member.name, member.email]
