"""The migrations make the schema that the models describe, and can be taken back, on both databases."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select

from portal.db import Base, db
from portal.models import (
    Booking,
    Cancellation,
    ClassDay,
    Client,
    Member,
    Pet,
    Provider,
    Registration,
    ServiceRequest,
    ServiceSession,
    TakenDay,
)
from portal.rules import (
    attendances,
    bookings,
    requests,
    series_cancellations,
    series_registrations,
    service_requests,
    visit_days,
)
from portal.rules.actors import SYSTEM, Actor, as_client, as_member
from tests import cast

MIGRATIONS = Path(__file__).parents[2] / "migrations"
FILES = sorted((MIGRATIONS / "versions").glob("*.py"))


def test_the_schema_is_what_the_models_say(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_down_to_nothing_and_up_again(app: Flask) -> None:
    db.session.remove()
    downgrade(directory=str(MIGRATIONS), revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    upgrade(directory=str(MIGRATIONS))
    assert set(Base.metadata.tables) <= set(inspect(db.engine).get_table_names())


def test_bookings_of_before_are_counted_too(app: Flask, rosa: Client, biscuit: Pet, juno: Pet, theo: Member) -> None:
    by, at = as_member(theo), cast.NOON
    acts = (attendances.check_in, attendances.miss, bookings.cancel, requests.confirm_request)
    for days, act in enumerate((*acts, partial(requests.decline, reason="We are away."), None)):
        starts, asks = at + timedelta(days=400 * days), days > 2
        ends = starts + timedelta(days=4 ** (4 - days), minutes=-1 if days > 4 else 0)
        groom = cast.booking(rosa, [biscuit, juno], "Full Groom", starts, ends_at=ends, needs_approval=asks, made_at=at)
        if act:
            act(groom, by=by, at=starts)
    db.session.commit()
    told = select(Booking.id, Booking.state, Booking.pet_count, Booking.length).order_by(Booking.id)
    before = [tuple(row) for row in db.session.execute(told)]
    assert len({state for _, state, _, _ in before}) == len(before)
    assert {length for _, _, _, length in before} == {6, 5, 4, 3, 2, 0}
    db.session.remove()
    downgrade(directory=str(MIGRATIONS), revision="0023")
    upgrade(directory=str(MIGRATIONS))
    assert [tuple(row) for row in db.session.execute(told)] == before


def test_registrations_that_were_cancelled_before_stay_so(app: Flask, rosa: Client, biscuit: Pet) -> None:  # SB-2
    """And whoever has cancelled single dates, one after the other, has not cancelled the registration."""
    by, at = as_client(rosa), cast.NOON
    for act in (series_cancellations.cancel_registration, cancel_single_dates):
        course = cast.course(at + timedelta(days=2))
        made = series_registrations.register(rosa, course, [biscuit], key=None, by=by, at=at)
        act(made, by=by, at=at)
        at += timedelta(hours=1)
    told = select(Cancellation.booking_id, Cancellation.whole).order_by(Cancellation.booking_id)
    before = [tuple(row) for row in db.session.execute(told)]
    assert [whole for _, whole in before] == [True] * 3 + [False] * 2
    db.session.remove()
    downgrade(directory=str(MIGRATIONS), revision="0039")
    upgrade(directory=str(MIGRATIONS))
    assert [tuple(row) for row in db.session.execute(told)] == before


def cancel_single_dates(registration: Registration, *, by: Actor, at: datetime) -> None:
    for seconds, booking in enumerate(series_registrations.bookings_of(registration)[1:]):
        bookings.cancel(booking, by=by, at=at + timedelta(seconds=seconds))


def test_classes_of_before_are_on_their_days(app: Flask) -> None:  # CAL-2
    """At eleven in the evening it is the next day already where the database has its clock."""
    late = [cast.session("Agility", cast.NOON.replace(hour=4, minute=30) + timedelta(days=day)) for day in (1, 1, 2)]
    late[0].called_off_at = cast.NOON
    db.session.commit()
    days = select(ServiceSession.id, ServiceSession.day).order_by(ServiceSession.id)
    kept = select(ClassDay.day, ClassDay.service_id, ClassDay.location_id, ClassDay.sessions).order_by(ClassDay.day)
    before = [[tuple(row) for row in db.session.execute(told)] for told in (days, kept)]
    assert [day for _, day in before[0]] == [cast.NOON.date() + timedelta(days=day) for day in (0, 0, 1)]
    db.session.remove()
    downgrade(directory=str(MIGRATIONS), revision="0031")
    upgrade(directory=str(MIGRATIONS))
    assert [[tuple(row) for row in db.session.execute(told)] for told in (days, kept)] == before


def test_providers_are_taken_by_what_was_booked_before(app: Flask, rosa: Client, biscuit: Pet) -> None:  # SB-3
    """Two that touch, one over midnight where the database has its clock, one that is off, and a class."""
    groom, theo = cast.service("Full Groom"), db.session.query(Provider).one()
    groom.buffer_before, groom.buffer_after = 5, 10
    lesson = cast.session("Agility", cast.NOON + timedelta(days=1))
    for hours in (20, 21.25, 33, 50):
        starts = cast.NOON + timedelta(hours=hours)
        made = {"providers": [theo], "ends_at": starts + timedelta(hours=1), "made_at": cast.NOON}
        booking = cast.booking(rosa, [biscuit], "Full Groom", starts, **made)
    bookings.cancel(booking, by=as_client(rosa), at=cast.NOON)
    cast.booking(rosa, [biscuit], "Agility", lesson.starts_at, session=lesson, providers=[theo], made_at=cast.NOON)
    lesson.providers = [theo]
    db.session.commit()
    told = select(TakenDay.provider_id, TakenDay.day, TakenDay.spans).order_by(TakenDay.day)
    before = [tuple(row) for row in db.session.execute(told)]
    assert [spans.count("-") for _, _, spans in before] == [3, 1]
    db.session.remove()
    downgrade(directory=str(MIGRATIONS), revision="0033")
    upgrade(directory=str(MIGRATIONS))
    assert [tuple(row) for row in db.session.execute(told)] == before


def test_what_came_and_went_before_is_counted(app: Flask, rosa: Client, biscuit: Pet, juno: Pet) -> None:  # FD-2
    """A stay whose evening is tomorrow where the database has its clock, one that is off, day care, and a class."""
    at, late = cast.NOON, cast.NOON + timedelta(hours=13)
    cast.booking(rosa, [biscuit, juno], "Boarding", late, ends_at=late + timedelta(days=3), made_at=at)
    later = late + timedelta(days=7)
    bookings.cancel(cast.booking(rosa, [biscuit], "Boarding", later, made_at=at), by=SYSTEM, at=at)
    cast.booking(rosa, [biscuit], "Daycare", later, made_at=at)
    cast.booking(rosa, [juno], "Agility", later, session=cast.session("Agility", later), made_at=at)
    db.session.commit()
    for hours in (1, 3):
        cast.booking(rosa, [biscuit], "Full Groom", at + timedelta(hours=hours), made_at=at)
    db.session.commit()

    def told() -> list[list[tuple[Any, ...]]]:
        days = [select(*table.columns).order_by(*table.primary_key.columns) for table in visit_days.TABLES]
        return [[tuple(row) for row in db.session.execute(of)] for of in days]

    before = told()
    visits, appointments = before
    counts = [((day - at.date()).days, *more) for day, _, _, *more in visits]
    assert sorted(counts) == [(0, 2, 0), (3, 0, 2), (7, 1, 0), (8, 0, 1)]
    assert [((day - at.date()).days, more) for day, _, more in appointments] == [(0, 2)]
    for revision in ("0034", "0035"):
        db.session.remove()
        downgrade(directory=str(MIGRATIONS), revision=revision)
        upgrade(directory=str(MIGRATIONS))
        assert told() == before


def test_what_came_of_requests_before_is_known(app: Flask, rosa: Client, biscuit: Pet, theo: Member) -> None:  # SB-10
    """Also where the client is called otherwise by now, or staff have withdrawn it for them."""
    at, service = cast.NOON, cast.service("Boarding")
    asking = {"location": None, "wanted": "At Christmas", "notes": "", "key": None, "by": as_client(rosa), "at": at}
    rows = [service_requests.ask(rosa, service, [biscuit], **asking) for _ in range(6)]
    hers, theirs, done, booked, no, _ = rows
    service_requests.withdraw(hers, by=as_client(rosa), at=at + timedelta(hours=1))
    service_requests.withdraw(theirs, by=as_member(theo), at=at + timedelta(hours=2))
    service_requests.schedule(done, by=as_member(theo), at=at + timedelta(hours=3))
    booking = cast.booking(rosa, [biscuit], "Boarding", at, made_at=at)
    service_requests.schedule_as(booked, booking, by=as_member(theo), at=at + timedelta(hours=4))
    service_requests.decline(no, "We are away.", by=as_member(theo), at=at + timedelta(hours=5))
    rosa.last_name = "Keller"
    db.session.commit()
    told = select(ServiceRequest.outcome).order_by(ServiceRequest.id)
    before = list(db.session.scalars(told))
    assert before == ["withdrawn", "withdrawn", "scheduled", "scheduled", "declined", None]
    db.session.remove()
    downgrade(directory=str(MIGRATIONS), revision="0038")
    upgrade(directory=str(MIGRATIONS))
    assert list(db.session.scalars(told)) == before


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_migration_is_one_sentence_and_goes_both_ways(path: Path) -> None:
    text = path.read_text()
    assert text.startswith('"""')
    assert text.split('"""')[1].count(".") == 1
    assert "def downgrade() -> None:\n    pass" not in text
