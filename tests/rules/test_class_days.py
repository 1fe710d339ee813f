"""How many classes there are on a day is kept, and is right whatever is done to them. CAL-2."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db, one_change
from portal.models import ClassDay, Location, Service, ServiceSession
from portal.models.local_days import local_day
from portal.rules import locations, session_drafts, session_plans, sessions
from portal.rules.actors import Actor
from portal.rules.rhythms import weekly
from tests import cast
from tests.house.test_at_once import CROWD, meanwhile, together

AT = datetime(2026, 11, 2, 15, tzinfo=UTC)  # Monday, 10:00 in New York
TUESDAY = date(2026, 11, 3)
WEEK = timedelta(weeks=1)


@pytest.fixture
def tuesdays(maple: Location, by: Actor) -> list[ServiceSession]:
    """Four of them, at seven in the evening."""
    draft = session_drafts.Draft(
        cast.service("Agility"), maple, TUESDAY, time(19), 60, 4, rule=weekly([1]), last_day=TUESDAY + 3 * WEEK
    )
    session_drafts.make(draft, by=by, at=AT)
    return list(db.session.scalars(select(ServiceSession).order_by(ServiceSession.id)))


def kept(location: Location | None = None) -> dict[date, int]:
    of = select(ClassDay.day, ClassDay.sessions)
    return dict(map(tuple, db.session.execute(of.where(ClassDay.location_id == location.id) if location else of)))


def on(*days: date) -> dict[date, int]:
    return dict(Counter(days))


def changed(session: ServiceSession, scope: str, by: Actor, **new: Any) -> None:
    sessions.change(session, scope, session_plans.plan_of(session)._replace(**new), by=by, at=AT)


def test_they_are_counted_where_they_are_and_not_where_they_were(tuesdays: list[ServiceSession], by: Actor) -> None:
    first, *others = (TUESDAY + number * WEEK for number in range(4))
    assert kept() == on(first, *others)
    changed(tuesdays[0], "this", by, day=others[0])
    assert kept() == on(others[0], *others)
    changed(tuesdays[1], "following", by, starts_at=time(23))
    assert kept() == on(others[0], *others), "at eleven it is the next day in UTC, and the same one here"
    sessions.call_off(tuesdays[3], "this", by=by, at=AT)
    assert kept() == on(others[0], *others[:2])


def test_at_another_location_it_is_the_day_there(tuesdays: list[ServiceSession], maple: Location, by: Actor) -> None:
    tokyo = locations.add({"name": "Tokyo", "time_zone": "Asia/Tokyo"})
    changed(tuesdays[0], "all", by, location=tokyo)
    days = [TUESDAY + number * WEEK for number in range(4)]
    assert (kept(tokyo), kept(maple)) == (on(*days), {})
    facts = {"name": "Tokyo", "address": "", "phone": "", "places": None, "time_zone": "Pacific/Pago_Pago"}
    locations.change(tokyo, facts, at=AT)
    assert kept(tokyo) == on(*(day - timedelta(days=1) for day in days)), "Tuesday evening there is Monday night here"


def test_what_is_moved_after_the_clock_was_set_is_on_the_day_of_that_clock(maple: Location, by: Actor) -> None:
    afternoon = datetime(2026, 11, 10, 19, tzinfo=UTC)
    session = sessions.add(cast.service("Agility"), maple, starts_at=afternoon, capacity=4, by=by, at=AT)
    locations.change(maple, {"places": None, "time_zone": "Pacific/Kiritimati"}, at=AT)
    assert kept() == on(date(2026, 11, 11))
    changed(session, "this", by, day=date(2026, 11, 10))
    assert kept() == on(date(2026, 11, 10)), "on which it was before, by the other clock"


@pytest.mark.parametrize("first", ["clock", "class"])
@pytest.mark.parametrize("what", ["made", "moved", "taken elsewhere"])
def test_a_class_that_is_set_while_somebody_sets_the_clock_is_on_the_day_of_the_new_one(
    app: Flask, maple: Location, by: Actor, first: str, what: str
) -> None:
    maple_id, agility_id = maple.id, cast.service("Agility").id
    afternoon = datetime(2026, 11, 10, 20, tzinfo=UTC)
    before = 0 if what == "made" else cast.session("Agility", afternoon).id

    def set_clock() -> None:
        maple = db.session.get_one(Location, maple_id)
        locations.change(maple, {"places": None, "time_zone": "Asia/Tokyo"}, at=AT)

    def set_class() -> None:
        if what == "made":
            service, place = db.session.get_one(Service, agility_id), db.session.get_one(Location, maple_id)
            sessions.add(service, place, starts_at=afternoon, capacity=4, by=by, at=AT)
            return
        river = db.session.query(Location).filter_by(name="Riverside").one()
        new = {"day": date(2026, 11, 11)} if what == "moved" else {"location": river}
        changed(db.session.get_one(ServiceSession, before), "this", by, **new)

    one, other = (set_clock, set_class) if first == "clock" else (set_class, set_clock)
    meanwhile(app, one, other)
    found = db.session.query(ServiceSession).one()
    assert kept(found.location) == on(local_day(found.starts_at, found.location.time_zone))


def test_who_waits_for_a_class_that_somebody_takes_elsewhere_finds_it_there(
    app: Flask, maple: Location, by: Actor
) -> None:
    id = cast.session("Agility", datetime(2026, 11, 10, 20, tzinfo=UTC)).id
    river_id = db.session.query(Location).filter_by(name="Riverside").one().id

    def take_elsewhere() -> None:
        changed(db.session.get_one(ServiceSession, id), "this", by, location=db.session.get_one(Location, river_id))

    def call_off() -> None:
        sessions.call_off(db.session.get_one(ServiceSession, id), "this", by=by, at=AT)

    def enlarge() -> None:
        changed(db.session.get_one(ServiceSession, id), "this", by, capacity=9)

    meanwhile(app, take_elsewhere, enlarge)
    assert kept() == on(date(2026, 11, 10))
    meanwhile(app, take_elsewhere, call_off)
    assert kept() == {}


def test_what_did_not_happen_is_not_counted(tuesdays: list[ServiceSession], maple: Location, by: Actor) -> None:
    before = kept()

    def failing() -> None:
        with one_change():
            sessions.call_off(tuesdays[0], "all", by=by, at=AT)
            db.session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()
    db.session.commit()
    assert kept() == before


def test_a_part_that_is_taken_back_is_not_counted(tuesdays: list[ServiceSession], by: Actor) -> None:
    """A savepoint ends before the change does."""
    with one_change():
        sessions.call_off(tuesdays[1], "this", by=by, at=AT)
        part = db.session.begin_nested()
        sessions.call_off(tuesdays[0], "this", by=by, at=AT)
        part.rollback()
    assert kept() == on(TUESDAY, TUESDAY + 2 * WEEK, TUESDAY + 3 * WEEK)


def test_classes_of_the_same_days_made_at_the_same_moment_are_all_counted(
    app: Flask, maple: Location, by: Actor
) -> None:
    """Each adds one on both days, every other one in the other order."""
    maple_id, agility_id = maple.id, cast.service("Agility").id
    hours = [datetime(2026, 11, day, 20, tzinfo=UTC) for day in (10, 11)]

    def add(number: int) -> str:
        with one_change():
            for starts_at in hours[:: 1 if number % 2 else -1]:
                service, place = db.session.get_one(type(agility), agility_id), db.session.get_one(Location, maple_id)
                sessions.add(service, place, starts_at=starts_at, capacity=4, by=by, at=AT)
        return "added"

    agility = cast.service("Agility")
    assert together(app, add) == {"added": CROWD}
    assert kept() == {date(2026, 11, 10): CROWD, date(2026, 11, 11): CROWD}
