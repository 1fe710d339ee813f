"""The state that a booking keeps for being found and counted by, the number of its pets, and how long it lasts."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from portal.db import db
from portal.models import UNSETTLED, Booking, BookingPet, Client, Member, Pet
from portal.rules import attendances, bookings, requests
from portal.rules.actors import as_client, as_member
from tests import cast
from tests.conftest import mismeasured

AT = cast.NOON
MINUTE = timedelta(minutes=1)


def kept(booking: Booking) -> tuple[str, int]:
    state, pets = db.session.execute(select(Booking.state, Booking.pet_count).where(Booking.id == booking.id)).one()
    return state.value, pets


def length(booking: Booking) -> int | None:
    return db.session.scalar(select(Booking.length).where(Booking.id == booking.id))


@pytest.mark.parametrize(
    ("lasting", "kept"),
    [
        ({}, 0),
        ({"hours": 5, "minutes": 59}, 0),
        ({"hours": 6}, 1),
        ({"hours": 23, "minutes": 59}, 1),
        ({"days": 1}, 2),
        ({"days": 4, "hours": -1}, 2),
        ({"days": 4}, 3),
        ({"days": 16}, 4),
        ({"days": 64}, 5),
        ({"days": 256}, 6),
        ({"days": 9_000}, 6),
    ],
)
def test_a_booking_keeps_how_long_it_lasts(
    rosa: Client, biscuit: Pet, juno: Pet, lasting: dict[str, int], kept: int
) -> None:
    ends = AT + timedelta(**lasting)
    made = cast.booking(rosa, [biscuit], "Boarding", AT, ends_at=ends, made_at=AT)
    moved = cast.booking(rosa, [juno], "Boarding", AT, ends_at=AT + timedelta(days=20), made_at=AT)
    moved.starts_at, moved.ends_at = AT + MINUTE, ends + MINUTE
    row = {name: getattr(made, name) for name in ("client_id", "service_id", "location_id", "starts_at", "ends_at")}
    db.session.execute(insert(Booking), [{**row, "made_at": AT, "key": "in bulk"}])
    written = db.session.query(Booking).filter_by(key="in bulk").one()
    db.session.commit()
    assert [length(one) for one in (made, moved, written)] == [kept] * 3


def test_a_booking_keeps_how_far_it_has_come(rosa: Client, biscuit: Pet, juno: Pet, theo: Member) -> None:  # FD-1
    by, client = as_member(theo), as_client(rosa)
    groom = cast.booking(rosa, [biscuit, juno], "Full Groom", AT, needs_approval=True, made_at=AT - MINUTE)
    states = [kept(groom)]
    requests.confirm_request(groom, by=by, at=AT)
    states.append(kept(groom))
    for act in (bookings.cancel, bookings.restore):
        act(groom, by=by, at=AT)
        states.append(kept(groom))
    for act in (
        attendances.miss,
        attendances.undo_miss,
        attendances.check_in,
        attendances.check_out,
        attendances.undo_check_out,
        attendances.undo_check_in,
    ):
        act(groom, by=by, at=AT)
        states.append(kept(groom))
    assert [state for state, _ in states] == [
        "requested",
        "booked",
        "cancelled",
        "booked",
        "missed",
        "booked",
        "here",
        "left",
        "here",
        "booked",
    ]
    assert {pets for _, pets in states} == {2}
    request = cast.booking(rosa, [biscuit], "Full Groom", AT + timedelta(days=3), needs_approval=True, made_at=AT)
    bookings.cancel(request, by=client, at=AT)
    bookings.restore(request, by=client, at=AT)
    assert kept(request) == ("requested", 1)
    requests.decline(request, "We are away.", by=by, at=AT)
    assert kept(request) == ("declined", 1)


def test_whoever_runs_the_app_has_bookings_settled() -> None:
    """In a process of its own: here the tests themselves might have seen to it."""
    asked = "import sys, app; sys.exit('portal.models.settled' not in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], cwd=Path(__file__).parents[2]).returncode == 0


def test_what_is_written_past_it_does_not_go_unseen(rosa: Client, biscuit: Pet) -> None:
    groom = cast.booking(rosa, [biscuit], "Full Groom", AT, made_at=AT - MINUTE)
    db.session.commit()
    for change in ("UPDATE booking SET pet_count = 2", "UPDATE booking SET state = 'here'"):
        assert db.session.scalars(UNSETTLED).all() == []
        db.session.execute(text(change))
        assert db.session.scalars(UNSETTLED).all() == [groom.id]
        db.session.rollback()
    groom.ends_at += timedelta(days=2)
    db.session.flush()
    assert length(groom) == 2
    assert mismeasured() == []
    db.session.execute(text("UPDATE booking SET length = 1"))
    assert mismeasured() == [groom.id]
    db.session.rollback()
    db.session.delete(db.session.scalars(select(BookingPet)).one())
    db.session.flush()
    assert kept(groom) == ("booked", 0)
