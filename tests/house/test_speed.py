"""What keeps pages fast, as counts: queries, bytes, and work that does not grow. Times are bin/bench's affair."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import event
from werkzeug.test import TestResponse

from portal.db import db
from portal.models import Client, Location, Member, Thread, WaitlistEntry
from portal.rules import documents, messages, waitlists
from portal.rules.actors import as_client
from tests import cast, samples
from tests.conftest import Browse, Browser

LISTS = ["/", "/bookings/upcoming", "/bookings/past", "/waitlists", "/calendar", "/messages", "/documents", "/pets"]


@contextmanager
def queries(app: Flask) -> Iterator[list[str]]:
    said: list[str] = []

    def hear(connection: object, cursor: object, statement: str, *_: object) -> None:
        if not statement.upper().startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")):
            said.append(statement)

    event.listen(db.engine, "before_cursor_execute", hear)
    yield said
    event.remove(db.engine, "before_cursor_execute", hear)


def furnish(client: Client, times: int) -> None:
    """A little of everything, so many times."""
    at, by, service = cast.NOON - timedelta(days=900), as_client(client), cast.service("Daycare")
    done = db.session.query(WaitlistEntry).count()
    for number in range(done, done + times):
        cast.booking(client, client.pets, "Daycare", cast.NOON + timedelta(days=365 * 70 + number), made_at=at)
        cast.booking(client, client.pets[:2], "Full Groom", cast.NOON - timedelta(days=800 - number), made_at=at)
        waiting = {"client_id": client.id, "pet_id": client.pets[0].id, "service_id": service.id, "joined_at": at}
        db.session.add(WaitlistEntry(**waiting))
        day = date(2096, 1, 1) + timedelta(days=db.session.query(WaitlistEntry).count())
        where = db.session.query(Location).first()
        waitlists.join(client, client.pets[0], service, location=where, first_day=day, by=by, at=at)
        messages.start(client, f"Question {number}", "Do you take rabbits?", by=by, at=at)
        documents.share(client, BytesIO(samples.pdf(f"Page {number}")), f"{number}.pdf", by=by, at=at)


def test_a_list_takes_at_most_three_queries_however_long(
    app: Flask, browse: Browse, rosa: Client, subtests: pytest.Subtests
) -> None:
    browser = browse(rosa)
    counts: list[dict[str, int]] = []
    for times in (0, 2, 28):
        furnish(rosa, times)
        counts.append({})
        for path in LISTS:
            with subtests.test(path=path, times=times):
                browser.get(path)
                with queries(app) as said:
                    assert browser.get(path).status_code == 200
                counts[-1][path] = len(said)
                assert len(said) <= 3, "\n\n".join(said)
                with queries(app) as said:
                    assert browser.swap(path, "get").status_code == 200
                assert len(said) <= 3, "\n\n".join(said)
    assert len(counts[1]) == len(LISTS)
    assert counts[1] == counts[2], "the number of queries does not grow with the list"


def at_the_desk(app: Flask, browser: Browser, client: Client) -> list[str]:
    """Every page of the desk that has a customer, a pet or a thread in its address, and the lists that lead there."""
    ids = {"client_id": client.id, "pet_id": client.pets[0].id, "thread_id": db.session.query(Thread.id).first()[0]}
    pages = ["/desk/inbox", "/desk/customers", "/desk/notices", "/desk/vaccines"]
    for rule in app.url_map.iter_rules():
        if (
            rule.endpoint.startswith("staff.")
            and "GET" in (rule.methods or ())
            and rule.arguments
            and rule.arguments <= ids.keys()
        ):
            pages.append(rule.build({name: ids[name] for name in rule.arguments})[1])
    return [page for page in pages if is_page(browser.get(page))]


def is_page(answer: TestResponse) -> bool:
    return answer.status_code == 200 and answer.mimetype == "text/html"


def test_a_page_at_the_desk_takes_at_most_four_queries_however_much_there_is(
    app: Flask, browse: Browse, nina: Member, rosa: Client
) -> None:
    browser, counts = browse(nina), []
    for times in (1, 28):
        furnish(rosa, times)
        pages = at_the_desk(app, browser, rosa)
        counts.append({page: asked(app, browser, page) for page in pages})
    assert counts[0].keys() == counts[1].keys()
    assert len(counts[1]) > 20
    assert {page: count for page, count in counts[1].items() if count > 4} == {}
    assert counts[0] == counts[1], "the number of queries does not grow with the list"


def asked(app: Flask, browser: Browser, page: str) -> int:
    with queries(app) as said:
        browser.get(page)
    return len(said)


def test_a_full_list_stays_light(app: Flask, browse: Browse, rosa: Client, subtests: pytest.Subtests) -> None:
    furnish(rosa, 28)
    for path in LISTS:
        with subtests.test(path=path):
            page = browse(rosa).get(path, headers={"Accept-Encoding": "gzip"})
            assert page.headers["Content-Encoding"] == "gzip"
            assert len(page.data) <= 4_500, f"{len(page.data)} bytes compressed"
            assert len(gzip.decompress(page.data)) <= 48_000


def test_a_swapped_row_is_small(app: Flask, browse: Browse, rosa: Client) -> None:
    booking = cast.booking(rosa, rosa.pets, "Daycare", cast.NOON.replace(year=2099), made_at=cast.NOON)
    answer = browse(rosa).swap(f"/bookings/{booking.id}/cancellation", headers={"Accept-Encoding": "gzip"})
    assert len(answer.data) <= 2_048
