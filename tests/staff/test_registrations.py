"""A series that a client is registered for, at the desk: cancelled as a whole or by the date, and dates added to it."""

from datetime import timedelta

import pytest

from portal.db import db
from portal.models import Booking, Cancellation, Client, Delivery, Member, Pet, Registration, ServiceSession
from portal.rules import series_registrations, sessions
from portal.rules.actors import as_client, as_member
from tests import cast
from tests.cast import NOON
from tests.conftest import Browse

FIRST = NOON + timedelta(days=2)
pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def made(rosa: Client, biscuit: Pet) -> Registration:
    return series_registrations.register(rosa, cast.course(FIRST), [biscuit], key=None, by=as_client(rosa), at=NOON)


def first(made: Registration) -> Booking:
    return series_registrations.bookings_of(made)[0]


def test_staff_cancel_all_dates_at_once_and_take_it_back(
    browse: Browse, theo: Member, made: Registration
) -> None:  # FD-2 SB-2
    browser, path = browse(theo), f"/desk/bookings/{first(made).id}"
    question = browser.get(f"{path}/cancellation").text
    for words in ("Only this date", "All 3 dates ahead of Puppy Course"):
        assert words in question
    letters = db.session.query(Delivery).count()
    answer = browser.post(f"{path}/cancellation", data={"scope": "all", "reason": "The hall is shut."})
    assert (answer.status_code, answer.location) == (303, path)
    assert db.session.query(Cancellation).filter_by(whole=True, reason="The hall is shut.").count() == 3
    assert "All dates ahead of Puppy Course are cancelled." in browser.get(path).text
    assert db.session.query(Delivery).count() == letters + 1
    assert "The hall is shut." in db.session.query(Delivery).order_by(Delivery.id.desc()).first().text
    assert browser.post(f"{path}/restoration").status_code == 303
    assert db.session.query(Cancellation).count() == 0
    assert db.session.query(Delivery).count() == letters


def test_or_one_of_them_alone(browse: Browse, theo: Member, made: Registration) -> None:  # FD-2 SB-2
    path = f"/desk/bookings/{first(made).id}/cancellation"
    assert browse(theo).post(path, data={"scope": "sideways"}).status_code == 422
    browse(theo).post(path, data={"scope": "this"})
    assert db.session.query(Cancellation).one().whole is False


def test_the_last_date_is_not_asked_about_twice(browse: Browse, theo: Member, made: Registration) -> None:  # FD-2
    one, *others = series_registrations.bookings_of(made)
    for other in others:
        browse(theo).post(f"/desk/bookings/{other.id}/cancellation", data={"scope": "this"})
    assert "dates ahead" not in browse(theo).get(f"/desk/bookings/{one.id}/cancellation").text


def test_who_could_not_be_put_in_is_said(
    browse: Browse, theo: Member, rosa: Client, biscuit: Pet, made: Registration
) -> None:  # SB-2
    """Biscuit is in the same service elsewhere at that time."""
    at = FIRST + timedelta(weeks=3)
    cast.booking(rosa, [biscuit], "Agility", at, made_at=NOON, session=cast.session("Agility", at))
    browser, path = browse(theo), f"/desk/series/{made.series_id}"
    local = {"day": "2026-12-16", "starts_at": "10:00", "minutes": "60", "capacity": "4", "do": "keep"}
    added = browser.post(f"{path}/dates", data={**local, "location_id": str(made.series.location_id)})
    assert added.status_code == 303
    assert f"Not booked, as they are booked elsewhere then: {rosa.name}." in browser.get(path).text
    date = db.session.query(ServiceSession).order_by(ServiceSession.id.desc()).first()
    assert date
    sessions.call_off(date, "this", by=as_member(theo), at=NOON)
    db.session.commit()
    back = f"/desk/classes/{date.id}"
    assert browser.post(f"{back}/return", data={"registered": "y"}).location == back
    assert f"Not booked, as they are booked elsewhere then: {rosa.name}." in browser.get(back).text


@pytest.mark.parametrize("quiet", [False, True])
def test_staff_say_if_who_is_put_in_hears_of_it(
    browse: Browse, theo: Member, made: Registration, quiet: bool
) -> None:  # FD-2, SB-2
    browser, path = browse(theo), f"/desk/series/{made.series_id}/dates"
    assert "Don’t notify the clients" in browser.get(f"{path}/new").text
    before, unless = db.session.query(Delivery).count(), {"quiet": "y"} if quiet else {}
    local = {"day": "2026-12-16", "starts_at": "10:00", "minutes": "60", "capacity": "4"}
    browser.post(path, data={**local, **unless, "location_id": str(made.series.location_id)})
    assert db.session.query(Delivery).count() == before + (not quiet)
    date = db.session.query(ServiceSession).order_by(ServiceSession.id.desc()).first()
    assert date
    sessions.call_off(date, "this", tell=False, by=as_member(theo), at=NOON)
    db.session.commit()
    before = db.session.query(Delivery).count()
    assert "Don’t notify the clients" in browser.get(f"/desk/classes/{date.id}/return").text
    browser.post(f"/desk/classes/{date.id}/return", data={"registered": "y", **unless})
    assert db.session.query(Delivery).count() == before + (not quiet)
    told = "It takes place. 1 booking." if quiet else "It takes place. 1 booking: the clients are told."
    assert told in browser.get(f"/desk/classes/{date.id}").text
