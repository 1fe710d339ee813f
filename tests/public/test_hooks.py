"""The door for machines: a letter that another server hands in, signed."""

import hmac
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db
from portal.models import Client, Message, Thread
from portal.rules import inbound, messages
from portal.rules.actors import as_client
from tests.cast import NOON
from tests.conftest import Browse, Browser, make_app

DOMAIN = "reply.example.com"
SECRET = "a-secret-for-the-hook-a-secret-for-the-hook"


@pytest.fixture
def app(template: str, tmp_path: Path) -> Iterator[Flask]:
    """A portal that takes answers by e-mail."""
    from tests import databases

    url = databases.fresh(template)
    app = make_app(tmp_path, url, inbound_domain=DOMAIN, inbound_secret=SECRET)
    app.test_client_class = Browser
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    databases.drop(url)


@pytest.fixture
def thread(rosa: Client) -> Thread:
    started = messages.start(rosa, "Rabbits", "Do you take rabbits?", by=as_client(rosa), at=NOON)
    return db.session.get_one(Thread, started.thread_id)


def letter(to: str, words: str = "And hamsters?") -> bytes:
    written = EmailMessage()
    written["From"], written["To"], written["Message-ID"] = "Rosa <rosa@example.com>", to, "<1@phone.example>"
    written["Subject"] = "Re: Rabbits"
    written.set_content(words)
    return written.as_bytes()


def signed(raw: bytes, to: str = "", *, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    told = str(int(time.time() if at is None else at))
    made = hmac.new(secret.encode(), f"{told}.{to}.".encode() + raw, "sha256").hexdigest()
    return {"X-Portal-Time": told, "X-Portal-Signature": made, "X-Portal-Recipient": to}


def hand_in(browse: Browse, raw: bytes, headers: dict[str, str], kind: str = "message/rfc822"):  # type: ignore[no-untyped-def]
    return browse().post("/hooks/inbound-mail", data=raw, headers=headers, content_type=kind, token=None)


def texts() -> list[str]:
    return list(db.session.scalars(select(Message.text).order_by(Message.id)))


@pytest.mark.parametrize("kind", ["message/rfc822", "application/octet-stream", "application/x-www-form-urlencoded"])
def test_a_signed_letter_joins_its_thread(browse: Browse, thread: Thread, kind: str) -> None:  # MSG-5
    raw = letter(inbound.address(thread.id))
    answer = hand_in(browse, raw, signed(raw), kind)
    assert (answer.status_code, answer.text) == (200, "It joined its conversation.\n")
    assert texts() == ["Do you take rabbits?", "And hamsters?"]
    assert hand_in(browse, raw, signed(raw)).status_code == 200, "the other side may ask again"
    assert len(texts()) == 2


def test_the_address_it_was_delivered_to_counts(browse: Browse, thread: Thread) -> None:  # MSG-5
    raw, to = letter("somebody@example.com"), inbound.address(thread.id)
    assert hand_in(browse, raw, signed(raw)).status_code == 404
    assert hand_in(browse, raw, signed(raw, to)).status_code == 200
    assert len(texts()) == 2


def test_what_is_not_signed_is_turned_away(browse: Browse, thread: Thread) -> None:  # MSG-5
    raw, now = letter(inbound.address(thread.id)), time.time()
    good = signed(raw)
    for headers in (
        {},
        {**good, "X-Portal-Signature": ""},
        {**good, "X-Portal-Signature": "é"},
        {**good, "X-Portal-Signature": "0" * 64},
        {**good, "X-Portal-Time": "soon"},
        {**good, "X-Portal-Time": "٣"},
        {**good, "X-Portal-Time": str(int(now) + 1)},
        {**good, "X-Portal-Recipient": "else@example.com"},
        signed(raw, secret="another-secret-another-secret-another"),
        signed(raw, at=now - 400),
        signed(raw, at=now + 400),
        signed(raw + b"x"),
    ):
        assert hand_in(browse, raw, headers).status_code == 403, headers
    assert texts() == ["Do you take rabbits?"]


def test_an_unknown_address_and_too_much_are_said_and_nothing_is_kept(browse: Browse, thread: Thread) -> None:  # MSG-5
    raw = letter(f"reply+{thread.id}.{'0' * 32}@{DOMAIN}")
    answer = hand_in(browse, raw, signed(raw))
    assert (answer.status_code, answer.text) == (404, "No conversation has this address.\n")
    much = letter(inbound.address(thread.id)) + b"x" * inbound.LARGEST
    assert hand_in(browse, much, signed(much)).status_code == 413
    assert texts() == ["Do you take rabbits?"]


def test_a_letter_larger_than_a_form_is_taken(browse: Browse, thread: Thread) -> None:  # MSG-5
    raw = letter(inbound.address(thread.id), "And hamsters?\n" + "> quoted\n" * 100_000)
    assert hand_in(browse, raw, signed(raw)).status_code == 200
    assert texts()[-1] == "And hamsters?"


def test_what_no_person_wrote_is_left_out_and_not_sent_again(browse: Browse, thread: Thread) -> None:  # MSG-5
    raw = b"Auto-Submitted: auto-replied\n" + letter(inbound.address(thread.id))
    answer = hand_in(browse, raw, signed(raw))
    assert (answer.status_code, answer.text) == (200, "Nobody wrote this, so it was left out.\n")
    assert texts() == ["Do you take rabbits?"]


def test_without_a_secret_there_is_no_such_address(app: Flask, browse: Browse, thread: Thread) -> None:  # MSG-5
    from dataclasses import replace

    raw = letter(inbound.address(thread.id))
    app.extensions["portal-settings"] = replace(app.extensions["portal-settings"], inbound_secret="")
    assert hand_in(browse, raw, signed(raw, secret="")).status_code == 404
    assert texts() == ["Do you take rabbits?"]
