"""The cookies: one for each side, new at every sign-in, worthless after it."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from werkzeug.http import parse_cookie

from app import create_app
from portal.db import db
from portal.models import Client, Member, SignIn
from portal.rules import accounts
from portal.rules.actors import as_client
from tests import stage
from tests.conftest import SECRET, Browse, Browser

RIGHT = {"login": "rosa@example.com", "password": "biscuit-and-me"}
DESK = {"email": "nina@example.com", "password": "front-desk-nina"}


def held(browser: Browser, name: str) -> str:
    cookie = browser.get_cookie(name)
    assert cookie
    return cookie.value


def with_cookie(browse: Browse, name: str, value: str) -> Browser:
    browser = browse()
    browser.set_cookie(name, value)
    return browser


@pytest.fixture
def elsewhere(app: Flask) -> Iterator[Callable[..., Flask]]:
    """The same portal, run with other settings."""
    portals = []

    def run(**chosen: Any) -> Flask:
        same = {"database_url": app.config["SQLALCHEMY_DATABASE_URI"], "secret_key": SECRET, "url": "http://localhost"}
        portals.append(create_app(**{**same, **chosen}))
        portals[-1].test_client_class = Browser
        return portals[-1]

    yield run
    for portal in portals:
        stage.close(portal)


@pytest.mark.parametrize(
    ("door", "data", "name"), [("/sign-in", RIGHT, "__Host-client"), ("/desk/sign-in", DESK, "__Host-staff")]
)
def test_what_a_cookie_says_of_itself(
    elsewhere: Callable[..., Flask], door: str, data: dict[str, str], name: str
) -> None:  # SI-1
    browser = elsewhere(url="https://portal.example.com").test_client()
    token = re.search(r'csrf-token" content="([^"]+)', browser.get(door, base_url="https://portal.example.com").text)
    assert token
    headers = {"X-CSRFToken": token[1], "Referer": "https://portal.example.com/"}
    more = {"base_url": "https://portal.example.com", "headers": headers, "token": None}
    answer = browser.post(door, data={**data, "remember": "y"}, **more)
    assert answer.status_code == 303
    said = answer.headers.getlist("Set-Cookie")
    assert len(said) == 1
    parts = said[0].split("; ")
    assert parts[0].startswith(f"{name}=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(parts)
    assert "Domain" not in said[0]


def test_neither_cookie_opens_the_other_side(browse: Browse, rosa: Client, nina: Member) -> None:  # SI-1
    client, staff = held(browse(rosa), "client"), held(browse(nina), "staff")
    assert with_cookie(browse, "client", client).get("/pets").status_code == 200
    assert with_cookie(browse, "staff", staff).get("/desk/").status_code == 200
    for name, value in (("staff", client), ("client", staff), ("client", "odd"), ("client", client + "x")):
        browser = with_cookie(browse, name, value)
        assert browser.get("/pets").status_code == 302
        assert browser.get("/desk/").status_code == 302
    assert browse(rosa).get("/desk/").location == "/desk/sign-in"
    assert browse(nina).get("/pets").location == "/sign-in?next=/pets"


def test_equal_e_mails_are_two_people(browse: Browse, rosa: Client, nina: Member) -> None:  # SI-1
    rosa.email = "nina@example.com"
    db.session.commit()
    browser = browse()
    wrong = {"login": "nina@example.com", "password": "front-desk-nina"}
    assert browser.post("/sign-in", data=wrong).status_code == 422
    assert browser.post("/desk/sign-in", data={**DESK, "password": "biscuit-and-me"}).status_code == 422
    assert browser.post("/sign-in", data={**RIGHT, "login": "nina@example.com"}).status_code == 303
    assert browser.post("/desk/sign-in", data=DESK).status_code == 303
    assert "Rosa" in browser.get("/").text
    assert "Nina" in browser.get("/desk/").text


def test_a_sign_in_begins_with_a_new_cookie_and_a_new_token(browse: Browse) -> None:  # SI-12
    browser = browse()
    token, cookie = browser.csrf(), held(browser, "client")
    assert browser.post("/sign-in", data=RIGHT, token=token).status_code == 303
    assert held(browser, "client") != cookie
    assert with_cookie(browse, "client", cookie).get("/pets").status_code == 302
    assert browser.post("/sign-out", token=token).status_code == 400
    second = held(browser, "client")
    assert browser.post("/sign-in", data=RIGHT).status_code == 303
    assert with_cookie(browse, "client", second).get("/pets").status_code == 302, "and the one before is over"
    assert db.session.query(SignIn).count() == 1


def test_a_copied_cookie_is_worth_nothing_after_sign_out(browse: Browse, rosa: Client) -> None:  # SI-12
    browser = browse()
    browser.post("/sign-in", data={**RIGHT, "remember": "y"})
    copy = held(browser, "client")
    assert with_cookie(browse, "client", copy).get("/pets").status_code == 200
    answer = browser.post("/sign-out")
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert "You are signed out." in browser.get("/sign-in").text
    assert with_cookie(browse, "client", copy).get("/pets").status_code == 302
    assert db.session.query(SignIn).count() == 0


def test_after_sign_out_the_back_button_asks_again(browse: Browse, rosa: Client) -> None:  # SI-12
    page = browse(rosa).get("/")
    assert page.headers["Cache-Control"] == "no-store"
    assert '<html lang="en" data-private="client-1">' in page.text


def test_signing_out_on_one_device_leaves_the_others(browse: Browse, rosa: Client) -> None:  # SI-12
    one, other = browse(rosa), browse(rosa)
    one.post("/sign-out")
    assert other.get("/pets").status_code == 200


def test_a_closed_profile_is_signed_out_at_the_next_request(browse: Browse, rosa: Client) -> None:  # SI-12
    browser = browse(rosa)
    assert browser.get("/pets").status_code == 200
    rosa.deactivated_at = datetime.now(UTC)
    db.session.commit()
    assert browser.get("/pets").status_code == 302
    assert browser.swap("/sign-out").status_code == 401


def test_a_new_password_signs_out_every_other_device(browse: Browse, rosa: Client, omar: Client) -> None:  # SI-12
    browsers, another = [browse(rosa), browse(rosa)], browse(omar)
    browsers[0].post("/sign-in", data={**RIGHT, "remember": "y"})
    accounts.set_password(rosa, "three quiet otters", by=as_client(rosa), at=datetime.now(UTC))
    assert [browser.get("/pets").status_code for browser in browsers] == [302, 302]
    assert another.get("/pets").status_code == 200


def test_a_key_can_be_replaced_without_signing_anybody_out(
    elsewhere: Callable[..., Flask], browse: Browse
) -> None:  # SI-12
    browser = browse()
    browser.post("/sign-in", data=RIGHT)
    for former, status in (((SECRET,), 200), ((), 302)):
        visitor = elsewhere(secret_key="another-key" * 4, former_secret_keys=former).test_client()
        visitor.set_cookie("client", held(browser, "client"))
        assert visitor.get("/pets").status_code == status


def test_no_cookie_holds_who_it_is(browse: Browse, rosa: Client) -> None:  # SI-12
    answer = browse().post("/sign-in", data=RIGHT)
    assert "rosa" not in str(parse_cookie(answer.headers["Set-Cookie"])).lower()
