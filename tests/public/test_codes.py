"""Signing in with a code: six digits, a short life, one browser, once."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from html import unescape
from threading import Barrier

import pytest
import time_machine
from flask import Flask

from portal.db import db
from portal.models import Business, Channel, Client, Delivery, Member, SignIn, SignInCode
from portal.rules import codes, profiles, throttles
from portal.rules.actors import as_client
from tests import letters
from tests.conftest import Browse, Browser

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)
SMS = "https://name:password@texts.example.com/send?from=+15550100"


@pytest.fixture(autouse=True)
def clock() -> time_machine.Traveller:
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def texts(app: Flask, rosa: Client) -> None:
    """Texts can be sent, and Rosa has a number that takes them."""
    object.__setattr__(app.extensions["portal-settings"], "sms_url", SMS)
    rosa.phone = "+18453312200"
    db.session.commit()


def ask(browser: Browser, login: str = "rosa@example.com", **more: object) -> int:
    return browser.post("/sign-in/code", data={"login": login}, **more).status_code


def enter(browser: Browser, code: str, **more: str) -> int:
    return browser.post("/sign-in/code/entry", data={"code": code, **more}).status_code


def again(browser: Browser, **data: str) -> int:
    return browser.post("/sign-in/code/another", data=data).status_code


def newest(recipient: str = "rosa@example.com") -> str:
    return letters.code(letters.to(recipient)[-1])


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def words(browser: Browser, code: str) -> str:
    answer = browser.post("/sign-in/code/entry", data={"code": code})
    assert answer.status_code == 422
    said = re.search(r'id="code-error">(?:<svg.*?</svg>)?(.*?)</p>', answer.text)
    assert said
    return unescape(said[1])


@pytest.mark.parametrize("login", ["rosa@example.com", "ROSA@example.com ", "4071 882 365"])
def test_a_code_by_e_mail_signs_in(browse: Browse, login: str) -> None:  # SI-6
    browser = browse()
    answer = browser.post("/sign-in/code", data={"login": login})
    assert (answer.status_code, answer.location) == (303, "/sign-in/code/entry")
    page = browser.get("/sign-in/code/entry").text
    assert "by e-mail to r•••@example.com" in page
    assert "rosa@example.com" not in page
    field = re.search(r'<input[^>]*name="code"[^>]*>', page)
    assert field
    assert 'inputmode="numeric"' in field[0]
    assert 'autocomplete="one-time-code"' in field[0]
    answer = browser.post("/sign-in/code/entry", data={"code": newest()})
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Rosa" in browser.get("/").text


def test_somebody_without_a_password_gets_in_too(browse: Browse, omar: Client) -> None:  # SI-6
    browser = browse()
    ask(browser, "omar@example.com")
    assert enter(browser, newest("omar@example.com")) == 303


def test_a_code_may_be_typed_with_spaces(browse: Browse) -> None:  # SI-6
    browser = browse()
    ask(browser)
    code = newest()
    assert enter(browser, f" {code[:3]} {code[3:]} ") == 303


def test_remember_me_and_the_way_back(browse: Browse) -> None:  # SI-6, SI-14
    browser = browse()
    answer = browser.post("/sign-in/code?next=/pets", data={"login": "rosa@example.com"})
    assert answer.location == "/sign-in/code/entry?next=/pets"
    page = unescape(browser.get(answer.location).text)
    assert 'action="/sign-in/code/entry?next=/pets"' in page
    assert 'action="/sign-in/code/another?next=/pets"' in page
    done = browser.post(answer.location, data={"code": newest(), "remember": "y"})
    assert done.location == "/pets"
    assert "Expires=" in done.headers["Set-Cookie"]


def test_by_text_where_there_is_a_mobile_number(browse: Browse, texts: None) -> None:  # SI-6
    browser = browse()
    assert ask(browser) == 303
    page = browser.get("/sign-in/code/entry").text
    assert "by text to ••••\N{NO-BREAK SPACE}2200" in page
    assert "Send it by e-mail instead" in page
    (text,) = letters.to("+18453312200")
    assert text.channel is Channel.SMS
    assert text.text.splitlines()[-1] == f"@localhost #{letters.code(text)}"
    assert enter(browser, letters.code(text)) == 303


@pytest.mark.parametrize("phone", ["", "555-0148", "+18005550148", "+442071234567"])
def test_by_e_mail_where_the_number_takes_no_texts(browse: Browse, texts: None, rosa: Client, phone: str) -> None:
    # SI-6
    rosa.phone = phone
    db.session.commit()
    ask(browse())
    assert len(letters.to("rosa@example.com")) == 1


def test_by_e_mail_where_texts_are_not_set_up(browse: Browse, rosa: Client) -> None:  # SI-6
    rosa.phone = "+18453312200"
    db.session.commit()
    ask(browse())
    assert [row.recipient for row in db.session.query(Delivery)] == ["rosa@example.com"]


def test_by_e_mail_when_no_text_comes(browse: Browse, texts: None, clock: time_machine.Traveller) -> None:  # SI-6
    browser = browse()
    ask(browser)
    clock.shift(timedelta(seconds=30))
    assert again(browser, by_email="yes") == 303
    assert "by e-mail to r•••@example.com" in browser.get("/sign-in/code/entry").text
    assert enter(browser, newest("+18453312200")) == 422
    assert enter(browser, newest()) == 303


def test_texts_cost_so_there_are_only_so_many_in_a_day(browse: Browse, texts: None) -> None:  # SI-6
    for _ in range(throttles.TEXTS_A_DAY.most):
        throttles.count(throttles.TEXTS_A_DAY, throttles.EVERYBODY, at=AT)
    ask(browse())
    assert [row.recipient for row in db.session.query(Delivery)] == ["rosa@example.com"]


def test_opting_out_of_automatic_mail_does_not_lock_out(browse: Browse, texts: None, rosa: Client) -> None:  # SI-6
    rosa.no_automatic_text = rosa.no_automatic_email = True
    db.session.commit()
    ask(browse())
    assert len(letters.to("+18453312200")) == 1


@pytest.mark.parametrize("login", ["nobody@example.com", "9999999999", "nina@example.com", "Rosa"])
def test_an_unknown_login_is_asked_to_contact_the_business(browse: Browse, login: str) -> None:  # SI-6, SI-4, SI-1
    answer = browse().post("/sign-in/code", data={"login": login})
    assert answer.status_code == 422
    assert "There is no open profile with this e-mail or account number. Please call (212) 555-0148" in answer.text
    assert f'value="{login}"' in answer.text
    assert db.session.query(Delivery).count() == db.session.query(SignInCode).count() == 0


def test_a_closed_profile_gets_no_code_and_none_works(browse: Browse, rosa: Client) -> None:  # SI-6, SI-12
    browser = browse()
    ask(browser)
    rosa.deactivated_at = AT
    db.session.commit()
    assert words(browser, newest()).startswith("This profile is closed. Please call")
    assert ask(browse()) == 422
    assert db.session.query(SignIn).count() == 0
    assert len(letters.to("rosa@example.com")) == 1


def test_a_profile_without_an_e_mail_has_no_access_yet(browse: Browse, texts: None, rosa: Client) -> None:  # SI-6
    rosa.email = None
    db.session.commit()
    assert ask(browse(), "4071882365") == 422


def test_unknown_logins_count_as_look_ups(browse: Browse) -> None:  # SI-6, SI-4
    tries = [ask(browse(), f"nobody-{n}@example.com") for n in range(6)]
    assert tries == [422] * 5 + [429]
    assert browse().post("/password", data={"email": "rosa@example.com"}).status_code == 429
    assert ask(browse()) == 303, "who has a profile still gets a code"


def test_a_neutral_business_tells_nobody(browse: Browse, texts: None) -> None:  # SI-6, POR-10
    db.session.query(Business).one().neutral_answers = True
    db.session.commit()
    known, unknown = browse(), browse()
    assert ask(known) == ask(unknown, "nobody@example.com") == 303
    pages = [browser.get("/sign-in/code/entry").text for browser in (known, unknown)]
    pages = [re.sub(r'(csrf-token" content|csrf_token" value)="[^"]+"', "", page) for page in pages]
    assert pages[0] == pages[1]
    assert "2200" not in pages[0]
    code = newest("+18453312200")
    for _ in range(7):
        assert words(known, wrong(code)) == words(unknown, wrong(code)) == codes.NOT_RIGHT
    assert again(known) == again(unknown) == 429


def test_ten_minutes(browse: Browse, clock: time_machine.Traveller) -> None:  # SI-6
    browser = browse()
    ask(browser)
    clock.shift(timedelta(minutes=10, seconds=-1))
    assert words(browser, wrong(newest())).startswith("This is not the code we sent.")
    clock.shift(timedelta(seconds=1))
    assert words(browser, newest()) == "This code has run out: it was good for 10 minutes. Ask for another."


def test_five_tries(browse: Browse) -> None:  # SI-6
    browser = browse()
    ask(browser)
    code = newest()
    for _ in range(4):
        assert words(browser, wrong(code)) == "This is not the code we sent. Check it, or ask for another."
    for typed in (wrong(code), code):
        assert words(browser, typed) == "5 wrong tries have ended this code. Ask for another."


def test_the_fifth_try_may_be_the_right_one(browse: Browse) -> None:  # SI-6
    browser = browse()
    ask(browser)
    for _ in range(4):
        enter(browser, wrong(newest()))
    assert enter(browser, newest()) == 303


def test_what_are_not_six_digits_is_no_try(browse: Browse) -> None:  # SI-6
    browser = browse()
    ask(browser)
    assert words(browser, "") == "Type the six digits."
    for typed in ("12345", "1234567", "12345a", "١٢٣٤٥٦", "１２３４５６"):
        assert words(browser, typed) == "The code has six digits."
    assert db.session.query(SignInCode).one().tries == 0


def test_a_code_works_once(browse: Browse) -> None:  # SI-6
    browser = browse()
    ask(browser)
    copy = browser.get_cookie("client")
    assert copy
    assert enter(browser, newest()) == 303
    second = browse()
    second.set_cookie("client", copy.value)
    assert words(second, newest()).startswith("This code has been used")


def test_a_new_code_ends_the_one_before(browse: Browse, clock: time_machine.Traveller) -> None:  # SI-6
    browser = browse()
    ask(browser)
    first = newest()
    clock.shift(timedelta(seconds=30))
    assert again(browser) == 303
    assert "Another code is on its way." in browser.get("/sign-in/code/entry").text
    if newest() != first:
        assert enter(browser, first) == 422
    assert enter(browser, newest()) == 303


def test_a_code_is_good_only_in_the_browser_that_asked(browse: Browse, clock: time_machine.Traveller) -> None:  # SI-6
    mine, theirs = browse(), browse()
    ask(mine)
    assert words(theirs, newest()) == codes.NOT_RIGHT
    code = newest()
    clock.shift(timedelta(seconds=30))
    assert ask(theirs, "zoë@example.com") == 303
    assert enter(theirs, code) == 422
    assert enter(mine, code) == 303


def test_another_after_half_a_minute(browse: Browse, clock: time_machine.Traveller) -> None:  # SI-6
    browser = browse()
    ask(browser)
    clock.shift(timedelta(seconds=29))
    answer = browser.post("/sign-in/code/another")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert "You can ask for another code in 1 second." in answer.text
    assert enter(browser, newest()) == 303, "the one that was sent is as good as before"


def test_three_in_a_quarter_of_an_hour(browse: Browse, clock: time_machine.Traveller) -> None:  # SI-6
    browser = browse()
    assert ask(browser) == 303
    for status in (303, 303, 429):
        clock.shift(timedelta(seconds=31))
        assert again(browser) == status
    elsewhere = {"REMOTE_ADDR": "192.0.2.9"}
    assert ask(browse(), "4071882365", environ_base=elsewhere) == 429, "whoever asks, and wherever from"
    clock.shift(timedelta(minutes=15))
    assert again(browser) == 303


def test_ten_from_one_place(browse: Browse) -> None:  # SI-6
    tries = [ask(browse(), f"nobody-{n}@example.com", environ_base={"REMOTE_ADDR": "192.0.2.9"}) for n in range(12)]
    assert tries == [422] * 5 + [429] * 7
    assert ask(browse(), environ_base={"REMOTE_ADDR": "192.0.2.9"}) == 429


def test_the_digits_are_nowhere_but_in_the_letter(browse: Browse) -> None:  # SI-6
    browser = browse()
    answer = browser.post("/sign-in/code", data={"login": "rosa@example.com"})
    row, code = db.session.query(SignInCode).one(), newest()
    assert code not in row.digest
    assert len(row.digest) == 64
    assert code not in str(answer.headers)
    assert letters.to("rosa@example.com")[0].message_id is None
    assert code not in letters.to("rosa@example.com")[0].subject


def test_a_client_who_asked_for_nothing_has_no_code(browse: Browse, rosa: Client, nina: Member) -> None:  # SI-6
    assert words(browse(), "123456") == codes.NOT_RIGHT
    assert "If there is a profile" in browse().get("/sign-in/code/entry").text
    assert browse().post("/sign-in/code/another").status_code == 303
    assert db.session.query(Delivery).count() == 0


def test_of_eight_requests_with_the_same_code_one_gets_in(app: Flask, browse: Browse) -> None:  # SI-6
    browser = browse()
    ask(browser)
    cookie, code, start = browser.get_cookie("client"), newest(), Barrier(8)
    assert cookie
    copies = [browse() for _ in range(8)]
    for copy in copies:
        copy.set_cookie("client", cookie.value)
    tokens = [copy.csrf() for copy in copies]
    db.session.commit()

    def redeem(n: int) -> int:
        with app.app_context():
            start.wait()
            return copies[n].post("/sign-in/code/entry", data={"code": code}, token=tokens[n]).status_code

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(redeem, range(8))) == [303] + [422] * 7
    assert db.session.query(SignIn).count() == 1


def test_no_number_of_threads_gets_more_than_five_tries(app: Flask, browse: Browse) -> None:  # SI-6
    asker = "a-browser"
    codes.ask("rosa@example.com", asker=asker, origin="", at=AT)
    typed, start = wrong(newest()), Barrier(8)
    db.session.commit()

    def guess(_: int) -> None:
        with app.app_context():
            start.wait()
            assert codes.redeemed(asker, typed, at=AT) is None

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(guess, range(8)))
    assert db.session.query(SignInCode).one().tries == 5


def test_old_codes_are_swept(browse: Browse) -> None:
    ask(browse())
    codes.sweep(AT + timedelta(hours=24))
    assert db.session.query(SignInCode).count() == 1
    codes.sweep(AT + timedelta(hours=25))
    assert db.session.query(SignInCode).count() == 0


@pytest.mark.parametrize(
    ("email", "masked"),
    [("rosa@example.com", "r•••@example.com"), ("r@x.org", "r•••@x.org"), ("zoë@example.com", "z•••@example.com")],
)
def test_masks(email: str, masked: str) -> None:  # SI-6
    assert codes.masked_email(email) == masked
    assert codes.masked_phone("+12125550148") == "••••\N{NO-BREAK SPACE}0148"


def test_a_code_that_went_to_the_old_number_is_dead(browse: Browse, texts: None, rosa: Client) -> None:  # SI-6, PRO-2
    browser = browse()
    assert ask(browser) == 303
    code = newest(rosa.phone)
    profiles.change(rosa, {"phone": "+18453312299"}, by=as_client(rosa), at=AT)
    assert enter(browser, code) == 422
