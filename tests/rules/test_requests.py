"""Requests: confirmed while there is a place, or on purpose beyond it; declined with a reason."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from portal.db import db
from portal.models import (
    Booking,
    Client,
    Decision,
    Delivery,
    History,
    Location,
    Member,
    Message,
    Pet,
    QueueCheck,
    ServiceSession,
)
from portal.rules import bookings, requests, series_registrations
from portal.rules.actors import as_client, as_member
from portal.rules.refused import Refused
from portal.rules.requests import Full
from portal.rules.standing import standing, status
from tests import cast
from tests.cast import NOON

TOMORROW = NOON + timedelta(days=1)


@pytest.fixture(autouse=True)
def _on_this_day(app: object) -> Iterator[None]:
    cast.open_shop()
    cast.service("Agility").needs_approval = True
    db.session.commit()
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def session(app: object) -> ServiceSession:
    return cast.session("Agility", TOMORROW, capacity=2)


@pytest.fixture
def asked(rosa: Client, biscuit: Pet, session: ServiceSession) -> Booking:
    return cast.booking(rosa, [biscuit], "Agility", TOMORROW, made_at=NOON, session=session)


@pytest.fixture
def rival(omar: Client, asked: Booking, session: ServiceSession) -> Booking:
    pepper = db.session.query(Pet).filter_by(name="Pepper").one()
    return cast.booking(omar, [pepper], "Agility", TOMORROW, made_at=NOON, session=session)


def state(booking: Booking) -> str:
    return status(standing(booking.id), NOON)


def test_it_is_confirmed(asked: Booking, nina: Member) -> None:  # BK-7, FD-3
    assert status(requests.confirm_request(asked, by=as_member(nina), at=NOON), NOON) == "Booked"
    newest = db.session.query(Message).order_by(Message.id.desc()).first()
    assert newest
    assert newest.thread.subject == "We have your request: Agility"
    assert "We look forward to Biscuit." in newest.text
    line = db.session.query(History).filter_by(field="Status", new="Booked").one()
    assert (line.old, line.by_name) == ("Requested", "Nina Park")


def test_it_is_declined_with_a_reason(asked: Booking, nina: Member) -> None:  # BK-7, FD-3
    with pytest.raises(Refused, match="Give a reason"):
        requests.decline(asked, "  ", by=as_member(nina), at=NOON)
    requests.decline(asked, "Biscuit is too quick for this class.", by=as_member(nina), at=NOON)
    assert state(asked) == "Declined"
    newest = db.session.query(Message).order_by(Message.id.desc()).first()
    assert newest
    assert "Biscuit is too quick for this class.\n\nNothing has been charged." in newest.text
    assert db.session.query(QueueCheck).one().due_at == NOON  # WL-5: the place is free at once


def test_nobody_is_told_where_staff_say_so(asked: Booking, rival: Booking, nina: Member) -> None:
    before = db.session.query(Delivery).count()
    requests.confirm_request(asked, tell=False, by=as_member(nina), at=NOON)
    requests.decline(rival, "No.", tell=False, by=as_member(nina), at=NOON)
    assert db.session.query(Delivery).count() == before


def test_two_who_ask_for_one_place(asked: Booking, rival: Booking, session: ServiceSession, nina: Member) -> None:
    # The first is not in the way of the second until one of them is confirmed
    session.capacity = 1
    db.session.commit()
    requests.confirm_request(asked, by=as_member(nina), at=NOON)
    assert not asked.overbooked
    with pytest.raises(Full, match="Agility is full"):
        requests.confirm_request(rival, by=as_member(nina), at=NOON)
    assert state(rival) == "Requested"
    assert db.session.query(Decision).count() == 1


def test_confirmed_beyond_the_places_on_purpose(
    asked: Booking, rival: Booking, session: ServiceSession, nina: Member
) -> None:
    session.capacity = 1
    db.session.commit()
    requests.confirm_request(asked, by=as_member(nina), at=NOON)
    requests.confirm_request(rival, overbook=True, by=as_member(nina), at=NOON)
    assert (state(rival), rival.overbooked) == ("Booked", True)
    assert db.session.query(History).filter_by(field="Overbooked").one().new == "Agility is full."


def test_an_answer_is_given_once(asked: Booking, nina: Member, rosa: Client, rival: Booking, omar: Client) -> None:
    requests.confirm_request(asked, by=as_member(nina), at=NOON)
    for again in (
        lambda: requests.confirm_request(asked, by=as_member(nina), at=NOON),
        lambda: requests.decline(asked, "No.", by=as_member(nina), at=NOON),
    ):
        with pytest.raises(Refused, match="no open request any more"):
            again()
    bookings.cancel(rival, by=as_client(omar), at=NOON)
    with pytest.raises(Refused, match="“Cancelled”"):
        requests.confirm_request(rival, by=as_member(nina), at=NOON)


def test_the_list_is_what_waits_soonest_first(
    asked: Booking, rival: Booking, rosa: Client, juno: Pet, nina: Member
) -> None:  # FD-3
    sooner = cast.booking(
        rosa, [juno], "Agility", NOON + timedelta(hours=1), made_at=NOON, session=cast.session("Agility", NOON)
    )
    assert [one.id for one in requests.asked(NOON)] == [sooner.id, asked.id, rival.id]
    assert [one.client for one in requests.asked(NOON)] == ["Rosa Delgado", "Rosa Delgado", "Omar Haddad"]
    requests.decline(asked, "No.", by=as_member(nina), at=NOON)
    assert [one.id for one in requests.asked(NOON)] == [sooner.id, rival.id]
    assert [one.id for one in requests.asked(NOON + timedelta(days=7, hours=2))] == [rival.id]
    assert requests.asked(NOON + timedelta(days=9)) == []


def test_a_series_is_answered_as_a_whole(rosa: Client, biscuit: Pet, nina: Member) -> None:  # SB-7
    made = series_registrations.register(rosa, cast.course(TOMORROW), [biscuit], key=None, by=as_client(rosa), at=NOON)
    first, *others = series_registrations.bookings_of(made)
    assert [one.id for one in requests.asked(NOON)] == [first.id]
    before = db.session.query(Message).count()
    requests.confirm_request(first, by=as_member(nina), at=NOON)
    assert [state(one) for one in others] == ["Booked", "Booked"]
    assert db.session.query(Message).count() == before + 1
    assert requests.asked(NOON) == []


def test_a_day_is_counted_without_what_others_ask(rosa: Client, omar: Client, biscuit: Pet, nina: Member) -> None:
    daycare, place = cast.service("Daycare"), db.session.query(Location).filter_by(name="Maple Street").one()
    daycare.needs_approval = True
    db.session.flush()
    pepper = db.session.query(Pet).filter_by(name="Pepper").one()
    one, other = (
        cast.booking(owner, [pet], "Daycare", TOMORROW, made_at=NOON)
        for owner, pet in ((rosa, biscuit), (omar, pepper))
    )
    place.places = 1
    db.session.commit()
    requests.confirm_request(one, by=as_member(nina), at=NOON)
    with pytest.raises(Full, match="Maple Street is full"):
        requests.confirm_request(other, by=as_member(nina), at=NOON)
