"""Checking in and out, no-shows, and taking each of them back."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from portal.db import db
from portal.models import (
    Attendance,
    Booking,
    Client,
    Delivery,
    History,
    Location,
    Member,
    Message,
    Offer,
    Offering,
    Pet,
)
from portal.rules import attendances, bookings, free_places, waitlists
from portal.rules.actors import as_client, as_member
from portal.rules.chances import Wish
from portal.rules.refused import Refused
from portal.rules.standing import Standing, standing, status
from tests import cast

AT = cast.NOON  # Monday 23 November 2026, 10:00 in New York
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
Act = Callable[..., Standing]


@pytest.fixture
def groom(rosa: Client, biscuit: Pet) -> Booking:
    return cast.booking(rosa, [biscuit], "Full Groom", AT, made_at=AT - 5 * DAY)


def said(act: Act, booking: Booking, by: Member, at: datetime) -> str:
    with pytest.raises(Refused) as no:
        act(booking, by=as_member(by), at=at)
    return str(no.value).replace("\N{NO-BREAK SPACE}", " ")


def told() -> list[tuple[str, str, str]]:
    rows = db.session.query(History).filter(History.field == "Status", History.by_kind == "member").order_by(History.id)
    return [(row.old, row.new, row.by_name) for row in rows]


def test_in_and_out_leaves_who_and_when_and_says_nothing_to_the_client(groom: Booking, theo: Member) -> None:  # FD-1
    letters = db.session.query(Message).count(), db.session.query(Delivery).count()
    attendances.check_in(groom, by=as_member(theo), at=AT + 5 * MINUTE)
    assert status(standing(groom.id), AT + 5 * MINUTE) == "Checked in"
    attendances.check_out(groom, by=as_member(theo), at=AT + HOUR)
    assert status(standing(groom.id), AT + HOUR) == "Done"
    kept = db.session.query(Attendance).one()
    assert (kept.checked_in_at, kept.checked_in_by) == (AT + 5 * MINUTE, "Theo Brandt")
    assert (kept.checked_out_at, kept.checked_out_by) == (AT + HOUR, "Theo Brandt")
    assert told() == [("Booked", "Checked in", "Theo Brandt"), ("Checked in", "Done", "Theo Brandt")]
    assert (db.session.query(Message).count(), db.session.query(Delivery).count()) == letters


def test_whoever_comes_second_hears_who_did_it_and_when(groom: Booking, theo: Member, nina: Member) -> None:  # FD-1
    attendances.check_in(groom, by=as_member(theo), at=AT)
    no = said(attendances.check_in, groom, nina, AT + MINUTE)
    assert no == "Biscuit is already checked in: Theo Brandt did that today, 10:00 AM."
    attendances.check_out(groom, by=as_member(nina), at=AT + HOUR)
    no = "Biscuit is already checked out: Nina Park did that today, 11:00 AM."
    assert said(attendances.check_out, groom, theo, AT + HOUR) == no
    assert said(attendances.check_in, groom, theo, AT + HOUR) == no
    assert said(attendances.undo_check_in, groom, theo, AT + HOUR) == no
    assert said(attendances.miss, groom, theo, AT + HOUR) == no
    assert len(told()) == 2


def test_only_what_is_booked_for_the_day_is_checked_in(rosa: Client, biscuit: Pet, juno: Pet, nina: Member) -> None:
    tomorrow = cast.booking(rosa, [biscuit, juno], "Full Groom", AT + DAY, made_at=AT - DAY)
    no = said(attendances.check_in, tomorrow, nina, AT)
    assert no == "Biscuit and Juno are expected tomorrow, 10:00 AM. Check in on that day."
    over = cast.booking(rosa, [biscuit], "Full Groom", AT - 3 * DAY, made_at=AT - 9 * DAY)
    assert "was for Fri 20 Nov 2026" in said(attendances.check_in, over, nina, AT)
    asked = cast.booking(rosa, [biscuit], "Full Groom", AT, made_at=AT - DAY, needs_approval=True)
    assert "This is still a request" in said(attendances.check_in, asked, nina, AT)
    gone = cast.booking(rosa, [juno], "Daycare", AT, made_at=AT - DAY)
    bookings.cancel(gone, by=as_client(rosa), at=AT - HOUR)
    assert said(attendances.check_in, gone, nina, AT).startswith("This booking was cancelled today, 9:00 AM.")
    assert db.session.query(Attendance).count() == 0
    assert told() == []


def test_days_are_days_of_the_location(groom: Booking, nina: Member) -> None:
    """10:00 in New York is 4:00 the next day in Auckland's summer."""
    db.session.query(Location).filter_by(id=groom.location_id).one().time_zone = "Pacific/Auckland"
    db.session.flush()
    no = said(attendances.check_in, groom, nina, datetime.fromisoformat("2026-11-23T10:59:00+00:00"))
    assert no == "Biscuit is expected tomorrow, 4:00 AM. Check in on that day."
    attendances.check_in(groom, by=as_member(nina), at=datetime.fromisoformat("2026-11-23T11:00:00+00:00"))


