"""The page behind the letter to a new e-mail."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
import time_machine
from flask import Flask

from portal.db import db
from portal.models import Client, History, Notice
from portal.rules import email_changes
from portal.rules.actors import as_client
from tests import letters
from tests.conftest import Browse

NEW = "rosa@new.example.com"
AT = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.fixture
def address(rosa: Client) -> str:
    email_changes.ask(rosa, NEW, by=as_client(rosa), at=datetime.now(UTC))
    found = re.search(r"http://localhost(/email/\S+)", letters.to(NEW)[-1].text)
    assert found
    return found[1]


def test_looking_changes_nothing(browse: Browse, rosa: Client, address: str) -> None:  # PRO-2
    for _ in range(3):
        assert browse().head(address).status_code == 200
        page = browse().get(address)
        assert page.status_code == 200
        assert f"<b>{NEW}</b>" in page.text
        assert "Confirm E-mail" in page.text
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "same-origin"
    db.session.refresh(rosa)
    assert rosa.email == "rosa@example.com"


def test_the_button_does_it_once(browse: Browse, rosa: Client, address: str) -> None:  # PRO-2
    signed_in, browser = browse(rosa), browse()
    answer = browser.post(address)
    assert (answer.status_code, answer.location) == (303, "/profile")
    assert rosa.email == NEW
    assert f"{NEW} is the e-mail of your profile now." in browser.get(browser.get("/profile").location).text
    assert signed_in.get("/profile").status_code == 200, "nobody is signed out by it"
    assert letters.to("rosa@example.com")[-1].subject == "Your e-mail was changed"
    assert db.session.query(Notice).filter_by(text="Rosa Delgado changed e-mail").count() == 1
    assert db.session.query(History).filter_by(field="E-mail", new=NEW).count() == 1
    for again in (browser.post(address), browser.get(address)):
        assert again.status_code == 410
        assert "This e-mail has been confirmed already." in again.text
    assert browse().post("/sign-in", data={"login": NEW, "password": "biscuit-and-me"}).status_code == 303


def test_a_dead_or_made_up_link_says_so(browse: Browse, rosa: Client, address: str) -> None:  # PRO-2
    for odd in ("/email/odd", address[:-2], f"{address}x"):
        for ask in (browse().get, browse().post):
            answer = ask(odd)
            assert answer.status_code == 410
            assert "This address is not complete." in answer.text
    with time_machine.travel(datetime.now(UTC) + timedelta(days=2, minutes=1)):
        answer = browse().post(address)
        assert answer.status_code == 410
        assert "This link has run out" in answer.text
    db.session.refresh(rosa)
    assert rosa.email == "rosa@example.com"


def test_an_address_that_was_taken_meanwhile(browse: Browse, rosa: Client, omar: Client, address: str) -> None:  # PRO-2
    omar.email = NEW
    db.session.commit()
    answer = browse().post(address)
    assert answer.status_code == 422
    assert "This e-mail belongs to another profile." in answer.text
    db.session.refresh(rosa)
    assert rosa.email == "rosa@example.com"


def test_pressed_many_times_it_happens_once(  # PRO-2
    app: Flask, browse: Browse, rosa: Client, address: str
) -> None:
    start, browsers = Barrier(6), [browse() for _ in range(6)]
    tokens = [browser.csrf() for browser in browsers]
    version = rosa.credential_version
    db.session.commit()

    def press(n: int) -> int:
        with app.app_context():
            start.wait()
            return browsers[n].post(address, token=tokens[n]).status_code

    with ThreadPoolExecutor(6) as threads:
        assert sorted(threads.map(press, range(6))) == [303] + [410] * 5
    db.session.refresh(rosa)
    assert (rosa.email, rosa.credential_version) == (NEW, version + 1)
    assert len(letters.to("rosa@example.com")) == 1


def test_a_code_that_went_to_the_old_address_is_dead(browse: Browse, address: str) -> None:  # PRO-2, SI-6
    thief = browse()
    assert thief.post("/sign-in/code", data={"login": "rosa@example.com"}).status_code == 303
    code = re.search(r"\b[0-9]{6}\b", letters.to("rosa@example.com")[-1].text)
    assert code
    assert browse().post(address).status_code == 303
    assert thief.post("/sign-in/code/entry", data={"code": code[0]}).status_code == 422


@pytest.mark.parametrize("name", ["evil.com", "http://evil", "www.evil.com/win", "a@evil.com"])
def test_nobody_sends_their_own_link_in_our_letter(rosa: Client, name: str) -> None:  # PRO-2
    rosa.first_name = name
    email_changes.ask(rosa, NEW, by=as_client(rosa), at=datetime.now(UTC))
    assert letters.to(NEW)[-1].text.startswith("Hello,\n")


@pytest.mark.parametrize("name", ["J. R.", "Mary-Jo", "Zoë", "D’Arcy"])
def test_a_name_is_greeted(rosa: Client, name: str) -> None:  # PRO-2
    rosa.first_name = name
    email_changes.ask(rosa, NEW, by=as_client(rosa), at=datetime.now(UTC))
    assert letters.to(NEW)[-1].text.startswith(f"Hello {name},\n")
