"""Registering: a profile, a pet, a letter; where the business allows it."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine

from portal.db import db
from portal.models import AccountNumber, Business, Client, Delivery, History, Notice, Pet
from portal.rules.throttles import REGISTRATIONS
from tests import letters
from tests.conftest import Browse, Browser

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)
ADA = {
    "first_name": " Ada ",
    "last_name": "Nwosu-Łuk",
    "email": "Ada@Example.com",
    "phone": "(845) 331-2200",
    "pet": "Otis",
    "animal_id": "1",
}


@pytest.fixture(autouse=True)
def clock() -> time_machine.Traveller:
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


def register(browser: Browser, **other: str) -> int:
    return browser.post("/register", data={**ADA, **other}).status_code


def test_somebody_new_registers_and_sets_a_password(browse: Browse) -> None:  # SI-9, SI-3
    browser = browse()
    answer = browser.post("/register", data=ADA)
    assert (answer.status_code, answer.location) == (303, "/register/sent")
    assert "within 7 days" in browser.get("/register/sent").text
    ada = db.session.query(Client).filter_by(email="ada@example.com").one()
    assert (ada.first_name, ada.last_name, ada.phone) == ("Ada", "Nwosu-Łuk", "+18453312200")
    assert (ada.created_at, ada.password_hash) == (AT, None)
    pet = db.session.query(Pet).filter_by(client_id=ada.id).one()
    assert (pet.name, pet.animal.name) == ("Otis", "Dog")
    (letter,) = letters.to("ada@example.com")
    assert letter.subject == "Welcome to Maple & Paw"
    typed = {"password": "three quiet otters", "again": "three quiet otters"}
    assert browser.post(letters.link(letter), data=typed).location == "/"
    assert "Ada" in browser.get("/").text


def test_what_is_written_down(browse: Browse) -> None:  # SI-9
    register(browse())
    ada = db.session.query(Client).filter_by(email="ada@example.com").one()
    rows = db.session.query(History).filter_by(client_id=ada.id).order_by(History.id)
    assert [(row.field, row.new) for row in rows] == [
        ("Profile", "Ada Nwosu-Łuk"),
        ("Pet", "Otis, Dog"),
        ("Link to set a password", "Sent to ada@example.com"),
    ]
    assert {(row.by_kind, row.by_name) for row in rows} == {("client", "Ada Nwosu-Łuk")}
    told = [row.text for row in db.session.query(Notice).filter_by(client_id=ada.id)]
    assert told == ["Ada Nwosu-Łuk registered", "Ada Nwosu-Łuk added Otis"]


def test_an_account_number_of_their_own(browse: Browse) -> None:  # SI-8
    register(browse())
    number = db.session.query(Client).filter_by(email="ada@example.com").one().account_number
    assert re.fullmatch("[1-9][0-9]{9}", number)
    assert db.session.get(AccountNumber, number)


def test_an_address_with_a_profile_is_pointed_to_set_reset(browse: Browse, rosa: Client) -> None:  # SI-9
    answer = browse().post("/register", data={**ADA, "email": " ROSA@example.com"})
    assert answer.status_code == 422
    assert "There is a profile with this e-mail already." in answer.text
    assert 'Use <a href="/password">Set/Reset Password</a>' in answer.text
    assert 'value="Nwosu-Łuk"' in answer.text
    assert db.session.query(Delivery).count() == 0
    assert db.session.query(Pet).filter_by(name="Otis").count() == 0
    assert db.session.query(Client).count() == 3


def test_a_neutral_business_tells_nobody(browse: Browse) -> None:  # SI-9, POR-10
    db.session.query(Business).one().neutral_answers = True
    db.session.commit()
    for email in ("ada@example.com", "rosa@example.com", "rosa@example.com"):
        answer = browse().post("/register", data={**ADA, "email": email})
        assert (answer.status_code, answer.location) == (303, "/register/sent")
    (letter,) = letters.to("rosa@example.com")
    assert letter.subject == "You have a profile already"
    assert "http://localhost/password" in letter.text
    assert db.session.query(Client).count() == 4


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("first_name", "  ", "Tell us your first name."),
        ("last_name", "", "Tell us your last name."),
        ("last_name", "x" * 61, "at most 60 characters"),
        ("first_name", "A\x07da", "cannot be read"),
        ("first_name", "Ada\nNwosu", "single line"),
        ("email", "ada", "It looks like name@example.com."),
        ("email", "ada@example.com, rosa@example.com", "It looks like name@example.com."),
        ("email", "ada@example.com\r\nBcc: rosa@example.com", "It looks like name@example.com."),
        ("phone", "hello", "no phone number that we can call"),
        ("phone", "555-0148", "with its area code"),
        ("phone", "+1 212", "no phone number that we can call"),
        ("phone", "9" * 41, "at most 40 characters"),
        ("pet", "", "Tell us your pet’s name."),
        ("animal_id", "99", "Choose one of these."),
        ("animal_id", "9" * 400, "Choose one of these."),
        ("animal_id", "dog", "Choose one of these."),
    ],
)
def test_what_is_wrong_stands_beside_its_field(browse: Browse, field: str, typed: str, words: str) -> None:  # SI-9
    answer = browse().post("/register", data={**ADA, field: typed})
    assert answer.status_code == 422
    said = re.search(rf'id="{field}-error">(?:<svg.*?</svg>)?(.*?)</p>', answer.text)
    assert said
    assert words in unescape(said[1])
    if field != "pet":
        assert 'value="Otis"' in answer.text
    assert db.session.query(Client).count() == 3


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [
        ("US", "212-555-0148", "+12125550148"),
        ("US", "+49 30 901820", "+4930901820"),
        ("DE", "030 901820", "+4930901820"),
        ("GB", "07400 123456", "+447400123456"),
    ],
)
def test_numbers_are_read_as_they_are_written_here(browse: Browse, country: str, typed: str, kept: str) -> None:  # SI-9
    db.session.query(Business).one().country = country
    db.session.commit()
    assert register(browse(), phone=typed) == 303
    assert db.session.query(Client).filter_by(email="ada@example.com").one().phone == kept


def test_several_things_to_mend_are_listed(browse: Browse) -> None:  # SI-9
    page = browse().post("/register", data={}).text
    assert "6 things to mend" in page
    assert '<a href="#phone">Phone</a>' in page


def test_so_many_in_an_hour_from_one_place(browse: Browse, clock: time_machine.Traveller) -> None:  # SI-9
    before, most = db.session.query(Client).count(), REGISTRATIONS.most
    tries = [register(browse(), email=f"ada-{n}@example.com") for n in range(most + 1)]
    assert tries == [303] * most + [429]
    assert db.session.query(Client).count() == before + most
    clock.shift(timedelta(hours=1))
    assert register(browse(), email="ada-again@example.com") == 303


def test_a_form_that_is_not_well_formed_does_not_count(browse: Browse) -> None:  # SI-9
    assert [register(browse(), email="ada") for _ in range(7)] == [422] * 7
    assert register(browse()) == 303


def test_nobody_registers_where_it_is_closed(browse: Browse) -> None:  # SI-9, POR-7
    db.session.query(Business).one().registration_open = False
    db.session.commit()
    assert browse().get("/register").status_code == 404
    assert register(browse()) == 404
    assert db.session.query(Client).count() == 3


def test_extra_fields_change_nothing(browse: Browse) -> None:  # SI-9
    more = {"account_number": "1111111111", "credential_version": "9", "password_hash": "x", "deactivated_at": "x"}
    assert register(browse(), **more, created_at="2001-01-01", id="77", client_id="1") == 303
    ada = db.session.query(Client).filter_by(email="ada@example.com").one()
    assert ada.account_number != "1111111111"
    assert (ada.credential_version, ada.password_hash, ada.deactivated_at, ada.created_at) == (0, None, None, AT)


def test_the_fields_are_filled_in_by_phones(browse: Browse) -> None:  # SI-2, SI-9
    page = browse().get("/register").text
    for name, kind in (
        ("first_name", "given-name"),
        ("last_name", "family-name"),
        ("email", "email"),
        ("phone", "tel"),
    ):
        field = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
        assert field
        assert f'autocomplete="{kind}"' in field[0]
