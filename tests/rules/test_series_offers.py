"""Who waits for a whole series is offered it when a place is free on all of its dates, and on all of them at once."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from portal.db import db
from portal.models import (
    Booking,
    Client,
    Member,
    Message,
    Offer,
    Outcome,
    Pet,
    QueueCheck,
    Registration,
    Series,
    ServiceSession,
    WaitlistEntry,
)
from portal.rules import (
    bookings,
    free_places,
    offers,
    places,
    records,
    series_cancellations,
    series_registrations,
    sessions,
    turns,
    waitlists,
)
from portal.rules.actors import SYSTEM, as_client, as_member
from portal.rules.chances import Wish
from portal.rules.refused import Refused
from tests import cast
from tests.conftest import Browse

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)
FIRST = AT + timedelta(days=8)
SOON = AT + timedelta(minutes=1)


@pytest.fixture
def course(app: Flask) -> Series:
    """Three dates, one place."""
    cast.open_shop()
    return cast.course(FIRST, capacity=1)


@pytest.fixture
def registered(course: Series, zoe: Client, biscuit: Pet) -> Registration:
    """Zoë has the place."""
    bolt = cast.pet(zoe, "Bolt", biscuit.animal)
    return series_registrations.register(zoe, course, [bolt], key=None, by=as_client(zoe), at=AT - timedelta(days=3))


def wait(pet: Pet, course: Series, minutes: int = 0) -> WaitlistEntry:
    at = AT - timedelta(days=1) + timedelta(minutes=minutes)
    service = dates(course)[0].service
    entry = waitlists.join(pet.client, pet, service, series=course, by=as_client(pet.client), at=at)
    free_places.run_due(at)
    return entry


def dates(course: Series) -> list[ServiceSession]:
    rows = db.session.query(ServiceSession).filter_by(series_id=course.id)
    return rows.order_by(ServiceSession.starts_at).all()


def cancelled(registration: Registration) -> None:
    """Zoë cancels it all, and the time to undo runs out."""
    client = db.session.get_one(Client, registration.client_id)
    series_cancellations.cancel_registration(registration, by=as_client(client), at=AT)
    free_places.run_due(AT)
    assert held() == {}, "the places are held for her return"
    free_places.run_due(SOON)


def held() -> dict[str, int]:
    """On how many dates, for whom."""
    found: dict[str, int] = {}
    for row in db.session.query(Offer).filter(Offer.ended_at.is_(None)):
        name = db.session.get_one(Client, row.client_id).first_name
        found[name] = found.get(name, 0) + 1
    return found


def the_offer(entry: WaitlistEntry) -> Offer:
    offer = offers.held(entry)
    assert offer
    return offer


def left(course: Series) -> list[int]:
    return [places.left(date, SOON) for date in dates(course)]


def letters(client: Client) -> list[Message]:
    return db.session.query(Message).filter_by(client_id=client.id).order_by(Message.id).all()


def outcome(entry: WaitlistEntry) -> Outcome | None:
    db.session.refresh(entry)
    return entry.outcome


def test_who_cannot_answer_is_passed_over_and_keeps_the_turn(
    registered: Registration, course: Series, biscuit: Pet, pepper: Pet, nina: Member
) -> None:  # WL-5
    entry = wait(biscuit, course)
    wait(pepper, course, 5)
    records.deactivate(biscuit.client, by=as_member(nina), at=AT)
    cancelled(registered)
    assert (held(), outcome(entry)) == ({"Omar": 3}, None)
    offers.decline(db.session.query(Offer).filter(Offer.with_id.is_(None)).one(), by=as_client(pepper.client), at=SOON)
    records.reactivate(biscuit.client, by=as_member(nina), at=SOON)
    free_places.run_due(SOON)
    assert held() == {"Rosa": 3}


def test_what_is_held_for_a_deleted_client_goes_to_the_next(
    registered: Registration, course: Series, biscuit: Pet, pepper: Pet
) -> None:  # WL-5
    wait(biscuit, course)
    wait(pepper, course, 5)
    cancelled(registered)
    assert held() == {"Rosa": 3}
    records.remove(biscuit.client, at=SOON)
    free_places.run_due(SOON)
    assert held() == {"Omar": 3}


def test_the_first_in_line_gets_all_dates_and_takes_them(
    registered: Registration, course: Series, biscuit: Pet, pepper: Pet
) -> None:  # WL-1 WL-5
    entry, second = wait(biscuit, course), wait(pepper, course, 5)
    assert held() == {}
    cancelled(registered)
    assert held() == {"Rosa": 3}
    assert left(course) == [0, 0, 0]
    (letter,) = letters(biscuit.client)
    assert letter.thread.subject == "A place is free: Puppy Course"
    assert "on all dates of Puppy Course at Maple Street" in letter.text
    assert letter.text.count("10:00\u00a0AM EST\n") == 3
    assert turns.waiting(entry.id).offered_until == the_offer(entry).until
    assert letters(pepper.client) == []
    taken = offers.accept(the_offer(entry), by=as_client(biscuit.client), at=SOON)
    made = db.session.query(Booking).filter_by(client_id=biscuit.client_id).order_by(Booking.starts_at).all()
    assert [one.service_session_id for one in made] == [date.id for date in dates(course)]
    assert (taken, sum(one.price for one in made)) == (made[0], 10_000)
    assert len({one.registration_id for one in made}) == 1
    assert (outcome(entry), entry.booking_id, outcome(second)) == (Outcome.ACCEPTED, taken.id, None)
    assert held() == {}
    assert letters(biscuit.client)[-1].thread.subject == "Your dates: Puppy Course"
    again = offers.latest(entry)
    assert again
    assert offers.accept(again, by=as_client(biscuit.client), at=SOON) == taken, "once, however often"
    free_places.run_due(SOON)
    assert held() == {}


def test_a_single_date_that_is_free_is_not_enough(
    registered: Registration, course: Series, biscuit: Pet
) -> None:  # WL-5
    wait(biscuit, course)
    general = waitlists.join(
        biscuit.client, biscuit, dates(course)[0].service, by=as_client(biscuit.client), at=AT - timedelta(days=2)
    )
    one = series_registrations.bookings_of(registered)[1]
    bookings.cancel(one, by=as_client(one.client), at=AT)
    free_places.run_due(SOON)
    assert held() == {}
    assert outcome(general) is None, "nobody gets one date of a course"
    assert db.session.query(QueueCheck).count() == 0


@pytest.mark.parametrize("how", ["decline", "lapse", "leave"])
def test_who_does_not_take_it_makes_room_on_all_dates(
    registered: Registration, course: Series, biscuit: Pet, pepper: Pet, how: str
) -> None:  # WL-5
    entry, _ = wait(biscuit, course), wait(pepper, course, 5)
    cancelled(registered)
    by, at = as_client(biscuit.client), SOON + timedelta(minutes=1)
    if how == "decline":
        offers.decline(the_offer(entry), by=by, at=at)
    elif how == "leave":
        waitlists.leave(entry, by=by, at=at)
        at += waitlists.UNDO
    else:
        at = the_offer(entry).until
    free_places.run_due(at)
    assert held() == {"Omar": 3}
    told = [letter.thread.subject for letter in letters(biscuit.client)]
    assert told == ["A place is free: Puppy Course", *(["The place is gone: Puppy Course"] if how == "lapse" else [])]


def test_two_who_come_together_wait_for_two_places(
    registered: Registration, course: Series, rosa: Client, biscuit: Pet, juno: Pet, pepper: Pet
) -> None:  # WL-5
    wish = Wish(dates(course)[0].service, series=course)
    waitlists.join_all(rosa, [biscuit, juno], [wish], together=True, by=as_client(rosa), at=AT - timedelta(days=2))
    entry = wait(pepper, course, 5)
    cancelled(registered)
    assert held() == {"Omar": 3}
    offers.decline(the_offer(entry), by=as_client(pepper.client), at=SOON)
    for date in dates(course):
        date.capacity = 2
    free_places.run_due(SOON)
    assert held() == {"Rosa": 3}
    assert {row.places for row in db.session.query(Offer).filter(Offer.ended_at.is_(None))} == {2}


def test_who_joins_while_there_is_a_place_is_offered_it_at_once(course: Series, biscuit: Pet) -> None:  # WL-5
    entry = wait(biscuit, course)
    assert held() == {"Rosa": 3}
    assert the_offer(entry).until > AT - timedelta(days=1)


def test_what_was_booked_meanwhile_is_given_up_first(course: Series, biscuit: Pet) -> None:  # WL-5 SB-5
    other = cast.booking(biscuit.client, [biscuit], "Full Groom", FIRST, made_at=AT - timedelta(days=9))
    entry, by, at = wait(biscuit, course), as_client(biscuit.client), AT - timedelta(days=1)
    with pytest.raises(Refused, match="Biscuit is booked for Full Groom then"):
        offers.accept(the_offer(entry), by=by, at=at)
    bookings.cancel(other, by=by, at=at)
    assert offers.accept(the_offer(entry), by=by, at=at + timedelta(minutes=1)).pets == [biscuit]


def test_a_date_that_is_called_off_is_no_more_in_the_offer(
    registered: Registration, course: Series, biscuit: Pet
) -> None:  # WL-5
    entry = wait(biscuit, course)
    cancelled(registered)
    sessions.call_off(dates(course)[0], "this", by=SYSTEM, at=SOON)
    assert held() == {}
    free_places.run_due(SOON)
    assert held() == {"Rosa": 2}
    taken = offers.accept(the_offer(entry), by=as_client(biscuit.client), at=SOON)
    assert taken.service_session_id == dates(course)[1].id


def test_nobody_is_offered_a_series_that_has_begun(
    registered: Registration, course: Series, biscuit: Pet
) -> None:  # WL-5
    entry = wait(biscuit, course)
    client, at = db.session.get_one(Client, registered.client_id), FIRST + timedelta(hours=2)
    series_cancellations.cancel_registration(registered, by=as_client(client), at=at)
    free_places.run_due(at + timedelta(minutes=1))
    assert (held(), outcome(entry)) == ({}, None)


@time_machine.travel(AT, tick=False)
def test_the_client_reads_every_date_before_they_answer(
    browse: Browse, course: Series, rosa: Client, biscuit: Pet
) -> None:  # WL-5
    entry = waitlists.join(rosa, biscuit, dates(course)[0].service, series=course, by=as_client(rosa), at=AT)
    free_places.run_due(AT)
    browser, path = browse(rosa), f"/waitlists/{entry.id}/offer"
    assert f'href="{path}"' in browser.get("/").text
    assert browser.get("/waitlists").text.count(f'href="{path}"') == 1
    page = browser.get(path).text
    assert page.count("10:00\u00a0AM EST<br>") == 3
    assert "$100.00" in page
    answer = browser.post(f"{path}/acceptance")
    assert answer.status_code == 303
    assert db.session.query(Booking).filter_by(client_id=rosa.id).count() == 3
    assert "The place is yours." in browser.get(path).text


@time_machine.travel(AT, tick=False)
def test_the_desk_sees_that_it_is_offered(
    browse: Browse, theo: Member, registered: Registration, course: Series, biscuit: Pet, pepper: Pet
) -> None:  # FD-3 WL-5
    entry, _ = wait(biscuit, course), wait(pepper, course, 5)
    cancelled(registered)
    page = browse(theo).get(f"/desk/waitlists/{entry.id}").text
    assert page.count("held until") == 1
    assert page.count("Book the Series") == 1
    assert "1 offered" in browse(theo).get("/desk/waitlists").text
