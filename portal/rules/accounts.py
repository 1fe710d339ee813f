"""Accounts: recognising who signs in, and setting passwords. No lock is held while a password is worked on."""

from datetime import datetime
from typing import TypeVar

from sqlalchemy import select, update

from portal.db import atomic, db, lock
from portal.models import Client, Member, SignInCode
from portal.passwords import hash_password, needs_rehash, verify
from portal.rules import business, clients, history, letters, links, sign_ins, throttles
from portal.rules.actors import Actor, as_client
from portal.rules.refused import Refused

P = TypeVar("P", Client, Member)

NO_MATCH = "That e-mail or account number and that password do not belong together. Check both, or set a new password."
NO_MATCH_AT_DESK = "That e-mail and that password do not belong together. Check both, or ask an owner."
NOT_CURRENT = "This is not your current password."


def recognise(login: str, password: str, *, origin: str, at: datetime) -> Client:
    """The client who may sign in, locked until the sign-in is written. One answer for all that does not match."""
    client = clients.with_login(login)
    whose = f"client {client.id}" if client else clients.folded(login)
    client = recognised(client, password, whose, NO_MATCH, origin=origin, at=at)
    must_be_open(client)
    return client


def recognise_member(email: str, password: str, *, origin: str, at: datetime) -> Member:
    """The member of staff who may sign in. Not even the right password tells that an account is closed."""
    member = db.session.scalar(select(Member).where(Member.email == clients.folded(email)))
    whose = f"member {member.id}" if member else f"desk {clients.folded(email)}"
    member = recognised(member, password, whose, NO_MATCH_AT_DESK, origin=f"desk {origin}", at=at)
    if member.deactivated_at:
        raise Refused(NO_MATCH_AT_DESK)
    return member


def recognised(person: P | None, password: str, whose: str, no: str, *, origin: str, at: datetime) -> P:
    """Every try is counted before it is judged, so that no number of processes gets more of them."""
    tries = wrong_passwords(whose, origin)
    throttles.take(*tries, at=at)
    kept = person.password_hash if person else None
    right = verify(kept, password)
    if person is None or kept is None or not right:
        raise Refused(no)
    fresh = hash_password(password) if needs_rehash(kept) else kept
    throttles.give_back(*tries)
    lock(person)
    if person.password_hash != kept:
        raise Refused(no)
    person.password_hash = fresh
    return person


def wrong_passwords(whose: str, origin: str) -> tuple[throttles.Try, throttles.Try]:
    return (throttles.WRONG_PASSWORDS, whose), (throttles.WRONG_PASSWORDS_HERE, throttles.place(origin))


def must_be_open(client: Client) -> None:
    if client.deactivated_at:
        raise Refused(f"This profile is closed. {business.contact()}")


def ask_for_link(email: str, *, origin: str, at: datetime) -> None:
    """Mail a link to set a password; refuse an address that belongs to no open profile, or stay neutral."""
    throttles.take(*look_ups(origin), (throttles.LINKS, clients.folded(email)), at=at)
    client = clients.with_email(email)
    if client is None or client.deactivated_at:
        nobody_found("There is no open profile with this e-mail.", at=at)
    else:
        mail_link(client, at=at)


def look_ups(origin: str) -> tuple[throttles.Try, throttles.Try]:
    here = throttles.place(origin)
    return (throttles.LOOK_UPS, here), (throttles.LOOK_UPS_A_DAY, here)


@atomic
def mail_link(client: Client, *, at: datetime) -> None:
    letters.reset(client, at=at)


def nobody_found(words: str, *, at: datetime) -> None:
    """Say so with the way on. When it happens too often in all, somebody is guessing: then nobody is told any more."""
    was_neutral = neutral(at)
    count_nobody(at)
    if not was_neutral:
        raise Refused(f"{words} {business.contact()}")


@atomic
def count_nobody(at: datetime) -> None:
    limit = throttles.NOBODY_FOUND
    if throttles.count(limit, throttles.EVERYBODY, at=at) == limit.most + 1:
        letters.many_look_ups(business.the_business(), at=at)


def neutral(at: datetime) -> bool:
    """Whether nobody is told if there is a profile."""
    chosen = business.the_business().neutral_answers
    return chosen or throttles.over(throttles.NOBODY_FOUND, throttles.EVERYBODY, at=at)


@atomic
def invite(client: Client, *, by: Actor, at: datetime) -> None:
    """Mail a link that is good for a week."""
    if client.email is None:
        raise Refused(f"{client.name} has no e-mail yet. Add one to the profile, then send the link.")
    must_be_open(client)
    letters.invitation(client, at=at)
    history.note(client.id, "Link to set a password", "", f"Sent to {client.email}", subject="Profile", by=by, at=at)


def set_password_by_link(token: str, password: str, *, at: datetime) -> Client:
    """Of any number of browsers with the same link exactly one sets the password; to the others the link is dead."""
    client, version = links.opened(token, at=at)
    if not replaced(client, version, password, by=as_client(client), at=at):
        raise links.DeadLink("This link has been used already, or a newer one has taken its place.")
    return client


def set_password(client: Client, password: str, *, by: Actor, at: datetime) -> None:
    if not replaced(client, client.credential_version, password, by=by, at=at):
        raise Refused("This password was just changed elsewhere. Reload the page and try again.")


def change_password(client: Client, current: str, new: str, *, origin: str, by: Actor, at: datetime) -> None:
    """By the client, who knows the current one. Wrong ones count as they do at the door. Ends every sign-in."""
    recognised(client, current, f"client {client.id}", NOT_CURRENT, origin=origin, at=at)
    set_password(client, new, by=by, at=at)


def replaced(client: Client, version: int, password: str, *, by: Actor, at: datetime) -> bool:
    if not db.session.info.get("changing"):
        db.session.commit()
    fresh = hash_password(password)
    return replace(client, version, fresh, by=by, at=at)


@atomic
def replace(client: Client, version: int, fresh: str, *, by: Actor, at: datetime) -> bool:
    """Everything that rests on the old password ends with it: other sign-ins, links, codes."""
    anew = client.password_hash is not None
    still = update(Client).where(Client.id == client.id, Client.credential_version == version)
    first = still.values(password_hash=fresh, credential_version=version + 1).returning(Client.id)
    if db.session.execute(first).first() is None:
        return False
    db.session.refresh(client)
    sign_ins.end_all(client_id=client.id)
    codes = update(SignInCode).where(SignInCode.client_id == client.id, SignInCode.ended_at.is_(None))
    db.session.execute(codes.values(ended_at=at))
    old, new = ("Set", "Changed") if anew else ("Not set", "Set")
    history.note(client.id, "Password", old, new, subject="Profile", by=by, at=at)
    if client.email:
        letters.password_set(client, anew=anew, at=at)
    return True


def forbidden_words(client: Client) -> list[str]:
    """What a password must not be made of alone."""
    return [business.the_business().name, "Latchkey", client.first_name, client.last_name, client.email or ""]
