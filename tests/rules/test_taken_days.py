"""When providers are taken is kept, and whoever looks for a time sees what whoever takes one is told. SB-3."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError

from portal.db import db, one_change
from portal.models import (
    Booking,
    Cancellation,
    Client,
    Offering,
    OpeningHours,
    Pet,
    Provider,
    ServiceProvider,
    TakenDay,
    TimeOff,
    WorkingHours,
)
from portal.rules import (
    attendances,
    availability,
    bookings,
    engagements,
    glances,
    hours,
    kept,
    locations,
    moves,
    requests,
    session_plans,
    sessions,
    taken_days,
)
from portal.rules.actors import Actor, as_client, as_member
from tests import cast

AT = cast.NOON  # a Monday
NINE = datetime(2026, 11, 25, 14, tzinfo=UTC)  # Wednesday, 9:00 in New York
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def theo(app: Flask) -> Provider:
    cast.open_shop()
    return db.session.query(Provider).filter_by(name="Theo Brandt").one()


@pytest.fixture
def ben(theo: Provider) -> Provider:
    """He grooms too."""
    ben = Provider(name="Ben Okafor")
    db.session.add(ben)
    db.session.flush()
    db.session.add(ServiceProvider(service_id=cast.service("Full Groom").id, provider_id=ben.id))
    db.session.commit()
    return ben


@pytest.fixture
def groom(theo: Provider, rosa: Client, biscuit: Pet) -> Callable[..., Booking]:
    def made(starts_at: datetime = NINE, lasts: timedelta = HOUR, by: Provider = theo, **more: Any) -> Booking:
        told = {"ends_at": starts_at + lasts, "providers": [by], "made_at": AT, **more}
        booking = cast.booking(rosa, [biscuit], "Full Groom", starts_at, **told)
        db.session.commit()
        return booking

    return made


@pytest.fixture
def desk(nina: Any) -> Actor:
    return as_member(nina)


def told() -> dict[tuple[int, date], str]:
    """As on a clock in New York in winter."""
    rows = db.session.execute(select(TakenDay.provider_id, TakenDay.day, TakenDay.spans).order_by(TakenDay.day))
    return {(id, day): " ".join(map(clock, words.split())) for id, day, words in rows}


def clock(word: str) -> str:
    since, until = (hours.moment(int(minute)) - timedelta(hours=5) for minute in word.split("-"))
    return f"{since:%H:%M}–{until:%H:%M}"


def looked_at(*times: Any, at: datetime) -> dict[int, list[hours.Span]]:
    return glances.seen(*times, at=at).providers


def is_taken(provider: Provider, starts_at: datetime, at: datetime = AT, lasts: timedelta = HOUR) -> bool:
    """What is seen is what whoever takes it is told."""
    span = starts_at, starts_at + lasts
    seen, taken = (ask([provider.id], *span, at=at) for ask in (looked_at, engagements.taken))
    first, last = hours.minute(span[0]), hours.minute_after(span[1])
    answers = {any(since < last and until > first for since, until in spans[provider.id]) for spans in (seen, taken)}
    assert len(answers) == 1
    return answers.pop()


def test_appointments_of_a_day_stand_in_one_word(groom: Callable[..., Booking], theo: Provider) -> None:
    groom(), groom(NINE + HOUR), groom(NINE + 4 * HOUR, 30 * MINUTE)
    assert told() == {(theo.id, NINE.date()): "09:00–11:00 13:00–13:30"}


def test_they_go_where_the_appointment_goes(
    groom: Callable[..., Booking], theo: Provider, ben: Provider, desk: Actor
) -> None:
    booking, day = groom(), timedelta(days=1)
    moves.move(booking, starts_at=NINE + day, providers=[theo], by=desk, at=AT)
    assert told() == {(theo.id, (NINE + day).date()): "09:00–10:00"}
    moves.move(booking, starts_at=NINE + day, providers=[ben], by=desk, at=AT)
    assert told() == {(ben.id, (NINE + day).date()): "09:00–10:00"}
    assert (is_taken(theo, NINE + day), is_taken(ben, NINE + day)) == (False, True)


def test_over_midnight_in_utc_it_stands_on_both_days(groom: Callable[..., Booking], theo: Provider) -> None:
    evening = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)
    groom(evening)
    assert told() == {
        (theo.id, date(2026, 11, 25)): "18:30–19:00",
        (theo.id, date(2026, 11, 26)): "19:00–19:30",
    }
    assert is_taken(theo, evening + 30 * MINUTE)


def test_a_called_off_appointment_is_free_when_its_undo_has_run_out(
    groom: Callable[..., Booking], theo: Provider
) -> None:
    booking = groom()
    by = as_client(booking.client)
    bookings.cancel(booking, by=by, at=AT)
    assert told() == {}
    assert is_taken(theo, NINE, at=AT + 5 * timedelta(seconds=1)), "it can still be taken back"
    assert not is_taken(theo, NINE, at=AT + HOUR)
    bookings.restore(booking, by=by, at=AT + timedelta(seconds=5))
    assert told() == {(theo.id, NINE.date()): "09:00–10:00"}


def test_who_is_declined_or_does_not_come_takes_no_time(
    groom: Callable[..., Booking], theo: Provider, desk: Actor
) -> None:
    asked, expected = groom(needs_approval=True), groom(NINE + 2 * HOUR)
    assert told() == {(theo.id, NINE.date()): "09:00–10:00 11:00–12:00"}
    requests.decline(asked, reason="We are away.", by=desk, at=AT)
    assert told() == {(theo.id, NINE.date()): "11:00–12:00"}
    attendances.miss(expected, by=desk, at=NINE + 3 * HOUR)
    assert told() == {}
    attendances.undo_miss(expected, by=desk, at=NINE + 3 * HOUR)
    assert told() == {(theo.id, NINE.date()): "11:00–12:00"}


def test_a_class_takes_the_time_of_who_gives_it(theo: Provider, ben: Provider, desk: Actor) -> None:
    lesson = cast.session("Agility", NINE)
    lesson.providers = [theo]
    db.session.commit()
    assert told() == {(theo.id, NINE.date()): "09:00–10:00"}
    assert is_taken(theo, NINE)
    plan = session_plans.plan_of(lesson)
    sessions.change(lesson, "this", plan._replace(starts_at=time(15), providers=(ben,)), by=desk, at=AT)
    assert told() == {(ben.id, NINE.date()): "15:00–16:00"}
    assert (is_taken(theo, NINE), is_taken(ben, NINE + 6 * HOUR)) == (False, True)
    sessions.call_off(lesson, "this", by=desk, at=AT)
    assert told() == {}


def test_time_off_and_offers_are_seen_beside_what_is_kept(groom: Callable[..., Booking], theo: Provider) -> None:
    groom()
    signed = {"at": AT, "by_kind": "member", "by_name": "Nina Park"}
    db.session.add(TimeOff(provider_id=theo.id, starts_at=NINE - HOUR, ends_at=NINE + 30 * MINUTE, **signed))
    db.session.commit()
    assert told() == {(theo.id, NINE.date()): "09:00–10:00"}
    assert [is_taken(theo, NINE + number * HOUR) for number in (-2, -1, 0, 1)] == [False, True, True, False]


def test_what_is_kept_free_around_them_counts_for_those_of_before(
    groom: Callable[..., Booking], theo: Provider
) -> None:
    groom()
    of = cast.service("Full Groom")
    of.buffer_before, of.buffer_after = 10, 20
    db.session.commit()
    assert told() == {(theo.id, NINE.date()): "08:50–10:20"}
    assert (is_taken(theo, NINE - HOUR), is_taken(theo, NINE + HOUR)) == (True, True)
    of.buffer_before = of.buffer_after = 0
    db.session.commit()
    assert told() == {(theo.id, NINE.date()): "09:00–10:00"}


def test_who_changes_something_sees_it_before_it_is_kept(theo: Provider, rosa: Client, biscuit: Pet) -> None:
    with one_change():
        told_of = {"ends_at": NINE + HOUR, "providers": [theo], "made_at": AT}
        booking = cast.booking(rosa, [biscuit], "Full Groom", NINE, **told_of)
        assert (kept.is_touched(), told()) == (True, {})
        assert is_taken(theo, NINE)
        assert not is_taken_but_for(booking, theo)
    assert not kept.is_touched()
    assert is_taken(theo, NINE)


def is_taken_but_for(booking: Booking, provider: Provider) -> bool:
    found = glances.seen([provider.id], NINE, NINE + HOUR, at=AT, except_booking=booking.id)
    return bool(found.providers[provider.id])


def test_a_part_that_the_database_refuses_takes_nothing_of_the_rest_with_it(
    groom: Callable[..., Booking], rosa: Client
) -> None:
    """A row that is there already ends its savepoint, and the change goes on."""
    booking, by = groom(), as_client(rosa)

    def once_more() -> None:
        with db.session.begin_nested():
            db.session.add(Cancellation(booking_id=booking.id, at=AT, undo_until=AT, **by.signed))

    with one_change():
        bookings.cancel(booking, by=by, at=AT)
        with pytest.raises(IntegrityError):
            once_more()
    assert told() == {}


def test_an_appointment_of_days_takes_all_of_them(groom: Callable[..., Booking], theo: Provider) -> None:
    """Two pets, a day for each of them."""
    groom(lasts=timedelta(days=2))
    days = [(NINE + timedelta(days=number)).date() for number in range(3)]
    assert {day for _, day in told()} == set(days)
    assert all(is_taken(theo, NINE + timedelta(hours=hours)) for hours in (0, 1, 24, 47))
    assert not is_taken(theo, NINE + timedelta(days=2))


def test_what_is_booked_as_another_service_takes_nobodys_time(groom: Callable[..., Booking]) -> None:
    groom().service = cast.service("Daycare")
    db.session.commit()
    assert told() == {}


def test_where_the_day_begins_before_that_of_utc_its_morning_is_taken(
    groom: Callable[..., Booking], theo: Provider
) -> None:
    tokyo, of = locations.add({"name": "Tokyo", "time_zone": "Asia/Tokyo"}), cast.service("Full Groom")
    seven, noon, thursday = time(7), time(12), date(2026, 11, 26)
    shift = {"provider_id": theo.id, "weekday": thursday.weekday(), "since": seven, "until": noon}
    opening = {"weekday": thursday.weekday(), "opens_at": seven, "closes_at": noon}
    db.session.add_all(
        [model(location_id=tokyo.id, **more) for model, more in ((WorkingHours, shift), (OpeningHours, opening))]
    )
    db.session.add(Offering(service_id=of.id, location_id=tokyo.id))
    opens = datetime(2026, 11, 25, 22, tzinfo=UTC)
    groom(opens, 2 * HOUR)
    free = availability.free_times(of, tokyo, pets=1, first=thursday, days=1, at=AT)
    assert free[0].starts_at == opens + 2 * HOUR


def test_where_the_pets_are_is_seen_at_the_same_glance(
    theo: Provider, rosa: Client, biscuit: Pet, juno: Pet, desk: Actor
) -> None:  # SB-5
    """As it was changed a moment ago, and as it is kept from then on. A dog is groomed while it is in day care."""
    minute, groom = hours.minute(NINE), cast.service("Full Groom")
    agility = cast.session("Agility", NINE + 2 * HOUR)
    other, late = minute + 120, timedelta(hours=5)

    def seen(pets: list[Pet], of_service: int | None = None) -> list[hours.Span]:
        return glances.seen([theo.id], NINE, NINE + late, at=AT, pets=pets, of_service=of_service).pets

    with one_change():
        cast.booking(rosa, [biscuit], "Full Groom", NINE, ends_at=NINE + HOUR, made_at=AT)
        cast.booking(rosa, [biscuit], "Agility", agility.starts_at, session=agility, made_at=AT)
        cast.booking(rosa, [biscuit, juno], "Daycare", NINE, made_at=AT)
        given_up = cast.booking(rosa, [juno], "Full Groom", NINE, ends_at=NINE + HOUR, made_at=AT)
        bookings.cancel(given_up, by=desk, at=AT - timedelta(minutes=10))
        asked = ([biscuit],), ([biscuit], groom.id), ([juno],), ([biscuit, juno],), ([],)
        live = [seen(*each) for each in asked]
        assert kept.is_touched()
    assert not kept.is_touched()
    both = [(minute, minute + 60), (other, other + 60)]
    assert live == [both, both[:1], [], both, []]
    assert [seen(*each) for each in asked] == live


def test_looking_reads_days_and_no_appointments(app: Flask, groom: Callable[..., Booking], theo: Provider) -> None:
    groom()
    said: list[str] = []

    @event.listens_for(db.engine, "before_cursor_execute")
    def hear(_: Any, __: Any, statement: str, *more: Any) -> None:
        said.append(statement)

    glances.seen([theo.id], NINE, NINE + HOUR, at=AT)
    event.remove(db.engine, "before_cursor_execute", hear)
    assert len(said) == 1
    assert "taken_day" in said[0]
    assert "booking.length" not in said[0]


@pytest.mark.only_on("sqlite", because="PostgreSQL counts its rows by itself")
def test_a_day_is_found_by_its_time_before_rows_were_ever_counted(app: Flask) -> None:
    words = taken_days.STANDING.compile(db.engine)
    nothing = (None,) * len(words.positiontup or ())
    plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", nothing)
    assert any("(location_id=? AND service_id=? AND length=? AND ends_at>? AND ends_at<?)" in row[3] for row in plan)
