"""Waiting for a place: joining, being offered one, taking it or letting it go."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask

from portal.db import db, now
from portal.models import (
    Access,
    Booking,
    Client,
    History,
    Member,
    Notice,
    NoticeKind,
    Offer,
    Offering,
    Outcome,
    Pet,
    QueueCheck,
    ServiceSession,
    WaitlistEntry,
)
from portal.rules import bookings, free_places, waitlists
from portal.rules.actors import as_client
from tests import cast
from tests.conftest import Browse


@pytest.fixture(autouse=True)
def shop(app: Flask) -> None:
    cast.open_shop()


@pytest.fixture
def agility(zoe: Client, biscuit: Pet) -> ServiceSession:
    """Full: its only place is Zoë's."""
    cast.service("Agility").cancel_hours = 0
    cast.service("Agility").cancel_day_before_at = None
    bolt, starts = cast.pet(zoe, "Bolt", biscuit.animal), now() + timedelta(days=3)
    session = cast.session("Agility", starts, 1)
    cast.booking(zoe, [bolt], "Agility", starts, session=session, made_at=now())
    db.session.commit()
    return session


def entries() -> list[WaitlistEntry]:
    return db.session.query(WaitlistEntry).order_by(WaitlistEntry.id).all()


def offered(pet: Pet, session: ServiceSession) -> WaitlistEntry:
    """The pet waits, Zoë cancels, and the worker does its round."""
    entry = waitlists.join(pet.client, pet, session.service, session=session, by=as_client(pet.client), at=now())
    booking = db.session.query(Booking).filter_by(service_session_id=session.id).one()
    bookings.cancel(booking, by=as_client(booking.client), at=now() - timedelta(seconds=20))
    free_places.run_due(now())
    db.session.commit()
    return entry


def test_a_client_joins_the_waitlist_of_a_full_class(
    browse: Browse, rosa: Client, biscuit: Pet, juno: Pet, agility: ServiceSession
) -> None:  # WL-4
    browser, path = browse(rosa), f"/waitlists/new?session={agility.id}"
    page = browser.get(path)
    assert "You would be first in line." in page.text
    data = {"pet": [biscuit.id, juno.id], "together": "1"}
    answer = browser.post(f"/waitlists?session={agility.id}", data=data)
    assert (answer.status_code, answer.location) == (303, "/")
    assert [(row.pet_id, row.service_session_id) for row in entries()] == [
        (biscuit.id, agility.id),
        (juno.id, agility.id),
    ]
    assert {row.party_id for row in entries()} == {entries()[0].id}
    bookings_page = browser.get("/").text
    assert "Biscuit and Juno: on the waitlist for Agility." in bookings_page
    assert "first in line" in bookings_page
    assert db.session.query(Notice).filter_by(kind=NoticeKind.REQUEST).one().text.startswith("Rosa Delgado joined")
    assert [row.new for row in db.session.query(History).filter_by(field="Waitlist")] == ["Waiting", "Waiting"]


