"""Client records: what staff change about a client, closing a profile, opening it again, deleting it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, exists, func, select, update

from portal.db import Base, atomic, db, lock
from portal.models import Booking, Client, Document, EmailChange, Note, OfClient, Pet, SignInCode, Thread, WaitlistEntry
from portal.rules import clients, history, letters, looks, series_offers, sign_ins
from portal.rules.actors import Actor
from portal.rules.clients import KnownAlready
from portal.rules.codes import masked_email
from portal.rules.profiles import words as profile_words
from portal.rules.refused import Refused, only_one
from portal.wording import counted

CHOICES = {
    "no_automatic_email": "Automated e-mail",
    "no_automatic_text": "Automated texts",
    "blocked_online": "Booking online",
}
SAID = {True: "Stopped", False: "On"}


@atomic
def change(client: Client, facts: Mapping[str, Any], *, email: str, by: Actor, at: datetime) -> None:
    """At the desk a new e-mail takes effect at once; links that went to the old one are dead, and it is told. Of a new
    phone it is told too: codes go there from then on."""
    lock(client)
    words = {**profile_words(), "email": "E-mail"}
    old, fresh = client.email, clients.folded(email) or None
    must_be_free(client, fresh)
    with only_one(lambda: KnownAlready("There is a profile with this e-mail already.")):
        everything = {**facts, "email": fresh}
        changed = history.change(client, everything, words, client_id=client.id, subject="Profile", by=by, at=at)
    if "Phone" in changed:
        end_codes(client, at)
    if "Phone" in changed and client.email:
        letters.phone_changed(client, at=at)
    if fresh != old:
        client.credential_version += 1
        db.session.execute(delete(EmailChange).where(EmailChange.client_id == client.id))
        end_codes(client, at)
        if old and fresh:
            letters.address_changed(client, old, masked_email(fresh), at=at)
        elif fresh:
            looks.again(WaitlistEntry.client_id == client.id, at)


def must_be_free(client: Client, email: str | None) -> None:
    other = clients.with_email(email) if email else None
    if other and other.id != client.id:
        raise KnownAlready("There is a profile with this e-mail already.")


def end_codes(client: Client, at: datetime) -> None:
    codes = update(SignInCode).where(SignInCode.client_id == client.id, SignInCode.ended_at.is_(None))
    db.session.execute(codes.values(ended_at=at))


@atomic
def choose(client: Client, choices: Mapping[str, bool], *, by: Actor, at: datetime) -> None:
    """What is not sent to them, and whether they may book online. Who hears of things again is asked for a place."""
    lock(client)
    for name, chosen in choices.items():
        if getattr(client, name) != chosen:
            setattr(client, name, chosen)
            if not chosen:
                looks.again(WaitlistEntry.client_id == client.id, at)
            old, new = SAID[not chosen], SAID[chosen]
            history.note(client.id, CHOICES[name], old, new, subject="Profile", by=by, at=at)


@atomic
def unsubscribe(client: Client, *, by: Actor, at: datetime) -> None:
    """From offers. Only the client can agree to hear of them again."""
    lock(client)
    if client.marketing_since is None:
        raise Refused(f"{client.name} is not subscribed to offers.")
    client.marketing_since = None
    history.note(client.id, "Offers", "Subscribed", "Unsubscribed", subject="Profile", by=by, at=at)


@atomic
def deactivate(client: Client, *, by: Actor, at: datetime) -> None:
    """Out of the portal at once, on every device."""
    lock(client)
    if client.deactivated_at:
        raise Refused(f"{client.name} is deactivated already.")
    client.deactivated_at = at
    series_offers.give_up_of(client, at)
    sign_ins.end_all(client_id=client.id)
    end_codes(client, at)
    history.note(client.id, "Profile", "Active", "Deactivated", subject="Profile", by=by, at=at)


@atomic
def reactivate(client: Client, *, by: Actor, at: datetime) -> None:
    lock(client)
    if client.deactivated_at is None:
        raise Refused(f"{client.name} is active already.")
    client.deactivated_at = None
    looks.again(WaitlistEntry.client_id == client.id, at)
    history.note(client.id, "Profile", "Deactivated", "Active", subject="Profile", by=by, at=at)


def has_bookings(client_id: int) -> bool:
    return bool(db.session.scalar(select(exists().where(Booking.client_id == client_id))))


def must_be_removable(client: Client) -> None:
    if has_bookings(client.id):
        raise Refused(f"{client.name} has bookings, so the profile cannot be deleted. Deactivate it instead.")


HELD: dict[str, type[OfClient]] = {"pet": Pet, "document": Document, "conversation": Thread, "note": Note}


def held(client_id: int) -> list[str]:
    """What would go with a profile: 2 pets, 1 document."""
    counts = select(*(select(func.count()).where(of.client_id == client_id).scalar_subquery() for of in HELD.values()))
    numbers = db.session.execute(counts).one()
    return [counted(number, word) for number, word in zip(numbers, HELD, strict=True) if number]


@atomic
def remove(client: Client, *, at: datetime) -> None:
    """Everything there is of a client, from every table that knows them. The account number is never given again."""
    lock(client)
    must_be_removable(client)
    series_offers.give_up_of(client, at)
    db.session.flush()
    db.session.execute(update(Client).where(Client.id == client.id).values(photo_id=None))
    for table in reversed(Base.metadata.sorted_tables):
        if table.name != "client" and "client_id" in table.columns:
            forget_what_hangs_on(table, client.id)
            db.session.execute(table.delete().where(table.c.client_id == client.id), execution_options=KEPT)
    db.session.execute(delete(Client).where(Client.id == client.id), execution_options=KEPT)
    db.session.expunge(client)


# The words by which a client is found go with the client.
KEPT = {"words_kept": True}


def forget_what_hangs_on(table: Table, client_id: int) -> None:
    """Rows without a client of their own that stand on this table's rows: who was told of a notice."""
    for other in Base.metadata.sorted_tables if "id" in table.columns else ():
        for key in other.foreign_keys if "client_id" not in other.columns else ():
            if key.column is not table.c.id:
                continue
            theirs = key.parent.in_(select(table.c.id).where(table.c.client_id == client_id))
            gone = other.update().values({key.parent.name: None}) if key.parent.nullable else other.delete()
            db.session.execute(gone.where(theirs))
