"""Set/Reset Password: the letter, its link, and the two fields behind it."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
import time_machine
from flask import Flask
from itsdangerous import URLSafeSerializer

from portal.db import db
from portal.models import Business, Client, Delivery, History, Member, SignIn
from portal.rules import accounts, links
from portal.rules.actors import as_client, as_member
from tests import letters
from tests.conftest import SECRET, Browse, Browser

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)
GOOD = {"password": "three quiet otters", "again": "three quiet otters"}


def ask(browser: Browser, email: str, **more: object) -> int:
    return browser.post("/password", data={"email": email}, **more).status_code


def link_for(browse: Browse, email: str = "omar@example.com") -> str:
    assert ask(browse(), email) == 303
    return letters.link(letters.to(email)[-1])


def test_a_known_address_is_mailed_a_link(browse: Browse, omar: Client) -> None:  # SI-4
    browser = browse()
    answer = browser.post("/password", data={"email": " Omar@EXAMPLE.com "})
    assert (answer.status_code, answer.location) == (303, "/password/sent")
    page = browser.get("/password/sent").text
    assert "A link is on its way to you." in page
    assert "within 2 hours" in page
    (letter,) = letters.to("omar@example.com")
    assert letter.client_id == omar.id
    assert letter.message_id is None, "others may read threads"
    assert letter.text.startswith("Hello Omar,")
    assert "http://localhost/password/" in letter.text


def test_security_mail_cannot_be_switched_off(browse: Browse, omar: Client) -> None:  # SI-4
    omar.no_automatic_email = True
    db.session.commit()
    assert link_for(browse)


def test_an_unknown_address_is_asked_to_contact_the_business(browse: Browse) -> None:  # SI-4
    answer = browse().post("/password", data={"email": "nobody@example.com"})
    assert answer.status_code == 422
    words = "There is no open profile with this e-mail. Please call (212) 555-0148 or write to hello@example.com."
    assert f'id="email-error">{words}' in re.sub(r"<svg.*?</svg>", "", answer.text)
    assert 'value="nobody@example.com"' in answer.text
    assert 'href="tel:+12125550148"' in answer.text
    assert db.session.query(Delivery).count() == 0


@pytest.mark.parametrize("email", ["", "omar", "omar@", "@example.com", "a b@example.com", "a@b\r\nBcc: x@y.com"])
def test_what_is_no_address_is_said_beside_the_field(browse: Browse, email: str) -> None:  # SI-4
    answer = browse().post("/password", data={"email": email})
    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text


def test_staff_and_closed_profiles_are_unknown_here(browse: Browse, rosa: Client, nina: Member) -> None:  # SI-1, SI-12
    rosa.deactivated_at = AT
    db.session.commit()
    unknown = browse().post("/password", data={"email": "nobody@example.com"}).text
    for email in ("rosa@example.com", "nina@example.com"):
        answer = browse().post("/password", data={"email": email})
        assert answer.status_code == 422
        assert "There is no open profile with this e-mail." in answer.text
    assert "There is no open profile with this e-mail." in unknown
    assert db.session.query(Delivery).count() == 0


def test_a_neutral_business_tells_nobody(browse: Browse) -> None:  # SI-4, POR-10
    db.session.query(Business).one().neutral_answers = True
    db.session.commit()
    known, unknown = browse(), browse()
    assert ask(known, "omar@example.com") == ask(unknown, "nobody@example.com") == 303
    pages = [re.sub(r'content="[^"]+"', "", browser.get("/password/sent").text) for browser in (known, unknown)]
    assert pages[0] == pages[1]
    assert "If there is a profile with this e-mail" in pages[0]
    assert [row.recipient for row in db.session.query(Delivery)] == ["omar@example.com"]


def test_five_look_ups_in_a_quarter_of_an_hour_and_twenty_in_a_day(browse: Browse) -> None:  # SI-4
    with time_machine.travel(AT, tick=False) as clock:
        browser = browse()
        assert [ask(browser, f"nobody-{n}@example.com") for n in range(6)] == [422] * 5 + [429]
        answer = browser.post("/password", data={"email": "omar@example.com"})
        assert answer.status_code == 429, "whoever is asked for"
        assert "Please wait 15 minutes" in answer.text
        assert answer.headers["Retry-After"] == "900"
        assert 'value="omar@example.com"' in answer.text
        for _ in range(3):
            clock.shift(timedelta(minutes=15))
            assert [ask(browser, f"nobody-{n}@example.com") for n in range(5)] == [422] * 5
        clock.shift(timedelta(minutes=15))
        answer = browser.post("/password", data={"email": "omar@example.com"})
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "82800")
        assert ask(browser, "omar@example.com", environ_base={"REMOTE_ADDR": "192.0.2.9"}) == 303


def test_one_address_is_not_flooded_from_many_places(browse: Browse) -> None:  # SI-4
    places = [{"REMOTE_ADDR": f"192.0.2.{n}"} for n in range(6)]
    assert [ask(browse(), "omar@example.com", environ_base=place) for place in places] == [303] * 5 + [429]


def test_a_household_counts_as_one_place(browse: Browse) -> None:  # SI-4
    places = [{"REMOTE_ADDR": f"2001:db8::{n}"} for n in range(1, 7)]
    tries = [ask(browse(), f"nobody-{n}@example.com", environ_base=place) for n, place in enumerate(places)]
    assert tries == [422] * 5 + [429]


def test_when_somebody_guesses_from_everywhere_nobody_is_told_any_more(browse: Browse) -> None:  # SI-4
    with time_machine.travel(AT, tick=False) as clock:
        tries = []
        for n in range(54):
            place = {"REMOTE_ADDR": f"192.0.2.{n}"}
            tries.append(ask(browse(), f"nobody-{n}@example.com", environ_base=place))
        assert tries == [422] * 51 + [303] * 3
        browser = browse()
        assert ask(browser, "omar@example.com", environ_base={"REMOTE_ADDR": "192.0.2.200"}) == 303
        assert "If there is a profile" in browser.get("/password/sent").text
        (alert,) = letters.to("hello@example.com")
        assert alert.subject == "Many unknown addresses on your client portal"
        assert alert.client_id is None
        clock.shift(timedelta(hours=1))
        assert ask(browse(), "nobody@example.com", environ_base={"REMOTE_ADDR": "192.0.2.201"}) == 422


def test_nothing_is_sent_for_another_host(browse: Browse, omar: Client) -> None:  # SI-4
    answer = browse().post("/password", data={"email": "omar@example.com"}, headers={"Host": "evil.test"})
    assert answer.status_code == 400
    assert letters.to("omar@example.com") == []


def test_the_link_leads_to_the_public_address_whoever_asked(browse: Browse, omar: Client) -> None:  # SI-4
    headers = {"X-Forwarded-Host": "evil.test", "X-Forwarded-Proto": "https", "X-Forwarded-Port": "1"}
    browse().post("/password", data={"email": "omar@example.com"}, headers=headers)
    [letter] = letters.to("omar@example.com")
    assert "evil" not in letter.text
    assert "http://localhost/password/" in letter.text


def test_looking_at_the_link_changes_nothing(browse: Browse, omar: Client) -> None:  # SI-5
    link = link_for(browse)
    for _ in range(3):
        page = browse().get(link)
        assert page.status_code == browse().head(link).status_code == 200
    assert "Set Password &amp; Login" in page.text
    fields = re.findall(r'<input[^>]*type="password"[^>]*>', page.text)
    assert len(fields) == 2
    assert all('autocomplete="new-password"' in field for field in fields)
    assert 'value="omar@example.com" autocomplete="username"' in page.text
    assert db.session.get_one(Client, omar.id).password_hash is None
    assert browse().post(link, data=GOOD).status_code == 303


def test_the_page_of_the_link_keeps_it_to_itself(browse: Browse) -> None:  # SI-5
    page = browse().get(link_for(browse))
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert not re.findall(r'(?:src|href)="https?://', page.text)


def test_setting_the_password_signs_in(browse: Browse, omar: Client) -> None:  # SI-5
    browser, link = browse(), link_for(browse)
    answer = browser.post(link, data=GOOD)
    assert (answer.status_code, answer.location) == (303, "/")
    page = browser.get("/").text
    assert "Omar" in page
    assert "Your password is set, and you are signed in." in page
    right = {"login": "omar@example.com", "password": "three quiet otters"}
    assert browse().post("/sign-in", data=right).status_code == 303


def test_what_follows_from_a_new_password(browse: Browse, rosa: Client) -> None:  # SI-5, SI-12
    devices = [browse(rosa), browse(rosa)]
    link = link_for(browse, "rosa@example.com")
    browser = browse(rosa)
    assert browser.post(link, data=GOOD).status_code == 303
    assert [device.get("/pets").status_code for device in devices] == [302, 302]
    assert browser.get("/pets").status_code == 200
    assert db.session.query(SignIn).count() == 1
    letter = letters.to("rosa@example.com")[-1]
    assert letter.subject == "Your password was changed"
    assert "If that was not you" in letter.text
    row = db.session.query(History).filter_by(client_id=rosa.id, field="Password").one()
    assert (row.old, row.new, row.by_kind, row.by_name) == ("Set", "Changed", "client", "Rosa Delgado")
    assert "otters" not in letter.text


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({"password": "short", "again": "short"}, "password", "at least 8 characters"),
        ({"password": "x" * 129, "again": "x" * 129}, "password", "at most 128 characters"),
        ({"password": "password123", "again": "password123"}, "password", "Many people use this password"),
        ({"password": "Maple&Paw2026", "again": "Maple&Paw2026"}, "password", "easy to guess"),
        ({"password": "omarhaddad1", "again": "omarhaddad1"}, "password", "easy to guess"),
        ({"password": "latchkey!!", "again": "latchkey!!"}, "password", "easy to guess"),
        ({"password": "three quiet otters", "again": "three quiet otter"}, "again", "not the same"),
        ({"password": "", "again": ""}, "password", "Choose a password."),
        ({}, "again", "Type the same password again."),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    browse: Browse, omar: Client, data: dict[str, str], field: str, words: str
) -> None:  # SI-5
    link = link_for(browse)
    answer = browse().post(link, data=data)
    assert answer.status_code == 422
    said = re.search(rf'id="{field}-error">(.*?)</p>', answer.text)
    assert said
    assert words in said[1]
    assert db.session.get_one(Client, omar.id).password_hash is None
    assert browse().post(link, data=GOOD).status_code == 303, "and the link is as good as before"


@pytest.mark.parametrize(
    "password", ["  spaces  ", "🐶🐱🐭🐹🐰🦊🐻🐼", "x" * 127 + "y", "пароль-для-пса", "a\x00bcdefgh"]
)
def test_any_characters_exactly_as_typed(browse: Browse, password: str) -> None:  # SI-5
    assert browse().post(link_for(browse), data={"password": password, "again": password}).status_code == 303
    for typed, status in ((password, 303), (password.strip()[:-1], 422)):
        assert browse().post("/sign-in", data={"login": "omar@example.com", "password": typed}).status_code == status


def gone(browse: Browse, link: str, words: str) -> None:
    for answer in (browse().get(link), browse().post(link, data=GOOD), browse().post(link, data={})):
        assert answer.status_code == 410
        assert words in answer.text
        assert "Get a New Link" in answer.text
        assert 'href="/password"' in answer.text


def test_a_link_works_once(browse: Browse, omar: Client) -> None:  # SI-5
    link = link_for(browse)
    browse().post(link, data=GOOD)
    gone(browse, link, "has been used already")


def test_a_newer_link_that_is_used_ends_the_older(browse: Browse) -> None:  # SI-5
    older = link_for(browse)
    newer = link_for(browse)
    assert browse().get(older).status_code == 200
    assert browse().post(newer, data=GOOD).status_code == 303
    gone(browse, older, "a newer one has taken its place")


def test_a_password_changed_elsewhere_ends_the_link(browse: Browse, omar: Client) -> None:  # SI-5
    link = link_for(browse)
    accounts.set_password(omar, "four loud herons", by=as_client(omar), at=datetime.now(UTC))
    gone(browse, link, "has been used already")


def test_a_closed_profile_has_no_link(browse: Browse, omar: Client) -> None:  # SI-12
    link = link_for(browse)
    omar.deactivated_at = AT
    db.session.commit()
    gone(browse, link, "This profile is closed. Please call (212) 555-0148")


def test_two_hours_for_a_reset(browse: Browse, omar: Client) -> None:  # SI-5
    with time_machine.travel(AT, tick=False) as clock:
        link = link_for(browse)
        clock.shift(timedelta(hours=2))
        assert browse().get(link).status_code == 200
        clock.shift(timedelta(seconds=1))
        gone(browse, link, "it was good for 2 hours")


def test_seven_days_for_an_invitation(browse: Browse, omar: Client, nina: Member) -> None:  # SI-5, SI-9
    with time_machine.travel(AT, tick=False) as clock:
        accounts.invite(omar, by=as_member(nina), at=AT)
        (letter,) = letters.to("omar@example.com")
        assert "5120 093 317" in letter.text
        clock.shift(timedelta(days=7))
        assert browse().get(letters.link(letter)).status_code == 200
        clock.shift(timedelta(seconds=1))
        gone(browse, letters.link(letter), "it was good for 7 days")
    row = db.session.query(History).filter_by(client_id=omar.id).one()
    assert (row.field, row.new, row.by_name) == ("Link to set a password", "Sent to omar@example.com", "Nina Park")


def test_a_clock_that_is_set_back_does_no_harm(browse: Browse) -> None:  # SI-5
    with time_machine.travel(AT, tick=False) as clock:
        link = link_for(browse)
        clock.shift(timedelta(seconds=-90))
        assert browse().post(link, data=GOOD).status_code == 303


def test_nobody_else_can_make_a_link(browse: Browse, app: Flask, omar: Client) -> None:  # SI-5
    link = link_for(browse)
    token = link.removeprefix("/password/")
    claim = [omar.account_number, omar.credential_version, "invitation", int(AT.timestamp())]
    forged = [
        token[:-5] + ("A" if token[-5] != "A" else "B") + token[-4:],
        "x" + token,
        token.rpartition(".")[0],
        URLSafeSerializer("another-key" * 4, salt="set-password").dumps(claim),
        URLSafeSerializer(SECRET, salt="confirm-email").dumps(claim),
        "x" * 5000,
        "%00",
    ]
    for odd in forged:
        assert browse().get(f"/password/{odd}").status_code == 410, odd
        assert browse().post(f"/password/{odd}", data=GOOD).status_code == 410, odd


def test_a_replaced_key_still_opens_its_links(app: Flask, browse: Browse, omar: Client) -> None:  # SI-5
    link = links.to_set_password(omar, links.Purpose.RESET, at=AT).rpartition("/")[2]
    later = app.extensions["portal-settings"]
    app.extensions["portal-settings"] = type(later)(
        **{name: getattr(later, name) for name in later.__slots__}
        | {"secret_key": "another-key" * 4, "former_secret_keys": (SECRET,)}
    )
    assert links.opened(link, at=AT).client.id == omar.id


def test_of_eight_browsers_exactly_one_sets_the_password(app: Flask, browse: Browse, omar: Client) -> None:  # SI-5
    link, start = link_for(browse), Barrier(8)
    browsers = [browse() for _ in range(8)]
    tokens = [browser.csrf() for browser in browsers]
    db.session.commit()

    def set_password(n: int) -> tuple[int, str]:
        password = f"three quiet otters {n}"
        with app.app_context():
            start.wait()
            answer = browsers[n].post(link, data={"password": password, "again": password}, token=tokens[n])
        return answer.status_code, password

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(set_password, range(8)))
    assert sorted(status for status, _ in answers) == [303] + [410] * 7
    (winner,) = [password for status, password in answers if status == 303]
    assert browse().post("/sign-in", data={"login": "omar@example.com", "password": winner}).status_code == 303
    assert db.session.query(History).filter_by(client_id=omar.id, field="Password").count() == 1
    assert [letter.subject for letter in letters.to("omar@example.com")][1:] == ["Your password was set"]


def test_no_token_in_the_log(browse: Browse, caplog: pytest.LogCaptureFixture) -> None:  # SI-5
    link = link_for(browse)
    reports = [
        f'{{"document-uri": "http://localhost{link}"}}',
        f'{{"u": "http:\\/\\/localhost\\/password\\/{link[10:]}"}}',
    ]
    for report in reports:
        browse().post("/csp-report", data=report, token=None)
    assert caplog.text.count("content security policy") == 2
    assert link[10:] not in caplog.text
    assert "password/…" in caplog.text


def test_nobody_fills_the_log_with_reports(browse: Browse, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(30):
        assert browse().post("/csp-report", data="{}", token=None).status_code == 204
    assert caplog.text.count("content security policy") == 20