def test_a_stay_may_begin_late(rosa: Client, biscuit: Pet, nina: Member) -> None:
    stay = cast.booking(rosa, [biscuit], "Boarding", AT - DAY, made_at=AT - 9 * DAY, ends_at=AT + DAY)
    attendances.check_in(stay, by=as_member(nina), at=AT)
    assert status(standing(stay.id), AT) == "Checked in"


def test_nobody_leaves_who_has_not_come(groom: Booking, nina: Member) -> None:
    assert said(attendances.check_out, groom, nina, AT) == "Biscuit is not checked in. Check in first, then out."
    for undo in (attendances.undo_check_in, attendances.undo_check_out, attendances.undo_miss):
        assert said(undo, groom, nina, AT).startswith("There is nothing to undo: Biscuit is not ")
    assert db.session.query(Attendance).count() == 0


def test_each_can_be_taken_back_for_ten_minutes(groom: Booking, nina: Member) -> None:  # FD-1
    by = as_member(nina)
    attendances.check_in(groom, by=by, at=AT)
    attendances.undo_check_in(groom, by=by, at=AT + 10 * MINUTE)
    assert db.session.query(Attendance).count() == 0
    attendances.check_in(groom, by=by, at=AT + 20 * MINUTE)
    attendances.check_out(groom, by=by, at=AT + 40 * MINUTE)
    attendances.undo_check_out(groom, by=by, at=AT + 50 * MINUTE)
    kept = db.session.query(Attendance).one()
    assert (kept.checked_in_at, kept.checked_out_at, kept.checked_out_by) == (AT + 20 * MINUTE, None, None)
    assert [row[:2] for row in told()] == [
        ("Booked", "Checked in"),
        ("Checked in", "Booked"),
        ("Booked", "Checked in"),
        ("Checked in", "Done"),
        ("Done", "Checked in"),
    ]


def test_after_ten_minutes_it_stays_and_says_what_to_do(groom: Booking, nina: Member) -> None:
    by, late = as_member(nina), 10 * MINUTE + timedelta(seconds=1)
    attendances.check_in(groom, by=by, at=AT)
    assert said(attendances.undo_check_in, groom, nina, AT + late).endswith("they are over. Check out instead.")
    attendances.check_out(groom, by=by, at=AT + HOUR)
    assert "Make a new booking" in said(attendances.undo_check_out, groom, nina, AT + HOUR + late)
    assert db.session.query(Attendance).one().checked_out_at == AT + HOUR


def test_undoing_a_check_in_after_a_no_show_leaves_the_no_show(
    groom: Booking, nina: Member, theo: Member
) -> None:  # FD-1
    attendances.miss(groom, by=as_member(nina), at=AT + MINUTE)
    attendances.check_in(groom, by=as_member(theo), at=AT + 2 * MINUTE)
    attendances.undo_check_in(groom, by=as_member(theo), at=AT + 3 * MINUTE)
    assert status(standing(groom.id), AT + 3 * MINUTE) == "No-show"
    kept = db.session.query(Attendance).one()
    assert (kept.missed_at, kept.missed_by, kept.checked_in_at) == (AT + MINUTE, "Nina Park", None)
    assert told()[-1] == ("Checked in", "No-show", "Theo Brandt")
    attendances.undo_miss(groom, by=as_member(nina), at=AT + 4 * MINUTE)
    attendances.check_in(groom, by=as_member(theo), at=AT + 5 * MINUTE)
    attendances.undo_check_in(groom, by=as_member(theo), at=AT + 6 * MINUTE)
    assert status(standing(groom.id), AT + 6 * MINUTE) == "Booked", "it was no no-show any more"


