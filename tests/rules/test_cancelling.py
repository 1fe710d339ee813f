"""Until when a client may cancel, and what follows, line by line."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.db import db
from portal.models import Attendance, Booking, Client, Delivery, Member, Message, Notice, Pet, Service, Thread
from portal.rules import bookings, places
from portal.rules.actors import as_client, as_member
from portal.rules.cancelling import after_cancelling, cancellable, cut_off, on_the_day_before, why_not_cancel
from portal.rules.refused import Refused
from portal.rules.standing import Standing, standing, status
from tests import cast

MADE = datetime(2026, 1, 5, 15, tzinfo=UTC)


def at(*wall: int, zone: str = "America/New_York", fold: int = 0) -> datetime:
    return datetime(*wall, tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)  # type: ignore[misc,arg-type]


def booked(client: Client, pet: Pet, starts_at: datetime, service: str = "Full Groom", **more: object) -> Standing:
    return standing(cast.booking(client, [pet], service, starts_at, made_at=MADE, **more).id)


@pytest.mark.parametrize(
    ("starts", "last"),
    [
        (at(2026, 11, 24, 9), at(2026, 11, 23, 9)),
        # The night of 7 to 8 March is an hour short: 24 real hours before 9:00 is 8:00 on the day before.
        (at(2026, 3, 8, 9), at(2026, 3, 7, 8)),
        # The night of 31 October to 1 November is an hour long.
        (at(2026, 11, 1, 9), at(2026, 10, 31, 10)),
        (at(2026, 11, 1, 1, 30, fold=1), at(2026, 10, 31, 2, 30)),
        (at(2028, 3, 1, 0, 15), at(2028, 2, 29, 0, 15)),
        (at(2027, 1, 1, 0, 0), at(2026, 12, 31, 0, 0)),
    ],
)
def test_hours_are_real_hours(
    app: object, rosa: Client, biscuit: Pet, starts: datetime, last: datetime
) -> None:  # BK-3
    booking = booked(rosa, biscuit, starts)
    assert cut_off(booking) == last
    assert cancellable(booking, last)
    assert not cancellable(booking, last + timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("starts", "zone", "wall", "last"),
    [
        (at(2026, 11, 24, 9), "America/New_York", time(18), at(2026, 11, 23, 18)),
        (at(2026, 3, 9, 9), "America/New_York", time(18), at(2026, 3, 8, 18)),
        # 2:30 does not exist on 8 March, 1:30 exists twice on 1 November: the reading that gives longer counts.
        (at(2026, 3, 9, 9), "America/New_York", time(2, 30), datetime(2026, 3, 8, 7, 30, tzinfo=UTC)),
        (at(2026, 11, 2, 9), "America/New_York", time(1, 30), datetime(2026, 11, 1, 6, 30, tzinfo=UTC)),
        # Just after midnight in Auckland the day before is another day than in UTC.
        (
            at(2026, 6, 2, 0, 5, zone="Pacific/Auckland"),
            "Pacific/Auckland",
            time(20),
            at(2026, 6, 1, 20, zone="Pacific/Auckland"),
        ),
        (at(2028, 3, 1, 7, zone="Asia/Kolkata"), "Asia/Kolkata", time(12), at(2028, 2, 29, 12, zone="Asia/Kolkata")),
    ],
)
def test_a_clock_time_on_the_day_before_is_wall_time_of_the_location(starts, zone, wall, last) -> None:  # type: ignore[no-untyped-def]
    assert on_the_day_before(starts, zone, wall) == last  # BK-3


@pytest.mark.parametrize(
    ("starts", "last"),
    [
        # 12 hours before 9:00 is 21:00, but the day before ends at 18:00 for this service.
        (at(2026, 11, 24, 9), at(2026, 11, 23, 18)),
        # 12 hours before 5:00 is 17:00, which is stricter than 18:00.
        (at(2026, 11, 24, 5), at(2026, 11, 23, 17)),
    ],
)
def test_where_there_are_both_limits_the_stricter_counts(
    app: object, rosa: Client, biscuit: Pet, starts: datetime, last: datetime
) -> None:
    assert cut_off(booked(rosa, biscuit, starts, "Agility")) == last  # BK-3


def test_zero_hours_is_until_the_start(app: object, rosa: Client, biscuit: Pet) -> None:  # BK-3
    booking = booked(rosa, biscuit, at(2026, 11, 24, 9), "Daycare")
    assert cancellable(booking, at(2026, 11, 24, 8, 59))
    assert "already started" in (why_not_cancel(booking, at(2026, 11, 24, 9)) or "")


def test_a_service_that_cannot_be_cancelled(app: object, rosa: Client, biscuit: Pet) -> None:  # BK-3
    booking = booked(rosa, biscuit, at(2026, 11, 24, 9), "Boarding")
    assert why_not_cancel(booking, at(2026, 11, 1, 9)) == "Boarding cannot be cancelled here."


def test_the_rule_is_frozen_when_the_booking_is_made(app: object, rosa: Client, biscuit: Pet) -> None:
    booking = booked(rosa, biscuit, at(2026, 11, 24, 9))
    service = db.session.query(Service).filter_by(name="Full Groom").one()
    service.cancel_allowed, service.cancel_hours, service.cancel_day_before_at = False, 72, time(1)
    db.session.commit()
    assert cancellable(standing(booking.id), at(2026, 11, 23, 9))
    assert not cancellable(booked(rosa, biscuit, at(2026, 11, 25, 9)), at(2026, 11, 20, 9))


def test_a_request_can_always_be_withdrawn(app: object, rosa: Client, biscuit: Pet) -> None:  # BK-7
    booking = booked(rosa, biscuit, at(2026, 11, 24, 9), "Boarding", needs_approval=True)
    assert status(booking, at(2026, 11, 24, 8)) == "Requested"
    assert cancellable(booking, at(2026, 11, 24, 8))
    assert after_cancelling(booking) == ["Your request is withdrawn. Nothing has been charged."]


def test_once_checked_in_it_is_too_late(app: object, rosa: Client, biscuit: Pet) -> None:
    booking = booked(rosa, biscuit, at(2026, 11, 24, 9), "Daycare")
    db.session.add(Attendance(booking_id=booking.id, checked_in_at=at(2026, 11, 24, 8, 50)))
    db.session.commit()
    assert "Checked in" in (why_not_cancel(standing(booking.id), at(2026, 11, 24, 8, 55)) or "")


def test_a_page_opened_before_and_sent_after_hears_the_same_words(
    app: object, rosa: Client, biscuit: Pet
) -> None:  # BK-3
    row = cast.booking(rosa, [biscuit], "Full Groom", at(2026, 11, 24, 9), made_at=MADE)
    late = at(2026, 11, 23, 9, 1)
    words = why_not_cancel(standing(row.id), late)
    with pytest.raises(Refused) as no:
        bookings.cancel(row, by=as_client(rosa), at=late)
    assert words
    assert words in str(no.value)
    assert "(212) 555-0148" in str(no.value)
    assert row.cancellation is None


def test_staff_are_not_bound_by_the_cut_off(app: object, rosa: Client, nina: Member, biscuit: Pet) -> None:
    row = cast.booking(rosa, [biscuit], "Boarding", at(2026, 11, 24, 9), made_at=MADE)
    stands = bookings.cancel(row, by=as_member(nina), at=at(2026, 11, 24, 8, 59))
    assert stands.undo_until == at(2026, 11, 24, 9, 9)
    with pytest.raises(Refused):
        bookings.cancel(row, by=as_member(nina), at=at(2026, 11, 24, 9))


def test_the_preview_is_what_the_message_says(app: object, rosa: Client, biscuit: Pet) -> None:  # BK-4
    row = cast.booking(rosa, [biscuit], "Full Groom", at(2026, 11, 24, 9), made_at=MADE)
    said = after_cancelling(standing(row.id))
    bookings.cancel(row, by=as_client(rosa), at=at(2026, 11, 20, 9))
    written = db.session.query(Message).order_by(Message.id.desc()).first()
    assert written
    assert all(words in written.text for words in said)
    assert "Tue 24 Nov 2026, 9:00\xa0AM EST" in written.text
    assert db.session.query(Thread).filter_by(booking_id=row.id).count() == 1, "it joins the booking's own thread"


def test_the_place_is_held_until_the_undo_has_run_out(
    app: object, rosa: Client, omar: Client, biscuit: Pet, monkeypatch: pytest.MonkeyPatch
) -> None:  # BK-4
    start = at(2026, 11, 24, 9)
    session = cast.session("Agility", start, capacity=1)
    pepper = omar.pets[0]
    row = cast.booking(rosa, [biscuit], "Agility", start, made_at=MADE, session=session)
    cancelled = at(2026, 11, 20, 9)
    bookings.cancel(row, by=as_client(rosa), at=cancelled)
    assert places.left(session, cancelled + timedelta(seconds=9)) == 0
    with pytest.raises(Refused, match="just taken"):
        cast.booking(omar, [pepper], "Agility", start, made_at=cancelled + timedelta(seconds=9), session=session)
    restored = bookings.restore(row, by=as_client(rosa), at=cancelled + timedelta(seconds=9))
    assert status(restored, cancelled) == "Booked"
    bookings.cancel(row, by=as_client(rosa), at=cancelled)
    # From the very moment at which the place is free for others it cannot be taken back.
    after = cancelled + timedelta(seconds=10)
    cast.booking(omar, [pepper], "Agility", start, made_at=after, session=session)
    for moment, clock in ((after, [0, 0]), (after - timedelta(seconds=1), [60, 62])):
        # The second pressed in time, and waited two seconds for whoever booked there.
        monkeypatch.setattr(bookings, "monotonic", iter(clock).__next__)
        with pytest.raises(Refused, match="time to undo is over"):
            bookings.restore(row, by=as_client(rosa), at=moment)
    assert db.session.get(Booking, row.id).cancellation


def test_a_place_is_held_too_where_there_are_more_bookings_than_places(
    app: object, rosa: Client, omar: Client, biscuit: Pet
) -> None:  # BK-4
    start, cancelled = at(2026, 11, 24, 9), at(2026, 11, 20, 9)
    session = cast.session("Agility", start, capacity=2)
    row = cast.booking(rosa, [biscuit], "Agility", start, made_at=MADE, session=session)
    cast.booking(omar, omar.pets[:1], "Agility", start, made_at=MADE, session=session)
    session.capacity = 1
    db.session.flush()
    bookings.cancel(row, by=as_client(rosa), at=cancelled)
    restored = bookings.restore(row, by=as_client(rosa), at=cancelled + timedelta(seconds=9))
    assert status(restored, cancelled) == "Booked"


def test_undo_after_the_letter_has_gone_writes_another(app: object, rosa: Client, nina: Member, biscuit: Pet) -> None:
    row = cast.booking(rosa, [biscuit], "Full Groom", at(2026, 11, 24, 9), made_at=MADE)
    moment = at(2026, 11, 20, 9)
    bookings.cancel(row, by=as_member(nina), at=moment)
    letter = db.session.query(Delivery).filter(Delivery.subject.startswith("Cancelled")).one()
    letter.sent_at, letter.tries = moment, 1
    db.session.commit()
    bookings.restore(row, by=as_member(nina), at=moment + timedelta(minutes=9))
    subjects = [delivery.subject for delivery in db.session.query(Delivery).order_by(Delivery.id)]
    assert subjects[-2:] == ["Cancelled: Full Groom", "Booked again: Full Groom"]


def test_a_failure_on_the_way_leaves_nothing_done(
    app: object, rosa: Client, biscuit: Pet, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = cast.booking(rosa, [biscuit], "Full Groom", at(2026, 11, 24, 9), made_at=MADE)
    messages, notices = db.session.query(Message).count(), db.session.query(Notice).count()

    def break_down(*_: object, **__: object) -> None:
        raise RuntimeError("the lights went out")

    monkeypatch.setattr("portal.rules.bookings.note", break_down)
    with pytest.raises(RuntimeError):
        bookings.cancel(row, by=as_client(rosa), at=at(2026, 11, 20, 9))
    db.session.expire_all()
    assert row.cancellation is None
    assert (db.session.query(Message).count(), db.session.query(Notice).count()) == (messages, notices)
