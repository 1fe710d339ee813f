"""Links that let somebody set a password: signed, for one client, short-lived, dead as soon as a password is set."""

import re
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select

from portal.db import db
from portal.links import public
from portal.models import Client
from portal.rules import business
from portal.rules.refused import Refused
from portal.settings import settings

IN_TEXT = re.compile(r"((?:password|email|join|feed)\\?/)[\w.~%-]+")


class Purpose(StrEnum):
    RESET = "reset"
    INVITATION = "invitation"


LIVES = {Purpose.RESET: timedelta(hours=2), Purpose.INVITATION: timedelta(days=7)}
SPOKEN = {Purpose.RESET: "2 hours", Purpose.INVITATION: "7 days"}


class DeadLink(Refused):
    """The words say what became of it."""


class Link(NamedTuple):
    client: Client
    version: int


def to_set_password(client: Client, purpose: Purpose, *, at: datetime) -> str:
    """The address for a letter. Whatever ends the version ends the link: a new password, a new e-mail."""
    # An id may come again after its row is gone; an account number never does.
    token = signer().dumps([client.account_number, client.credential_version, purpose, int(at.timestamp())])
    return public(f"/password/{token}")


def opened(token: str, *, at: datetime) -> Link:
    """Whose link it is, if it is still good. Looking changes nothing."""
    try:
        number, version, purpose, made_at = signer().loads(token)
    except BadData:
        raise DeadLink("This address is not complete. Copy all of it from the letter, or ask for a new link.") from None
    client = db.session.scalar(select(Client).where(Client.account_number == number))
    if client is None or client.credential_version != version:
        raise DeadLink("This link has been used already, or a newer one has taken its place.")
    # Only the age counts: a link from a clock that is ahead of ours is simply young.
    if at.timestamp() - made_at > LIVES[purpose].total_seconds():
        raise DeadLink(f"This link has run out: it was good for {SPOKEN[purpose]}.")
    if client.deactivated_at:
        raise DeadLink(f"This profile is closed. {business.contact()}")
    return Link(client, version)


def signer(salt: str = "set-password") -> URLSafeSerializer:
    """A key that has been replaced still opens what it has signed."""
    chosen = settings()
    return URLSafeSerializer([*chosen.former_secret_keys, chosen.secret_key], salt=salt)


def masked(text: str) -> str:
    """For logs: whoever reads them must not be able to set a password or confirm an address."""
    return IN_TEXT.sub(r"\1…", text)
