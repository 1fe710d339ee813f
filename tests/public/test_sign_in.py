"""Signing in with a password: who gets in, what the others are told, and where they are taken."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from html import unescape
from threading import Barrier

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask

from portal.db import db
from portal.models import Business, Client, Member, SignIn
from portal.rules import accounts
from tests.conftest import Browse, Browser

RIGHT = {"login": "rosa@example.com", "password": "biscuit-and-me"}
NO_MATCH = "do not belong together"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of many tries: one password is right, and telling takes no time."""
    monkeypatch.setattr(accounts, "verify", lambda kept, typed: kept is not None and typed == "biscuit-and-me")


def enter(browser: Browser, login: str, password: str, **more: str) -> int:
    return browser.post("/sign-in", data={"login": login, "password": password, **more}).status_code


def test_the_page_is_made_for_password_managers(browse: Browse) -> None:  # SI-2
    page = browse().get("/sign-in").text
    login, password = re.findall(r"<input[^>]*(?:name=\"login\"|name=\"password\")[^>]*>", page)
    assert 'autocomplete="username"' in login
    assert 'autocapitalize="none"' in login
    assert 'type="password"' in password
    assert 'autocomplete="current-password"' in password
    for words in ("E-mail or account number", "Remember me", "Set/Reset Password", "Sign in with a code", "Register"):
        assert words in page
    assert 'data-shows="password"' in page


@pytest.mark.parametrize(
    "login", ["rosa@example.com", "  ROSA@Example.com ", "4071882365", "4071 882 365", "407-188-2365"]
)
def test_by_e_mail_or_account_number(browse: Browse, login: str) -> None:  # SI-2, SI-8
    browser = browse()
    answer = browser.post("/sign-in", data={"login": login, "password": "biscuit-and-me"})
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Rosa" in browser.get("/").text


def test_an_address_outside_ascii(browse: Browse) -> None:  # SI-2
    assert enter(browse(), "ZOË@example.com", "zażółć-gęślą") == 303


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("nobody@example.com", "biscuit-and-me"),
        ("9999999999", "biscuit-and-me"),
        ("rosa@example.com", "biscuit-and-you"),
        ("rosa@example.com", "biscuit-and-me "),
        ("rosa@example.com", "Biscuit-and-me"),
        ("omar@example.com", "biscuit-and-me"),
        ("rosa", "biscuit-and-me"),
        ("nina@example.com", "front-desk-nina"),
    ],
)
def test_one_answer_for_everything_that_does_not_match(browse: Browse, login: str, password: str) -> None:  # SI-1, SI-3
    def shape(page: str, *mine: str) -> str:
        for words in mine:
            page = page.replace(f'value="{words}"', "")
        return re.sub(r'(csrf-token" content|csrf_token" value)="[^"]+"', "", page)

    wrong = browse().post("/sign-in", data={"login": "nobody@example.com", "password": "x"})
    answer = browse().post("/sign-in", data={"login": login, "password": password})
    assert answer.status_code == 422
    assert NO_MATCH in answer.text
    assert shape(answer.text, login) == shape(wrong.text, "nobody@example.com")
    assert db.session.query(SignIn).count() == 0


def test_what_was_typed_stays_but_for_the_password(browse: Browse) -> None:  # SI-2
    typed = {"login": "<rosa@example.com>", "password": "secret-words", "remember": "y"}
    page = browse().post("/sign-in", data=typed).text
    assert "&lt;rosa@example.com&gt;" in page
    assert re.search(r'<input[^>]*checked[^>]*name="remember"', page)
    assert "secret-words" not in page


def test_empty_fields_are_named(browse: Browse) -> None:
    answer = browse().post("/sign-in", data={})
    assert answer.status_code == 422
    assert "2 things to mend" in answer.text
    assert "Type your password." in answer.text


def test_a_file_or_control_characters_are_no_login(browse: Browse) -> None:
    for data in ({"login": "a\x00b", "password": "\x00"}, {"login": "x" * 400, "password": "y" * 400_000}):
        assert browse().post("/sign-in", data=data).status_code == 422


def test_remember_me_lasts_longer(browse: Browse, rosa: Client) -> None:  # SI-2
    with time_machine.travel(datetime(2026, 11, 23, 15, tzinfo=UTC), tick=False) as clock:
        remembered, passing = browse(), browse()
        first = remembered.post("/sign-in", data={**RIGHT, "remember": "y"})
        second = passing.post("/sign-in", data=RIGHT)
        assert "Expires=" in first.headers["Set-Cookie"]
        assert "Expires=" not in second.headers["Set-Cookie"]
        clock.shift(timedelta(days=14, seconds=1))
        assert remembered.get("/pets").status_code == 200
        assert passing.get("/pets").status_code == 302


