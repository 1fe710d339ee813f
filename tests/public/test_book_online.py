"""The front page, and booking by somebody who is not signed in."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import unquote

import pytest
import time_machine
from werkzeug.test import TestResponse

from portal.db import db
from portal.models import Access, Booking, Business, Client, History, Location, Notice, Offering, Pet
from portal.rules import accounts, codes, sign_ins
from portal.rules.throttles import REGISTRATIONS
from tests import cast, letters
from tests.conftest import Browse, Browser

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)
KEY = "0123456789abcdef" * 2
ADA = {
    "first_name": " Ada ",
    "last_name": "Nwosu-Łuk",
    "email": "Ada@Example.com",
    "phone": "(845) 331-2200",
    "pets": "1",
    "pet-1-name": "Otis",
    "pet-1-animal_id": "1",
    "pet-1-breed": "Beagle",
    "pet-1-gender": "male",
}


@pytest.fixture(autouse=True)
def clock(app: object) -> object:
    with time_machine.travel(AT, tick=False) as traveller:
        cast.open_shop()
        yield traveller


def chosen(service: str = "Full Groom") -> str:
    place = db.session.query(Offering.location_id).order_by(Offering.location_id).first()
    return f"service={cast.service(service).id}&location={place[0]}"


def tell(browser: Browser, **other: str) -> TestResponse:
    return browser.post(f"/book-online/profile?{chosen()}", data={**ADA, **other})


def ada() -> Client | None:
    return db.session.query(Client).filter_by(email="ada@example.com").one_or_none()


def test_the_front_page_says_whose_it_is(browse: Browse) -> None:  # NAV-8
    page = browse().get("/").text
    for words in ("Maple &amp; Paw", "(212) 555-0148", "hello@example.com", "8 River Road", "My Account"):
        assert words in page
    for address in ("/sign-in", "/book-online", "/register"):
        assert f'href="{address}"' in page


def test_the_front_page_offers_what_is_open(browse: Browse) -> None:  # NAV-8, POR-3, POR-7
    business = db.session.query(Business).one()
    business.public_booking_open = business.registration_open = False
    db.session.query(Location).filter_by(name="Riverside").one().deactivated_at = AT
    db.session.commit()
    page = browse().get("/").text
    assert 'href="/sign-in"' in page
    for words in ("/book-online", "/register", "Riverside"):
        assert words not in page


def test_deeper_addresses_still_lead_to_sign_in(browse: Browse) -> None:  # NAV-8, SI-14
    browser = browse()
    assert browser.get("/pets").location == "/sign-in?next=/pets"
    assert browser.get("/book?service=1").location.startswith("/sign-in?next=/book")
    assert browser.swap("/", "get").status_code == 401


def test_only_what_is_public_is_listed(browse: Browse) -> None:  # SB-9, SB-4
    cast.service("Boarding").access = Access.LINK
    cast.service("Daycare").access = Access.MEMBERS
    cast.service("Agility").access = Access.STAFF
    db.session.commit()
    page = browse().get("/book-online").text
    assert "Full Groom" in page
    for name in ("Boarding", "Daycare", "Agility"):
        assert name not in page


def test_a_direct_link_reaches_one_that_is_not_listed(browse: Browse) -> None:  # SB-9, SB-4
    cast.service("Full Groom").access = Access.LINK
    db.session.commit()
    page = browse().get(f"/book-online?{chosen()}").text
    assert "Who is coming?" in page
    assert "Full Groom" in page


def test_who_is_signed_in_goes_on_in_their_portal(browse: Browse, rosa: Client) -> None:  # SB-9
    answer = browse(rosa).get(f"/book-online?{chosen()}")
    assert answer.location == f"/book?{chosen()}"


def test_somebody_new_books(browse: Browse) -> None:  # SB-9, SB-11, CP-13
    browser = browse()
    answer = tell(browser)
    client = ada()
    assert client is not None
    assert (client.first_name, client.phone, client.prospect) == ("Ada", "+18453312200", True)
    otis = db.session.query(Pet).filter_by(client_id=client.id).one()
    assert (otis.name, otis.breed, otis.gender) == ("Otis", "Beagle", "male")
    assert answer.location == f"/book-online?{chosen()}&pet={otis.id}"
    last = f"{answer.location}&add_on=0&at=2026-11-24T14:00Z"
    assert "Look it over" in browser.get(last).text
    done = browser.post(last, data={"key": KEY, "notes": "He barks."})
    assert (done.status_code, done.location) == (303, "/book-online/done")
    booking = db.session.query(Booking).filter_by(client_id=client.id).one()
    assert (booking.notes, client.prospect) == ("He barks.", False)
    page = browser.get(done.location).text
    assert "You are booked" in page
    ics = browser.get(f"/book-online/done/{booking.id}.ics")
    assert "SUMMARY:Full Groom for Otis" in ics.text
    subjects = [letter.subject for letter in letters.to("ada@example.com")]
    assert "Welcome to Maple & Paw" in subjects
    assert len(subjects) == 2
    assert db.session.query(Notice).filter_by(client_id=client.id).count() == 3
    told = [row.new for row in db.session.query(History).filter_by(client_id=client.id).order_by(History.id)]
    assert told[:3] == ["Ada Nwosu-Łuk", "Otis, Dog", "Sent to ada@example.com"]


def test_the_profile_stays_when_nothing_is_booked(browse: Browse) -> None:  # SB-9
    tell(browse())
    client = ada()
    assert client is not None
    assert client.prospect
    assert db.session.query(Booking).count() == 0
    (letter,) = letters.to("ada@example.com")
    assert letter.subject == "Welcome to Maple & Paw"


def test_what_is_free_is_not_called_charged(browse: Browse) -> None:  # SB-9
    groom = cast.service("Full Groom")
    groom.price = 0
    db.session.commit()
    page = browse().get(f"/book-online?service={groom.id}&location=1").text
    assert "Each pet takes a place. Free" in page
    assert "and is charged" not in page


def test_another_pet_without_javascript(browse: Browse) -> None:  # SB-9, SB-5, NAV-7
    browser = browse()
    page = tell(browser, more="1").text
    assert 'name="pet-2-name"' in page
    assert 'value="Otis"' in page
    assert "Each pet takes a place and is charged: $85.00" in page
    assert ada() is None
    two = {"pets": "3", "pet-2-name": "Nala", "pet-2-animal_id": "2", "pet-2-gender": "unknown"}
    tell(browser, **two, **{"pet-3-animal_id": "1", "pet-3-gender": "unknown"})
    assert sorted(pet.name for pet in db.session.query(Pet).filter_by(client_id=ada().id)) == ["Nala", "Otis"]


def test_an_e_mail_that_is_known_must_sign_in(browse: Browse, rosa: Client) -> None:  # SB-9
    browser = browse()
    answer = tell(browser, email=" ROSA@example.com")
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert "There is a profile with this e-mail already." in page
    ways = {unquote(address) for address in re.findall(r'href="([^"]+)"', page)}
    assert {f"{door}?next=/book?{chosen()}" for door in ("/sign-in", "/sign-in/code")} <= ways
    for name in ("Biscuit", "Delgado"):
        assert name not in page
    assert "Who is coming?" in browser.get(f"/book-online?{chosen()}").text, "nothing was opened"
    assert db.session.query(Pet).filter_by(name="Otis").count() == 0
    login = {"login": "rosa@example.com", "password": "biscuit-and-me"}
    back = browser.post(f"/sign-in?next=/book?{chosen().replace('&', '%26')}", data=login)
    assert back.location == f"/book?{chosen()}"


def test_a_neutral_business_sends_everybody_to_their_mail(browse: Browse) -> None:  # SB-9, POR-10
    db.session.query(Business).one().neutral_answers = True
    db.session.commit()
    for email in ("ada@example.com", "rosa@example.com"):
        browser = browse()
        assert tell(browser, email=email).location == "/register/sent"
        assert "Who is coming?" in browser.get(f"/book-online?{chosen()}").text
    assert [letter.subject for letter in letters.to("rosa@example.com")] == ["You have a profile already"]


@pytest.mark.parametrize("proof", ["password", "sign-in", "code", "time", "closed"])
def test_the_profile_is_only_theirs_as_soon_as_it_is_proven(
    browse: Browse, proof: str, clock: time_machine.Traveller
) -> None:  # SB-9
    browser = browse()
    last = f"{tell(browser).location}&add_on=0&at=2026-11-24T14:00Z"
    assert "Otis" in browser.get(last).text
    client = ada()
    assert client is not None
    if proof == "password":
        accounts.replace(client, 0, "hash", by=cast.as_client(client), at=AT)
    elif proof == "sign-in":
        sign_ins.begin_for_client(client, remember=False, device="", at=AT)
    elif proof == "code":
        codes.ask("ada@example.com", asker="another browser", origin="10.0.0.1", at=AT)
    elif proof == "closed":
        client.deactivated_at = AT
        db.session.commit()
    else:
        clock.shift(timedelta(hours=1, seconds=1))
    assert "Otis" not in browser.get(last).text
    assert browser.post(last, data={"key": KEY}).status_code == 303
    assert db.session.query(Booking).count() == 0


def test_nobody_goes_on_with_the_profile_in_another_browser(browse: Browse) -> None:  # SB-9
    last = f"{tell(browse()).location}&add_on=0&at=2026-11-24T14:00Z"
    other = browse()
    assert "Otis" not in other.get(last).text
    assert other.post(last, data={"key": KEY}).status_code == 303
    assert other.get("/book-online/done").status_code == 404
    assert db.session.query(Booking).count() == 0


def test_what_was_booked_is_shown_for_an_hour_in_this_browser(
    browse: Browse, rosa: Client, biscuit: Pet, clock: time_machine.Traveller
) -> None:  # SB-11
    hers = cast.booking(rosa, [biscuit], "Daycare", AT + timedelta(days=1), made_at=AT)
    browser = browse()
    browser.post(f"{tell(browser).location}&add_on=0&at=2026-11-24T14:00Z", data={"key": KEY})
    assert browser.get("/book-online/done").status_code == 200
    assert browser.get(f"/book-online/done/{hers.id}.ics").status_code == 404
    clock.shift(timedelta(hours=2))
    assert browser.get("/book-online/done").status_code == 404


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("first_name", "  ", "Tell us your first name."),
        ("email", "ada", "It looks like name@example.com."),
        ("phone", "hello", "no phone number that we can call"),
        ("pet-1-name", "", "Tell us your pet’s name."),
        ("pet-1-animal_id", "99", "Choose one of these."),
        ("pet-1-gender", "x", "Please choose one of these."),
    ],
)
def test_what_is_wrong_stands_beside_its_field(browse: Browse, field: str, typed: str, words: str) -> None:  # SB-9
    answer = tell(browse(), **{field: typed})
    assert answer.status_code == 422
    said = re.search(rf'id="{field}-error">(?:<svg.*?</svg>)?(.*?)</p>', answer.text)
    assert said
    assert words in unescape(said[1])
    assert ada() is None


def test_the_phone_may_stay_empty(browse: Browse) -> None:  # SB-9
    assert tell(browse(), phone="").status_code == 303


def test_it_is_throttled_like_registering(browse: Browse) -> None:  # SB-9
    most = REGISTRATIONS.most
    tries = [tell(browse(), email=f"ada-{n}@example.com").status_code for n in range(most + 1)]
    assert tries == [303] * most + [429]


def test_who_is_signed_in_goes_on_where_only_clients_book(browse: Browse, rosa: Client) -> None:  # POR-3 SB-9
    db.session.query(Business).one().public_booking_open = False
    db.session.commit()
    answer = browse(rosa).get(f"/book-online?{chosen()}")
    assert (answer.status_code, answer.location) == (303, f"/book?{chosen()}")


@pytest.mark.parametrize(
    ("switch", "words"),
    [
        ("public_booking_open", "Only clients book online at the moment: sign in first, if you are one."),
        ("booking_open", "Online booking is closed at the moment."),
    ],
)
def test_nothing_is_booked_where_it_is_closed(browse: Browse, switch: str, words: str) -> None:  # POR-3
    setattr(db.session.query(Business).one(), switch, False)
    db.session.commit()
    browser = browse()
    answer = browser.get(f"/book-online?{chosen()}")
    assert answer.status_code == 422
    assert f"{words} Please call (212) 555-0148" in answer.text
    assert tell(browser).status_code == 422
    assert browser.post(f"/book-online?{chosen()}", data={"key": KEY}).status_code == 422
    assert ada() is None


def test_signing_in_leads_back_to_a_long_choice(browse: Browse) -> None:  # SI-14, SB-1
    days = "".join(f"&day=2026-12-{number:02}" for number in range(1, 29))
    path, browser = f"/book?{chosen('Daycare')}{days}", browse()
    door = browser.get(path).location
    login = {"login": "rosa@example.com", "password": "biscuit-and-me"}
    assert browser.post(door, data=login).location == path


def test_somebody_new_books_few_dates_before_they_sign_in(browse: Browse) -> None:  # SB-9
    browser, daycare = browse(), f"service={cast.service('Daycare').id}&location=1"
    at = browser.post(f"/book-online/profile?{daycare}", data=ADA).location
    days = [f"&day={AT.date() + timedelta(days=number)}" for number in range(1, 31)]
    many = browser.post(at + "".join(days), data={"key": KEY, "notes": "He barks."})
    assert (many.status_code, "more than 10 dates" in many.text, "He barks." in many.text) == (422, True, True)
    with browser.session_transaction() as session:
        arrived = session["arrived"]
    few, told = at + "".join(days[:10]), {"key": KEY}
    assert browser.post(few, data=told).status_code == 303
    for address, form, status in (
        (few, told, 303),
        (at + days[20], {"key": KEY[::-1]}, 422),
        (at + days[20], {"key": KEY}, 422),
    ):
        with browser.session_transaction() as session:
            session["arrived"] = arrived  # an old cookie is sent once more
        assert browser.post(address, data=form).status_code == status
    assert db.session.query(Booking).count() == 10
    assert len(letters.to("ada@example.com")) == 2, "the way in, and one that lists the days"
