"""A customer's profile: head, contact, pets, bookings, history; and what staff do with it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
import time_machine
from flask import Flask

from portal.db import Base, db, now
from portal.models import AccountNumber, Client, Delivery, History, Location, Member, Pet, SignIn, Vaccination
from portal.rules import bookings, email_changes, messages, pet_profiles, pets
from portal.rules.actors import as_client, as_member
from tests import cast, samples
from tests.conftest import Browse
from tests.house import rows
from tests.house.test_speed import queries

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(AT, tick=False):
        yield


def facts(client: Client, **changed: str) -> dict[str, str]:
    known = {name: getattr(client, name) or "" for name in ("first_name", "last_name", "email", "phone", "city")}
    return {**known, **changed}


def latest(client: Client) -> History:
    return db.session.query(History).filter_by(client_id=client.id).order_by(History.id.desc()).first()


def test_the_head_says_what_matters(app: Flask, browse: Browse, theo: Member, rosa: Client) -> None:  # CP-2
    cast.booking(rosa, rosa.pets, "Full Groom", AT + timedelta(days=2), made_at=AT)
    cast.booking(rosa, rosa.pets[:1], "Daycare", AT - timedelta(days=9), made_at=AT - timedelta(days=20))
    browser, path = browse(theo), f"/desk/customers/{rosa.id}"
    page = browser.get(path).text
    for words in ("Rosa Delgado", "4071 882 365", "$255.00", "Vaccine missing", "Maple Street", "#users"):
        assert words in page
    assert "Riverside" not in page
    assert "New client" not in page
    rosa.created_at = AT - timedelta(days=30)
    for location in db.session.query(Location).filter_by(name="Riverside"):
        db.session.delete(location)
    db.session.commit()
    page = browser.get(path).text
    assert "New client" in page
    assert "#map-pin" in page
    assert "</svg>Maple Street</span>" not in page, "one location needs no name"
    with queries(app) as said:
        browser.get(path)
    assert len(said) <= 4, said


def test_the_upcoming_value_counts_what_will_take_place(browse: Browse, theo: Member, rosa: Client) -> None:  # CP-2
    kept = cast.booking(rosa, rosa.pets[:1], "Full Groom", AT + timedelta(days=2), made_at=AT)
    gone = cast.booking(rosa, rosa.pets[:1], "Daycare", AT + timedelta(days=4), made_at=AT)
    bookings.cancel(gone, by=as_member(theo), at=AT)
    assert kept.price == 8500
    assert "<dd>$85.00</dd>" in browse(theo).get(f"/desk/customers/{rosa.id}").text


def test_bookings_stand_upcoming_and_past_with_price_and_state(browse: Browse, theo: Member, rosa: Client) -> None:
    # CP-7
    for days in range(1, 28):
        cast.booking(rosa, rosa.pets[:1], "Daycare", AT + timedelta(days=days), made_at=AT)
    cast.booking(rosa, rosa.pets, "Full Groom", AT - timedelta(days=9), made_at=AT - timedelta(days=20))
    browser, path = browse(theo), f"/desk/customers/{rosa.id}"
    page = browser.get(path).text
    assert page.count('id="customer_booking-') == 25
    assert "Booked" in page
    assert "$42.00" in page
    more = page.split("?after=")[1].split('"')[0]
    assert browser.swap(f"{path}?after={more}", "get").text.count('id="customer_booking-') == 2
    past = browser.get(f"{path}/bookings/past").text
    for words in ("Completed", "$255.00", "Biscuit, Juno and Miso"):
        assert words in past


def test_messages_lead_to_the_inbox(browse: Browse, theo: Member, rosa: Client, omar: Client) -> None:  # CP-7
    browser, path = browse(theo), f"/desk/customers/{rosa.id}/messages"
    assert "Nobody has written yet" in browser.get(path).text
    messages.start(omar, "Not hers", "Hello", by=as_client(omar), at=AT)
    threads = [messages.start(rosa, f"Question {n:02}", "Hi", by=as_client(rosa), at=AT).thread_id for n in range(30)]
    page = browser.get(path).text
    assert f'href="/desk/inbox/{threads[-1]}#newest"' in page
    assert page.count('class="row__link" href="/desk/inbox/') == 25
    assert "Not hers" not in page
    more = page.split("?after=")[1].split('"')[0]
    assert browser.swap(f"{path}?after={more}", "get").text.count('class="row__link"') == 5


def test_the_history_tells_who_changed_what(browse: Browse, theo: Member, rosa: Client) -> None:  # CP-11
    browser = browse(theo)
    browser.post(f"/desk/customers/{rosa.id}/profile", data=facts(rosa, first_name="Rosalind"))
    page = browser.get(f"/desk/customers/{rosa.id}/history").text
    for words in ("Profile: First name", "Rosa</span> → Rosalind", "Theo Brandt"):
        assert words in page
    for number in range(30):
        browser.post(f"/desk/customers/{rosa.id}/profile", data=facts(rosa, city=f"Town {number}"))
    page = browser.get(f"/desk/customers/{rosa.id}/history").text
    assert "Town 0<" not in page
    more = page.split("?after=")[1].split('"')[0]
    assert "Town 0<" in browser.swap(f"/desk/customers/{rosa.id}/history?after={more}", "get").text


def test_staff_change_a_profile(browse: Browse, theo: Member, rosa: Client) -> None:  # CP-4, CP-8
    email_changes.ask(rosa, "other@example.com", by=as_client(rosa), at=AT)
    version = rosa.credential_version
    data = facts(rosa, email="New@Example.com", phone="212 555 0134", city="Kingston")
    answer = browse(theo).post(f"/desk/customers/{rosa.id}/profile", data=data)
    assert (answer.status_code, answer.location) == (303, f"/desk/customers/{rosa.id}")
    db.session.refresh(rosa)
    assert (rosa.email, rosa.phone, rosa.city) == ("new@example.com", "+12125550134", "Kingston")
    assert rosa.credential_version > version, "links to the old address are dead"
    assert email_changes.waiting(rosa.id, at=AT) is None
    told = db.session.query(Delivery).filter_by(recipient="rosa@example.com", subject="Your e-mail was changed")
    assert told.count() == 1
    of_the_phone = db.session.query(Delivery).filter_by(subject="Your phone number was changed")
    assert of_the_phone.count() == 1, "codes go there from now on"
    assert latest(rosa).by_name == "Theo Brandt"


def test_an_email_of_somebody_else_is_refused_with_the_way_there(
    browse: Browse, theo: Member, rosa: Client, omar: Client
) -> None:  # CP-9
    data = facts(rosa, email="omar@example.com", first_name="Rosalind")
    answer = browse(theo).swap(f"/desk/customers/{rosa.id}/profile", data=data)
    assert answer.status_code == 422
    assert f"/desk/customers/{omar.id}" in answer.text
    assert "Rosalind" in answer.text
    db.session.refresh(rosa)
    assert (rosa.first_name, rosa.email) == ("Rosa", "rosa@example.com")


def test_an_imported_client_may_stay_without_an_email(browse: Browse, theo: Member, omar: Client) -> None:
    omar.email = None
    db.session.commit()
    browser = browse(theo)
    assert browser.post(f"/desk/customers/{omar.id}/profile", data=facts(omar, city="Hudson")).status_code == 303
    assert "Send set-password link" not in browser.get(f"/desk/customers/{omar.id}").text
    assert browser.post(f"/desk/customers/{omar.id}/invitation").status_code == 422


def test_whether_a_password_is_set_and_the_link_to_set_one(
    browse: Browse, theo: Member, rosa: Client, omar: Client
) -> None:  # SI-10
    browser = browse(theo)
    page = browser.get(f"/desk/customers/{rosa.id}").text
    assert "Client Portal Password Set</dt><dd>Yes" in page
    assert "Send portal link" in page
    page = browser.get(f"/desk/customers/{omar.id}").text
    assert "Client Portal Password Set</dt><dd>Not yet" in page
    assert "Send set-password link" in page
    part = browser.swap(f"/desk/customers/{omar.id}/invitation").text
    assert "on its way to omar@example.com" in part
    assert browser.post(f"/desk/customers/{omar.id}/invitation").status_code == 303
    assert db.session.query(Delivery).filter_by(recipient="omar@example.com").count() == 2
    assert latest(omar).by_name == "Theo Brandt"


def test_what_is_stopped_is_one_tap(browse: Browse, theo: Member, rosa: Client) -> None:  # CP-4, CP-6
    browser, path = browse(theo), f"/desk/customers/{rosa.id}/choices"
    part = browser.swap(path, data={"no_automatic_text": "y", "blocked_online": "y"}).text
    assert part.count("checked") == 2
    db.session.refresh(rosa)
    assert (rosa.no_automatic_email, rosa.no_automatic_text, rosa.blocked_online) == (False, True, True)
    assert (latest(rosa).field, latest(rosa).old, latest(rosa).new) == ("Booking online", "On", "Stopped")
    assert browser.post(path, data={}).status_code == 303
    db.session.refresh(rosa)
    assert (rosa.no_automatic_text, rosa.blocked_online) == (False, False)


def test_offers_are_unsubscribed_by_staff_never_subscribed(browse: Browse, theo: Member, rosa: Client) -> None:  # CP-4
    rosa.marketing_since = AT - timedelta(days=100)
    db.session.commit()
    browser, path = browse(theo), f"/desk/customers/{rosa.id}/subscription/removal"
    assert "Subscribed since Sat 15 Aug 2026" in browser.get(f"/desk/customers/{rosa.id}").text
    assert "Not subscribed" in browser.swap(path).text
    again = browser.swap(path)
    assert again.status_code == 422
    assert "not subscribed" in again.text


def test_deactivated_clients_are_out_at_once(browse: Browse, theo: Member, rosa: Client) -> None:  # CP-8, SI-12
    hers, browser = browse(rosa), browse(theo)
    assert hers.get("/pets").status_code == 200
    assert "signed out of the portal at once" in browser.swap(f"/desk/customers/{rosa.id}/deactivation", "get").text
    assert browser.post(f"/desk/customers/{rosa.id}/deactivation").status_code == 303
    assert hers.get("/pets").status_code == 302
    assert db.session.query(SignIn).filter_by(client_id=rosa.id).count() == 0
    assert browser.post(f"/desk/customers/{rosa.id}/deactivation").status_code == 422
    page = browser.get(f"/desk/customers/{rosa.id}").text
    assert "Deactivated" in page
    assert "Login as Client" not in page
    assert browser.post(f"/desk/customers/{rosa.id}/reactivation").status_code == 303
    assert browser.post(f"/desk/customers/{rosa.id}/reactivation").status_code == 422
    assert (latest(rosa).old, latest(rosa).new) == ("Deactivated", "Active")


def test_deleting_takes_everything_and_nothing_else(browse: Browse, nina: Member, omar: Client, rosa: Client) -> None:
    # CP-8
    others = {model: db.session.query(model).filter_by(client_id=rosa.id).count() for model in rows.of_client()}
    for model in rows.of_client():
        if model.__tablename__ not in ("booking", "booking_pet"):
            rows.one_of(model, omar)
    db.session.query(rows.MODELS["thread"]).update({"booking_id": None})
    assert all(rows.existing(table, omar) for table in ("attachment", "waitlist_entry"))
    for booking in db.session.query(rows.MODELS["booking"]).filter_by(client_id=omar.id):
        db.session.delete(booking)
    db.session.commit()
    number, id = omar.account_number, omar.id
    browser = browse(nina)
    page = browser.get(f"/desk/customers/{id}/removal").text
    assert "cannot be undone" in page
    assert "1 document" in page
    assert browser.post(f"/desk/customers/{id}/removal").status_code == 303
    assert browser.get(f"/desk/customers/{id}").status_code == 404
    for table in Base.metadata.sorted_tables:
        if "client_id" in table.columns:
            assert db.session.execute(table.select().where(table.c.client_id == id)).first() is None, table.name
    assert db.session.get(AccountNumber, number), "the number is never given again"
    assert others == {model: db.session.query(model).filter_by(client_id=rosa.id).count() for model in rows.of_client()}


def test_who_has_bookings_is_not_deleted(browse: Browse, nina: Member, rosa: Client) -> None:  # CP-8
    cast.booking(rosa, rosa.pets, "Daycare", AT - timedelta(days=200), made_at=AT - timedelta(days=201))
    browser = browse(nina)
    assert "/removal" not in browser.get(f"/desk/customers/{rosa.id}").text
    for ask in (browser.get, browser.post):
        answer = ask(f"/desk/customers/{rosa.id}/removal")
        assert answer.status_code == 422
        assert "Deactivate it instead" in answer.text
    assert db.session.get(Client, rosa.id)


def test_the_team_does_not_delete(browse: Browse, theo: Member, omar: Client) -> None:
    browser = browse(theo)
    assert "/removal" not in browser.get(f"/desk/customers/{omar.id}").text
    assert browser.post(f"/desk/customers/{omar.id}/removal").status_code == 403


def test_pets_stand_with_their_state_and_their_day(browse: Browse, theo: Member, rosa: Client, biscuit: Pet) -> None:
    # CP-5
    biscuit.birthday = AT.date().replace(year=2022)
    biscuit.created_at = AT - timedelta(days=3)
    biscuit.breed = "Cocker Spaniel mix"
    db.session.commit()
    page = browse(theo).get(f"/desk/customers/{rosa.id}").text
    for words in ("Cocker Spaniel mix", "Birthday", "New</span>", "Missing", f"/desk/pets/{biscuit.id}"):
        assert words in page
    page = browse(theo).get(f"/desk/pets/{biscuit.id}").text
    for words in ("4 years old", "Rabies", "Bordetella", "No vaccination record on file"):
        assert words in page


def test_a_vaccine_that_is_near_its_end_is_red(browse: Browse, theo: Member, rosa: Client, biscuit: Pet) -> None:
    # CP-2
    for pet in rosa.pets:
        for kind in db.session.query(rows.MODELS["vaccine_kind"]).filter_by(animal_id=pet.animal_id):
            until = AT.date() + timedelta(days=12 if pet is biscuit else 400)
            row = Vaccination(client_id=rosa.id, pet_id=pet.id, vaccine_kind_id=kind.id, expires_on=until)
            db.session.add(row)
    db.session.commit()
    page = browse(theo).get(f"/desk/customers/{rosa.id}").text
    assert "Vaccine expired or near" in page
    assert "Vaccine missing" not in page
    assert "Up to Date" in page


def test_staff_add_and_change_a_pet(browse: Browse, theo: Member, omar: Client) -> None:  # CP-5, CP-8
    browser, dog = browse(theo), str(omar.pets[0].animal_id)
    data = {"name": "Zuzu", "animal_id": dog, "gender": "female", "photo": (BytesIO(samples.jpeg()), "z.jpg")}
    answer = browser.post(f"/desk/customers/{omar.id}/pets", data=data, content_type="multipart/form-data")
    assert (answer.status_code, answer.location) == (303, f"/desk/customers/{omar.id}")
    zuzu = db.session.query(Pet).filter_by(name="Zuzu").one()
    assert latest(omar).by_name == "Theo Brandt"
    assert browser.get(f"/desk/pets/{zuzu.id}/photo").mimetype.startswith("image/")
    data = {"name": "Zuzu B.", "animal_id": dog, "gender": "female", "breed": "Pug"}
    assert browser.swap(f"/desk/pets/{zuzu.id}/profile", data=data).headers["HX-Redirect"] == f"/desk/pets/{zuzu.id}"
    assert "Omar" in browser.get("/desk/customers?q=zuzu").text, "whose pet it is"
    wrong = browser.swap(f"/desk/pets/{zuzu.id}/profile", data={"name": "", "animal_id": dog, "gender": "female"})
    assert wrong.status_code == 422
    assert "write your pet" in wrong.text
    wrong = browser.swap(f"/desk/customers/{omar.id}/pets", data={"name": "X"})
    assert wrong.status_code == 422


def test_a_birthday_on_a_leap_day_is_kept_in_march(app: Flask, omar: Client) -> None:  # CP-5
    omar.pets[0].birthday = date(2024, 2, 29)
    db.session.commit()

    def is_birthday(today: date) -> bool:
        return pet_profiles.profiles(omar.id, today=today, days=30)[0].is_birthday

    assert [is_birthday(date(2027, *day)) for day in ((2, 28), (3, 1), (3, 2))] == [False, True, False]
    assert [is_birthday(date(2028, *day)) for day in ((2, 29), (3, 1))] == [True, False]


def test_nothing_here_opens_to_clients(browse: Browse, rosa: Client, biscuit: Pet) -> None:
    browser = browse(rosa)
    for path in (f"/desk/customers/{rosa.id}", f"/desk/pets/{biscuit.id}", f"/desk/customers/{rosa.id}/history"):
        assert browser.get(path).status_code == 302
    assert pets.count(rosa) == 3
    assert now() == AT
