"""Codes: six digits that sign a client in once, in the browser that asked for them."""

import hmac
from datetime import datetime, timedelta
from secrets import randbelow
from typing import NamedTuple

from sqlalchemy import delete, select, update

from portal import phones
from portal.db import atomic, db
from portal.models import Channel, Client, SignInCode
from portal.rules import accounts, clients, letters, throttles
from portal.rules.refused import Refused
from portal.rules.seals import seal
from portal.rules.throttles import CODE_AGAIN, CODES, CODES_A_DAY, CODES_HERE, DAY, EVERYBODY, TEXTS_A_DAY
from portal.settings import settings

LIFE, TRIES = timedelta(minutes=10), 5
NOT_RIGHT = "This code is not right, or no longer good. Check it, or ask for another."


class Sent(NamedTuple):
    """Where to is masked: by e-mail to r•••@example.com."""

    by_text: bool
    words: str


def ask(login: str, *, asker: str, origin: str, at: datetime) -> None:
    """Send a code to the client with this login, for the browser that bears `asker`."""
    throttles.take((CODES_HERE, throttles.place(origin)), at=at)
    client = clients.with_login(login)
    if client is None or client.deactivated_at or client.email is None:
        if not accounts.neutral(at):
            throttles.take(*accounts.look_ups(origin), at=at)
        accounts.nobody_found("There is no open profile with this e-mail or account number.", at=at)
        not_too_often(asker, clients.folded(login), at=at)
    else:
        not_too_often(asker, f"client {client.id}", at=at)
        send(client, way(client, at=at), asker, at=at)


def ask_again(asker: str, *, by_email: bool, origin: str, at: datetime) -> None:
    """Another code to the same client, after a while; by e-mail where no text comes."""
    throttles.take((CODES_HERE, throttles.place(origin)), at=at)
    code = latest(asker)
    if code is None:
        not_too_often(asker, at=at)
    else:
        client = db.session.get_one(Client, code.client_id)
        not_too_often(asker, f"client {client.id}", at=at)
        accounts.must_be_open(client)
        send(client, Channel.EMAIL if by_email else way(client, at=at), asker, at=at)


def not_too_often(*whose: str, at: datetime) -> None:
    """The browser is counted too, so that it is stopped alike whether there is a client or not."""
    throttles.take(*((limit, one) for one in whose for limit in (CODE_AGAIN, CODES, CODES_A_DAY)), at=at)


def way(client: Client, *, at: datetime) -> Channel:
    """By text where the profile has a mobile number and texts can be sent; they cost, so only so many in a day."""
    if not settings().sms_url or client.phone_unproven or not phones.takes_texts(client.phone):
        return Channel.EMAIL
    count = throttles.count(TEXTS_A_DAY, EVERYBODY, at=at)
    return Channel.SMS if count <= TEXTS_A_DAY.most else Channel.EMAIL


@atomic
def send(client: Client, channel: Channel, asker: str, *, at: datetime) -> None:
    """A new code ends the ones before it."""
    digits = f"{randbelow(1_000_000):06}"
    end_all(client.id, at=at)
    code = SignInCode(
        client_id=client.id,
        channel=channel,
        digest=digest(client.id, asker, digits),
        asker=seal("asker", asker),
        sent_at=at,
        expires_at=at + LIFE,
    )
    db.session.add(code)
    letters.code(client, channel, digits, at=at)


@atomic
def end_all(client_id: int, *, at: datetime) -> None:
    """What was sent so far is good no more."""
    open_ones = update(SignInCode).where(SignInCode.client_id == client_id, SignInCode.ended_at.is_(None))
    db.session.execute(open_ones.values(ended_at=at))


def digest(client_id: int, asker: str, digits: str) -> str:
    return seal("sign-in code", f"{client_id} {asker} {digits}")


def latest(asker: str) -> SignInCode | None:
    """The code that this browser was sent last."""
    mine = select(SignInCode).where(SignInCode.asker == seal("asker", asker))
    return db.session.scalar(mine.order_by(SignInCode.id.desc()).limit(1))


def recognise(asker: str, digits: str, *, at: datetime) -> Client:
    """Whose code it is. What went wrong is told to the browser that asked, unless all answers are neutral."""
    client = redeemed(asker, digits, at=at)
    if client is None:
        raise Refused(NOT_RIGHT if accounts.neutral(at) else reason(latest(asker), at))
    accounts.must_be_open(client)
    return client


@atomic
def redeemed(asker: str, digits: str, *, at: datetime) -> Client | None:
    """The try is counted and judged in one step: a right code is good for exactly one of any number of requests."""
    code = latest(asker)
    if code is None:
        return None
    still_good = update(SignInCode).where(
        SignInCode.id == code.id, SignInCode.ended_at.is_(None), SignInCode.expires_at > at, SignInCode.tries < TRIES
    )
    counted = db.session.execute(still_good.values(tries=SignInCode.tries + 1).returning(SignInCode.digest)).first()
    if counted is None or not hmac.compare_digest(counted.digest, digest(code.client_id, asker, digits)):
        return None
    db.session.execute(update(SignInCode).where(SignInCode.id == code.id).values(ended_at=at))
    return db.session.get_one(Client, code.client_id)


def reason(code: SignInCode | None, at: datetime) -> str:
    if code is None:
        return NOT_RIGHT
    db.session.refresh(code)
    if code.ended_at:
        return "This code has been used, or a newer one has taken its place. Ask for another."
    if code.expires_at <= at:
        return "This code has run out: it was good for 10 minutes. Ask for another."
    if code.tries >= TRIES:
        return f"{TRIES} wrong tries have ended this code. Ask for another."
    return "This is not the code we sent. Check it, or ask for another."


def sent(asker: str, *, at: datetime) -> Sent | None:
    """Which way the code went; None where nobody is told."""
    code = latest(asker)
    if code is None or accounts.neutral(at):
        return None
    client = db.session.get_one(Client, code.client_id)
    if code.channel is Channel.SMS:
        return Sent(True, f"by text to {masked_phone(client.phone)}")
    return Sent(False, f"by e-mail to {masked_email(client.email or '')}")


def masked_email(email: str) -> str:
    name, _, domain = email.rpartition("@")
    return f"{name[:1]}•••@{domain}"


def masked_phone(phone: str) -> str:
    return f"••••\N{NO-BREAK SPACE}{phone[-4:]}"


@atomic
def sweep(at: datetime) -> None:
    db.session.execute(delete(SignInCode).where(SignInCode.expires_at < at - DAY))
