"""The lanes that the database tells, held against the slow and obvious way: read everything, then look."""

import random
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal import wording
from portal.db import db
from portal.models import (
    Attendance,
    Booking,
    BookingPet,
    Cancellation,
    Client,
    Decision,
    Location,
    Member,
    Pet,
    Service,
    ServiceSession,
)
from portal.rules import attendances
from portal.rules.actors import as_member
from portal.rules.desk_days import Day, day, places, today
from portal.rules.desk_lanes import LATE_DAYS, SHOWN, STRETCH, Lane, Opened
from portal.rules.visits import VISIT, Visit, as_visit
from tests import cast

ALL = SHOWN + 3
AT = cast.NOON  # Monday 23 November 2026, 10:00 in New York, and Tuesday, 4:00, in Auckland
HOUR, DAY, UNDO = timedelta(hours=1), timedelta(days=1), timedelta(minutes=10)
SIGNED = {"by_kind": "member", "by_id": 1, "by_name": "Nina Park"}
Told = tuple[list[int], int, int, int, datetime | None]


def ids(visits: Iterable[Visit]) -> list[int]:
    return [visit.id for visit in visits]


def told(lane: Lane) -> Told:
    return ids(lane.visits), lane.rows, lane.due, lane.late, lane.next[0] if lane.next else None


class Plainly:
    """The board out of every booking there is."""

    def __init__(self, at_places: list[int], at: datetime) -> None:
        zones = set(db.session.scalars(select(Location.time_zone).where(Location.id.in_(at_places))))
        self.at = at
        self.begins = min(today(zone, at)[0] for zone in zones)
        found = [as_visit(tuple(row)) for row in db.session.execute(VISIT)]
        self.visits = sorted(
            (visit for visit in found if visit.location_id in at_places),
            key=lambda visit: (visit.starts_at, visit.ends_at, visit.id),
        )

    def on(self, moment: datetime, zone: str) -> date:
        return wording.local(moment, zone).date()

    def is_arrival(self, visit: Visit) -> bool:
        if visit.checked_in_at or visit.cancelled_at or visit.confirmed is False:
            return False
        if visit.starts_at < self.begins - LATE_DAYS * DAY:
            return False
        here = self.on(self.at, visit.zone)
        starts, ends = self.on(visit.starts_at, visit.zone), self.on(visit.ends_at, visit.zone)
        return starts == here or (starts < here <= ends and visit.ends_at > self.at and not visit.missed_at)

    def is_shown(self, visit: Visit) -> bool:
        return visit.checked_out_at is None or self.at <= visit.checked_out_at + UNDO

    def stays_on(self, visit: Visit) -> bool:
        return visit.checked_out_at is None and self.on(visit.ends_at, visit.zone) > self.on(self.at, visit.zone)

    def arrivals(self) -> Told:
        rows = sorted(filter(self.is_arrival, self.visits), key=lambda visit: bool(visit.missed_at))
        return self.lane(rows, lambda visit: visit.missed_at, lambda visit: visit.starts_at)

    def house(self) -> Told:
        rows = [visit for visit in self.visits if visit.checked_in_at and self.stays_on(visit)]
        return self.lane(rows, lambda visit: visit.checked_out_at, lambda visit: visit.starts_at)

    def departures(self) -> Told:
        rows = [
            visit for visit in self.visits if visit.checked_in_at and not self.stays_on(visit) and self.is_shown(visit)
        ]
        rows.sort(key=lambda visit: (bool(visit.checked_out_at), visit.ends_at, visit.id))
        return self.lane(rows, lambda visit: visit.checked_out_at, lambda visit: visit.ends_at)

    def lane(self, rows: list[Visit], gone: Callable[[Visit], object], due_at: Callable[[Visit], datetime]) -> Told:
        due = [visit for visit in rows if not gone(visit)]
        late = sum(visit.is_late(self.at) for visit in due)
        return (
            ids(rows),
            len(rows),
            len(due),
            late,
            min((due_at(visit) for visit in due if due_at(visit) > self.at), default=None),
        )

    def classes(self) -> list[tuple[int, int, list[str]]]:
        found = []
        sessions = db.session.scalars(select(ServiceSession).order_by(ServiceSession.starts_at, ServiceSession.id))
        for lesson in sessions:
            zone = lesson.location.time_zone
            if self.on(lesson.starts_at, zone) == self.on(self.at, zone):
                come = [
                    visit
                    for visit in self.visits
                    if visit.session_id == lesson.id and not visit.cancelled_at and visit.confirmed is not False
                ]
                taken = sum(len(visit.pets) for visit in come if not visit.missed_at)
                found.append((lesson.id, taken, sorted(pet.name for visit in come for pet in visit.pets)))
        return found


def crowd(dice: random.Random, many: int) -> None:
    """Bookings of all kinds around AT, at three locations in two zones, many of them just at a border of something."""
    maple, river = db.session.scalars(select(Location).order_by(Location.name)).all()
    river.time_zone = "Pacific/Auckland"
    uptown = Location(name="Uptown", address="", time_zone=maple.time_zone)
    db.session.add(uptown)
    db.session.flush()
    service = db.session.scalars(select(Service).where(Service.name == "Boarding")).one()
    pets = db.session.scalars(select(Pet)).all()
    sessions = [cast.session("Agility", AT + away) for away in (-HOUR, 2 * HOUR, DAY)]
    borders = [border for zone in (maple.time_zone, river.time_zone) for border in today(zone, AT)]
    for _ in range(many):
        lesson = dice.choice([*sessions, *[None] * 5])
        border = dice.choice([AT, AT, *borders, borders[0] - LATE_DAYS * DAY])
        starts = (
            lesson.starts_at
            if lesson
            else border + dice.choice([-DAY, -HOUR, -timedelta(minutes=1), 0 * DAY, HOUR, 3 * HOUR])
        )
        pet = dice.choice(pets)
        booking = Booking(
            client_id=pet.client_id,
            service_id=service.id,
            location_id=maple.id if lesson else dice.choice([maple.id, river.id, uptown.id]),
            service_session_id=lesson.id if lesson else None,
            starts_at=starts,
            ends_at=starts + dice.choice([HOUR, 6 * HOUR, DAY, 2 * DAY, 4 * DAY]),
            needs_approval=dice.random() < 0.3,
            made_at=AT - 9 * DAY,
        )
        db.session.add(booking)
        db.session.flush()
        db.session.add(BookingPet(booking_id=booking.id, pet_id=pet.id, client_id=pet.client_id))
        happens(dice, booking)
    db.session.flush()