def test_joining_by_htmx_leads_on_from_wherever_it_was(
    browse: Browse, rosa: Client, biscuit: Pet, agility: ServiceSession
) -> None:  # WL-4
    browser, address = browse(rosa), f"/waitlists?session={agility.id}"
    dialog = browser.swap(f"/waitlists/new?session={agility.id}", "get")
    assert "<dialog" in dialog.text
    answer = browser.swap(address, data={"pet": biscuit.id}, headers={"HX-Current-URL": "http://localhost/book"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/")
    assert len(entries()) == 1


def test_joining_is_refused_in_words(
    browse: Browse, rosa: Client, biscuit: Pet, juno: Pet, agility: ServiceSession
) -> None:  # WL-4
    browser, path = browse(rosa), f"/waitlists?session={agility.id}"
    nobody = browser.post(path)
    assert (nobody.status_code, "Choose who is to come." in nobody.text) == (422, True)
    browser.post(path, data={"pet": biscuit.id})
    twice = browser.post(path, data={"pet": [juno.id, biscuit.id]})
    assert (twice.status_code, "Biscuit is on the waitlist for Agility" in twice.text) == (422, True)
    assert len(entries()) == 1, "and Juno has not joined alone"


def test_nobody_joins_with_the_pet_of_another_nor_what_is_not_for_them(
    browse: Browse, rosa: Client, omar: Client, agility: ServiceSession
) -> None:  # WL-4
    path = f"/waitlists?session={agility.id}"
    strangers = browse(omar).post(path, data={"pet": rosa.pets[0].id})
    assert (strangers.status_code, entries()) == (422, [])
    cast.service("Agility").access = Access.STAFF
    assert browse(omar).post(path, data={"pet": omar.pets[0].id}).status_code == 404
    for gone in ("/waitlists/new", "/waitlists/new?session=999", "/waitlists/new?service=x"):
        assert browse(omar).get(gone).status_code == 404, gone


def test_the_desk_is_not_let_in(browse: Browse, nina: Member, agility: ServiceSession) -> None:
    answer = browse(nina).post(f"/waitlists?session={agility.id}")
    assert (answer.status_code, urlsplit(answer.location).path) == (302, "/sign-in")


def test_days_are_waited_for_each_by_itself(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # WL-2, WL-4
    daycare = cast.service("Daycare")
    place = cast.session("Agility", now() + timedelta(days=1)).location
    place.places = 0
    days = [(now() + timedelta(days=number)).date() for number in (4, 5)]
    query = f"service={daycare.id}&location={place.id}&day={days[0]}&day={days[1]}"
    answer = browse(rosa).post(f"/waitlists?{query}", data={"pet": biscuit.id})
    assert answer.status_code == 303
    assert [(row.first_day, row.last_day) for row in entries()] == [(day, day) for day in days]
    page = browse(rosa).get("/").text
    assert page.index("Upcoming Bookings") < page.index("waitlist_row-"), "they stand there by their date"
    assert 'id="waitlists"' not in page
    assert browse(rosa).get("/bookings/upcoming").text.count("waitlist_row-") == 2


def test_lines_are_looked_over_once_a_day_and_one_client_fills_only_so_many(
    browse: Browse, rosa: Client, biscuit: Pet, juno: Pet
) -> None:  # WL-2
    daycare = cast.service("Daycare")
    db.session.query(Offering).filter_by(service_id=daycare.id).update({"places": 0})
    db.session.commit()
    first, place = now().date() + timedelta(days=2), db.session.query(Offering.location_id).first()[0]
    days = [f"&day={first + timedelta(days=number)}" for number in range(60)]
    path, pets = f"/waitlists?service={daycare.id}&location={place}", {"pet": [str(biscuit.id), str(juno.id)]}
    assert browse(rosa).post(path + "".join(days[:3]), data=pets).status_code == 303
    assert (len(entries()), db.session.query(QueueCheck).count()) == (6, 3)
    for number in range(waitlists.MOST - 8):
        row = {"client_id": rosa.id, "pet_id": biscuit.id, "service_id": cast.service("Agility").id}
        db.session.add(WaitlistEntry(**row, joined_at=now() + timedelta(seconds=number)))
    db.session.commit()
    answer = browse(rosa).post(path + "".join(days[3:5]), data=pets)
    assert (answer.status_code, "more than 200 places in line" in answer.text) == (422, True)
    assert browse(rosa).post(path + days[3], data=pets).status_code == 303


def test_the_offered_place_is_taken(
    browse: Browse, rosa: Client, biscuit: Pet, agility: ServiceSession
) -> None:  # WL-5
    entry, browser = offered(biscuit, agility), browse(rosa)
    assert f'href="/waitlists/{entry.id}/offer"' in browser.get("/").text
    path = f"/waitlists/{entry.id}/offer"
    assert "It is held for you until" in browser.get(path).text
    db.session.refresh(entry)
    assert entry.removed_at is None, "looking takes nothing: programs that read letters look too"
    answer = browser.post(f"{path}/acceptance")
    booking = db.session.query(Booking).filter_by(client_id=rosa.id).one()
    assert (answer.status_code, answer.location) == (303, f"/bookings/{booking.id}")
    assert (booking.pets, booking.service_session_id) == ([biscuit], agility.id)
    again = browser.post(f"{path}/acceptance")
    assert again.location == f"/bookings/{booking.id}"
    assert db.session.query(Booking).filter_by(client_id=rosa.id).count() == 1
    assert "The place is yours." in browser.get(path).text
    assert [row.new for row in db.session.query(History).filter_by(field="Waitlist")][-1] == "Booked"


def test_the_offered_place_is_taken_by_htmx(
    browse: Browse, rosa: Client, biscuit: Pet, agility: ServiceSession
) -> None:  # WL-5
    answer = browse(rosa).swap(f"/waitlists/{offered(biscuit, agility).id}/offer/acceptance")
    assert answer.headers["HX-Redirect"].startswith("/bookings/")


def test_the_offered_place_is_let_go(
    browse: Browse, rosa: Client, biscuit: Pet, agility: ServiceSession
) -> None:  # WL-5
    entry, browser = offered(biscuit, agility), browse(rosa)
    answer = browser.post(f"/waitlists/{entry.id}/offer/refusal")
    assert (answer.status_code, answer.location) == (303, "/")
    assert "off this waitlist" in browser.get("/").text
    db.session.refresh(entry)
    assert entry.outcome == Outcome.DECLINED
    for verb in ("acceptance", "refusal"):
        late = browser.post(f"/waitlists/{entry.id}/offer/{verb}")
        assert (late.status_code, "You have let this place go." in late.text) == (422, True)
    assert "join it again, at its end" in browser.get(f"/waitlists/{entry.id}/offer").text


def test_a_place_that_was_taken_is_not_let_go_as_an_offer(
    browse: Browse, rosa: Client, biscuit: Pet, agility: ServiceSession
) -> None:  # WL-3
    entry, browser = offered(biscuit, agility), browse(rosa)
    assert browser.post(f"/waitlists/{entry.id}/offer/acceptance").status_code == 303
    answer = browser.post(f"/waitlists/{entry.id}/offer/refusal")
    assert (answer.status_code, "cancel the booking" in answer.text) == (422, True)
    assert db.session.query(Offer).one().outcome == Outcome.ACCEPTED


def test_an_offer_that_has_run_out_says_so(
    browse: Browse, rosa: Client, biscuit: Pet, agility: ServiceSession
) -> None:  # WL-5
    entry, browser = offered(biscuit, agility), browse(rosa)
    # What is offered in the evening is held until the morning.
    free_places.run_due(now() + timedelta(days=1))
    late = browser.post(f"/waitlists/{entry.id}/offer/acceptance")
    assert (late.status_code, "has gone to whoever is next in line" in late.text) == (422, True)
    assert "has gone to whoever is next in line" in browser.get(f"/waitlists/{entry.id}/offer").text
    assert db.session.query(Booking).filter_by(client_id=rosa.id).count() == 0


def test_an_offer_is_nobody_elses(
    browse: Browse, rosa: Client, omar: Client, nina: Member, biscuit: Pet, agility: ServiceSession
) -> None:  # WL-5
    entry = offered(biscuit, agility)
    path = f"/waitlists/{entry.id}/offer"
    assert browse(omar).get(path).status_code == 404
    for verb in ("acceptance", "refusal"):
        assert browse(omar).post(f"{path}/{verb}").status_code == 404
        assert browse(nina).post(f"{path}/{verb}").status_code == 302
    db.session.refresh(entry)
    assert entry.removed_at is None


def test_who_waits_without_an_offer_is_told_their_place(
    browse: Browse, rosa: Client, biscuit: Pet, agility: ServiceSession
) -> None:  # WL-4
    entry = waitlists.join(rosa, biscuit, agility.service, session=agility, by=as_client(rosa), at=now())
    path = f"/waitlists/{entry.id}/offer"
    assert "You are number 1 in line" in browse(rosa).get(path).text
    assert browse(rosa).post(f"{path}/acceptance").status_code == 404
