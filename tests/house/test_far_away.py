"""Days and times that lie so far away that nobody means them: refused in words, and nothing is reckoned for them."""

from datetime import date, timedelta

import pytest

from portal.db import db
from portal.models import Booking, Client, Location, Member, Offer, Pet, Series, ServiceKind, WaitlistEntry
from portal.rules import availability, bookings, repetitions, rhythms, waitlists
from portal.rules.actors import SYSTEM, as_client
from portal.rules.refused import Refused
from tests import cast
from tests.cast import NOON
from tests.conftest import Browse

FIRST_EVER, LAST_EVER = "0001-01-01T00:00Z", "9999-12-31T23:59Z"
pytestmark = pytest.mark.usefixtures("monday")


def maple() -> Location:
    return db.session.query(Location).filter_by(name="Maple Street").one()


@pytest.mark.parametrize("moment", [FIRST_EVER, LAST_EVER])
def test_a_moment_at_the_end_of_time_is_not_chosen(
    browse: Browse, rosa: Client, biscuit: Pet, theo: Member, moment: str
) -> None:
    chosen = f"service={cast.service('Full Groom').id}&location={maple().id}&pet={biscuit.id}&add_on=0&at={moment}"
    booking = cast.booking(rosa, [biscuit], "Full Groom", NOON + timedelta(days=3), made_at=NOON)
    browser = browse(rosa)
    for address in (f"/book?{chosen}", f"/book?{chosen}&step=when", f"/bookings/{booking.id}/move?at={moment}"):
        assert browser.get(address).status_code == 200
    assert browser.post(f"/book?{chosen}", data={"key": ""}).status_code == 422
    assert browser.post(f"/bookings/{booking.id}/move?at={moment}").status_code == 422
    assert browse(theo).get(f"/desk/customers/{rosa.id}/book?{chosen}").status_code == 200


def test_two_days_two_centuries_apart_ask_for_no_day_between(
    browse: Browse, rosa: Client, biscuit: Pet, monkeypatch: pytest.MonkeyPatch
) -> None:  # SB-6
    reckoned: list[int] = []
    free_days = availability.free_days

    def counted(*those: object, days: int, **more: object) -> object:
        reckoned.append(days)
        return free_days(*those, days=days, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(availability, "free_days", counted)
    chosen = f"service={cast.service('Daycare').id}&location={maple().id}&pet={biscuit.id}"
    page = browse(rosa).get(f"/book?{chosen}&day=2001-01-01&day=2026-11-24&day=2199-12-31").text
    assert "That time is over" in page
    assert "can be booked until" in page
    assert reckoned == [1]


def test_nobody_moves_a_stay_to_last_for_ever(browse: Browse, rosa: Client, biscuit: Pet, theo: Member) -> None:  # BK-6
    starts_at = NOON + timedelta(days=3)
    stay = cast.booking(rosa, [biscuit], "Boarding", starts_at, ends_at=starts_at + timedelta(days=2), made_at=NOON)
    answer = browse(rosa).post(f"/bookings/{stay.id}/move?day=2026-11-30&last=2199-12-31")
    assert answer.status_code == 422
    told = {"location_id": str(maple().id), "day": "2026-11-30", "starts_at": "10:00", "ends_at": "10:00"}
    desk, path = browse(theo), f"/desk/bookings/{stay.id}/move"
    assert "This is more than a year." in desk.post(path, data={**told, "last": "2099-12-31"}).text
    for day in ("0001-01-01", "9999-12-31"):
        answer = desk.post(path, data={**told, "day": day, "last": day})
        assert (answer.status_code, "Please check the year." in answer.text) == (422, True)
    assert db.session.get_one(Booking, stay.id).ends_at == starts_at + timedelta(days=2)


def test_nobody_waits_for_a_stay_that_lasts_for_ever(browse: Browse, rosa: Client, omar: Client, biscuit: Pet) -> None:
    boarding = cast.service("Boarding")
    for _ in range(5):
        stay = NOON + timedelta(days=7)
        bookings.book(
            omar,
            boarding,
            [cast.pet(omar, "Guest", biscuit.animal)],
            location=maple(),
            starts_at=stay,
            ends_at=stay + timedelta(days=2),
            by=SYSTEM,
            at=NOON,
        )
    chosen = f"service={boarding.id}&location={maple().id}&first=2026-11-30&last="
    browser = browse(rosa)
    answer = browser.post(f"/waitlists?{chosen}2199-12-31", data={"pet": str(biscuit.id)})
    assert (answer.status_code, "at most 365 nights" in answer.text) == (422, True)
    assert db.session.query(WaitlistEntry).count() == 0
    assert browser.post(f"/waitlists?{chosen}2026-12-01", data={"pet": str(biscuit.id)}).status_code == 303


def test_staff_offer_no_place_beyond_all_days(browse: Browse, theo: Member, rosa: Client, biscuit: Pet) -> None:  # WL-5
    boarding, groom = (cast.service(name) for name in ("Boarding", "Full Groom"))
    browser = browse(theo)
    for service in (boarding, groom):
        entry = waitlists.join(rosa, biscuit, service, location=maple(), by=as_client(rosa), at=NOON)
        db.session.commit()
        for day in ("0001-01-01", "9999-12-31"):
            told = {"session": "0", "location": str(maple().id), "day": day, "last": day}
            answer = browser.post(f"/desk/waitlists/{entry.id}/offer", data=told)
            assert (answer.status_code, "Please check the year." in answer.text) == (422, True)
    entry = db.session.query(WaitlistEntry).filter_by(service_id=boarding.id).one()
    told = {"session": "0", "location": str(maple().id), "day": "2026-12-01", "last": "2099-12-31"}
    assert browser.post(f"/desk/waitlists/{entry.id}/offer", data=told).status_code == 422
    assert db.session.query(Offer).count() == 0


def test_a_day_of_a_class_at_the_end_of_time_is_left_open(browse: Browse, theo: Member) -> None:  # CAL-5
    for day in ("0001-01-01", "9999-12-31", "soon"):
        assert browse(theo).get(f"/desk/classes/new?day={day}").status_code == 200


def test_a_series_to_the_end_of_the_century_is_refused_before_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    agility = cast.service("Agility")
    agility.kind = ServiceKind.SERIES
    monkeypatch.setattr(repetitions, "make", lambda *_, **__: pytest.fail("it was made"))
    with pytest.raises(Refused, match="more than 200 dates"):
        repetitions.repeat(
            agility,
            maple(),
            rule=rhythms.weekly(range(7)),
            first_day=date(2026, 12, 1),
            last_day=date(2099, 12, 31),
            starts_at=NOON.time(),
            minutes=60,
            capacity=8,
            series=Series(service_id=agility.id, location_id=maple().id, name="For ever", price=1),
            by=SYSTEM,
            at=NOON,
        )
