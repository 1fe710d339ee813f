"""A date is added to a series: who comes to it, and who does not any more."""

from datetime import datetime, timedelta

import pytest

from portal.db import db
from portal.models import Booking, Cancellation, Client, Location, Member, Pet, Registration, Series, ServiceSession
from portal.rules import attendances, bookings, series_registrations, sessions
from portal.rules.actors import as_client, as_member
from tests import cast
from tests.cast import NOON

FIRST = NOON + timedelta(days=2)
LATER = FIRST + timedelta(hours=30)  # the first date is over
pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def course(app: object) -> Series:
    """On Wednesdays."""
    return cast.course(FIRST)


def register(client: Client, course: Series, pets: list[Pet]) -> Registration:
    return series_registrations.register(client, course, pets, key=None, by=as_client(client), at=NOON)


def add_date(course: Series, nina: Member, at: datetime = NOON, week: int = 3) -> ServiceSession:
    starts_at = FIRST + timedelta(weeks=week)
    service, place, by = cast.service("Agility"), db.session.get_one(Location, course.location_id), as_member(nina)
    return sessions.add(service, place, starts_at=starts_at, capacity=4, series=course, by=by, at=at)


def booked(session: ServiceSession) -> list[Booking]:
    return db.session.query(Booking).filter_by(service_session_id=session.id).order_by(Booking.id).all()


@pytest.mark.parametrize("came", [1, 2])
def test_who_cancelled_the_registration_comes_to_no_later_date(
    rosa: Client, biscuit: Pet, course: Series, nina: Member, came: int
) -> None:  # SB-2
    """Though Biscuit was there before, and though only one date was left."""
    made = register(rosa, course, [biscuit])
    for one in series_registrations.bookings_of(made)[:came]:
        attendances.check_in(one, by=as_member(nina), at=one.starts_at)
        attendances.check_out(one, by=as_member(nina), at=one.ends_at)
    at = LATER + timedelta(weeks=came - 1)
    series_registrations.cancel_registration(made, by=as_client(rosa), at=at)
    assert booked(add_date(course, nina, at + timedelta(hours=1))) == []


def test_who_undid_that_comes_again(rosa: Client, biscuit: Pet, course: Series, nina: Member) -> None:  # SB-2
    made = register(rosa, course, [biscuit])
    series_registrations.cancel_registration(made, by=as_client(rosa), at=LATER)
    last = series_registrations.bookings_of(made)[-1]
    series_registrations.restore(last, by=as_client(rosa), at=LATER + timedelta(seconds=5))
    assert len(booked(add_date(course, nina, LATER))) == 1


@pytest.mark.parametrize("number", [0, 1, 2])
def test_who_cancelled_a_single_date_comes_to_the_others(
    rosa: Client, biscuit: Pet, course: Series, nina: Member, number: int
) -> None:  # SB-2
    made = register(rosa, course, [biscuit])
    bookings.cancel(series_registrations.bookings_of(made)[number], by=as_client(rosa), at=NOON)
    assert [one.pets for one in booked(add_date(course, nina))] == [[biscuit]]


def test_who_cancelled_the_last_date_alone_comes_to_a_later_one(
    rosa: Client, biscuit: Pet, course: Series, nina: Member
) -> None:  # SB-2
    made = register(rosa, course, [biscuit])
    at = LATER + timedelta(weeks=1)
    bookings.cancel(series_registrations.bookings_of(made)[-1], by=as_client(rosa), at=at)
    assert len(booked(add_date(course, nina, at + timedelta(days=1)))) == 1
    assert not db.session.query(Cancellation).filter_by(whole=True).count()
