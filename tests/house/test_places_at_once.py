"""Fifty clients at the same moment, in two processes: a place goes to one of them, and the others hear of the waitlist.

SB-6."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import WORDS, db
from portal.models import Booking, Client, Location, Offering, Provider, ServiceSession
from portal.rules import occupancy, offers, places, waitlists
from portal.rules.actors import as_client
from portal.wording import local
from tests import cast
from tests.house.crowd import STAFF, Act, rush

CROWD = 50
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def crowd(app: Flask) -> list[Client]:
    """Each with a dog, in an open shop."""
    cast.open_shop()
    for service in ("Agility", "Full Groom", "Boarding", "Daycare"):
        cast.service(service).cancel_allowed = True
    people = [cast.one_of_many(number) for number in range(CROWD)]
    db.session.commit()
    return people


def soon(days: int, hour: int = 10) -> datetime:
    """A wall time at Maple Street, so many days from now and never on a Sunday."""
    day = local(datetime.now(UTC), "America/New_York").date() + timedelta(days=days)
    day += timedelta(days=day.weekday() == 6)
    return datetime.combine(day, time(hour), ZoneInfo("America/New_York")).astimezone(UTC)


def booking(one: Client, service: str, starts_at: datetime, **more: object) -> Booking:
    return cast.booking(one, one.pets, service, starts_at, made_at=datetime.now(UTC), **more)


def book(one: Client, service: str, **more: object) -> Act:
    place = db.session.query(Location).filter_by(name="Maple Street").one()
    return {
        "verb": "book",
        "client": one.id,
        "service": cast.service(service).id,
        "location": place.id,
        **{name: value.isoformat() if isinstance(value, datetime) else value for name, value in more.items()},
    }


def to_session(verb: str, made: Booking, session: ServiceSession) -> Act:
    return {"verb": verb, "booking": made.id, "session": session.id, "starts_at": session.starts_at.isoformat()}


def mixed(crowd: Sequence[Client], session: ServiceSession) -> list[Act]:
    """One of them has asked, one has an offer, ten have a place in another class, and the rest have none."""
    asking, offered, moving, rest = crowd[0], crowd[1], crowd[2:12], crowd[12:]
    capacity, session.capacity = session.capacity, 1
    request = booking(asking, "Agility", session.starts_at, session=session, needs_approval=True)
    at, by = datetime.now(UTC), as_client(offered)
    entry = waitlists.join(offered, offered.pets[0], session.service, session=session, by=by, at=at)
    session.capacity = capacity
    acts: list[Act] = [{"verb": "accept", "offer": offers.offer(entry, by=STAFF, at=at).id}]
    acts.append({"verb": "approve", "booking": request.id})
    other = cast.session("Agility", session.starts_at + DAY, capacity=CROWD)
    for number, one in enumerate(moving):
        made = booking(one, "Agility", other.starts_at, session=other)
        acts.append(to_session("staff move" if number % 2 else "reschedule", made, session))
    acts += [book(one, "Agility", session=session.id, starts_at=session.starts_at) for one in rest]
    return acts[::2] + acts[1::2]


def served(got: Counter[str]) -> int:
    """All of them heard something, and those who were not served heard of the waitlist."""
    done = {"book", "reschedule", "staff move", "accept", "approve"}
    assert set(got) <= {"waitlist", *done}, got
    return sum(got[verb] for verb in done)


@pytest.mark.parametrize("capacity", [1, 5])
def test_the_last_places_of_a_class(app: Flask, crowd: list[Client], tmp_path: Path, capacity: int) -> None:  # SB-6
    session = cast.session("Agility", soon(5), capacity)
    acts = [book(one, "Agility", session=session.id, starts_at=session.starts_at) for one in crowd]
    assert served(rush(app, acts, tmp_path)) == capacity
    assert occupancy.left_in([session.id], at=datetime.now(UTC)) == {session.id: 0}


def test_a_class_by_every_way_there_is(app: Flask, crowd: list[Client], tmp_path: Path) -> None:  # SB-6, BK-6, WL-5
    session = cast.session("Agility", soon(5), capacity=6)
    got = rush(app, mixed(crowd, session), tmp_path)
    assert got["accept"] == got["approve"] == 1, "what is held for somebody is theirs"
    assert served(got) == 6
    assert occupancy.left_in([session.id], at=datetime.now(UTC)) == {session.id: 0}


def test_an_hour_of_a_provider(app: Flask, crowd: list[Client], tmp_path: Path) -> None:  # SB-6
    """They overlap, and none is as long as another one; some of them have an appointment that they move there."""
    theo, start = db.session.query(Provider).filter_by(name="Theo Brandt").one(), soon(6)
    moved = [booking(one, "Full Groom", soon(9 + number)) for number, one in enumerate(crowd[:10])]
    times = [start + number % 4 * timedelta(minutes=15) for number in range(CROWD)]
    acts: list[Act] = [
        {
            "verb": "staff move" if number % 2 else "reschedule",
            "booking": made.id,
            "provider": theo.id,
            "starts_at": times[number].isoformat(),
        }
        for number, made in enumerate(moved)
    ]
    acts += [
        book(one, "Full Groom", provider=theo.id, starts_at=times[number]) for number, one in enumerate(crowd[10:])
    ]
    assert served(rush(app, acts[::2] + acts[1::2], tmp_path)) == 1
    assert db.session.query(Booking).filter(Booking.providers.contains(theo)).count() == 1


def test_a_kennel_over_days(app: Flask, crowd: list[Client], tmp_path: Path) -> None:  # SB-6
    """Three kennels, and four pets in the whole house: stays of all lengths and days of day care have a night in
    common."""
    place = db.session.query(Location).filter_by(name="Maple Street").one()
    place.places = 4
    kennel = db.session.query(Offering).filter_by(service_id=cast.service("Boarding").id, location_id=place.id).one()
    kennel.places, day = 3, soon(8, 15)
    acts: list[Act] = []
    for number, one in enumerate(crowd):
        if number % 2:
            acts.append(book(one, "Daycare", starts_at=day, ends_at=day + HOUR))
        else:
            stay = {"starts_at": day - number % 3 * DAY, "ends_at": day + (1 + number % 5) * DAY}
            acts.append(book(one, "Boarding", **stay))
    assert served(rush(app, acts, tmp_path)) == 4
    of_kennel, in_house = occupancy.taken_on(
        kennel.service_id, place.id, place.time_zone, local(day, place.time_zone).date(), 1, at=datetime.now(UTC)
    )
    assert max(of_kennel.values()) <= 3
    assert list(in_house.values()) == [4]


def test_without_the_lock_this_would_be_noticed(
    app: Flask, crowd: list[Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tests above can fail: on PostgreSQL too many come in, on SQLite some hear that the database is locked."""
    monkeypatch.setattr(places, "OFFERING", places.OF_OFFERING)
    monkeypatch.setattr(places, "SESSION", select(ServiceSession.id).where(ServiceSession.id == places.ID))
    monkeypatch.setitem(WORDS, ("sqlite", True), "BEGIN DEFERRED")
    session = cast.session("Agility", soon(5), capacity=1)
    acts = [book(one, "Agility", session=session.id, starts_at=session.starts_at) for one in crowd]
    with pytest.raises(AssertionError):
        assert served(rush(app, acts)) == 1
