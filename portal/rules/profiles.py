"""Profiles: what clients change about themselves, and who hears of it."""

from collections.abc import Mapping
from datetime import datetime

from portal.db import atomic, lock
from portal.models import Client, File, NoticeKind, SignIn
from portal.rules import (
    accounts,
    business,
    clients,
    codes,
    email_changes,
    history,
    letters,
    notices,
    sign_ins,
    throttles,
)
from portal.rules.actors import Actor
from portal.rules.refused import Refused
from portal.wording import address_words


def must_be_open(by: Actor) -> None:
    """Whether clients change their profile themselves is for the business to choose."""
    if by.kind == "client" and not business.the_business().profile_open:
        raise Refused(f"Your profile is changed by our team. {business.contact()}")


class NotProven(Refused):
    """Whoever changes what opens the door must have just come through it, or know the password."""


def words() -> dict[str, str]:
    """What each fact is called in the history."""
    region, postcode = address_words(business.the_business().country)
    return {
        "photo": "Photo",
        "first_name": "First name",
        "last_name": "Last name",
        "phone": "Phone",
        "street": "Street",
        "city": "City",
        "region": region,
        "postcode": postcode,
    }


def prove(client: Client, sign_in: SignIn, password: str, *, origin: str, at: datetime) -> None:
    """Wrong passwords count as they do at the door."""
    if sign_ins.is_fresh(sign_in, at=at):
        return
    if client.password_hash is None:
        raise NotProven("You signed in a while ago. Sign out, sign in with a code, and change this within 10 minutes.")
    if not password:
        raise NotProven("Type your password, because you are changing your e-mail or phone.")
    try:
        accounts.recognised(client, password, f"client {client.id}", accounts.NOT_CURRENT, origin=origin, at=at)
    except throttles.TooMany:
        raise
    except Refused as no:
        raise NotProven(str(no)) from no


def opens_door(client: Client, email: str, phone: str) -> bool:
    """Codes and links go to these two."""
    return is_new(client, email) or phone != client.phone


def is_new(client: Client, email: str) -> bool:
    return clients.folded(email) not in ("", client.email)


@atomic
def change(
    client: Client,
    facts: Mapping[str, str],
    *,
    email: str = "",
    photo: File | None = None,
    remove_photo: bool = False,
    by: Actor,
    at: datetime,
) -> bool:
    """Set what differs. A new e-mail only waits to be confirmed from itself; the answer tells whether one does."""
    must_be_open(by)
    lock(client)
    values: dict[str, object] = dict(facts)
    if photo or remove_photo:
        values["photo"] = photo
    changed = history.change(client, values, words(), client_id=client.id, subject="Profile", by=by, at=at)
    if changed and by.kind == "client":
        told = f"{by.name} changed {', '.join(word.lower() for word in changed)}"
        notices.tell(NoticeKind.DATA_CHANGED, told, client_id=client.id, at=at)
    if "Phone" in changed:
        codes.end_all(client.id, at=at)
    if "Phone" in changed and client.email:
        letters.phone_changed(client, at=at)
    waits = is_new(client, email)
    if waits:
        email_changes.ask(client, email, by=by, at=at)
    return waits


@atomic
def mail_password_link(client: Client, *, at: datetime) -> None:
    """For those who have come in by a code and want a password."""
    if client.email is None:
        raise Refused(f"There is no e-mail on your profile to send the link to. {business.contact()}")
    throttles.take((throttles.LINKS, client.email), at=at)
    accounts.mail_link(client, at=at)
