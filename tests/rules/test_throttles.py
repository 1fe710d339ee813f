"""Throttles: exact, for all processes together, and over when they say so."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask

from portal.db import db
from portal.models import Throttle
from portal.rules import throttles
from portal.rules.throttles import Limit, TooMany

AT = datetime(2026, 11, 23, 15, 7, 30, tzinfo=UTC)
THREE = Limit("three in a quarter of an hour", 3, timedelta(minutes=15))
TWENTY_FIVE = Limit("twenty-five", 25, timedelta(minutes=15))
# What another process does: as many tries as it is told, and how many of them were let through.
ANOTHER_PROCESS = """
import sys
from datetime import timedelta
from app import create_app
from portal.db import now
from portal.rules import throttles
app, let_through = create_app(database_url=sys.argv[1], secret_key=sys.argv[2]), 0
with app.app_context():
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(int(sys.argv[3])):
        try:
            throttles.take((throttles.Limit("twenty-five", 25, timedelta(minutes=15)), "rosa"), at=now())
            let_through += 1
        except throttles.TooMany:
            pass
print(let_through)
"""


def take(*tries: throttles.Try, at: datetime = AT) -> bool:
    try:
        throttles.take(*tries, at=at)
    except TooMany:
        return False
    return True


def test_as_many_as_allowed_and_not_one_more(app: Flask) -> None:  # SI-4
    assert [take((THREE, "rosa")) for _ in range(5)] == [True, True, True, False, False]
    assert take((THREE, "omar"))


def test_it_counts_from_the_first_try_whatever_the_clock_shows(app: Flask) -> None:
    for minute in (0, 7, 14):
        assert take((THREE, "rosa"), at=AT + timedelta(minutes=minute))
    assert not take((THREE, "rosa"), at=AT + timedelta(minutes=14, seconds=59))
    assert take((THREE, "rosa"), at=AT + timedelta(minutes=15))


def test_a_no_says_how_long_it_holds(app: Flask) -> None:
    for _ in range(3):
        take((THREE, "rosa"))
    with pytest.raises(TooMany, match="Please wait 5 minutes") as no:
        throttles.take((THREE, "rosa"), at=AT + timedelta(minutes=10, seconds=1))
    assert no.value.wait == timedelta(minutes=4, seconds=59)


@pytest.mark.parametrize(
    ("wait", "words"),
    [
        (timedelta(milliseconds=1), "1 second"),
        (timedelta(seconds=30), "30 seconds"),
        (timedelta(seconds=91), "2 minutes"),
        (timedelta(hours=20), "20 hours"),
    ],
)
def test_waiting_in_words(wait: timedelta, words: str) -> None:
    assert throttles.in_words(wait) == words


def test_a_refused_try_counts_for_none_of_its_limits(app: Flask) -> None:
    for _ in range(3):
        take((THREE, "rosa"))
    assert not take((TWENTY_FIVE, "everybody"), (THREE, "rosa"))
    assert db.session.query(Throttle).filter_by(key=throttles.key(TWENTY_FIVE, "everybody")).count() == 0


def test_what_is_given_back_does_not_count(app: Flask) -> None:
    for _ in range(10):
        assert take((THREE, "rosa"))
        throttles.give_back((THREE, "rosa"))
    throttles.give_back((THREE, "rosa"))
    assert [take((THREE, "rosa")) for _ in range(4)] == [True, True, True, False]


def test_a_clock_that_was_wrong_locks_nobody_out_for_long(app: Flask) -> None:
    for _ in range(4):
        take((THREE, "rosa"), at=AT + timedelta(days=400))
    assert take((THREE, "rosa"), at=AT)


def test_servers_whose_clocks_differ_by_a_second_count_together(app: Flask) -> None:
    clocks = [AT, AT - timedelta(seconds=2), AT + timedelta(seconds=1), AT - timedelta(seconds=1)]
    assert [take((THREE, "rosa"), at=clock) for clock in clocks] == [True, True, True, False]


def test_nobody_can_be_read_out_of_the_table(app: Flask) -> None:
    take((THREE, "rosa@example.com"), (TWENTY_FIVE, "192.0.2.7"))
    kept = [row.key for row in db.session.query(Throttle)]
    assert len(kept) == 2
    assert not any("rosa" in key or "192" in key for key in kept)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.7", "192.0.2.8", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
        ("fe80::1%eth0", "fe80::2", True),
        ("", "", True),
        ("nonsense", "nonsense", True),
    ],
)
def test_a_household_is_one_place(one: str, other: str, same: bool) -> None:
    assert (throttles.place(one) == throttles.place(other)) is same


def test_threads_get_exactly_as_many_as_allowed(app: Flask) -> None:
    start = Barrier(8)

    def try_often(_: int) -> int:
        with app.app_context():
            start.wait()
            return sum(take((TWENTY_FIVE, "rosa")) for _ in range(20))

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(try_often, range(8))) == 25


def test_processes_get_exactly_as_many_as_allowed(app: Flask) -> None:
    address = app.config["SQLALCHEMY_DATABASE_URI"]
    command = [sys.executable, "-c", ANOTHER_PROCESS, address, app.config["SECRET_KEY"], "40"]
    processes = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    results = [process.communicate("go\n", timeout=60)[0] for process in processes]
    assert sum(int(result) for result in results) == 25


def test_old_counts_are_swept(app: Flask) -> None:
    take((THREE, "rosa"))
    throttles.sweep(AT + timedelta(hours=23))
    assert db.session.query(Throttle).count() == 1
    throttles.sweep(AT + timedelta(hours=25))
    assert db.session.query(Throttle).count() == 0
