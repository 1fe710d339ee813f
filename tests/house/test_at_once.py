"""Two people, or twenty, at the same moment: one wins, the others hear why, nothing is locked and nothing lost."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Event, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.chosen import Chosen
from portal.db import db, one_change
from portal.models import (
    Attendance,
    Booking,
    Client,
    History,
    Location,
    Member,
    Message,
    Notice,
    Pet,
    Service,
    ServiceSession,
)
from portal.rules import merges, places, plan_bookings, plans, service_ties, sessions
from portal.rules.actors import as_client, as_member
from portal.rules.refused import Refused
from portal.wording import local
from tests import cast, databases
from tests.conftest import Browse, Browser

CROWD = 12


def together(app: Flask, act: Callable[[int], object]) -> Counter[object]:
    """What each got who did the same at the same moment, every one in a thread with a context of its own."""
    barrier, got = Barrier(CROWD), Counter[object]()

    def run(number: int) -> None:
        with app.app_context():
            barrier.wait()
            try:
                got[act(number)] += 1
            except Refused:
                got["refused"] += 1
            finally:
                db.session.remove()

    db.session.commit()
    threads = [Thread(target=run, args=(number,)) for number in range(CROWD)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    db.session.expire_all()
    return got


def meanwhile(app: Flask, first: Callable[[], object], other: Callable[[], object]) -> bool:
    """Whether the other one has to wait, who begins when the first has written: the first is done only after that."""
    written, done, errors, waits = Event(), Event(), list[Exception](), list[bool]()

    def run(act: Callable[[], object]) -> None:
        with app.app_context():
            try:
                act()
            except Exception as error:
                errors.append(error)
            finally:
                written.set()
                db.session.remove()

    def begin() -> None:
        with one_change():
            first()
            db.session.flush()
            written.set()
            waits.append(not done.wait(timeout=0.5))

    def follow() -> None:
        written.wait(timeout=60)
        other()
        done.set()

    db.session.commit()
    threads = [Thread(target=run, args=(act,)) for act in (begin, follow)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    db.session.expire_all()
    assert errors == []
    return waits == [True]


def test_one_cancellation_of_many_at_once(app: Flask, browse: Browse, rosa: Client, biscuit: Pet) -> None:  # BK-4
    booking = cast.booking(rosa, [biscuit], "Daycare", datetime.now(UTC) + timedelta(days=3), made_at=datetime.now(UTC))
    before = {model: db.session.scalar(select(func.count()).select_from(model)) for model in (Message, Notice, History)}
    browsers: list[Browser] = [browse(rosa) for _ in range(CROWD)]
    tokens = [browser.csrf() for browser in browsers]
    path = f"/bookings/{booking.id}/cancellation"
    got = together(
        app,
        lambda number: (
            browsers[number]
            .open(path, method="POST", headers={"X-CSRFToken": tokens[number], "HX-Request": "true"})
            .status_code
        ),
    )
    assert got == {200: 1, 422: CROWD - 1}
    after = {model: db.session.scalar(select(func.count()).select_from(model)) for model in (Message, Notice, History)}
    assert {model: after[model] - before[model] for model in before} == {Message: 1, Notice: 1, History: 1}


@pytest.mark.parametrize("capacity", [1, 5])
def test_the_last_places_go_to_as_many_as_there_are(app: Flask, capacity: int) -> None:
    start = datetime.now(UTC) + timedelta(days=3)
    session_id = cast.session("Agility", start, capacity).id
    for number in range(CROWD):
        cast.one_of_many(number)
    db.session.commit()

    def book(number: int) -> str:
        one = db.session.query(Client).filter_by(email=f"one{number}@example.com").one()
        session = db.session.get_one(ServiceSession, session_id)
        cast.booking(one, one.pets, "Agility", start, made_at=datetime.now(UTC), session=session)
        return "booked"

    assert together(app, book) == {"booked": capacity, "refused": CROWD - capacity}
    session = db.session.get_one(ServiceSession, session_id)
    assert places.left(session, datetime.now(UTC)) == 0
    assert db.session.query(Booking).filter_by(service_session_id=session_id).count() == capacity


def test_one_tablet_checks_in_and_the_others_hear_who(  # FD-1
    app: Flask, browse: Browse, rosa: Client, biscuit: Pet, nina: Member
) -> None:
    booking = cast.booking(rosa, [biscuit], "Daycare", datetime.now(UTC), made_at=datetime.now(UTC))
    before = db.session.scalar(select(func.count()).select_from(History)) or 0
    browsers: list[Browser] = [browse(nina) for _ in range(CROWD)]
    tokens = [browser.csrf("/desk/sign-in") for browser in browsers]
    path = f"/desk/bookings/{booking.id}/arrival"

    def check_in(number: int) -> int:
        headers = {"X-CSRFToken": tokens[number], "HX-Request": "true"}
        return browsers[number].open(path, method="POST", headers=headers).status_code

    assert together(app, check_in) == {200: 1, 422: CROWD - 1}
    assert db.session.scalar(select(func.count()).select_from(Attendance)) == 1
    assert db.session.scalar(select(func.count()).select_from(History)) == before + 1


def test_of_many_who_merge_the_same_two_one_does(app: Flask, rosa: Client, zoe: Client, nina: Member) -> None:  # CP-10
    """Half of them the one way round, half the other: nobody waits for somebody who waits for them."""
    by, numbers = as_member(nina), (rosa.account_number, zoe.account_number)

    def merge(number: int) -> str:
        lost, kept = numbers if number % 2 else numbers[::-1]
        merges.merge(lost, kept, {}, by=by, at=datetime.now(UTC))
        return "merged"

    assert together(app, merge) == {"merged": 1, "refused": CROWD - 1}
    assert db.session.query(Client).filter(Client.account_number.in_(numbers)).count() == 1
    assert db.session.query(History).filter_by(field="Merged").count() == 1


def test_a_pet_gets_one_place_out_of_many_windows(app: Flask, rosa: Client, biscuit: Pet) -> None:  # SB-6
    """Each window has chosen another class of the same hour, and each was told that it can be booked."""
    starts_at = datetime.now(UTC) + timedelta(days=3)
    classes = [cast.session("Agility", starts_at + timedelta(minutes=number)).id for number in range(CROWD)]

    def book(number: int) -> str:
        chosen = db.session.get_one(ServiceSession, classes[number])
        one, pet = db.session.get_one(Client, rosa_id), db.session.get_one(Pet, biscuit_id)
        cast.booking(one, [pet], "Agility", chosen.starts_at, made_at=datetime.now(UTC), session=chosen)
        return "booked"

    rosa_id, biscuit_id = rosa.id, biscuit.id
    assert together(app, book) == {"booked": 1, "refused": CROWD - 1}
    assert db.session.query(Booking).filter_by(client_id=rosa_id).count() == 1


def test_many_tablets_book_one_visit(app: Flask, rosa: Client, biscuit: Pet, nina: Member) -> None:  # FD-4
    by, rosa_id, biscuit_id = as_member(nina), rosa.id, biscuit.id
    starts_at = datetime.now(UTC) + timedelta(days=3)

    def book(_: int) -> str:
        one, pet = db.session.get_one(Client, rosa_id), db.session.get_one(Pet, biscuit_id)
        cast.booking(one, [pet], "Full Groom", starts_at, made_at=datetime.now(UTC), by=by)
        return "booked"

    assert together(app, book) == {"booked": 1, "refused": CROWD - 1}


def test_of_many_windows_one_books_the_days_and_the_others_hear_that_they_are_booked(  # SB-2, SB-6
    app: Flask, rosa: Client, biscuit: Pet
) -> None:
    """Each was shown free days, and none of them is told that somebody else was faster."""
    cast.open_shop()
    at, rosa_id = datetime.now(UTC), rosa.id
    maple = db.session.query(Location).filter_by(name="Maple Street").one().id
    today = local(at, "America/New_York").date()
    days = today + timedelta(days=3), today + timedelta(days=4)
    chosen = Chosen(service=cast.service("Daycare").id, location=maple, pet=(biscuit.id,), day=days)

    def book(number: int) -> str:
        one = db.session.get_one(Client, rosa_id)
        plan = plans.plan(chosen, one, at=at)
        try:
            made = plan_bookings.carry_out(plan, key=f"{number:032}", back="", by=as_client(one), at=at)
        except Refused as no:
            return str(no).split(":")[0]
        return f"{len(made.booked)} booked"

    assert together(app, book) == {"2 booked": 1, "These days are booked already": CROWD - 1}
    assert db.session.query(Booking).filter_by(client_id=rosa_id).count() == 2


def test_who_changes_a_service_does_not_hold_up_what_else_is_at_its_locations(app: Flask, nina: Member) -> None:
    """They would wait for each other in a ring: a booking of the service says only at its end where it is."""
    cast.open_shop()
    maple = db.session.query(Location).filter_by(name="Maple Street").one().id
    groom, agility, at = cast.service("Full Groom").id, cast.service("Agility").id, datetime.now(UTC)

    def add_class() -> None:
        service, place = db.session.get_one(Service, agility), db.session.get_one(Location, maple)
        sessions.add(service, place, starts_at=at + timedelta(days=3), capacity=4, by=as_member(nina), at=at)

    waits = meanwhile(app, lambda: service_ties.hold(groom), add_class)
    assert waits == (databases.kind() == "sqlite"), "where there is one writer at a time"