def nights(biscuit: Pet, pepper: Pet) -> tuple[Booking, Wish]:
    """The only place for the night is Biscuit's, who should have come an hour ago; Pepper waits for tomorrow's."""
    cast.open_shop()
    maple, boarding = db.session.query(Location).filter_by(name="Maple Street").one(), cast.service("Boarding")
    db.session.query(Offering).filter_by(service_id=boarding.id, location_id=maple.id).one().places = 1
    stay = cast.booking(biscuit.client, [biscuit], "Boarding", AT - HOUR, made_at=AT - 9 * DAY, ends_at=AT + 4 * DAY)
    wish = Wish(boarding, None, maple, (AT + 2 * DAY).date(), (AT + 3 * DAY).date())
    waitlists.join_all(pepper.client, [pepper], [wish], together=False, by=as_client(pepper.client), at=AT - HOUR)
    free_places.run_due(AT - HOUR)
    return stay, wish


def test_who_waits_is_asked_when_a_no_show_can_be_undone_no_more(
    biscuit: Pet, pepper: Pet, nina: Member
) -> None:  # FD-1, WL-5
    stay, _ = nights(biscuit, pepper)
    attendances.miss(stay, by=as_member(nina), at=AT)
    free_places.run_due(AT + 9 * MINUTE)
    assert db.session.query(Offer).count() == 0
    attendances.undo_miss(stay, by=as_member(nina), at=AT + 9 * MINUTE)
    free_places.run_due(AT + 10 * MINUTE)
    assert (db.session.query(Offer).count(), stay.overbooked) == (0, False)
    attendances.miss(stay, by=as_member(nina), at=AT + 11 * MINUTE)
    free_places.run_due(AT + 21 * MINUTE)
    assert db.session.query(Offer).one().client_id == pepper.client_id


def test_a_place_booked_before_a_no_show_is_undone_is_overbooked_and_says_so(
    biscuit: Pet, pepper: Pet, nina: Member
) -> None:  # FD-1, SB-6
    stay, wish = nights(biscuit, pepper)
    attendances.miss(stay, by=as_member(nina), at=AT)
    times = wish.chance()
    assert times
    span = {"starts_at": times.starts_at, "ends_at": times.ends_at}
    cast.booking(pepper.client, [pepper], "Boarding", made_at=AT + MINUTE, **span)
    attendances.undo_miss(stay, by=as_member(nina), at=AT + 2 * MINUTE)
    assert stay.overbooked
    noted = db.session.query(History).filter_by(field="Overbooked").one()
    assert (noted.client_id, noted.by_name) == (biscuit.client_id, "Nina Park")


def test_a_no_show_is_marked_after_the_time_and_can_still_come(groom: Booking, nina: Member, theo: Member) -> None:
    by = as_member(nina)
    assert "expected today, 10:00 AM" in said(attendances.miss, groom, nina, AT - MINUTE)
    attendances.miss(groom, by=by, at=AT + MINUTE)
    assert status(standing(groom.id), AT + MINUTE) == "No-show"
    assert "Nina Park did that today, 10:01 AM" in said(attendances.miss, groom, theo, AT + 2 * MINUTE)
    attendances.undo_miss(groom, by=by, at=AT + 3 * MINUTE)
    assert status(standing(groom.id), AT + 3 * MINUTE) == "Booked"
    attendances.miss(groom, by=by, at=AT + 4 * MINUTE)
    assert "check them in" in said(attendances.undo_miss, groom, nina, AT + 20 * MINUTE)
    attendances.check_in(groom, by=by, at=AT + 30 * MINUTE)
    kept = db.session.query(Attendance).one()
    assert (kept.missed_at, kept.missed_by, kept.checked_in_at) == (None, None, AT + 30 * MINUTE)
    assert told()[-1][:2] == ("No-show", "Checked in")
    assert "already checked in" in said(attendances.miss, groom, theo, AT + HOUR)
