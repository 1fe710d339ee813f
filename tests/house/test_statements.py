"""What is sent to the database, and that it is made only once."""

from datetime import UTC, datetime, timedelta
from importlib import import_module
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import Integer, bindparam, event, literal, select
from sqlalchemy.engine import Engine

from portal.db import AnySelect, Instant, db, lock, now, rows_of, spelled
from portal.known import known
from portal.models import Client, Member, Pet
from tests import cast
from tests.conftest import Browse

TWICE = datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/New_York"))


def test_the_hour_that_comes_twice_is_two_moments(app: Flask) -> None:
    moments = [TWICE, TWICE.replace(fold=1)]
    assert moments[0] == moments[1], "as Python has it"
    assert [spelled(moment) for moment in moments] == ["2026-11-01 05:30:00.000000", "2026-11-01 06:30:00.000000"]
    told = [rows_of(select(literal(moment, Instant))).scalar_one() for moment in moments]
    assert told == [datetime(2026, 11, 1, hour, 30, tzinfo=UTC) for hour in (5, 6)]


def test_a_statement_is_compiled_once_and_asked_with_other_values(app: Flask, rosa: Client, omar: Client) -> None:
    """Another one that says the same shares what was compiled; one that says something else does not."""

    def name_of(column: str) -> AnySelect:
        return select(getattr(Client, column)).where(Client.id == bindparam("id", type_=Integer))

    made: list[object] = []

    @event.listens_for(Engine, "before_cursor_execute")
    def look(*told: object) -> None:
        made.append(told[4].compiled)  # type: ignore[attr-defined]

    first, again, other = name_of("first_name"), name_of("first_name"), name_of("last_name")
    try:
        said = [
            rows_of(statement, {"id": client.id}).scalar_one()
            for statement, client in ((first, rosa), (first, omar), (again, rosa), (other, rosa))
        ]
    finally:
        event.remove(Engine, "before_cursor_execute", look)
    assert said == ["Rosa", "Omar", "Rosa", "Delgado"]
    assert made[0] is made[1] is made[2] is not made[3]
    assert hash(known(first)._generate_cache_key().key) == hash(known(again)._generate_cache_key().key)


@pytest.mark.only_on("postgres")
def test_a_long_statement_is_read_once_by_the_driver(app: Flask, browse: Browse, nina: Member) -> None:
    desk, read = browse(nina), import_module("psycopg._queries")._query2pg
    desk.get("/desk/")
    known = read.cache_info()
    with patch("psycopg._queries._query2pg_nocache", side_effect=AssertionError("read anew")):
        assert desk.get("/desk/").status_code == 200
    assert read.cache_info().misses == known.misses


def test_what_is_not_saved_yet_is_found(app: Flask, rosa: Client) -> None:
    rosa.first_name = "Rosalind"
    assert rows_of(select(Client.first_name).where(Client.id == rosa.id)).scalar_one() == "Rosalind"
    db.session.rollback()


def test_a_row_that_is_locked_is_not_asked_for_again_until_the_change_is_done(app: Flask, rosa: Client) -> None:
    asked: list[str] = []

    @event.listens_for(db.engine, "before_cursor_execute")
    def look(*told: object) -> None:
        asked.append(str(told[2]))

    try:
        lock(rosa)
        lock(rosa)
        assert len(asked) == 1
        db.session.commit()
        lock(rosa)
        assert len(asked) == 2
        db.session.rollback()
        with db.session.begin_nested():
            lock(rosa)
        lock(rosa)
        assert len([one for one in asked if one.startswith("SELECT")]) == 4, "a part may be taken back, and its locks"
    finally:
        event.remove(db.engine, "before_cursor_execute", look)


def test_what_a_view_has_locked_is_as_it_is_now(app: Flask, browse: Browse, rosa: Client, biscuit: Pet) -> None:
    """A verb after it need not read it anew."""
    booking = cast.booking(rosa, [biscuit], "Full Groom", now() + timedelta(days=9), made_at=now())
    asked: list[str] = []

    @event.listens_for(db.engine, "before_cursor_execute")
    def look(*told: object) -> None:
        asked.append(str(told[2]))

    try:
        assert browse(rosa).swap(f"/bookings/{booking.id}/cancellation").status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", look)
    booking_alone = [one for one in asked if one.startswith("SELECT booking.service_id")]
    assert len(booking_alone) == 1
    assert ("FOR UPDATE" in booking_alone[0]) == (db.engine.dialect.name == "postgresql")
