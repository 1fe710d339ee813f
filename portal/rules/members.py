"""Members of staff: the first owner, who opens a new portal, and what owners decide about the others."""

from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select, update

from portal.db import atomic, db, lock
from portal.models import Business, Invitation, Location, Member, Role, SignIn, Thread
from portal.passwords import hash_password, problem
from portal.rules import accounts, desk_letters, sign_ins, viewing
from portal.rules.actors import Actor
from portal.rules.business import the_business
from portal.rules.clients import folded
from portal.rules.refused import Refused, stale

LAST_OWNER = "{name} is the only owner, and somebody must be. Make somebody else an owner first."


def owner() -> Member | None:
    """An owner who can sign in, if there is one."""
    return db.session.scalar(select(Member).where(Member.role == Role.OWNER, Member.deactivated_at.is_(None)).limit(1))


@atomic
def open_business(business_name: str, name: str, email: str, password: str) -> Member:
    """Name the business, give it a first location, and make its first owner; refused where there is one."""
    there = owner()
    if there:
        raise Refused(f"{there.name} is the owner already. Sign in at the desk.")
    try:
        address = folded(validate_email(email.strip(), check_deliverability=False).normalized)
    except EmailNotValidError as wrong:
        raise Refused(f"The e-mail cannot be right: {wrong}") from None
    weak = problem(password, [business_name, name, address, "Latchkey"])
    if weak:
        raise Refused(weak)
    member = Member(name=name.strip(), email=address, role=Role.OWNER, password_hash=hash_password(password))
    db.session.add(member)
    furnish(the_business(), business_name.strip(), address)
    return member


def furnish(business: Business, name: str, email: str) -> None:
    business.name = name
    business.email = business.email or email
    business.first_steps = True
    if db.session.scalar(select(Location).limit(1)) is None:
        db.session.add(Location(name=name, time_zone=business.time_zone))


def every() -> list[Member]:
    """Those who work here now come first."""
    gone = Member.deactivated_at.is_not(None)
    return list(db.session.scalars(select(Member).order_by(gone, Member.name, Member.id)))


def with_email(email: str) -> Member | None:
    return db.session.scalar(select(Member).where(Member.email == folded(email)))


def must_be_free(email: str) -> None:
    """One address, one person: at work here, gone, or asked to come."""
    other = with_email(email)
    if other and other.deactivated_at:
        raise Refused(f"This is the e-mail of {other.name}, who is deactivated. Reactivate them instead.")
    if other:
        raise Refused(f"{other.name} works here with this e-mail already.")
    if db.session.scalar(select(Invitation).where(Invitation.email == folded(email))):
        raise Refused("This e-mail is invited already. Send the letter again, or withdraw it first.")


@atomic
def give_role(member: Member, role: Role, *, by: Actor, at: datetime) -> None:
    """They sign in again, so that nothing stays open that is closed to them now."""
    lock(the_business())
    lock(member)
    if member.role == role:
        return
    if role != Role.OWNER:
        must_not_be_last_owner(member)
    member.role = role
    sign_out(member, by=by, at=at)
    forget_invitations(member)
    if member.deactivated_at is None:
        desk_letters.role_changed(member, by.name, at=at)


def must_not_be_last_owner(member: Member) -> None:
    others = select(Member.id).where(Member.role == Role.OWNER, Member.deactivated_at.is_(None), Member.id != member.id)
    if member.role == Role.OWNER and db.session.scalar(others.limit(1)) is None:
        raise Refused(LAST_OWNER.format(name=member.name))


@atomic
def deactivate(member: Member, *, by: Actor, at: datetime) -> None:
    """Out of the desk at once, on every device; what they took care of in the inbox waits for somebody else."""
    lock(the_business())
    lock(member)
    if member.deactivated_at:
        raise stale(f"{member.name} is deactivated already.")
    must_not_be_last_owner(member)
    sign_out(member, by=by, at=at)
    forget_invitations(member)
    member.deactivated_at = at
    db.session.execute(update(Thread).where(Thread.member_id == member.id).values(member_id=None))


def forget_invitations(member: Member) -> None:
    """An invitation rests on the word of an owner: who is none any more brings nobody in, themself least of all."""
    theirs = select(Invitation).where(Invitation.by_kind == "member", Invitation.by_id == member.id)
    for invitation in db.session.scalars(theirs.order_by(Invitation.id).with_for_update()):
        db.session.delete(invitation)  # one by one, so that the history of the settings tells of each


@atomic
def reactivate(member: Member) -> None:
    lock(member)
    if member.deactivated_at is None:
        raise stale(f"{member.name} is active already.")
    member.deactivated_at = None


def sign_out(member: Member, *, by: Actor, at: datetime) -> None:
    """Everywhere; no link in a letter is good any more."""
    member.credential_version += 1
    leave_everything(member, by=by, at=at)


def leave_everything(member: Member, *, by: Actor, at: datetime) -> None:
    """The desk, and the portals that they look at from there."""
    for (sign_in_id,) in db.session.execute(select(SignIn.id).where(SignIn.member_id == member.id)).all():
        viewing.leave_all(sign_in_id, by=by, at=at)
    sign_ins.end_all(member_id=member.id)


def prove(member: Member, password: str, *, origin: str, at: datetime) -> None:
    """Wrong passwords count as they do at the door."""
    whose = f"member {member.id}"
    accounts.recognised(member, password, whose, accounts.NOT_CURRENT, origin=f"desk {origin}", at=at)


@atomic
def describe(member: Member, name: str, email: str, *, at: datetime) -> None:
    """By themself. With a new e-mail the old one is told, and no link in a letter is good any more."""
    lock(the_business())
    lock(member)
    member.name, old = name, member.email
    if folded(email) != old:
        must_be_free(email)
        member.email = folded(email)
        member.credential_version += 1
        desk_letters.email_changed(member, old, at=at)
