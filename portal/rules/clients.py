"""Clients: adding one, with a number of their own, and finding one by what they sign in with."""

import re
import secrets
import unicodedata
from datetime import datetime

from sqlalchemy import insert as insert_rows
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from portal.db import atomic, db
from portal.models import AccountNumber, Client
from portal.rules import history
from portal.rules.actors import Actor
from portal.rules.refused import Refused

ACCOUNT_NUMBER = re.compile(r"[0-9]{10}")
RESERVE = text("INSERT INTO account_number (number) VALUES (:number) ON CONFLICT DO NOTHING RETURNING number")


class KnownAlready(Refused):
    """There is a profile with this e-mail."""


@atomic
def add(
    first_name: str,
    last_name: str,
    email: str | None,
    phone: str = "",
    *,
    street: str = "",
    city: str = "",
    region: str = "",
    postcode: str = "",
    prospect: bool = False,
    by: Actor,
    at: datetime,
) -> Client:
    """A new profile. `phone` is in E.164 where it is a real number; an imported client may lack an e-mail."""
    client = Client(
        account_number=new_account_number(),
        first_name=first_name,
        last_name=last_name,
        email=folded(email) if email else None,
        phone=phone,
        street=street,
        city=city,
        region=region,
        postcode=postcode,
        prospect=prospect,
        created_at=at,
    )
    insert(client)
    history.note(client.id, "Profile", "", client.name, subject="Profile", by=by, at=at)
    return client


@atomic
def welcome(client: Client, *, by: Actor, at: datetime) -> None:
    """A prospect becomes a client, by hand or with the first booking."""
    if client.prospect:
        client.prospect = False
        history.note(client.id, "Profile", "Prospect", "Client", subject="Profile", by=by, at=at)


def insert(client: Client) -> None:
    """The database itself holds that an e-mail has one profile, also when two people add it at the same moment."""
    try:
        with db.session.begin_nested():
            db.session.add(client)
    except IntegrityError as error:
        if with_email(client.email or "") is None:
            raise
        raise KnownAlready("There is a profile with this e-mail already.") from error


def new_account_number() -> str:
    """Ten digits, at random, never given out before."""
    while True:
        number = str(1_000_000_000 + secrets.randbelow(9_000_000_000))
        if db.session.execute(RESERVE, {"number": number}).first():
            return number


@atomic
def reserve(count: int) -> list[str]:
    """So many numbers at once, for lists of clients."""
    numbers = {str(1_000_000_000 + secrets.randbelow(9_000_000_000)) for _ in range(count)}
    numbers -= set(db.session.scalars(select(AccountNumber.number).where(AccountNumber.number.in_(numbers))))
    db.session.execute(insert_rows(AccountNumber), [{"number": number} for number in numbers])
    while len(numbers) < count:
        numbers.add(new_account_number())
    return list(numbers)


def with_login(login: str) -> Client | None:
    """By e-mail or account number, the number with or without the spaces it is shown with."""
    number = "".join(login.split()).replace("-", "")
    if ACCOUNT_NUMBER.fullmatch(number):
        return db.session.scalar(select(Client).where(Client.account_number == number))
    return with_email(login)


def with_email(email: str) -> Client | None:
    return db.session.scalar(select(Client).where(Client.email == folded(email)))


def folded(email: str) -> str:
    """The form in which an address is kept and compared. Not `casefold`: straße.de and strasse.de are two houses."""
    return unicodedata.normalize("NFC", email.strip().lower())
