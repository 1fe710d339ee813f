"""The desk answers requests, and looks at, moves and cancels a booking."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from portal.db import db
from portal.models import (
    Booking,
    Cancellation,
    Client,
    Decision,
    Delivery,
    History,
    Member,
    Pet,
    Provider,
    ServiceSession,
)
from portal.rules.actors import as_member
from tests import cast
from tests.cast import NOON
from tests.conftest import Browse

TOMORROW = NOON + timedelta(days=1)
pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def asked(rosa: Client, biscuit: Pet) -> Booking:
    session = cast.session("Agility", TOMORROW, capacity=1)
    return cast.booking(
        rosa, [biscuit], "Agility", TOMORROW, made_at=NOON, session=session, needs_approval=True, notes="He is shy."
    )


@pytest.fixture
def groom(rosa: Client, biscuit: Pet) -> Booking:
    theo = db.session.query(Provider).one()
    return cast.booking(rosa, [biscuit], "Full Groom", TOMORROW, made_at=NOON, providers=[theo])


def at(booking: Booking, noun: str = "") -> str:
    return f"/desk/bookings/{booking.id}" + (f"/{noun}" if noun else "")


def fill(booking: Booking) -> None:
    """By somebody who is booked for certain, and beyond the places: staff do that."""
    omar = db.session.query(Client).filter_by(first_name="Omar").one()
    pepper = db.session.query(Pet).filter_by(name="Pepper").one()
    session = db.session.get_one(ServiceSession, booking.service_session_id)
    session.capacity = 2
    db.session.flush()
    cast.booking(omar, [pepper], "Agility", TOMORROW, made_at=NOON, session=session)
    session.capacity = 1
    db.session.commit()


def test_theo_sees_what_waits(browse: Browse, theo: Member, asked: Booking) -> None:  # FD-3
    browser = browse(theo)
    assert '1<span class="sr-only"> to answer' in browser.get("/desk/").text
    page = browser.get("/desk/requests").text
    assert "Biscuit, Agility" in page
    assert "He is shy." in page
    assert at(asked, "confirmation") in page


def test_many_requests_stand_on_pages(browse: Browse, theo: Member, rosa: Client, biscuit: Pet) -> None:  # FD-3
    """Fifty, then the rest in their place, or on a page of its own; each of them once."""
    asked: dict[str, Any] = {"made_at": NOON, "needs_approval": True, "by": as_member(theo)}
    days = [(TOMORROW + timedelta(days=number // 2), ("Full Groom", "Agility")[number % 2]) for number in range(53)]
    made = [cast.booking(rosa, [biscuit], service, day, **asked).id for day, service in days]
    browser = browse(theo)
    page = browser.get("/desk/requests").text
    assert listed(page) == made[:50]
    (later,) = set(re.findall(r"/desk/requests\?after=[0-9-]+", page))
    assert f'hx-get="{later}"' in page
    assert listed(browser.swap(later, "get").text) == made[50:]
    second = browser.get(later).text
    assert listed(second) == made[50:]
    assert "Soonest requests" in second
    assert "?after=" not in second
    assert browser.get("/desk/requests?after=nonsense").status_code == 404


def listed(page: str) -> list[int]:
    return [int(id) for id in re.findall(r'id="request_row-(\d+)"', page)]


def test_he_confirms_in_place(browse: Browse, theo: Member, asked: Booking) -> None:  # FD-3
    answer = browse(theo).swap(at(asked, "confirmation"))
    assert answer.status_code == 200
    assert "Confirmed" in answer.text
    assert 'id="requests_link"' in answer.text
    assert "to answer" not in answer.text
    assert db.session.query(Decision).one().by_name == "Theo Brandt"


def test_he_confirms_without_javascript_and_tells_nobody(browse: Browse, theo: Member, asked: Booking) -> None:
    before = db.session.query(Delivery).count()
    answer = browse(theo).post(at(asked, "confirmation"), data={"anyway": "", "quiet": "y"})
    assert (answer.status_code, answer.location) == (303, at(asked))
    assert db.session.query(Delivery).count() == before
    assert db.session.query(Decision).one().confirmed


def test_what_is_full_is_said_and_done_on_purpose(browse: Browse, theo: Member, asked: Booking) -> None:  # SB-6, FD-3
    fill(asked)
    browser = browse(theo)
    for answer in (
        browser.post(at(asked, "confirmation"), data={}),
        browser.swap(at(asked, "confirmation")),
    ):
        assert answer.status_code == 422
        assert "Agility is full." in answer.text
        assert "Confirm Anyway" in answer.text
    assert db.session.query(Decision).count() == 0
    browser.post(at(asked, "confirmation"), data={"anyway": "yes"})
    assert asked.overbooked
    assert "Overbooked" in browser.get(at(asked)).text


def test_he_declines_with_a_reason(browse: Browse, theo: Member, rosa: Client, asked: Booking) -> None:  # BK-7
    browser = browse(theo)
    assert "The client reads this." in browser.get(at(asked, "decline")).text
    wrong = browser.post(at(asked, "decline"), data={"reason": " "})
    assert wrong.status_code == 422
    assert "Give a reason" in wrong.text
    answer = browser.post(at(asked, "decline"), data={"reason": "He must rest for a week."})
    assert (answer.status_code, answer.location) == (303, "/desk/requests")
    page = browse(rosa).get(f"/bookings/{asked.id}").text
    assert "Declined" in page
    assert "He must rest for a week." in page
    assert browser.post(at(asked, "decline"), data={"reason": "Again"}).status_code == 422


def test_a_booking_at_the_desk(browse: Browse, theo: Member, rosa: Client, groom: Booking) -> None:  # FD-2
    page = browse(theo).get(at(groom)).text
    for words in (
        "Full Groom",
        "Biscuit",
        "Rosa Delgado",
        "Theo Brandt",
        "$85.00",
        at(groom, "move"),
        "Cancel Booking",
    ):
        assert words in page
    assert "Check In" not in page
    with time_machine.travel(TOMORROW, tick=False):
        assert at(groom, "arrival") in browse(theo).get(at(groom)).text


def test_he_cancels_and_takes_it_back(browse: Browse, theo: Member, rosa: Client, groom: Booking) -> None:  # FD-2, BK-4
    groom.cancel_allowed = False
    browser = browse(theo)
    assert "ten minutes" in browser.get(at(groom, "cancellation")).text
    answer = browser.post(at(groom, "cancellation"), data={"reason": "The dryer is broken."})
    assert (answer.status_code, answer.location) == (303, at(groom))
    assert db.session.query(Cancellation).one().reason == "The dryer is broken."
    letter = db.session.query(Delivery).order_by(Delivery.id.desc()).first()
    assert letter
    assert "The dryer is broken." in letter.text
    page = browser.get(at(groom)).text
    assert "The dryer is broken." in page
    assert at(groom, "restoration") in page
    assert browser.post(at(groom, "cancellation"), data={}).status_code == 422
    assert browser.post(at(groom, "restoration")).location == at(groom)
    assert db.session.query(Cancellation).count() == 0


def test_a_cancellation_that_nobody_hears_of(browse: Browse, theo: Member, groom: Booking) -> None:
    before = db.session.query(Delivery).count()
    browse(theo).post(at(groom, "cancellation"), data={"reason": "", "quiet": "y"})
    assert db.session.query(Cancellation).one().message_id is None
    assert db.session.query(Delivery).count() == before


MOVED = {"day": "2026-11-25", "starts_at": "11:00", "ends_at": "12:30"}


def moved(booking: Booking, **changes: str) -> dict[str, str]:
    provider = db.session.query(Provider).one().id
    return {**MOVED, "location_id": str(booking.location_id), "provider_id": str(provider), **changes}


def test_he_moves_it(browse: Browse, theo: Member, groom: Booking) -> None:  # FD-2
    browser = browse(theo)
    page = browser.get(at(groom, "move")).text
    assert 'value="2026-11-24"' in page
    answer = browser.post(at(groom, "move"), data=moved(groom))
    assert (answer.status_code, answer.location) == (303, at(groom))
    assert groom.starts_at == datetime(2026, 11, 25, 16, tzinfo=UTC)
    assert db.session.query(History).filter_by(field="Time").one().by_name == "Theo Brandt"


def test_it_lasts_as_long_as_before_unless_the_end_is_typed(
    browse: Browse, theo: Member, groom: Booking
) -> None:  # FD-2
    length = groom.ends_at - groom.starts_at
    browse(theo).post(at(groom, "move"), data=moved(groom, ends_at=""))
    assert groom.ends_at - groom.starts_at == length
    assert groom.starts_at == datetime(2026, 11, 25, 16, tzinfo=UTC)


def test_what_stands_against_it_is_said_first(browse: Browse, theo: Member, groom: Booking) -> None:  # FD-2
    browser = browse(theo)
    night = moved(groom, starts_at="22:00", ends_at="23:30")
    first = browser.post(at(groom, "move"), data=night)
    assert first.status_code == 422
    assert "outside the times" in first.text
    assert "Move Anyway" in first.text
    assert groom.starts_at == TOMORROW
    # Another time with another reason is looked at anew.
    words = "That is outside the times at which it is offered."
    past = moved(groom, day="2026-11-20", anyway=words)
    assert "That time is over" in browser.post(at(groom, "move"), data=past).text
    assert browser.post(at(groom, "move"), data={**night, "anyway": words}).status_code == 303
    assert groom.starts_at == datetime(2026, 11, 26, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"ends_at": "10:00"}, "This is not after the start."),
        ({"day": ""}, "Choose the day."),
        ({"starts_at": "noon"}, "time"),
        ({"day": "9999-12-31"}, "Please check the year."),
        ({"day": "0001-01-01"}, "Please check the year."),
        ({"provider_id": "99"}, "Not a valid choice"),
    ],
)
def test_a_form_that_is_wrong(browse: Browse, theo: Member, groom: Booking, wrong: dict[str, str], words: str) -> None:
    answer = browse(theo).post(at(groom, "move"), data=moved(groom, **wrong))
    assert answer.status_code == 422
    assert words in answer.text
    assert groom.starts_at == TOMORROW


def test_a_class_and_a_stay(browse: Browse, theo: Member, rosa: Client, biscuit: Pet, asked: Booking) -> None:
    new = cast.session("Agility", TOMORROW + timedelta(days=1))
    browser = browse(theo)
    assert "(4 places left)" in browser.get(at(asked, "move")).text
    assert "Choose the class." in browser.post(at(asked, "move"), data={}).text
    assert browser.post(at(asked, "move"), data={"session_id": str(new.id)}).status_code == 303
    assert asked.service_session_id == new.id
    first, last = (datetime(2026, 11, day, 15, tzinfo=UTC) for day in (25, 27))
    stay = cast.booking(rosa, [biscuit], "Boarding", first, made_at=NOON, ends_at=last)
    days = {"day": "2026-11-26", "starts_at": "08:00", "last": "2026-11-29", "ends_at": "18:00"}
    words = {**days, "location_id": str(stay.location_id)}
    assert browser.post(at(stay, "move"), data=words).status_code == 303
    assert stay.price == 18000


def test_clients_have_no_business_here(browse: Browse, rosa: Client, asked: Booking) -> None:
    browser = browse(rosa)
    for noun in ("", "move", "cancellation", "decline"):
        assert browser.get(at(asked, noun)).status_code == 302
    for noun in ("move", "cancellation", "decline", "confirmation", "restoration"):
        assert browser.post(at(asked, noun)).status_code == 302
    assert browse().get("/desk/requests").status_code == 302
    assert db.session.query(Decision).count() + db.session.query(Cancellation).count() == 0


def test_what_is_not_there(browse: Browse, theo: Member) -> None:
    for noun in ("", "/move", "/cancellation", "/decline"):
        assert browse(theo).get(f"/desk/bookings/99{noun}").status_code == 404
    for noun in ("move", "cancellation", "decline", "confirmation", "restoration"):
        assert browse(theo).post(f"/desk/bookings/99/{noun}").status_code == 404
