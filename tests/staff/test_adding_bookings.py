"""Add Booking at the desk: for whom, somebody new, any service, beyond the places and outside the free times."""

from datetime import date, timedelta

import pytest

from portal.db import db
from portal.models import Access, Booking, Client, Delivery, History, Member, Offering, Pet, Service, ServiceKind
from tests import cast
from tests.cast import NOON
from tests.conftest import Browse

pytestmark = pytest.mark.usefixtures("monday")

NEWCOMER = {
    "first_name": "Ada",
    "last_name": "Byron",
    "email": "Ada@Example.com",
    "phone": "(212) 555-0199",
    "pet": "Bo",
    "animal_id": "1",
}


def place() -> int:
    return (
        db.session.query(Offering.location_id)
        .filter_by(service_id=cast.service("Daycare").id)
        .order_by(Offering.id)
        .first()[0]
    )


def daycare(pet: Pet, day: date = date(2026, 11, 25)) -> str:
    service = cast.service("Daycare")
    return f"/desk/customers/{pet.client_id}/book?service={service.id}&location={place()}&pet={pet.id}&day={day}"


def test_the_client_is_looked_up_and_the_choice_carried_on(browse: Browse, theo: Member, rosa: Client) -> None:  # FD-4
    answer = browse(theo).swap("/desk/bookings/new?q=biscuit&day=2026-11-25", "get")
    assert f'href="/desk/customers/{rosa.id}/book?day=2026-11-25"' in answer.text
    page = browse(theo).get("/desk/bookings/new?day=2026-11-25").text
    assert "New Customer" in page
    assert 'name="day" value="2026-11-25"' in page
    assert "Nobody is found" in browse(theo).get("/desk/bookings/new?q=zzz").text


def test_somebody_new_is_added_with_the_pet_and_goes_on_booking(browse: Browse, theo: Member) -> None:  # FD-4
    answer = browse(theo).post("/desk/bookings/new?day=2026-11-25", data=NEWCOMER)
    client = db.session.query(Client).filter_by(email="ada@example.com").one()
    pet = db.session.query(Pet).filter_by(client_id=client.id).one()
    assert (client.name, pet.name) == ("Ada Byron", "Bo")
    assert answer.location.endswith(f"/desk/customers/{client.id}/book?pet={pet.id}&day=2026-11-25")
    assert db.session.query(History).filter_by(client_id=client.id, by_name="Theo Brandt").count() >= 2


@pytest.mark.parametrize("lacking", ["first_name", "last_name", "email", "pet"])
def test_what_is_required_is_asked_for_and_nothing_typed_is_lost(
    browse: Browse, theo: Member, lacking: str
) -> None:  # FD-4
    before = db.session.query(Client).count()
    answer = browse(theo).swap("/desk/bookings/new", data={**NEWCOMER, lacking: ""})
    assert answer.status_code == 422
    assert "field__error" in answer.text
    kept = [value for name, value in NEWCOMER.items() if name not in (lacking, "animal_id")]
    assert all(f'value="{value}"' in answer.text for value in kept)
    assert db.session.query(Client).count() == before


def test_an_e_mail_that_has_a_profile_leads_there(browse: Browse, theo: Member, rosa: Client) -> None:  # FD-4
    pets = db.session.query(Pet).count()
    answer = browse(theo).swap("/desk/bookings/new?day=2026-11-25", data={**NEWCOMER, "email": "ROSA@example.com"})
    assert answer.status_code == 422
    assert f'href="/desk/customers/{rosa.id}/book?day=2026-11-25"' in answer.text
    assert db.session.query(Pet).count() == pets


def test_a_day_is_booked_and_the_client_told(browse: Browse, theo: Member, biscuit: Pet) -> None:  # FD-4 CP-8
    browser = browse(theo)
    review = browser.get(daycare(biscuit)).text
    assert "Add Booking" in review
    assert "Don’t notify the client" in review
    answer = browser.post(daycare(biscuit), data={"key": "one", "notes": "Brings her own food"})
    assert answer.status_code == 303
    browser.post(daycare(biscuit), data={"key": "one"})
    booking = db.session.query(Booking).one()
    assert (booking.notes, booking.needs_approval, booking.overbooked) == ("Brings her own food", False, False)
    assert db.session.query(Delivery).filter(Delivery.subject == "You are booked: Daycare").count() == 1


def test_the_client_is_not_told_if_that_is_asked_for(browse: Browse, theo: Member, biscuit: Pet) -> None:  # FD-4
    browse(theo).post(daycare(biscuit), data={"key": "one", "quiet": "y"})
    assert db.session.query(Booking).count() == 1
    assert db.session.query(Delivery).count() == 0


