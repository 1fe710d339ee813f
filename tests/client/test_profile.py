"""My Profile, as the browser asks for it."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from portal.db import db
from portal.gateways import files as store
from portal.models import Client, EmailChange, File, History, Member, Notice, SignIn
from portal.passwords import verify
from portal.rules import allowances, email_changes, sign_ins
from portal.rules.actors import as_client
from tests import letters, samples
from tests.conftest import Browse

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)
LATER = timedelta(minutes=11)
NEW = "rosa@new.example.com"
PASSWORD = {"current": "biscuit-and-me", "password": "three quiet otters", "again": "three quiet otters"}


def facts(**changed: Any) -> dict[str, Any]:
    return {"first_name": "Rosa", "last_name": "Delgado", "email": "rosa@example.com", "phone": "", **changed}


def words(page: str) -> str:
    return re.sub(r"<svg.*?</svg>", "", page)


def waiting(client: Client) -> EmailChange | None:
    return email_changes.waiting(client.id, at=datetime.now(UTC))


# ---------------------------------------------------------------- PRO-1: the facts


def test_the_page_tells_what_is_known(browse: Browse, rosa: Client) -> None:  # PRO-1, SI-8
    rosa.phone, rosa.street, rosa.city, rosa.region, rosa.postcode = (
        "+12125550163",
        "14 Birch Lane",
        "Kingston",
        "NY",
        "1",
    )
    db.session.commit()
    page = browse(rosa).get("/profile").text
    for known in (
        "Rosa Delgado",
        "rosa@example.com",
        "(212) 555-0163",
        "14 Birch Lane<br>Kingston, NY 1",
        "4071 882 365",
    ):
        assert known in page
    assert 'href="/profile/edit"' in page


def test_an_imported_profile_may_lack_everything(browse: Browse, omar: Client) -> None:  # PRO-1
    omar.email, omar.last_name = None, ""
    db.session.commit()
    browser = browse(omar)
    page = browser.get("/profile").text
    assert "None yet. Add one to get letters" in page
    assert "Add an e-mail to your profile first" in page
    assert browser.get("/profile/edit").status_code == 200
    assert browser.post("/profile/password/link").status_code == 422
    assert browser.post("/profile", data={"first_name": "Omar", "last_name": "Haddad"}).status_code == 303
    assert omar.last_name == "Haddad"


def test_saving_facts(browse: Browse, rosa: Client) -> None:  # PRO-1, PRO-3
    browser = browse(rosa)
    answer = browser.swap(
        "/profile", data=facts(last_name="Delgado-Ruiz", phone="212 555 0163", street="14 Birch Lane")
    )
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/profile")
    assert (rosa.last_name, rosa.phone, rosa.street) == ("Delgado-Ruiz", "+12125550163", "14 Birch Lane")
    assert db.session.scalars(select(Notice.text)).all() == ["Rosa Delgado changed last name, phone, street"]
    assert db.session.query(History).filter_by(field="Last name", old="Delgado", new="Delgado-Ruiz").count() == 1
    assert "Saved." in browser.get("/profile").text


def test_saving_without_javascript(browse: Browse, rosa: Client) -> None:  # PRO-1, NAV-7
    answer = browse(rosa).post("/profile", data=facts(city="Kingston"))
    assert (answer.status_code, answer.location) == (303, "/profile")
    assert rosa.city == "Kingston"


def test_what_is_wrong_is_said_beside_its_field(browse: Browse, rosa: Client) -> None:  # PRO-1
    wrong = facts(first_name=" ", email="rosa", phone="12", street="1\x00", city="Kingston", region="x" * 81)
    for ask in (browse(rosa).swap, browse(rosa).post):
        answer = ask("/profile", data=wrong)
        assert answer.status_code == 422
        page = words(answer.text)
        assert "5 things to mend" in page
        for field, said in {
            "first_name": "Tell us your first name.",
            "email": "This is no e-mail address yet.",
            "phone": "This is no phone number that we can call.",
            "street": "This holds a character that cannot be read.",
            "region": "This is too long: at most 80 characters.",
        }.items():
            assert f'id="{field}-error">{said}' in page
        assert 'value="Kingston"' in page
        assert 'value="12"' in page
    db.session.refresh(rosa)
    assert rosa.city == ""
    assert db.session.query(History).count() == 0


def test_an_email_cannot_be_taken_away(browse: Browse, rosa: Client) -> None:  # PRO-1
    answer = browse(rosa).post("/profile", data=facts(email=""))
    assert answer.status_code == 422
    assert "Type your e-mail: you sign in with it." in answer.text


def test_a_number_that_came_in_broken_stays_until_it_is_touched(browse: Browse, rosa: Client) -> None:  # PRO-1
    rosa.phone = "ask for Rosa"
    db.session.commit()
    assert browse(rosa).post("/profile", data=facts(phone="ask for Rosa", city="Kingston")).status_code == 303
    assert (rosa.phone, rosa.city) == ("ask for Rosa", "Kingston")
    assert browse(rosa).post("/profile", data=facts(phone="ask for me")).status_code == 422
    assert browse(rosa).post("/profile", data=facts(phone="")).status_code == 303
    assert rosa.phone == ""


def test_the_form_shows_what_is_known(browse: Browse, rosa: Client) -> None:  # PRO-1
    rosa.phone = "+12125550163"
    db.session.commit()
    page = browse(rosa).get("/profile/edit").text
    assert 'value="(212) 555-0163"' in page
    assert 'value="Delgado"' in page
    assert ">State</label>" in page
    assert ">ZIP code</label>" in page
    for name in ("given-name", "family-name", "email", "tel", "street-address", "address-level2", "postal-code"):
        assert f'autocomplete="{name}"' in page


def test_more_than_is_asked_for_changes_nothing(browse: Browse, rosa: Client) -> None:  # PRO-1
    more = {"account_number": "1", "password_hash": "x", "credential_version": "9", "client_id": "2", "id": "2"}
    before = (rosa.account_number, rosa.password_hash, rosa.credential_version, rosa.id)
    assert browse(rosa).post("/profile", data=facts(**more)).status_code == 303
    assert (rosa.account_number, rosa.password_hash, rosa.credential_version, rosa.id) == before


def test_a_photo_is_taken_shown_and_removed(browse: Browse, rosa: Client) -> None:  # PRO-1
    browser = browse(rosa)
    assert browser.get("/profile/photo").status_code == 404
    sent = facts(photo=(BytesIO(samples.jpeg(width=900, height=600)), "me.jpg"))
    assert browser.post("/profile", data=sent).status_code == 303
    file = db.session.scalars(select(File)).one()
    assert rosa.photo_id == file.id
    small = browser.get(f"/profile/photo?v={file.id}")
    assert small.data == store.read(store.thumbnail(file.key))
    assert small.headers["Content-Type"] == "image/webp"
    assert small.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert browser.get(f"/profile/photo?v={file.id}&size=l").data == store.read(file.key)
    assert f"/profile/photo?v={file.id}" in browser.get("/profile").text
    assert browser.post("/profile", data=facts(remove_photo="y")).status_code == 303
    assert rosa.photo_id is None


def test_a_photo_that_is_none_is_refused_beside_its_field(browse: Browse, rosa: Client) -> None:  # PRO-1
    sent = facts(photo=(BytesIO(samples.pdf()), "me.jpg"), city="Kingston")
    answer = browse(rosa).swap("/profile", data=sent)
    assert answer.status_code == 422
    assert 'id="photo-error">This' in words(answer.text)
    assert words(answer.text).count("photo-error") == 2
    assert 'value="Kingston"' in answer.text
    db.session.refresh(rosa)
    assert (rosa.city, rosa.photo_id) == ("", None)


def test_photos_without_end_are_told_to_wait(  # PRO-1
    browse: Browse, rosa: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allowances, "FILES", replace(allowances.FILES, most=1))
    browser = browse(rosa)
    assert browser.post("/profile", data=facts(photo=(BytesIO(samples.jpeg()), "me.jpg"))).status_code == 303
    first = rosa.photo_id
    refused = browser.swap("/profile", data=facts(city="Troy", photo=(BytesIO(samples.jpeg()), "me.jpg")))
    assert refused.status_code == 422
    assert re.search(r'id="photo-error".*These are many files\. Please wait 60 minutes', refused.text)
    assert (rosa.photo_id, rosa.city != "Troy") == (first, True)
    assert browser.post("/profile", data=facts()).status_code == 303, "facts alone are no file"


def test_the_photo_is_only_ones_own(browse: Browse, rosa: Client, omar: Client) -> None:  # PRO-1
    sent = facts(photo=(BytesIO(samples.png()), "me.png"))
    browse(rosa).post("/profile", data=sent)
    assert browse(omar).get(f"/profile/photo?v={rosa.photo_id}").status_code == 404


# ---------------------------------------------------------------- PRO-2: the e-mail


def test_a_new_email_waits(browse: Browse, rosa: Client) -> None:  # PRO-2
    browser = browse(rosa)
    browser.post("/profile", data=facts(email=NEW))
    assert rosa.email == "rosa@example.com"
    page = browser.get("/profile").text
    assert f"Open the letter that is on its way to {NEW}" in page
    assert f"{NEW} waits to be confirmed" in page
    assert browser.post("/profile/email/letter").status_code == 303
    assert len(letters.to(NEW)) == 2
    part = browser.swap("/profile/email/removal")
    assert part.text.startswith('<div id="email_waits">')
    assert "Your e-mail stays as it is." in part.text
    assert waiting(rosa) is None
    assert "waits to be confirmed" not in browser.get("/profile").text


def test_forgetting_without_javascript_and_twice(browse: Browse, rosa: Client) -> None:  # PRO-2
    email_changes.ask(rosa, NEW, by=as_client(rosa), at=datetime.now(UTC))
    browser = browse(rosa)
    answer = browser.post("/profile/email/removal")
    assert (answer.status_code, answer.location) == (303, "/profile")
    for path in ("/profile/email/removal", "/profile/email/letter"):
        answer = browser.post(path)
        assert answer.status_code == 422
        assert "No e-mail waits to be confirmed." in answer.text


def test_an_email_of_somebody_else(browse: Browse, rosa: Client) -> None:  # PRO-2
    answer = browse(rosa).post("/profile", data=facts(email="omar@example.com", city="Kingston"))
    assert answer.status_code == 422
    assert 'id="email-error">This e-mail belongs to another profile.' in words(answer.text)
    assert 'value="Kingston"' in answer.text
    db.session.refresh(rosa)
    assert rosa.city == ""


def test_after_ten_minutes_the_password_is_asked_for(browse: Browse, rosa: Client) -> None:  # PRO-2
    with time_machine.travel(AT, tick=False) as clock:
        browser = browse(rosa)
        assert "Your password" not in browser.get("/profile/edit").text
        clock.shift(LATER)
        assert "Needed only when you change your e-mail or phone" in browser.get("/profile/edit").text
        assert browser.post("/profile", data=facts(city="Kingston")).status_code == 303
        for wrong, said in (("", "Type your password"), ("no", "This is not your current password.")):
            for change in ({"email": NEW}, {"phone": "212 555 0163"}):
                answer = browser.post("/profile", data=facts(password=wrong, city="Rhinebeck", **change))
                assert answer.status_code == 422
                assert f'id="password-error">{said}' in words(answer.text)
        db.session.refresh(rosa)
        assert (rosa.city, rosa.phone, waiting(rosa)) == ("Kingston", "", None)
        assert browser.post("/profile", data=facts(password="biscuit-and-me", email=NEW)).status_code == 303
        assert waiting(rosa) is not None


def test_who_has_no_password_signs_in_anew(browse: Browse, omar: Client) -> None:  # PRO-2
    with time_machine.travel(AT, tick=False) as clock:
        browser = browse(omar)
        clock.shift(LATER)
        assert "sign out, sign in with a code" in browser.get("/profile/edit").text
        changed = {"first_name": "Omar", "last_name": "Haddad", "email": "omar@new.example.com"}
        answer = browser.post("/profile", data=changed)
        assert answer.status_code == 422
        assert 'id="password-error">You signed in a while ago.' in words(answer.text)


# ---------------------------------------------------------------- PRO-2: the password


def test_changing_the_password(browse: Browse, rosa: Client) -> None:  # PRO-2, SI-12
    elsewhere, browser = browse(rosa), browse(rosa)
    token = browser.csrf("/profile/password")
    with browser.session_transaction() as cookie:
        former = cookie["_user_id"]
    answer = browser.swap("/profile/password", data=PASSWORD)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/profile")
    assert verify(rosa.password_hash, "three quiet otters")
    assert "Your password is changed. Every other device is signed out." in browser.get("/profile").text
    assert elsewhere.get("/profile").status_code == 302
    assert browser.post("/profile/password", data=PASSWORD, token=token).status_code == 400, "the old page is dead"
    copied = browse()
    with copied.session_transaction() as cookie:
        cookie["_user_id"] = former
    assert copied.get("/profile").status_code == 302, "the old key is dead"
    (letter,) = letters.to("rosa@example.com")
    assert letter.subject == "Your password was changed"
    assert [line.new for line in db.session.query(History).filter_by(field="Password")] == ["Changed"]


def test_changing_the_password_without_javascript(browse: Browse, rosa: Client) -> None:  # PRO-2, NAV-7
    browser = browse(rosa)
    page = browser.get("/profile/password").text
    assert page.count('type="password"') == 3
    assert page.count('autocomplete="new-password"') == 2
    assert 'autocomplete="current-password"' in page
    answer = browser.post("/profile/password", data=PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/profile")
    assert browser.get("/profile").status_code == 200


def test_a_remembered_browser_stays_remembered(browse: Browse, rosa: Client) -> None:  # PRO-2, SI-2
    browser = browse()
    browser.post("/sign-in", data={"login": "rosa@example.com", "password": "biscuit-and-me", "remember": "y"})
    browser.post("/profile/password", data=PASSWORD)
    assert db.session.scalars(select(SignIn)).one().remembered


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"current": ""}, "current", "Type your current password."),
        ({"current": "no"}, "current", "This is not your current password."),
        ({"password": "short", "again": "short"}, "password", "Please use at least 8 characters."),
        ({"password": "password123", "again": "password123"}, "password", "Many people use this password"),
        ({"password": "rosa delgado", "again": "rosa delgado"}, "password", "This password is made of a name"),
        ({"again": "three quiet otter"}, "again", "The two are not the same."),
    ],
)
def test_a_password_that_cannot_be(  # PRO-2
    browse: Browse, rosa: Client, wrong: dict[str, str], field: str, said: str
) -> None:
    for ask in (browse(rosa).swap, browse(rosa).post):
        answer = ask("/profile/password", data={**PASSWORD, **wrong})
        assert answer.status_code == 422
        assert f'id="{field}-error">{said}' in words(answer.text)
        assert "otters" not in answer.text
    assert verify(rosa.password_hash, "biscuit-and-me")


def test_the_eleventh_wrong_password_waits(browse: Browse, rosa: Client) -> None:  # PRO-2
    browser = browse(rosa)
    for _ in range(10):
        assert browser.post("/profile/password", data={**PASSWORD, "current": "no"}).status_code == 422
    answer = browser.post("/profile/password", data=PASSWORD)
    assert answer.status_code == 429
    assert "Too many tries. Please wait" in answer.text
    assert int(answer.headers["Retry-After"]) > 0
    assert verify(rosa.password_hash, "biscuit-and-me")


def test_who_has_no_password_is_mailed_a_link(browse: Browse, omar: Client) -> None:  # PRO-2, SI-4
    browser = browse(omar)
    page = browser.get("/profile").text
    assert "You have none yet and sign in with a code." in page
    answer = browser.get("/profile/password")
    assert (answer.status_code, answer.location) == (303, "/profile"), "there is nothing to change"
    assert browser.swap("/profile/password/link").headers["HX-Redirect"] == "/profile"
    assert "A link to set your password is on its way to omar@example.com." in browser.get("/profile").text
    assert letters.link(letters.to("omar@example.com")[-1])
    for _ in range(4):
        assert browser.post("/profile/password/link").status_code == 303
    assert browser.post("/profile/password/link").status_code == 429
    assert len(letters.to("omar@example.com")) == 5


# ---------------------------------------------------------------- where one is signed in


def test_signing_out_elsewhere(browse: Browse, rosa: Client, omar: Client) -> None:  # PRO-2, SI-12
    first, second, browser = browse(rosa), browse(rosa), browse(rosa)
    page = browser.get("/profile").text
    assert page.count("Sign out there") == 4
    assert page.count("This device</span>") == 1
    places = re.findall(r'action="(/profile/sign-ins/\d+/removal)"', page)
    assert len(places) == 2
    assert browse(omar).post(places[0]).status_code == 404
    part = browser.swap(places[0])
    assert part.status_code == 200
    assert part.text.startswith('<section class="section" aria-labelledby="signed-in" id="sign_ins">')
    assert "Signed out there." in part.text
    assert browser.post(places[0]).status_code == 404
    assert sorted([first.get("/profile").status_code, second.get("/profile").status_code]) == [200, 302]
    answer = browser.post("/profile/sign-ins/removal")
    assert (answer.status_code, answer.location) == (303, "/profile")
    assert [first.get("/profile").status_code, second.get("/profile").status_code] == [302, 302]
    assert "Sign out everywhere else" not in browser.get("/profile").text
    assert len(sign_ins.of_client(omar.id, at=datetime.now(UTC))) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/profile",
        "/profile/password",
        "/profile/password/link",
        "/profile/email/letter",
        "/profile/email/removal",
        "/profile/sign-ins/removal",
    ],
)
def test_the_other_room_is_turned_away(browse: Browse, nina: Member, rosa: Client, path: str) -> None:  # SI-1
    for person in (nina, None):
        answer = browse(person).post(path, data=facts(city="Kingston"))
        assert answer.status_code == 302
        assert answer.location.startswith("/sign-in")
    db.session.refresh(rosa)
    assert rosa.city == ""
