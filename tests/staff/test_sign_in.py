"""The front desk's own door, and the first page behind it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from portal.db import db
from portal.models import Business, Client, Location, Member, SignIn
from portal.passwords import hash_password
from portal.rules import accounts
from tests.conftest import Browse, Browser

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)
RIGHT = {"email": "nina@example.com", "password": "front-desk-nina"}
NO_MATCH = "That e-mail and that password do not belong together."


def enter(browser: Browser, email: str, password: str) -> int:
    return browser.post("/desk/sign-in", data={"email": email, "password": password}).status_code


def test_staff_sign_in_and_see_who_they_are(browse: Browse) -> None:  # SI-1
    browser = browse()
    with time_machine.travel(AT, tick=False):
        answer = browser.post("/desk/sign-in", data={**RIGHT, "email": " NINA@example.com"})
        assert (answer.status_code, answer.location) == (303, "/desk/")
        page = browser.get("/desk/").text.replace("\N{NO-BREAK SPACE}", " ")
    for words in ("Good morning, Nina", "Nina Park", "Owner", "Sign Out", "Mon 23 Nov 2026, 10:00 AM"):
        assert words in page
    for words in ("Maple &amp; Paw", "(212) 555-0148", "Maple Street, 10:00 AM there", "8 River Road, Kingston"):
        assert words in page


def test_locations_tell_their_own_time(browse: Browse, theo: Member) -> None:
    db.session.query(Location).filter_by(name="Riverside").one().time_zone = "America/Los_Angeles"
    db.session.commit()
    with time_machine.travel(AT, tick=False):
        page = browse(theo).get("/desk/").text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Riverside, 7:00 AM there" in page
    assert "Theo Brandt" in page
    assert "Team" in page


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("nobody@example.com", "front-desk-nina"),
        ("nina@example.com", "front-desk-theo"),
        ("rosa@example.com", "biscuit-and-me"),
        ("4071882365", "biscuit-and-me"),
        ("new@example.com", "front-desk-nina"),
        ("gone@example.com", "front-desk-gone"),
    ],
)
def test_always_one_answer(browse: Browse, email: str, password: str) -> None:  # SI-1, SI-12
    gone = Member(name="Gone", email="gone@example.com", password_hash=hash_password("front-desk-gone"))
    gone.deactivated_at = AT
    db.session.add_all([gone, Member(name="New", email="new@example.com")])
    db.session.query(Business).one().neutral_answers = False
    db.session.commit()

    def shape(page: str, mine: str) -> str:
        page = page.replace(f'value="{mine}"', "")
        return re.sub(r'(csrf-token" content|csrf_token" value)="[^"]+"', "", page)

    other = browse().post("/desk/sign-in", data={"email": "x@example.com", "password": "x"})
    answer = browse().post("/desk/sign-in", data={"email": email, "password": password})
    assert answer.status_code == 422
    assert NO_MATCH in answer.text
    assert shape(answer.text, email) == shape(other.text, "x@example.com")
    assert db.session.query(SignIn).count() == 0


def test_empty_fields_are_named(browse: Browse) -> None:
    answer = browse().post("/desk/sign-in", data={})
    assert answer.status_code == 422
    assert "2 things to mend" in answer.text


def test_its_own_throttle(browse: Browse, nina: Member, rosa: Client, monkeypatch: pytest.MonkeyPatch) -> None:  # SI-1
    monkeypatch.setattr(accounts, "verify", lambda kept, typed: kept is not None and typed != "wrong")
    rosa.email = "nina@example.com"
    db.session.commit()
    with time_machine.travel(AT, tick=False) as clock:
        browser = browse()
        assert [enter(browser, "nina@example.com", "wrong") for _ in range(11)] == [422] * 10 + [429]
        answer = browser.post("/desk/sign-in", data=RIGHT)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")
        client = {"login": "nina@example.com", "password": "biscuit-and-me"}
        assert browser.post("/sign-in", data=client).status_code == 303, "the clients' door has a count of its own"
        assert [enter(browser, f"x{n}@example.com", "wrong") for n in range(41)] == [422] * 40 + [429]
        assert browser.post("/sign-in", data={**client, "password": "wrong"}).status_code == 422
        clock.shift(timedelta(minutes=15))
        assert enter(browser, "nina@example.com", "front-desk-nina") == 303


def test_two_idle_hours_are_the_end(browse: Browse) -> None:  # SI-1
    with time_machine.travel(AT, tick=False) as clock:
        browser = browse()
        browser.post("/desk/sign-in", data=RIGHT)
        clock.shift(timedelta(minutes=120, seconds=-1))
        assert browser.get("/desk/").status_code == 200
        clock.shift(timedelta(minutes=120))
        assert browser.get("/desk/").location == "/desk/sign-in"


def test_sixteen_hours_are_the_end_however_busy(browse: Browse) -> None:  # SI-1
    with time_machine.travel(AT, tick=False) as clock:
        browser = browse()
        browser.post("/desk/sign-in", data=RIGHT)
        for _ in range(15):
            clock.shift(timedelta(hours=1))
            assert browser.get("/desk/").status_code == 200
        clock.shift(timedelta(hours=1))
        assert browser.get("/desk/").status_code == 302


def test_both_limits_are_settings(app: Flask, browse: Browse) -> None:  # SI-1
    chosen = app.extensions["portal-settings"]
    object.__setattr__(chosen, "staff_idle_minutes", 5)
    object.__setattr__(chosen, "staff_hours", 1)
    with time_machine.travel(AT, tick=False) as clock:
        one, other = browse(), browse()
        one.post("/desk/sign-in", data=RIGHT)
        other.post("/desk/sign-in", data=RIGHT)
        for minute in range(4, 60, 4):
            clock.move_to(AT + timedelta(minutes=minute))
            assert one.get("/desk/").status_code == 200
        assert other.get("/desk/").status_code == 302
        clock.move_to(AT + timedelta(hours=1))
        assert one.get("/desk/").status_code == 302


def test_signing_out_ends_it_everywhere_the_cookie_is(browse: Browse) -> None:  # SI-12
    browser, thief = browse(), browse()
    browser.post("/desk/sign-in", data=RIGHT)
    cookie = browser.get_cookie("staff")
    assert cookie
    thief.set_cookie("staff", cookie.value)
    assert thief.get("/desk/").status_code == 200
    answer = browser.post("/desk/sign-out")
    assert (answer.status_code, answer.location) == (303, "/desk/sign-in")
    assert "You are signed out." in browser.get("/desk/sign-in").text
    assert thief.get("/desk/").status_code == 302
    assert db.session.query(SignIn).count() == 0


def test_whoever_leaves_the_team_is_out_at_the_next_request(browse: Browse, theo: Member) -> None:  # SI-12
    browser = browse(theo)
    assert browser.get("/desk/").status_code == 200
    theo.deactivated_at = datetime.now(UTC)
    db.session.commit()
    assert browser.get("/desk/").status_code == 302


def test_back_to_where_they_were(browse: Browse, nina: Member) -> None:  # SI-14
    assert browse().get("/desk/?lane=house").location == "/desk/sign-in?next=/desk/?lane%3Dhouse"
    browser = browse(nina)
    db.session.query(SignIn).delete()
    answer = browser.swap("/desk/sign-out", headers={"HX-Current-URL": "http://localhost/desk/?lane=house"})
    assert (answer.status_code, answer.data) == (401, b"")
    assert browser.post(answer.headers["HX-Redirect"], data=RIGHT).location == "/desk/?lane=house"
    foreign = browse().post("/desk/sign-in?next=https://evil.test/desk", data=RIGHT)
    assert foreign.location == "/desk/"


def test_the_page_is_made_for_password_managers(browse: Browse) -> None:  # SI-2
    page = browse().get("/desk/sign-in").text
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert 'href="/desk/password"' in page, "who forgot theirs is sent a link"
    assert "Register" not in page


def test_a_client_finds_nothing_at_the_desk(browse: Browse, rosa: Client) -> None:  # SI-1
    assert browse(rosa).get("/desk/").location == "/desk/sign-in"
    assert browse(rosa).post("/desk/sign-out").location == "/desk/sign-in"
    assert db.session.query(SignIn).count() == 2