def test_several_days_are_one_letter(browse: Browse, theo: Member, biscuit: Pet) -> None:  # FD-4 MSG-1
    browser, days = browse(theo), daycare(biscuit) + "&day=2026-11-26&day=2026-11-27"
    browser.post(days, data={"key": "one"})
    assert db.session.query(Booking).count() == 3
    assert db.session.query(Delivery).one().subject == "Your days: Daycare"
    browser.post(daycare(biscuit, date(2026, 12, 1)) + "&day=2026-12-02", data={"key": "two", "quiet": "y"})
    assert db.session.query(Booking).count() == 5
    assert db.session.query(Delivery).count() == 1


def test_staff_book_what_clients_cannot(browse: Browse, theo: Member, rosa: Client, biscuit: Pet) -> None:  # FD-4 SB-4
    """Staff only, blocked online, without the notice: they are told so, and go on."""
    service = cast.service("Daycare")
    service.access, service.notice_minutes, rosa.blocked_online = Access.STAFF, 30 * 24 * 60, True
    db.session.commit()
    browser = browse(theo)
    assert "Daycare" in browser.get(f"/desk/customers/{rosa.id}/book").text
    assert "Online booking is not open" in browser.get(daycare(biscuit)).text
    assert "<b>Please note</b>" in browser.get(daycare(biscuit)).text
    assert browser.post(daycare(biscuit), data={"key": "one"}).status_code == 303
    assert db.session.query(Booking).count() == 1


def test_of_several_days_each_says_what_is_to_be_known(
    browse: Browse, theo: Member, rosa: Client, biscuit: Pet
) -> None:  # FD-4 SB-5
    """A half day on one of them: staff read it there, and may book the whole day all the same."""
    half = Service(name="Half Day", kind=ServiceKind.DAY, price=2500, minutes=240)
    db.session.add(half)
    db.session.commit()
    cast.booking(rosa, [biscuit], "Half Day", NOON + timedelta(days=3), made_at=NOON)
    browser, days = browse(theo), daycare(biscuit) + "&day=2026-11-26"
    page = browser.get(days).text
    assert "Biscuit is booked for Half Day then, Thu 26 Nov, 10:00" in page
    assert "Left out" not in page
    assert browser.post(days, data={"key": "one"}).status_code == 303
    assert db.session.query(Booking).count() == 3


def test_beyond_the_places_only_on_purpose(browse: Browse, theo: Member, biscuit: Pet, juno: Pet) -> None:  # FD-4
    offering = db.session.query(Offering).filter_by(service_id=cast.service("Daycare").id, location_id=place()).one()
    offering.places = 1
    db.session.commit()
    browser = browse(theo)
    browser.post(daycare(biscuit), data={"key": "one"})
    full = browser.swap(daycare(juno), data={"key": "two", "notes": "Please"})
    assert full.status_code == 422
    assert "is full on" in full.text
    assert "Book it beyond the places" in full.text
    assert "Please" in full.text
    assert browser.post(daycare(juno), data={"key": "two", "overbook": "y"}).status_code == 303
    assert db.session.query(Booking).filter_by(overbooked=True).count() == 1
    assert db.session.query(History).filter_by(field="Overbooked").count() == 1


def test_a_time_outside_the_free_ones_is_typed_and_taken_on_purpose(
    browse: Browse, theo: Member, biscuit: Pet
) -> None:  # FD-4
    service, browser = cast.service("Full Groom"), browse(theo)
    base = f"/desk/customers/{biscuit.client_id}/book?service={service.id}&location={place()}&pet={biscuit.id}&add_on=0"
    times = browser.get(base).text
    assert "Another time" in times
    typed = browser.get(f"{base}&provider=0&on=2026-11-25&clock=21:15")
    assert "at=2026-11-26T02:15Z" in typed.location
    assert "This is not one of the free times." in browser.get(typed.location).text
    assert browser.swap(typed.location, data={"key": "one"}).status_code == 422
    assert browser.post(typed.location, data={"key": "one", "overbook": "y"}).status_code == 303
    booking = db.session.query(Booking).one()
    assert booking.starts_at == NOON + timedelta(days=2, hours=11, minutes=15)


def test_a_stranger_pet_is_not_booked(browse: Browse, theo: Member, omar: Client, biscuit: Pet) -> None:
    path = daycare(biscuit).replace(f"/customers/{biscuit.client_id}/", f"/customers/{omar.id}/")
    answer = browse(theo).post(path, data={"key": "one"})
    assert (answer.status_code, "Who is coming?" in answer.text) == (422, True), "nor another in her place"
    assert "Biscuit" not in answer.text
    assert db.session.query(Booking).count() == 0


def test_clients_do_not_reach_it(browse: Browse, rosa: Client, biscuit: Pet) -> None:
    assert browse(rosa).post(daycare(biscuit), data={"key": "one"}).status_code == 302
    assert db.session.query(Booking).count() == 0
