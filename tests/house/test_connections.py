"""The database's connections: kept between requests, and replaced where the server has ended them."""

from threading import Event, Thread
from time import monotonic, sleep
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.db import db, one_change
from portal.models import AccountNumber, Client, Member
from portal.rules.imports import bulk
from tests import databases
from tests.conftest import Browse

LONG = 6  # seconds; SQLite’s driver by itself would give up after five
OVER_A_NETWORK = pytest.mark.only_on("postgres", because="a file ends no connection")


@pytest.fixture(autouse=True)
def one_connection(app: Flask) -> None:
    """What tests before this one have opened would take turns."""
    db.session.commit()
    db.engine.dispose()


@OVER_A_NETWORK
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_connection_that_the_server_has_ended_is_replaced(method: str, browse: Browse, rosa: Client) -> None:
    browser = browse(rosa)
    headers = {"X-CSRFToken": browser.csrf()}
    before = pid()
    assert pid() == before
    databases.execute(f"SELECT pg_terminate_backend({before}, 5000)")
    path, status = ("/", 200) if method == "GET" else ("/sign-out", 303)
    assert browser.open(path, method=method, headers=headers).status_code == status
    assert pid() != before


@OVER_A_NETWORK
def test_pages_keep_what_they_have_prepared(browse: Browse, rosa: Client) -> None:
    browser = browse(rosa)
    for _ in range(8):
        assert browser.get("/").status_code == 200
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM pg_prepared_statements").scalar_one() >= 3


@OVER_A_NETWORK
def test_no_question_is_compiled_first(app: Flask) -> None:
    """As servers come, they compile what looks dear: that takes longer than any page of ours."""
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT reset_val FROM pg_settings WHERE name = 'jit'").scalar_one() == "on"
        assert connection.exec_driver_sql("SHOW jit").scalar_one() == "off"


@OVER_A_NETWORK
def test_today_is_planned_once_for_all_values(app: Flask, browse: Browse, nina: Member) -> None:
    """Its plan takes three times as long to make as the answer."""
    browser = browse(nina)
    for _ in range(8):
        assert browser.get("/desk/").status_code == 200
    told = "SELECT custom_plans = 0 AND generic_plans >= 3 FROM pg_prepared_statements WHERE statement LIKE"
    assert one(f"{told} '%every_row%'") is True
    assert one("SHOW plan_cache_mode") == "auto"


@OVER_A_NETWORK
@pytest.mark.parametrize("begun", [False, True])
def test_a_statement_that_fails_leaves_no_plans_to_others(app: Flask, begun: bool) -> None:
    with db.engine.connect() as connection:
        if begun:
            connection.exec_driver_sql("BEGIN")
        with pytest.raises(DBAPIError, match="division by zero"):
            connection.execute(text("SELECT 1 / 0").execution_options(one_plan=True))
    assert one("SHOW plan_cache_mode") == "auto"


def one(question: str) -> Any:
    with db.engine.connect() as connection:
        return connection.scalar(text(question))


def pid() -> int:
    """Of the server's process behind the connection that is used next."""
    with db.engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())


@pytest.mark.only_on("sqlite", because="only SQLite has one lock for everybody")
def test_a_change_waits_while_a_long_list_is_written(app: Flask, browse: Browse, rosa: Client) -> None:  # CP-12
    """The clients of a list are written in one change: 100,000 of them within the seconds that others wait here."""
    browser, writing, over = browse(rosa), Event(), []
    browser.csrf()

    def bring_in() -> None:
        with app.app_context(), one_change():
            bulk.add(AccountNumber, [{"number": "7000000001"}])
            writing.set()
            sleep(LONG)
            over.append(monotonic())

    other = Thread(target=bring_in)
    other.start()
    assert writing.wait(10)
    answer = browser.post("/sign-out")
    answered = monotonic()
    other.join()
    assert answer.status_code == 303
    assert answered > over[0]
    assert db.session.get(AccountNumber, "7000000001")
