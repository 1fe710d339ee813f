"""E-mail changes: a new address takes effect when it is confirmed from itself, and the old one is told."""

from datetime import datetime, timedelta

from itsdangerous import BadData
from sqlalchemy import delete, select

from portal.db import atomic, db, lock
from portal.links import public
from portal.models import Client, EmailChange, NoticeKind, WaitlistEntry
from portal.rules import business, clients, history, letters, links, looks, notices, throttles
from portal.rules.actors import Actor, as_client
from portal.rules.codes import end_all, masked_email
from portal.rules.refused import Refused, only_one

LIVES = timedelta(days=2)
LETTERS = throttles.Limit("letters to a new address", 5, throttles.HOUR)


class DeadChange(Refused):
    """A link to confirm an address that cannot do so any more; the words say why."""


def waiting(client_id: int, *, at: datetime) -> EmailChange | None:
    """The address that waits, while its link is good."""
    open_ones = select(EmailChange).where(EmailChange.client_id == client_id, EmailChange.confirmed_at.is_(None))
    newest = open_ones.where(EmailChange.asked_at > at - LIVES).order_by(EmailChange.id.desc()).limit(1)
    return db.session.scalar(newest)


@atomic
def ask(client: Client, email: str, *, by: Actor, at: datetime) -> EmailChange:
    """Write to the new address. A change that waited before is forgotten."""
    email = clients.folded(email)
    must_be_free(client, email)
    db.session.execute(
        delete(EmailChange).where(EmailChange.client_id == client.id, EmailChange.confirmed_at.is_(None))
    )
    change = EmailChange(client_id=client.id, email=email, asked_at=at)
    db.session.add(change)
    db.session.flush()
    history.note(client.id, "New e-mail", "", f"{email}, to be confirmed", subject="Profile", by=by, at=at)
    mail(client, change, at=at)
    return change


def must_be_free(client: Client, email: str) -> None:
    other = clients.with_email(email)
    if other and other.id != client.id:
        raise Refused(f"This e-mail belongs to another profile. {business.contact()}")


@atomic
def mail_again(client: Client, *, at: datetime) -> EmailChange:
    change = must_wait(client, at)
    mail(client, change, at=at)
    return change


def must_wait(client: Client, at: datetime) -> EmailChange:
    change = waiting(client.id, at=at)
    if change is None:
        raise Refused("No e-mail waits to be confirmed. Change it in your profile.")
    return change


def mail(client: Client, change: EmailChange, *, at: datetime) -> None:
    throttles.take((LETTERS, f"client {client.id}"), (throttles.LINKS, change.email), at=at)
    letters.confirm_address(client, change.email, public(f"/email/{token(change)}"), at=at)


@atomic
def forget(client: Client, *, by: Actor, at: datetime) -> None:
    """The address stays as it is, and the link in the letter is dead."""
    lock(client)
    change = must_wait(client, at)
    history.note(client.id, "New e-mail", change.email, "Not wanted any more", subject="Profile", by=by, at=at)
    db.session.delete(change)


def token(change: EmailChange) -> str:
    # An id may come again after its row is gone, so the address and the moment are signed with it.
    return links.signer("confirm-email").dumps([change.id, change.email, int(change.asked_at.timestamp())])


def opened(token: str, *, at: datetime) -> EmailChange:
    """What the link is about, if it is still good. Looking changes nothing."""
    try:
        change_id, email, asked_at = links.signer("confirm-email").loads(token)
    except BadData:
        raise DeadChange("This address is not complete. Copy all of it from the letter.") from None
    change = db.session.scalar(select(EmailChange).where(EmailChange.id == change_id))
    if change is None or (change.email, int(change.asked_at.timestamp())) != (email, asked_at):
        raise DeadChange("This change was taken back, or another one has taken its place.")
    if change.confirmed_at:
        raise DeadChange("This e-mail has been confirmed already. Nothing more is to be done.")
    if at > change.asked_at + LIVES:
        raise DeadChange("This link has run out: it was good for 2 days. Change the e-mail in your profile once more.")
    return change


@atomic
def confirm(token: str, *, at: datetime) -> Client:
    """From now on the new address opens the door. Links and codes that went to the old one are dead."""
    change = opened(token, at=at)
    client = db.session.get_one(Client, change.client_id)
    lock(client)
    db.session.expire(change)
    change = opened(token, at=at)
    if client.deactivated_at:
        raise DeadChange(f"This profile is closed. {business.contact()}")
    must_be_free(client, change.email)
    old = client.email
    take_effect(client, change.email)
    change.confirmed_at = at
    client.credential_version += 1
    end_all(client.id, at=at)
    who = as_client(client)
    history.note(client.id, "E-mail", old or "", change.email, subject="Profile", by=who, at=at)
    notices.tell(NoticeKind.DATA_CHANGED, f"{client.name} changed e-mail", client_id=client.id, at=at)
    if old:
        letters.address_changed(client, old, masked_email(change.email), at=at)
    else:
        looks.again(WaitlistEntry.client_id == client.id, at)
    return client


def take_effect(client: Client, email: str) -> None:
    with only_one(lambda: Refused(f"This e-mail belongs to another profile. {business.contact()}")):
        client.email = email
