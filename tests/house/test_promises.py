"""Everything that the product promises so far is named by a test; and the demo has something of each."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from portal import demo, wording
from portal.db import db, now
from portal.demo import volume
from portal.demo.catalogue import ZONE
from portal.models import (
    Attachment,
    Booking,
    Client,
    Delivery,
    DeliveryState,
    Document,
    History,
    Member,
    Message,
    Notice,
    Pet,
    Thread,
    Vaccination,
    WaitlistEntry,
)
from portal.rules import agendas, desk_days, folders, notes, storage, vaccine_checks
from portal.rules.cancelling import cancellable
from portal.rules.standing import standing, status

SECTIONS = {
    "SI": (1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 14),
    "POR": (1, 2, 3, 4, 7, 9, 10, 11),
    "NAV": (1, 2, 3, 5, 7, 8),
    "BK": (1, 2, 3, 4, 5, 6, 7, 8),
    "WL": (1, 2, 3, 4, 5),
    "CAL": (1, 2, 3, 4),
    "MSG": (1, 2, 3, 4, 5),
    "RC": (1,),
    "DOC": (1, 2, 3, 4),
    "PRO": (1, 2, 3),
    "PET": (1, 2, 3, 4),
    "VAX": (1, 2, 3, 5),
    "SB": (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
    "FD": (1, 2, 3, 6),
    "CP": (1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13),
}
PROMISES = [f"{section}-{number}" for section, numbers in SECTIONS.items() for number in numbers]
TESTS = "\n".join(path.read_text() for path in Path("tests").rglob("test_*.py") if path.name != Path(__file__).name)


@pytest.mark.parametrize("promise", PROMISES)
def test_a_promise_is_named_by_a_test(promise: str) -> None:
    assert re.search(rf"#.*\b{promise}\b|_{promise.replace('-', '_').lower()}\b", TESTS)


def make_room() -> None:
    """The demo goes into an empty portal."""
    db.session.remove()
    with db.engine.begin() as connection:
        for table in reversed(db.metadata.sorted_tables):
            if table.name not in ("business", "animal"):
                connection.execute(table.delete())
    assert demo.is_empty()


@pytest.mark.only_on("sqlite", because="it tells no hours, and the demo is made on the other too")
@pytest.mark.parametrize(("hour", "minute"), [(0, 0), (0, 1), (12, 30), (23, 59)])
def test_the_demo_is_made_at_any_hour(app: Flask, hour: int, minute: int) -> None:
    make_room()
    demo.fill(datetime(2026, 11, 22, hour, minute, 20, tzinfo=ZoneInfo(ZONE)).astimezone(UTC))
    assert not demo.is_empty()


@pytest.fixture
def lived_in(app: Flask) -> Client:
    make_room()
    demo.fill(now())
    return db.session.query(Client).filter_by(email="rosa@example.com").one()


def something_of_everything(rosa: Client) -> None:
    at = now()
    rows = [standing(id) for (id,) in db.session.query(Booking.id).filter_by(client_id=rosa.id)]
    assert {status(row, at) for row in rows} >= {"Booked", "Requested", "Done", "No-show", "Cancelled"}
    ahead = [row for row in rows if row.starts_at > at]
    assert {cancellable(row, at) for row in ahead} == {True, False}, "on both sides of the cut-off"
    agenda = agendas.agenda(rosa.id, soon=at.date() + timedelta(days=30), at=at)
    assert min(agenda.upcoming_count, agenda.past_count) > 5
    assert {bool(entry.service_session_id) for entry in db.session.query(WaitlistEntry)} == {True, False}
    assert {thread.channel for thread in db.session.query(Thread)} == {"email", "sms"}
    assert db.session.query(Message).filter(Message.seen_at.is_(None), Message.author != "client").count() >= 2
    assert db.session.query(Attachment).count()
    documents = db.session.query(Document).filter_by(client_id=rosa.id).all()
    sources = {(document.from_client, bool(document.stored_document_id)) for document in documents}
    assert sources == {(True, False), (False, True), (False, False)}
    assert {bool(pet.photo_id) for pet in db.session.query(Pet).filter_by(client_id=rosa.id)} == {True, False}
    assert {bool(row.file_id) for row in db.session.query(Vaccination)} == {True, False}
    assert {bool(row.checked_at) for row in db.session.query(Vaccination)} == {True, False}
    assert db.session.query(Notice).count()
    assert db.session.query(History).count() > 30
    assert db.session.query(Member).count() == 2


def a_full_day_for_the_desk(_: Client) -> None:
    at = now()
    day = desk_days.day(desk_days.places()[0], at=at)
    assert min(day.arrivals.due, day.inside, day.departures.due) >= 1
    assert any(lesson.pupils for lesson in day.classes)
    visits = day.arrivals.visits + day.house.visits + day.departures.visits
    assert len(visits) >= 13
    assert len({visit.location for visit in visits}) == 2
    for flag in ("unprotected", "noted", "requested"):
        assert any(getattr(visit, flag) for visit in visits), flag
    assert any(visit.is_new(at) for visit in visits)
    assert any(visit.celebrating(wording.today_in(visit.zone, at)) for visit in visits)


def papers_for_the_desk(rosa: Client) -> None:
    told = vaccine_checks.queue()
    assert len(told) >= 4
    assert {row.record_type for row in told} == {None, "application/pdf", "image/jpeg"}
    written = notes.page(rosa.id, at=now()).rows
    assert len({note.by_name for note in written}) == 2
    assert any(note.files for note in written)
    assert any(note.pet for note in written)
    customer, shared = folders.first(rosa.id, at=now())
    assert customer.rows
    assert {paper.visible for paper in shared.rows} == {True, False}
    assert len(storage.choices()) >= 3


def nothing_that_is_sent_again(_: Client) -> None:
    late = db.session.query(Delivery).filter(
        Delivery.state == DeliveryState.QUEUED, Delivery.due_at < now() - timedelta(minutes=2)
    )
    assert late.count() == 0


def test_the_demo_has_what_one_wants_to_see(lived_in: Client, subtests: pytest.Subtests) -> None:  # FD-1, CP-7, VAX-3
    """Made once: to make it takes longer than to look at all of it."""
    for has in (something_of_everything, a_full_day_for_the_desk, papers_for_the_desk, nothing_that_is_sent_again):
        with subtests.test(has=has.__name__):
            has(lived_in)


def test_the_demo_does_not_go_on_top_of_anything(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["demo"])
    assert answer.exit_code == 1
    assert "only goes into an empty portal" in answer.output


def test_volume_is_there_when_asked_for(app: Flask, lived_in: Client) -> None:
    told: list[int] = []
    known = db.session.query(Client).count()
    volume.fill(60, 500, now(), told.append)
    assert db.session.query(Client).count() == known + 60
    assert sum(told) == 560
    assert db.session.query(Booking).filter(Booking.client_id != lived_in.id).count() >= 500
