"""The day at the desk: which lane somebody stands in, and what stands beside the name."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, text

from portal import wording
from portal.db import db
from portal.models import Attendance, Booking, Client, Location, Member, Note, Pet, Vaccination, VaccineKind
from portal.rules import attendances, bookings, desk_days, waitlists
from portal.rules.actors import as_client, as_member
from portal.rules.desk_days import Day, day, places
from portal.rules.desk_lanes import Lane
from portal.rules.visits import same_day
from tests import cast

AT = cast.NOON  # Monday 23 November 2026, 10:00 in New York
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def board(at: datetime = AT, at_place: str = "") -> Day:
    db.session.flush()
    return day([place for place in places()[0] if at_place in ("", place.name)], at=at)


def ids(lane: Lane) -> list[int]:
    return [visit.id for visit in lane.visits]


def book(owner: Client, pet: Pet, away: timedelta, service: str = "Full Groom", **more: object) -> Booking:
    return cast.booking(owner, [pet], service, AT + away, made_at=AT - 20 * DAY, **more)


def test_everybody_stands_in_one_lane(rosa: Client, biscuit: Pet, juno: Pet, nina: Member) -> None:  # FD-1
    by = as_member(nina)
    late, later = book(rosa, biscuit, -HOUR), book(rosa, juno, 2 * HOUR)
    stays = book(rosa, biscuit, -3 * DAY, "Boarding", ends_at=AT + DAY)
    leaves = book(rosa, juno, -3 * DAY, "Boarding", ends_at=AT + HOUR)
    overdue = book(rosa, cast.pet(rosa, "Puppy", biscuit.animal), -9 * DAY, "Boarding", ends_at=AT - DAY)
    for booking in (stays, leaves, overdue):
        attendances.check_in(booking, by=by, at=booking.starts_at)
    book(rosa, biscuit, DAY)
    book(rosa, biscuit, -DAY)
    bookings.cancel(book(rosa, biscuit, HOUR), by=as_client(rosa), at=AT - 2 * DAY)
    now = board()
    assert ids(now.arrivals) == [late.id, later.id]
    assert (now.arrivals.late, now.departures.late) == (1, 1)
    assert ids(now.house) == [stays.id]
    assert ids(now.departures) == [overdue.id, leaves.id]
    assert (now.arrivals.due, now.house.due, now.departures.due, now.inside) == (2, 1, 2, 3)
    assert now.arrivals.next == (later.starts_at, "America/New_York")
    assert now.departures.next == (leaves.ends_at, "America/New_York")


def test_who_has_left_stays_in_view_while_it_can_be_undone(rosa: Client, biscuit: Pet, nina: Member) -> None:
    stay = book(rosa, biscuit, -3 * DAY, "Boarding", ends_at=AT + DAY)
    attendances.check_in(stay, by=as_member(nina), at=stay.starts_at)
    attendances.check_out(stay, by=as_member(nina), at=AT)
    for minutes, shown in ((0, [stay.id]), (10, [stay.id]), (11, [])):
        now = board(AT + timedelta(minutes=minutes))
        assert ids(now.departures) == shown
        assert now.inside == 0


def test_a_no_show_stands_last_and_is_not_counted(rosa: Client, biscuit: Pet, juno: Pet, nina: Member) -> None:
    missed, comes = book(rosa, biscuit, -2 * HOUR), book(rosa, juno, HOUR)
    attendances.miss(missed, by=as_member(nina), at=AT - HOUR)
    now = board()
    assert ids(now.arrivals) == [comes.id, missed.id]
    assert (now.arrivals.rows, now.arrivals.due, now.arrivals.late) == (2, 1, 0)


def test_a_stay_that_should_have_begun_is_still_expected(rosa: Client, biscuit: Pet) -> None:
    stay = book(rosa, biscuit, -DAY, "Boarding", ends_at=AT + 2 * DAY)
    book(rosa, biscuit, -DAY, ends_at=AT - HOUR)
    assert ids(board().arrivals) == [stay.id]


def test_each_location_has_its_own_day(rosa: Client, biscuit: Pet) -> None:
    """At 10:00 in New York it is Tuesday, 4:00, in Auckland."""
    river = db.session.query(Location).filter_by(name="Riverside").one()
    river.time_zone = "Pacific/Auckland"
    db.session.flush()
    here = book(rosa, biscuit, 13 * HOUR)
    groom, by = cast.service("Full Groom"), as_client(rosa)
    there = [
        bookings.book(rosa, groom, [biscuit], location=river, starts_at=starts, by=by, at=AT - 9 * DAY)
        for starts in (AT - 5 * HOUR, AT - 3 * HOUR, AT + 19 * HOUR, AT + 21 * HOUR)
    ]
    assert ids(board(at_place="Maple Street").arrivals) == [here.id]
    assert ids(board(at_place="Riverside").arrivals) == [there[1].id, there[2].id]
    assert sorted(ids(board().arrivals)) == sorted([here.id, there[1].id, there[2].id])


@pytest.mark.parametrize(
    ("when", "hours", "midnight"), [("2026-03-08", 23, 5), ("2026-11-01", 25, 4), ("2026-11-23", 24, 5)]
)
def test_a_day_with_a_clock_change_is_as_long_as_it_is(when: str, hours: int, midnight: int) -> None:
    begins, ends = desk_days.today("America/New_York", datetime.fromisoformat(f"{when}T17:00:00+00:00"))
    assert ends - begins == hours * HOUR
    assert begins.astimezone(UTC).hour == midnight


def test_what_must_not_be_overlooked_stands_on_the_row(rosa: Client, biscuit: Pet, nina: Member) -> None:  # FD-1 VAX-2
    book(rosa, biscuit, HOUR, "Boarding", ends_at=AT + 3 * DAY)

    def flags() -> tuple[bool, list[str], bool, bool]:
        (visit,) = board().arrivals.visits
        return visit.unprotected, visit.celebrating(wording.today_in(visit.zone, AT)), visit.is_new(AT), visit.noted

    assert flags() == (True, [], False, False)
    kinds = db.session.query(VaccineKind).filter_by(animal_id=biscuit.animal_id, required=True).all()
    rows = [
        Vaccination(client_id=rosa.id, pet_id=biscuit.id, vaccine_kind_id=kind.id, expires_on=date(2026, 11, 26))
        for kind in kinds
    ]
    db.session.add_all(rows)
    assert flags()[0] is False, "good through the last day of the stay"
    rows[0].expires_on = date(2026, 11, 25)
    assert flags()[0] is True, "runs out during the stay"
    biscuit.birthday = date(2020, 11, 23)
    assert flags()[1] == ["Biscuit"]
    rosa.created_at = AT - 30 * DAY
    assert flags()[2] is True
    rosa.created_at = AT - 31 * DAY
    assert flags()[2] is False
    other = db.session.query(Pet).filter_by(name="Juno").one()
    sign = {"text": "Likes cheese.", "at": AT, "by_kind": "member", "by_id": nina.id, "by_name": nina.name}
    note = Note(client_id=rosa.id, pet_id=other.id, **sign)
    db.session.add(note)
    book(rosa, other, 9 * DAY)
    assert flags()[3] is False, "it is about another pet"
    note.pet_id = biscuit.id
    assert flags()[3] is True
    note.pet_id = None
    assert flags()[3] is True


def test_who_was_born_on_29_february_has_a_birthday_every_year() -> None:
    born = date(2020, 2, 29)
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2028, 2, 28), date(2028, 2, 29)]
    assert [same_day(born, when) for when in days] == [True, False, False, True]
    assert not same_day(date(2020, 2, 27), date(2026, 2, 28))


def test_a_request_is_shown_but_not_late(rosa: Client, biscuit: Pet) -> None:
    book(rosa, biscuit, -HOUR, needs_approval=True)
    (visit,) = board().arrivals.visits
    assert visit.requested
    assert board().arrivals.late == 0


def test_a_class_shows_its_places_and_who_comes(rosa: Client, biscuit: Pet, juno: Pet) -> None:  # FD-1
    lesson = cast.session("Agility", AT + HOUR, capacity=2)
    cast.session("Agility", AT + DAY)
    book(rosa, biscuit, HOUR, "Agility", session=lesson)
    book(rosa, juno, HOUR, "Agility", session=lesson)
    miso = db.session.query(Pet).filter_by(name="Miso").one()
    waitlists.join(rosa, miso, cast.service("Agility"), session=lesson, by=as_client(rosa), at=AT)
    (shown,) = board().classes
    assert (shown.id, shown.taken, shown.capacity, shown.waiting) == (lesson.id, 2, 2, 1)
    assert [pupil.name for pupil in shown.pupils] == ["Biscuit", "Juno"]
    assert board(at_place="Riverside").classes == []


def test_the_mark_differs_after_every_change(rosa: Client, biscuit: Pet, nina: Member) -> None:
    marks = [places()[1]]

    def changed() -> bool:
        db.session.flush()
        marks.append(places()[1])
        return marks[-1] not in marks[:-1]

    booking = book(rosa, biscuit, HOUR)
    assert changed()
    attendances.check_in(booking, by=as_member(nina), at=AT)
    assert changed()
    attendances.undo_check_in(booking, by=as_member(nina), at=AT)
    assert changed()
    cast.session("Agility", AT + HOUR)
    assert changed()
    assert not changed()


def test_two_queries_that_use_their_indexes(rosa: Client, biscuit: Pet) -> None:
    book(rosa, biscuit, HOUR)
    asked: list[tuple[str, object]] = []
    event.listen(db.engine, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
    now = places()[0]
    asked.clear()
    day(now, at=AT)
    assert len(asked) == 2
    if db.engine.dialect.name == "sqlite":
        statement, values = asked[0]
        plan = str(list(db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)))  # type: ignore[arg-type]
        in_the_house = "SEARCH booking USING COVERING INDEX ix_booking_of_day (location_id=? AND state=?)"
        today = "(location_id=? AND state=? AND starts_at>? AND starts_at<?)"
        for way in (in_the_house, f"ix_booking_of_day {today}", f"ix_booking_long {today}", "ix_attendance_left"):
            assert way in plan
        for table in ("booking", "booking_pet", "attendance", "note", "pet", "client"):
            assert f"'SCAN {table}'" not in plan
        assert "ix_booking_of_day (location_id=?)" not in plan, "not every booking there ever was"


def test_a_portal_without_a_location_has_an_empty_day(rosa: Client) -> None:
    db.session.execute(text("DELETE FROM location"))
    assert places() == ([], "")
    empty = day([], at=AT)
    assert (empty.inside, empty.arrivals.rows, empty.classes) == (0, 0, [])
    assert db.session.query(Attendance).count() == 0