def happens(dice: random.Random, booking: Booking) -> None:
    just = AT - dice.choice([timedelta(0), UNDO, UNDO + timedelta(seconds=1), DAY])
    fate = dice.randrange(13)
    if 3 <= fate <= 8:
        booking.needs_approval = False  # nobody can be checked in, or missed, who has only asked
    if fate == 0:
        db.session.add(Cancellation(booking_id=booking.id, at=just, undo_until=just, **SIGNED))
    elif fate in (1, 2):
        db.session.add(Decision(booking_id=booking.id, confirmed=fate == 1, at=just, **SIGNED))
    elif fate in (3, 4, 5):
        db.session.add(Attendance(booking_id=booking.id, checked_in_at=just, checked_in_by="Nina Park"))
    elif fate == 6:
        db.session.add(Attendance(booking_id=booking.id, checked_in_at=just - DAY, checked_out_at=just))
    elif fate == 7:
        db.session.add(Attendance(booking_id=booking.id, missed_at=just, missed_by="Nina Park"))
    elif fate == 8 and booking.service_session_id and booking.starts_at < AT + DAY:  # its class was called off
        db.session.add(Attendance(booking_id=booking.id, checked_in_at=just, checked_in_by="Nina Park"))
        db.session.add(Cancellation(booking_id=booking.id, at=just, undo_until=just, **SIGNED))


@pytest.mark.parametrize("seed", range(12))
def test_the_lanes_are_what_one_sees_who_reads_everything(seed: int, rosa: Client, omar: Client) -> None:  # FD-1
    crowd(random.Random(seed), 120)
    for at_places in (places()[0], places()[0][:1], places()[0][1:]):
        plainly = Plainly([place.id for place in at_places], AT)
        for lane in ("arrivals", "house", "departures"):
            rows, *counts = getattr(plainly, lane)()
            opened = told(getattr(day(at_places, opened=Opened(lane, 1), at=AT), lane))
            assert opened == (rows, *counts)
            short, *still = told(getattr(day(at_places, at=AT), lane))
            assert still == counts
            assert short[:SHOWN] == rows[:SHOWN]
            assert short == [id for id in rows if id in short], "in the same order"
        if len(at_places) == 3:
            classes = [
                (row.id, row.taken, sorted(pupil.name for pupil in row.pupils)) for row in day(at_places, at=AT).classes
            ]
            assert classes == plainly.classes()


@pytest.fixture
def full(rosa: Client, biscuit: Pet) -> list[int]:
    """Fifteen are expected, one each minute."""
    times = [AT + timedelta(minutes=number) for number in range(ALL)]
    pets = [cast.pet(rosa, f"Puppy {number}", biscuit.animal) for number in range(ALL)]
    return [
        cast.booking(rosa, [pet], "Full Groom", when, made_at=AT - DAY).id
        for pet, when in zip(pets, times, strict=True)
    ]


def board(at: datetime = AT, *, lane: str = "", stretch: int = 1, fresh: int = 0) -> Day:
    db.session.flush()
    return day(places()[0], opened=Opened(lane, stretch), fresh=fresh, at=at)


def test_a_lane_shows_its_first_rows_and_counts_them_all(full: list[int]) -> None:  # FD-1
    short = board().arrivals
    assert ids(short.visits) == full[:SHOWN]
    assert (short.rows, short.due) == (ALL, ALL)
    assert ids(board(lane="house").arrivals.visits) == full[:SHOWN], "it is another lane that is open"
    assert ids(board(lane="arrivals").arrivals.visits) == full
    assert (Opened("arrivals", 3).most("arrivals"), Opened("arrivals", 3).most("house")) == (SHOWN + 3 * STRETCH, SHOWN)


def test_what_was_done_just_now_stays_in_view_while_it_can_be_undone(full: list[int], nina: Member) -> None:  # FD-1
    last, by = db.session.get_one(Booking, full[-1]), as_member(nina)
    attendances.miss(last, by=by, at=AT + HOUR)
    for minutes, shown in ((0, True), (10, True), (11, False)):
        now = board(AT + HOUR + timedelta(minutes=minutes)).arrivals
        assert (ids(now.visits) == [*full[:SHOWN], last.id]) is shown
        assert (now.rows, now.due, now.late) == (ALL, ALL - 1, ALL - 1)


def test_the_row_that_a_tap_has_changed_is_shown_wherever_it_stands(full: list[int]) -> None:  # FD-1
    assert ids(board(fresh=full[-1]).arrivals.visits) == [*full[:SHOWN], full[-1]]


def test_as_many_classes_as_rows_and_all_that_are_counted(rosa: Client) -> None:  # FD-1
    many = [cast.session("Agility", AT + timedelta(minutes=number)).id for number in range(SHOWN + 2)]
    assert [row.id for row in board().classes] == many[:SHOWN]
    assert board().class_count == len(many)
    assert [row.id for row in board(lane="classes").classes] == many