def test_a_client_who_stays_away_is_signed_out(browse: Browse, rosa: Client) -> None:  # SI-12
    with time_machine.travel(datetime(2026, 11, 23, 15, tzinfo=UTC), tick=False) as clock:
        browser = browse()
        browser.post("/sign-in", data=RIGHT)
        clock.shift(timedelta(days=14, seconds=-1))
        assert browser.get("/pets").status_code == 200
        clock.shift(timedelta(days=14, seconds=-1))
        assert browser.get("/pets").status_code == 200, "being here counts"
        clock.shift(timedelta(days=2, seconds=3))
        assert browser.get("/pets").status_code == 302, "thirty days are the end, however busy they were"


def test_a_clock_set_back_signs_nobody_out(browse: Browse, rosa: Client) -> None:  # SI-14
    with time_machine.travel(datetime(2026, 11, 23, 15, tzinfo=UTC), tick=False) as clock:
        browser = browse()
        browser.post("/sign-in", data=RIGHT)
        clock.shift(timedelta(seconds=-30))
        assert browser.get("/pets").status_code == 200


OWN = ["/pets", "/bookings/past?after=20261124000000000000-0-9", "http://localhost/pets", "/pets/../documents"]
FOREIGN = [
    "//evil.test",
    "/\\evil.test",
    "\\\\evil.test",
    "/\t/evil.test",
    "\t//evil.test",
    "https:evil.test",
    "https:/evil.test",
    "https://evil.test/pets",
    "http://localhost.evil.test/",
    "http://localhost@evil.test/",
    "javascript:alert(1)",
    "data:text/html,x",
    "/pets\r\nSet-Cookie: a=b",
    "pets",
    "/" + "x" * 5000,
    "http://[",
]


@pytest.mark.parametrize("then", OWN)
def test_back_to_where_they_were(browse: Browse, then: str) -> None:  # SI-14
    answer = browse().post("/sign-in", query_string={"next": then}, data=RIGHT)
    assert answer.location == then.removeprefix("http://localhost")


@pytest.mark.parametrize("then", FOREIGN)
def test_never_to_another_house(browse: Browse, then: str) -> None:  # SI-14
    answer = browse().post("/sign-in", query_string={"next": then}, data=RIGHT)
    assert (answer.status_code, answer.location) == (303, "/")


@pytest.mark.parametrize("then", ["/%2f%2fevil.test", "///evil.test", "/./evil.test", "/@evil.test"])
def test_odd_slashes_stay_here(browse: Browse, then: str) -> None:  # SI-14
    answer = browse().post("/sign-in", query_string={"next": then}, data=RIGHT)
    assert re.match(r"/[^/\\]", answer.location)


def test_the_way_back_survives_a_wrong_password_and_the_way_by_code(browse: Browse) -> None:  # SI-14
    browser = browse()
    answer = browser.post("/sign-in", query_string={"next": "/pets"}, data={**RIGHT, "password": "wrong"})
    assert 'href="/sign-in/code?next=/pets"' in unescape(answer.text)
    assert '<form class="form" method="post" novalidate>' in answer.text, "it is sent to the address it came from"


def test_a_session_that_ran_out_takes_htmx_to_sign_in_and_back(browse: Browse, rosa: Client) -> None:  # SI-14
    browser = browse(rosa)
    db.session.query(SignIn).delete()
    answer = browser.swap("/sign-out", headers={"HX-Current-URL": "http://localhost/bookings/past"})
    assert (answer.status_code, answer.data) == (401, b"")
    door = answer.headers["HX-Redirect"]
    assert door == "/sign-in?next=/bookings/past"
    assert browser.post(door, data=RIGHT).location == "/bookings/past"


def test_a_page_of_a_session_that_ran_out(browse: Browse, rosa: Client) -> None:  # SI-14
    assert browse().get("/bookings/past?after=x").location == "/sign-in?next=/bookings/past?after%3Dx"


