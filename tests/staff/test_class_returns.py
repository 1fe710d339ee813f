"""A date of a class that was called off is brought back, while it is still ahead."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from portal.db import db
from portal.models import Booking, Client, Delivery, Member, Pet, Provider, QueueCheck, ServiceSession, TimeOff
from portal.rules import places, series_registrations, sessions
from portal.rules.actors import SYSTEM, as_client
from tests import cast
from tests.conftest import Browse

AT = cast.NOON  # a Monday
TOMORROW = AT + timedelta(days=1)
pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def off(app: Flask, rosa: Client, biscuit: Pet) -> ServiceSession:
    """Biscuit was to come; then it was called off."""
    session = cast.session("Agility", TOMORROW)
    session.providers = [db.session.query(Provider).one()]
    cast.booking(rosa, [biscuit], "Agility", TOMORROW, made_at=AT - timedelta(days=1), session=session)
    sessions.call_off(session, "this", "Ice on the field", by=SYSTEM, at=AT - timedelta(hours=1))
    db.session.query(QueueCheck).delete()
    db.session.commit()
    return session


def path(session: ServiceSession) -> str:
    return f"/desk/classes/{session.id}"


def test_it_takes_place_again_with_nobody_in_it(browse: Browse, theo: Member, off: ServiceSession) -> None:  # FD-2
    browser = browse(theo)
    assert f'href="{path(off)}/return"' in browser.get(path(off)).text
    question = browser.get(f"{path(off)}/return").text
    assert "Nobody who was booked before is booked again by itself, and nobody is told." in question
    assert "registered" not in question
    letters = db.session.query(Delivery).count()
    answer = browser.post(f"{path(off)}/return")
    assert (answer.status_code, answer.location) == (303, path(off))
    page = browser.get(path(off)).text
    assert "It takes place. Nobody is booked yet." in page
    assert "Ice on the field" not in page
    db.session.refresh(off)
    assert (off.called_off_at, off.called_off_why) == (None, "")
    assert places.left(off, AT) == 4
    assert db.session.query(Delivery).count() == letters
    assert db.session.query(QueueCheck).one().service_session_id == off.id, "whoever waits for any date is asked"


def test_what_has_come_up_since_is_said_before(browse: Browse, theo: Member, off: ServiceSession) -> None:  # FD-2
    (provider,) = off.providers
    signed = {"at": AT, "by_kind": "system", "by_id": None, "by_name": "Latchkey"}
    away = TimeOff(provider_id=provider.id, starts_at=off.starts_at, ends_at=off.ends_at, reason="Dentist", **signed)
    db.session.add(away)
    db.session.commit()
    assert "Theo Brandt is away (Dentist)" in browse(theo).get(f"{path(off)}/return").text


def test_it_is_refused_in_words(browse: Browse, theo: Member, off: ServiceSession) -> None:  # FD-2
    browser, ask = browse(theo), f"{path(off)}/return"
    off.service.retired_at = AT
    db.session.commit()
    gone = browser.post(ask)
    assert (gone.status_code, "Agility is not open any more" in gone.text) == (422, True)
    off.service.retired_at = None
    db.session.commit()
    with time_machine.travel(TOMORROW, tick=False):
        over = browse(theo).swap(ask)
        assert (over.status_code, "That time is over, so it stays called off." in over.text) == (422, True)
        assert ask not in browse(theo).get(path(off)).text
    assert browser.post(ask).status_code == 303
    twice = browser.post(ask)
    assert (twice.status_code, "it is not called off" in twice.text) == (422, True)
    assert browser.get("/desk/classes/999/return").status_code == 404


def test_the_clients_room_has_no_such_door(browse: Browse, rosa: Client, off: ServiceSession) -> None:
    assert browse(rosa).post(f"{path(off)}/return").status_code in (302, 401)
    db.session.refresh(off)
    assert off.called_off_at


@pytest.mark.parametrize("again", [False, True])
def test_who_registered_for_the_series_comes_if_staff_want_it_so(
    browse: Browse, theo: Member, rosa: Client, biscuit: Pet, app: Flask, again: bool
) -> None:  # FD-2 SB-2
    course = cast.course(TOMORROW)
    series_registrations.register(rosa, course, [biscuit], key=None, by=as_client(rosa), at=AT)
    second = db.session.query(ServiceSession).order_by(ServiceSession.starts_at).all()[1]
    sessions.call_off(second, "this", by=SYSTEM, at=AT)
    browser = browse(theo)
    assert "Book those who have registered for Puppy Course" in browser.get(f"{path(second)}/return").text
    browser.post(f"{path(second)}/return", data={"registered": "y"} if again else {})
    made = db.session.query(Booking).filter_by(service_session_id=second.id).order_by(Booking.id).all()
    assert [(one.price, bool(one.cancellation)) for one in made[1:]] == ([(0, False)] if again else [])
    said = "1 booking: the clients are told." if again else "Nobody is booked yet."
    assert said in browser.get(path(second)).text
