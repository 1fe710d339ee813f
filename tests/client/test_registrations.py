"""A client’s series: its page, and calling it off as a whole."""

from datetime import timedelta

import pytest

from portal.db import db
from portal.models import Booking, Cancellation, Client, Member, Pet, Registration
from portal.rules import series_registrations
from portal.rules.actors import as_client
from tests import cast
from tests.cast import NOON
from tests.conftest import Browse

FIRST = NOON + timedelta(days=2)
pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def made(rosa: Client, biscuit: Pet) -> Registration:
    return series_registrations.register(rosa, cast.course(FIRST), [biscuit], key=None, by=as_client(rosa), at=NOON)


def booking_ids(made: Registration) -> list[int]:
    return [one.id for one in series_registrations.bookings_of(made)]


def test_a_booking_says_of_what_it_is_a_part(browse: Browse, rosa: Client, made: Registration) -> None:
    page = browse(rosa).get(f"/bookings/{booking_ids(made)[1]}").text
    assert f'href="/registrations/{made.id}">Puppy Course' in page
    assert "Cancel This Date" in page
    assert f"/registrations/{made.id}/cancellation" in page


def test_its_page_has_all_dates(browse: Browse, rosa: Client, made: Registration) -> None:
    page = browse(rosa).get(f"/registrations/{made.id}").text
    assert all(f'id="booking_row-{id}"' in page for id in booking_ids(made))
    assert "3 dates for Biscuit · $100.00, paid at the desk" in page


def test_all_are_cancelled_and_brought_back(browse: Browse, rosa: Client, made: Registration) -> None:
    browser = browse(rosa)
    asked = browser.get(f"/registrations/{made.id}/cancellation").text
    assert "3 dates" in asked
    assert db.session.query(Cancellation).count() == 0
    answer = browser.post(f"/registrations/{made.id}/cancellation")
    assert (answer.status_code, answer.location) == (303, f"/registrations/{made.id}")
    assert db.session.query(Cancellation).count() == 3
    assert "Your places are held for a moment." in browser.get(answer.location).text
    assert browser.post(f"/bookings/{booking_ids(made)[0]}/restoration").status_code == 303
    assert db.session.query(Cancellation).count() == 0


def test_one_date_is_cancelled_without_the_others(browse: Browse, rosa: Client, made: Registration) -> None:
    browse(rosa).post(f"/bookings/{booking_ids(made)[0]}/cancellation")
    assert db.session.query(Cancellation).count() == 1


def test_what_must_stay_is_said(browse: Browse, rosa: Client, made: Registration) -> None:
    db.session.query(Booking).filter_by(id=booking_ids(made)[0]).one().cancel_allowed = False
    browser = browse(rosa)
    page = browser.get(f"/bookings/{booking_ids(made)[1]}").text
    assert "Cancel This Date" in page
    assert "Cancel All Dates" not in page
    assert "Agility cannot be cancelled here." in browser.get(f"/registrations/{made.id}").text
    for method in ("get", "post"):
        answer = getattr(browser, method)(f"/registrations/{made.id}/cancellation")
        assert answer.status_code == 422
        assert "(212) 555-0148" in answer.text
    assert db.session.query(Cancellation).count() == 0


def test_nobody_else_sees_it(browse: Browse, omar: Client, nina: Member, made: Registration) -> None:
    for path in (f"/registrations/{made.id}", f"/registrations/{made.id}/cancellation"):
        assert browse(omar).get(path).status_code == 404
        assert browse(nina).get(path).status_code == 302
    assert browse(omar).post(f"/registrations/{made.id}/cancellation").status_code == 404
    assert db.session.query(Cancellation).count() == 0
