"""A client moves a booking, as the browser asks for it."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.db import db
from portal.models import Booking, Business, Client, History, Member, Notice, Pet, Provider, Service, VaccineCheck
from portal.rules import bookings
from portal.rules.actors import as_client
from tests import cast
from tests.cast import NOON
from tests.conftest import Browse

TOMORROW = NOON + timedelta(days=1)
NEW = "at=2026-11-25T15:00Z"
pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def groom(rosa: Client, biscuit: Pet) -> Booking:
    theo = db.session.query(Provider).one()
    return cast.booking(rosa, [biscuit], "Full Groom", TOMORROW, made_at=NOON, providers=[theo])


def path(booking: Booking, query: str = "") -> str:
    return f"/bookings/{booking.id}/move" + (f"?{query}" if query else "")


def test_rosa_chooses_another_time_and_looks_at_it_first(browse: Browse, rosa: Client, groom: Booking) -> None:  # BK-6
    browser = browse(rosa)
    assert path(groom) in browser.get("/").text
    assert path(groom) in browser.get(f"/bookings/{groom.id}").text
    times = browser.get(path(groom)).text
    assert f'href="{path(groom, NEW)}"' in times
    review = browser.get(path(groom, NEW)).text
    assert "Wed 25 Nov, 10:00" in review
    assert f'action="{path(groom, NEW)}"' in review
    assert groom.starts_at == TOMORROW  # looking changes nothing


def test_she_moves_it(browse: Browse, rosa: Client, groom: Booking) -> None:  # BK-6
    answer = browse(rosa).post(path(groom, NEW))
    assert (answer.status_code, answer.location) == (303, f"/bookings/{groom.id}")
    assert groom.starts_at == datetime(2026, 11, 25, 15, tzinfo=UTC)
    assert [one.name for one in groom.providers] == ["Theo Brandt"]
    assert db.session.query(History).filter_by(field="Time").one().by_name == "Rosa Delgado"
    assert db.session.query(Notice).filter(Notice.text.contains("moved")).count() == 1


def test_htmx_is_taken_there(browse: Browse, rosa: Client, groom: Booking) -> None:
    browser = browse(rosa)
    part = browser.swap(path(groom, NEW), "get").text
    assert part.lstrip().startswith("{#") is False
    assert "<html" not in part
    assert browser.swap(path(groom, NEW)).headers["HX-Redirect"] == f"/bookings/{groom.id}"


def test_the_time_is_kept_in_the_calendar_file(browse: Browse, rosa: Client, groom: Booking) -> None:  # BK-8
    browser = browse(rosa)
    browser.post(path(groom, NEW))
    assert "DTSTART:20261125T150000Z" in browser.get(f"/bookings/{groom.id}.ics").text


@pytest.mark.parametrize("query", ["", "at=yesterday", "session=99", "at=2026-11-25T15:07Z", "day=2026-11-25"])
def test_what_cannot_be_chosen_is_refused_in_words(browse: Browse, rosa: Client, groom: Booking, query: str) -> None:
    answer = browse(rosa).post(path(groom, query))
    assert answer.status_code == 422
    assert "That time" in answer.text
    assert groom.starts_at == TOMORROW


def test_a_time_that_was_just_taken_leaves_the_list_to_choose_from(
    browse: Browse, rosa: Client, omar: Client, groom: Booking
) -> None:
    # SB-6: looked at while it was free, sent when it was not
    pepper = db.session.query(Pet).filter_by(name="Pepper").one()
    theo = db.session.query(Provider).one()
    browser = browse(rosa)
    assert "Move Booking" in browser.get(path(groom, NEW)).text
    cast.booking(omar, [pepper], "Full Groom", TOMORROW + timedelta(days=1), made_at=NOON, providers=[theo])
    answer = browser.post(path(groom, NEW))
    assert answer.status_code == 422
    assert "just taken" in answer.text
    assert path(groom, "at=2026-11-25T18:00Z") in answer.text
    assert "Move Booking" not in browser.get(path(groom, NEW)).text


def test_after_the_last_moment(browse: Browse, rosa: Client, groom: Booking) -> None:  # BK-6
    groom.move_hours, groom.cancel_hours = 48, 0
    browser = browse(rosa)
    assert path(groom) not in browser.get("/").text
    page = browser.get(f"/bookings/{groom.id}").text
    assert path(groom) not in page
    assert "that was possible until" in page
    for answer in (browser.get(path(groom)), browser.post(path(groom, NEW))):
        assert answer.status_code == 422
        assert "that was possible until" in answer.text
        assert "(212) 555-0148" in answer.text
    assert groom.starts_at == TOMORROW


def test_a_business_that_moves_nothing_online(browse: Browse, rosa: Client, groom: Booking) -> None:  # POR-3
    db.session.query(Business).one().moves_open = False
    browser = browse(rosa)
    assert path(groom) not in browser.get("/").text + browser.get(f"/bookings/{groom.id}").text
    assert browser.post(path(groom, NEW)).status_code == 422


def test_what_stands_in_the_way_is_said_before(browse: Browse, rosa: Client, groom: Booking) -> None:  # SB-12, VAX-5
    groom.service.vaccine_check = VaccineCheck.STOP
    browser = browse(rosa)
    page = browser.get(path(groom, NEW)).text
    assert "Biscuit’s Rabies has no expiry date on file." in page
    assert f"?back=%2Fbookings%2F{groom.id}%2Fmove%3Fat%3D2026-11-25T15%3A00Z" in page
    assert "Move Booking" not in page
    assert browser.post(path(groom, NEW)).status_code == 422


def test_an_approval_is_asked_for_again_and_that_is_said(browse: Browse, rosa: Client, groom: Booking) -> None:  # BK-7
    db.session.query(Service).filter_by(name="Full Groom").one().needs_approval = True
    browser = browse(rosa)
    assert "It becomes a request again." in browser.get(path(groom, NEW)).text
    browser.post(path(groom, NEW))
    assert "Requested" in browser.get(f"/bookings/{groom.id}").text


def test_a_stay_is_moved_by_its_days(browse: Browse, rosa: Client, biscuit: Pet) -> None:
    first, last = (datetime(2026, 11, day, 15, tzinfo=UTC) for day in (25, 27))
    stay = cast.booking(rosa, [biscuit], "Boarding", first, made_at=NOON, ends_at=last)
    browser = browse(rosa)
    assert 'name="last"' in browser.get(path(stay)).text
    wrong = browser.get(path(stay, "day=2026-11-28&last=2026-11-27"))
    assert wrong.status_code == 422
    assert 'value="2026-11-28"' in wrong.text
    assert browser.post(path(stay, "day=2026-11-28&last=2199-12-31")).status_code == 422
    assert "$180.00 instead of $120.00" in browser.get(path(stay, "day=2026-11-28&last=2026-12-01")).text
    assert browser.post(path(stay, "day=2026-11-28&last=2026-12-01")).status_code == 303
    assert stay.starts_at == datetime(2026, 11, 28, 13, tzinfo=UTC)


def test_a_day_and_a_class(browse: Browse, rosa: Client, biscuit: Pet) -> None:
    day = cast.booking(rosa, [biscuit], "Daycare", datetime(2026, 11, 24, 13, tzinfo=UTC), made_at=NOON)
    old, new = cast.session("Agility", TOMORROW), cast.session("Agility", TOMORROW + timedelta(days=1))
    taken = cast.booking(rosa, [biscuit], "Agility", TOMORROW, made_at=NOON, session=old)
    browser = browse(rosa)
    assert path(day, "day=2026-11-26") in browser.get(path(day)).text
    assert browser.post(path(day, "day=2026-11-26")).status_code == 303
    assert path(taken, f"session={new.id}") in browser.get(path(taken)).text
    assert browser.post(path(taken, f"session={new.id}")).status_code == 303
    assert (day.starts_at.day, taken.service_session_id) == (26, new.id)


def test_further_ahead_and_back(browse: Browse, rosa: Client, groom: Booking) -> None:
    browser = browse(rosa)
    assert path(groom, "since=2026-12-07") in browser.get(path(groom)).text
    later = browser.get(path(groom, "since=2026-12-07")).text
    assert path(groom, "since=2026-11-23") in later
    assert path(groom, "at=2026-12-08T15:00Z") in later
    assert path(groom, "since=2026-11-23") not in browser.get(path(groom, "since=1999-01-01")).text


def test_nobody_else_moves_it(browse: Browse, omar: Client, nina: Member, groom: Booking) -> None:
    for method in ("get", "post"):
        assert getattr(browse(omar), method)(path(groom, NEW)).status_code == 404
        assert getattr(browse(nina), method)(path(groom, NEW)).status_code == 302
    assert groom.starts_at == TOMORROW


def test_a_request_is_withdrawn_after_it_was_moved(browse: Browse, rosa: Client, groom: Booking) -> None:  # BK-7
    groom.needs_approval = True
    browser = browse(rosa)
    assert browser.post(path(groom, NEW)).status_code == 303
    assert "Withdraw Request" in browser.get(f"/bookings/{groom.id}").text
    bookings.cancel(groom, by=as_client(rosa), at=NOON)
    assert browser.post(path(groom, "at=2026-11-25T18:00Z")).status_code == 422
