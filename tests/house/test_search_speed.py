"""What keeps the search for free places fast, as counts: queries, and steps of the database, to which history adds
none. Times are bin/bench's affair."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert

from portal.db import db
from portal.models import (
    Booking,
    BookingPet,
    BookingProvider,
    Client,
    Location,
    Offering,
    Provider,
    Service,
    ServiceProvider,
    WorkingHours,
)
from portal.rules import availability, desk_calendar, kept, occupancy, places
from portal.rules.periods import VIEWS, period
from tests import cast
from tests.house.test_speed import queries

MONDAY = date(2026, 11, 30)
PROVIDERS, DAYS, QUARTERS = 10, 14, 36
STEPS = 100


@pytest.fixture
def maple(app: Flask) -> Location:
    """Ten providers of Full Groom, who work from 9 to 18."""
    cast.open_shop()
    place, groom = db.session.query(Location).filter_by(name="Maple Street").one(), cast.service("Full Groom")
    place.places, groom.minutes, groom.every_minutes = 90, 15, 15
    db.session.query(WorkingHours).delete()
    db.session.add_all(Provider(name=f"Provider {number}") for number in range(PROVIDERS - 1))
    db.session.flush()
    given = {row.provider_id for row in db.session.query(ServiceProvider)}
    for provider in db.session.query(Provider):
        if provider.id not in given:
            db.session.add(ServiceProvider(service_id=groom.id, provider_id=provider.id))
        hours = {"provider_id": provider.id, "location_id": place.id, "since": time(9), "until": time(18)}
        db.session.add_all(WorkingHours(weekday=weekday, **hours) for weekday in range(7))
    db.session.commit()
    return place


def fill(place: Location, clients: list[Client], first: date, days: int) -> int:
    """Each provider has 36 appointments a day, and a day has as many pets in day care and boarding."""
    groom, daycare, boarding = (cast.service(name) for name in ("Full Groom", "Daycare", "Boarding"))
    following = (db.session.query(Booking.id).order_by(Booking.id.desc()).limit(1).scalar() or 0) + 1
    rows: list[dict[str, Any]] = []
    providers: list[dict[str, Any]] = []
    ids = [provider.id for provider in db.session.query(Provider).order_by(Provider.id)]
    for day in occupancy.following(first, days):
        opens = occupancy.midnight(day, place.time_zone) + timedelta(hours=9)
        told = [
            (groom, opens + quarter * timedelta(minutes=15), 15, id) for id in ids for quarter in range(QUARTERS - 1)
        ]
        told += [(daycare, opens, 480, None)] * QUARTERS
        told += [(boarding, opens, 3 * 1440, None)] * 8
        for service, starts, minutes, provider in told:
            id = following + len(rows)
            rows.append(row(id, clients[id % len(clients)], service, place, starts, minutes))
            providers += [{"booking_id": id, "provider_id": provider}] if provider else []
    own = {client.id: client.pets[0].id for client in clients}
    pets = [{"booking_id": one["id"], "pet_id": own[one["client_id"]], "client_id": one["client_id"]} for one in rows]
    for model, made in ((Booking, rows), (BookingPet, pets), (BookingProvider, providers)):
        db.session.execute(insert(model), made)
    kept.reckon_all()
    db.session.commit()
    return len(rows)


def row(id: int, client: Client, service: Service, place: Location, starts: datetime, minutes: int) -> dict[str, Any]:
    return {
        "id": id,
        "client_id": client.id,
        "service_id": service.id,
        "location_id": place.id,
        "starts_at": starts,
        "ends_at": starts + timedelta(minutes=minutes),
        "made_at": starts,
        "pet_count": 1,
    }


def times(place: Location) -> list[Any]:
    return availability.free_times(cast.service("Full Groom"), place, pets=1, first=MONDAY, days=DAYS, at=cast.NOON)


def times_to_move_to(place: Location) -> list[Any]:
    """Without an appointment, so that all others are read."""
    wants: dict[str, Any] = {"pets": 1, "first": MONDAY, "days": DAYS, "at": cast.NOON, "except_booking": -1}
    return availability.free_times(cast.service("Full Groom"), place, **wants)


def days(place: Location) -> list[Any]:
    return availability.free_days(cast.service("Daycare"), place, pets=1, first=MONDAY, days=31, at=cast.NOON)


def nights(place: Location) -> list[Any]:
    last = MONDAY + timedelta(days=DAYS)
    boarding = cast.service("Boarding")
    return availability.free_stay(boarding, place, pets=1, first_day=MONDAY, last_day=last, at=cast.NOON)


def calendar(view: str) -> Callable[[Location], object]:
    def search(place: Location) -> object:
        shown = period(view, MONDAY).days
        at = {"zone": place.time_zone, "at": cast.NOON}
        return desk_calendar.calendar(shown, view=view, location_id=place.id, provider_id=0, **at).days

    return search


@contextmanager
def counted() -> Iterator[list[int]]:
    """How many hundred steps the machine inside SQLite makes."""
    steps = [0]

    def hear() -> int:
        steps[0] += 1
        return 0

    connection: Any = db.session.connection().connection.dbapi_connection
    connection.set_progress_handler(hear, STEPS)
    yield steps
    connection.set_progress_handler(None, 0)


def test_five_thousand_bookings_are_searched_in_six_queries(app: Flask, maple: Location, rosa: Client) -> None:
    assert fill(maple, [rosa], MONDAY, DAYS) > 5_000
    groom = cast.service("Full Groom")
    db.session.query(Offering).filter_by(service_id=groom.id, location_id=maple.id).one().places = 1000
    db.session.commit()
    with queries(app) as said:
        found = times(maple)
    assert len([one for one in said if not one.startswith("SELECT service.name")]) <= 6, "\n\n".join(said)
    assert len(found) == DAYS, "the last quarter of each day"
    assert all(len(slot.provider_ids) == PROVIDERS for slot in found)
    assert found == times_to_move_to(maple), "as kept, and as read one by one"


@pytest.mark.parametrize(("search", "most"), [(days, 4), (nights, 4)])
def test_a_month_of_days_and_a_stay_take_four(
    app: Flask, maple: Location, rosa: Client, search: Callable[[Location], list[Any]], most: int
) -> None:
    fill(maple, [rosa], MONDAY, 3)
    with queries(app) as said:
        assert search(maple)
    assert len([one for one in said if not one.startswith("SELECT service.name")]) <= most, "\n\n".join(said)


@pytest.mark.only_on("sqlite", because="PostgreSQL counts no steps")
@pytest.mark.parametrize("search", [times, times_to_move_to, days, nights, *map(calendar, VIEWS)])
@pytest.mark.parametrize("away", [-400, 100])
def test_years_of_history_cost_nothing(
    app: Flask, maple: Location, rosa: Client, search: Callable[[Location], object], away: int
) -> None:
    # With one client for all of them the database would take the way by clients, as it never would in earnest.
    many = [cast.client(f"{8_000_000_000 + number}", "One", f"of many {number}", None) for number in range(60)]
    for one in many:
        cast.pet(one, "Bo", rosa.pets[0].animal)
    fill(maple, many, MONDAY, 4)
    counts = []
    for more in (0, 10):
        if more:
            fill(maple, many, MONDAY + timedelta(days=away), more)
        db.session.connection().exec_driver_sql("ANALYZE")
        db.session.commit()
        search(maple)
        with counted() as steps:
            search(maple)
        counts.append(steps[0])
    assert counts[1] <= counts[0] * 1.1, "twice and a half as many bookings, all of them over or long after"


def test_whole_calendars_of_classes_are_counted_in_one_query(app: Flask, rosa: Client) -> None:  # CAL-2
    ids = [cast.session("Agility", cast.NOON + timedelta(hours=number)).id for number in range(300)]
    with queries(app) as said:
        assert set(places.sessions_left(ids, cast.NOON).values()) == {4}
    assert len(said) == 1
