"""A date is added to a series: who comes to it, and who does not any more."""

from datetime import datetime, timedelta

import pytest

from portal.db import db
from portal.models import Booking, Cancellation, Client, Location, Member, Pet, Registration, Series, ServiceSession
from portal.rules import (
    attendances,
    bookings,
    requests,
    series_additions,
    series_cancellations,
    series_registrations,
    session_returns,
    sessions,
)
from portal.rules.actors import as_client, as_member
from portal.rules.standing import standing, status
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
    series_cancellations.cancel_registration(made, by=as_client(rosa), at=at)
    assert booked(add_date(course, nina, at + timedelta(hours=1))) == []


def test_who_undid_that_comes_again(rosa: Client, biscuit: Pet, course: Series, nina: Member) -> None:  # SB-2
    made = register(rosa, course, [biscuit])
    series_cancellations.cancel_registration(made, by=as_client(rosa), at=LATER)
    last = series_registrations.bookings_of(made)[-1]
    series_cancellations.restore(last, by=as_client(rosa), at=LATER + timedelta(seconds=5))
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


def test_who_has_only_asked_for_the_course_asks_for_the_date(
    rosa: Client, biscuit: Pet, course: Series, nina: Member
) -> None:  # SB-7
    cast.service("Agility").needs_approval = True
    made = register(rosa, course, [biscuit])
    (asked,) = booked(add_date(course, nina))
    assert status(standing(asked.id), NOON) == "Requested"
    requests.confirm_request(series_registrations.bookings_of(made)[0], by=as_member(nina), at=NOON)
    assert status(standing(asked.id), NOON) == "Booked", "a course is answered as a whole"
    (later,) = booked(add_date(course, nina, week=4))
    assert status(standing(later.id), NOON) == "Booked"


def test_who_is_booked_elsewhere_in_it_then_is_left_there_and_said(
    rosa: Client, biscuit: Pet, omar: Client, pepper: Pet, course: Series, nina: Member
) -> None:  # SB-2
    register(rosa, course, [biscuit])
    register(omar, course, [pepper])
    twin = cast.session("Agility", FIRST + timedelta(weeks=3))
    cast.booking(rosa, [biscuit], "Agility", twin.starts_at, made_at=NOON, session=twin)
    date = add_date(course, nina)
    assert [one.client for one in booked(date)] == [omar]
    assert series_additions.missing(date) == [rosa.name]


def off_and_on(session: ServiceSession, nina: Member) -> list[Pet]:
    """Called off and brought back: who comes to it now."""
    before = {one.id for one in booked(session)}
    sessions.call_off(session, "this", by=as_member(nina), at=NOON + timedelta(hours=1))
    session_returns.bring_back(session, registered=True, by=as_member(nina), at=NOON + timedelta(hours=2))
    return [pet for one in booked(session) if one.id not in before for pet in one.pets]


def test_a_date_that_takes_place_after_all_is_for_those_who_had_not_cancelled_it(
    rosa: Client, biscuit: Pet, juno: Pet, omar: Client, pepper: Pet, course: Series, nina: Member
) -> None:  # FD-2
    """Biscuit was not to come to this one; Pepper was not, and then was after all; Juno comes to every date."""
    theirs = [(rosa, biscuit), (rosa, juno), (omar, pepper)]
    biscuits, _, peppers = (series_registrations.bookings_of(register(one, course, [pet]))[0] for one, pet in theirs)
    session = biscuits.service_session
    assert session
    bookings.cancel(biscuits, by=as_member(nina), at=NOON)
    bookings.cancel(peppers, by=as_client(omar), at=NOON - timedelta(hours=1))
    again = cast.booking(omar, [pepper], "Agility", FIRST, made_at=NOON, session=session)
    again.registration_id = peppers.registration_id
    db.session.flush()
    assert off_and_on(session, nina) == [juno, pepper]
    assert series_additions.missing(session) == []


def test_a_course_of_which_nothing_was_left_is_brought_back_for_all(
    rosa: Client, biscuit: Pet, course: Series, nina: Member
) -> None:  # FD-2
    made = register(rosa, course, [biscuit])
    dates = series_registrations.sessions_of(course, NOON)
    for date in dates[1:]:
        sessions.call_off(date, "this", by=as_member(nina), at=NOON)
    assert off_and_on(dates[0], nina) == [biscuit]
    assert len(series_registrations.bookings_of(made)) == 4