def test_ten_wrong_passwords_for_an_account_and_fifty_from_a_place(browse: Browse, quick: None) -> None:  # SI-2
    with time_machine.travel(datetime(2026, 11, 23, 15, tzinfo=UTC), tick=False) as clock:
        browser = browse()
        tries = [enter(browser, "rosa@example.com" if n % 2 else "4071882365", "wrong") for n in range(11)]
        assert tries == [422] * 10 + [429], "e-mail and number are one account"
        answer = browser.post("/sign-in", data=RIGHT)
        assert answer.status_code == 429, "not even the right one, for now"
        assert "Please wait 15 minutes" in answer.text
        assert answer.headers["Retry-After"] == "900"
        assert 'value="rosa@example.com"' in answer.text
        assert [enter(browser, f"nobody-{n}@example.com", "wrong") for n in range(41)] == [422] * 40 + [429]
        elsewhere = {"REMOTE_ADDR": "192.0.2.9"}
        answer = browser.post("/sign-in", data={"login": "zoë@example.com", "password": "x"}, environ_base=elsewhere)
        assert answer.status_code == 422
        clock.shift(timedelta(minutes=15))
        assert enter(browser, "rosa@example.com", "biscuit-and-me") == 303


def test_guesses_at_the_same_moment_are_counted_one_by_one(app: Flask, browse: Browse, quick: None) -> None:  # SI-2
    start, browsers = Barrier(8), [browse() for _ in range(8)]
    tokens = [browser.csrf() for browser in browsers]
    db.session.commit()

    def guess(n: int) -> list[int]:
        wrong = {"login": "rosa@example.com", "password": "wrong"}
        with app.app_context():
            start.wait()
            return [browsers[n].post("/sign-in", data=wrong, token=tokens[n]).status_code for _ in range(5)]

    with ThreadPoolExecutor(8) as threads:
        answers = [status for statuses in threads.map(guess, range(8)) for status in statuses]
    assert sorted(answers) == [422] * 10 + [429] * 30


def test_unknown_accounts_are_throttled_just_the_same(browse: Browse, quick: None) -> None:  # SI-2
    assert [enter(browse(), "nobody@example.com", "wrong") for _ in range(11)] == [422] * 10 + [429]


def test_right_passwords_are_no_failures(browse: Browse, quick: None) -> None:  # SI-2
    assert [enter(browse(), "rosa@example.com", "biscuit-and-me") for _ in range(12)] == [303] * 12


def test_headers_that_name_another_origin_do_not_help(browse: Browse, quick: None) -> None:  # SI-2
    browser, tries = browse(), []
    for n in range(52):
        headers = {"X-Forwarded-For": f"192.0.2.{n}", "Forwarded": f"for=192.0.2.{n}", "X-Real-IP": f"192.0.2.{n}"}
        data = {"login": f"nobody-{n}@example.com", "password": "wrong"}
        tries.append(browser.post("/sign-in", data=data, headers=headers).status_code)
    assert tries[49:] == [422, 429, 429]


def test_a_closed_profile_is_told_only_with_the_right_password(browse: Browse, rosa: Client) -> None:  # SI-12
    rosa.deactivated_at = datetime.now(UTC)
    db.session.commit()
    right = browse().post("/sign-in", data=RIGHT)
    assert right.status_code == 422
    assert "This profile is closed. Please call (212) 555-0148 or write to hello@example.com." in right.text
    wrong = browse().post("/sign-in", data={**RIGHT, "password": "wrong"})
    assert NO_MATCH in wrong.text
    assert "closed" not in wrong.text
    assert db.session.query(SignIn).count() == 0


@pytest.mark.usefixtures("dear_passwords")
def test_a_hash_of_older_parameters_is_made_anew(browse: Browse, rosa: Client) -> None:  # SI-2
    rosa.password_hash = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("biscuit-and-me")
    db.session.commit()
    assert enter(browse(), "rosa@example.com", "wrong") == 422
    assert "m=8192" in db.session.get_one(Client, rosa.id).password_hash
    assert enter(browse(), "rosa@example.com", "biscuit-and-me") == 303
    assert db.session.get_one(Client, rosa.id).password_hash.startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert enter(browse(), "rosa@example.com", "biscuit-and-me") == 303


def test_register_is_offered_only_where_it_is_open(browse: Browse) -> None:  # SI-2, POR-7
    assert "/register" in browse().get("/sign-in").text
    db.session.query(Business).one().registration_open = False
    db.session.commit()
    assert "/register" not in browse().get("/sign-in").text


def test_somebody_signed_in_is_told_so(browse: Browse, rosa: Client, nina: Member) -> None:
    assert "You are signed in as Rosa Delgado" in browse(rosa).get("/sign-in").text
    assert "You are signed in" not in browse(nina).get("/sign-in").text
