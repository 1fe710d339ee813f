"""How much comes and goes on a day is kept, and is right whatever is done to bookings. FD-2."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from threading import Event, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db, one_change
from portal.models import AppointmentDay, Booking, Client, Location, Offering, Pet, VisitDay
from portal.rules import bookings, locations, requests, visit_days
from portal.rules.actors import Actor
from tests import cast
from tests.house.test_at_once import CROWD, meanwhile, together

AT = cast.NOON  # a Monday
EVENING = datetime(2026, 11, 26, 1, tzinfo=UTC)  # Wednesday, eight in the evening in New York
WEDNESDAY = date(2026, 11, 25)
DAY = timedelta(days=1)


@pytest.fixture
def stay(maple: Location, rosa: Client, biscuit: Pet, juno: Pet) -> Callable[..., Booking]:
    """Two dogs from Wednesday to Friday."""

    def made(starts_at: datetime = EVENING, **more: Any) -> Booking:
        told = {"ends_at": starts_at + 2 * DAY, "made_at": AT, **more}
        booking = cast.booking(rosa, [biscuit, juno], "Boarding", starts_at, **told)
        db.session.commit()
        return booking

    return made


def told(location: Location | None = None) -> dict[date, tuple[int, int]]:
    """Of each day: pets that come, pets that go."""
    of = select(VisitDay.day, VisitDay.arriving, VisitDay.leaving)
    rows = db.session.execute(of.where(VisitDay.location_id == location.id) if location else of).all()
    assert len({day for day, *_ in rows}) == len(rows)
    return {day: (come, go) for day, come, go in rows}


def from_day(day: date) -> dict[date, tuple[int, int]]:
    return {day: (2, 0), day + 2 * DAY: (0, 2)}


def appointments() -> dict[tuple[date, int], int]:
    rows = db.session.execute(select(AppointmentDay.day, AppointmentDay.location_id, AppointmentDay.bookings))
    return {(day, location_id): bookings for day, location_id, bookings in rows}


def test_a_stay_comes_on_its_first_day_and_goes_on_its_last(stay: Callable[..., Booking], by: Actor) -> None:
    booking = stay()
    assert told() == from_day(WEDNESDAY), "where the database has its clock it is Thursday already"
    bookings.cancel(booking, by=by, at=AT)
    assert told() == {}
    bookings.restore(booking, by=by, at=AT)
    assert told() == from_day(WEDNESDAY)
    asked = stay(EVENING + 7 * DAY, needs_approval=True)
    assert told() == from_day(WEDNESDAY) | from_day(WEDNESDAY + 7 * DAY)
    requests.decline(asked, "We are full.", by=by, at=AT)
    assert told() == from_day(WEDNESDAY)


def test_it_goes_where_the_booking_goes(stay: Callable[..., Booking], maple: Location) -> None:
    booking, river = stay(), db.session.query(Location).filter_by(name="Riverside").one()
    booking.location_id = river.id
    db.session.commit()
    assert (told(maple), told(river)) == ({}, from_day(WEDNESDAY))
    booking.starts_at, booking.ends_at = booking.starts_at + DAY, booking.ends_at + DAY
    db.session.commit()
    assert told(river) == from_day(WEDNESDAY + DAY)
    booking.service = cast.service("Daycare")
    db.session.commit()
    ids = set(db.session.scalars(select(VisitDay.service_id)))
    assert ids == {booking.service_id}


def test_appointments_of_a_day_are_counted_together(
    maple: Location, rosa: Client, biscuit: Pet, juno: Pet, by: Actor
) -> None:
    """Whatever for, and whoever comes; each location for itself."""
    groom = cast.booking(rosa, [biscuit], "Full Groom", EVENING, made_at=AT)
    other = cast.booking(rosa, [juno], "Agility", EVENING, made_at=AT)
    db.session.commit()
    assert (appointments(), told()) == ({(WEDNESDAY, maple.id): 2}, {})
    river = db.session.query(Location).filter_by(name="Riverside").one()
    other.location_id = river.id
    db.session.commit()
    assert appointments() == {(WEDNESDAY, maple.id): 1, (WEDNESDAY, river.id): 1}
    bookings.cancel(groom, by=by, at=AT)
    assert appointments() == {(WEDNESDAY, river.id): 1}
    locations.change(river, {"places": None, "time_zone": "Asia/Tokyo"}, at=AT)
    assert appointments() == {(WEDNESDAY + DAY, river.id): 1}


def test_who_comes_to_a_class_is_counted_there(maple: Location, rosa: Client, biscuit: Pet) -> None:
    session = cast.session("Agility", EVENING)
    cast.booking(rosa, [biscuit], "Agility", EVENING, session=session, made_at=AT)
    assert (told(), appointments()) == ({}, {})


def test_when_the_clock_is_set_they_are_on_the_days_of_the_new_one(
    stay: Callable[..., Booking], maple: Location
) -> None:
    stay()
    locations.change(maple, {"places": None, "time_zone": "Asia/Tokyo"}, at=AT)
    assert told() == from_day(WEDNESDAY + DAY)
    stay(EVENING + 7 * DAY)
    assert told() == from_day(WEDNESDAY + DAY) | from_day(WEDNESDAY + 8 * DAY)


@pytest.mark.parametrize("first", ["clock", "booking"])
@pytest.mark.parametrize("what", ["made", "cancelled", "moved"])
def test_what_is_booked_while_somebody_sets_the_clock_is_on_the_day_of_the_new_one(
    app: Flask, stay: Callable[..., Booking], maple: Location, by: Actor, first: str, what: str
) -> None:
    maple_id, before = maple.id, stay().id

    def set_clock() -> None:
        place = db.session.get_one(Location, maple_id)
        locations.change(place, {"places": None, "time_zone": "Asia/Tokyo"}, at=AT)

    def book() -> None:
        booking = db.session.get_one(Booking, before)
        if what == "cancelled":
            bookings.cancel(booking, by=by, at=AT)
        elif what == "moved":
            with one_change():
                booking.starts_at, booking.ends_at = booking.starts_at + 7 * DAY, booking.ends_at + 7 * DAY
        else:
            later = EVENING + 7 * DAY
            cast.booking(booking.client, booking.pets, "Boarding", later, ends_at=later + 2 * DAY, made_at=AT)

    one, other = (set_clock, book) if first == "clock" else (book, set_clock)
    meanwhile(app, one, other)
    here, then = (from_day(WEDNESDAY + days * DAY) for days in (1, 8))
    assert told() == {"made": here | then, "cancelled": {}, "moved": then}[what]


def test_who_sets_the_clock_waits_for_whoever_has_just_looked_at_it(
    app: Flask, stay: Callable[..., Booking], maple: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else what was there before would be counted by the new clock, and taken off by the old one."""
    id, looked, done, waited, look = stay().id, Event(), Event(), list[bool](), visit_days.zones_of

    def look_and_dawdle(connection: Any, ids: Any) -> dict[int, str]:
        zones = look(connection, ids)
        if not looked.is_set():
            looked.set()
            waited.append(not done.wait(timeout=0.5))
        return zones

    def move() -> None:
        with app.app_context():
            booking = db.session.get_one(Booking, id)
            booking.starts_at, booking.ends_at = EVENING + 7 * DAY, EVENING + 9 * DAY
            db.session.commit()
            db.session.remove()

    monkeypatch.setattr(visit_days, "zones_of", look_and_dawdle)
    thread = Thread(target=move)
    thread.start()
    looked.wait(timeout=60)
    locations.change(maple, {"places": None, "time_zone": "Asia/Tokyo"}, at=AT)
    done.set()
    thread.join(timeout=60)
    assert (waited, told()) == ([True], from_day(WEDNESDAY + 8 * DAY))


def test_what_is_booked_for_the_same_day_at_the_same_moment_is_all_counted(app: Flask, maple: Location) -> None:
    db.session.query(Offering).update({"places": None})
    for number in range(CROWD):
        cast.one_of_many(number)
    db.session.commit()

    def book(number: int) -> str:
        one = db.session.query(Client).filter_by(email=f"one{number}@example.com").one()
        with one_change():
            for days in (0, 7)[:: 1 if number % 2 else -1]:
                cast.booking(one, one.pets, "Daycare", EVENING + days * DAY, made_at=AT)
        return "booked"

    assert together(app, book) == {"booked": CROWD}
    come = {day: pets for day, (pets, _) in told().items() if pets}
    assert come == {WEDNESDAY: CROWD, WEDNESDAY + 7 * DAY: CROWD}
