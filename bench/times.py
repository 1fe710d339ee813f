"""Processor time against a bare Flask page, both measured in turns; queries and bytes on the way.

Whoever else is on the machine only adds to what a page takes, for minutes at a time, and more to a large page than to a
small one. So all pages are gone through several times, and what counts of each is its least."""

import gzip
import json
import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import event
from sqlalchemy.engine import Engine

from bench import visit
from bench.pages import Page, here
from bench.visit import Environ, Visitor
from portal.db import db

WARM = 30
PASSES = 12
ROUNDS = 10
TURNS = 10
QUERIES = 400
# Seconds for one page. What takes long wobbles little, and is not asked for as often.
PATIENCE = 20
LEAST = 3


class Times(NamedTuple):
    """Of one call: microseconds of processor, how many times the bare page it takes and how many times its queries
    alone take it, queries, and bytes of HTML."""

    microseconds: float
    ratio: float
    queries: float
    query_ratio: float
    plain: int
    compressed: int


@contextmanager
def heard() -> Iterator[list[tuple[str, Any]]]:
    """What is asked of the database, with the values."""
    said: list[tuple[str, Any]] = []

    def hear(_: Any, __: Any, statement: str, values: Any, *___: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")):
            said.append((statement, values))

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


def measure(pages: Sequence[Page], visitor: Visitor, empty: Visitor) -> dict[str, Times]:
    """By the names of the pages."""
    asked = {page.name: visitor.prepared(page) for page in pages}
    nothing = empty.prepared(visit.nothing())
    weights = {name: weighed(visitor, calls) for name, calls in asked.items()}
    rounds = {name: warm(visitor, calls) for name, calls in asked.items()}
    warm(empty, nothing)
    took, bare = (dict.fromkeys(asked, math.inf) for _ in range(2))
    for name in [*asked] * PASSES:
        for _ in range(rounds[name]):
            took[name] = min(took[name], spent(visitor, asked[name]) / len(asked[name]))
            bare[name] = min(bare[name], spent(empty, nothing))
    found = {}
    for name, calls in asked.items():
        queries = asking(visitor, calls, lambda: run(empty, nothing))
        found[name] = Times(took[name] * 1e6, took[name] / bare[name], *queries, *weights[name])
    return found


def warm(visitor: Visitor, asked: list[Environ]) -> int:
    """How many rounds a pass has patience for."""
    began = time.perf_counter()
    repeat(visitor, asked, WARM)
    rounds = PATIENCE / PASSES / (time.perf_counter() - began) * WARM / TURNS
    return max(LEAST, min(ROUNDS, int(rounds)))


def asking(visitor: Visitor, asked: list[Environ], bare: Callable[[], None]) -> tuple[float, float]:
    """Queries of one call, and how many bare pages those take that read."""
    with heard() as said:
        run(visitor, asked)
    reading = [query for query in said if query[0].startswith(("SELECT", "WITH"))]
    with visitor.app.app_context():
        ratios = [by_itself(*query, bare) for query in reading]
        db.session.remove()
    return len(said) / len(asked), sum(ratios) / len(asked)


def by_itself(statement: str, values: Any, bare: Callable[[], None]) -> float:
    """One query with all its rows, and what SQLAlchemy does for it, against the bare page, in turns: of each the least
    of many. Only the query itself can make that grow, for a slow minute of the machine slows both."""
    connection = db.session.connection()
    took, beside, over = list[float](), list[float](), time.perf_counter() + PATIENCE
    while len(took) < LEAST or (len(took) < QUERIES and time.perf_counter() < over):
        took.append(seconds(lambda: connection.exec_driver_sql(statement, values).all()))
        beside.append(seconds(bare))
    return min(took) / min(beside)


def seconds(act: Callable[[], Any]) -> float:
    """Of processor."""
    began = time.process_time()
    act()
    return time.process_time() - began


def weighed(visitor: Visitor, asked: list[Environ]) -> tuple[int, int]:
    """The first call's answer: as HTML, and as it travels."""
    run(visitor, asked[:1])
    body = visitor.body
    plain = gzip.decompress(body) if visitor.headers.get("Content-Encoding") == "gzip" else body
    run(visitor, asked[1:])
    return len(plain), len(body)


def spent(visitor: Visitor, asked: list[Environ]) -> float:
    """Seconds of processor for one of the turns."""
    return seconds(lambda: repeat(visitor, asked, TURNS)) / TURNS


def repeat(visitor: Visitor, asked: list[Environ], times: int) -> None:
    for _ in range(times):
        run(visitor, asked)


def run(visitor: Visitor, asked: list[Environ]) -> None:
    for call in asked:
        visitor.call(call)


def main() -> None:
    visitor, empty = visit.visitor(), visit.empty()
    print(json.dumps(measure(here().pages, visitor, empty)))


if __name__ == "__main__":
    main()
