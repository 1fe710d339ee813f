"""A series is booked as a whole: all dates or none, one price, one letter; and called off by the date or as a whole."""

from datetime import timedelta

import pytest

from portal.db import db
from portal.models import (
    Booking,
    Cancellation,
    Client,
    Delivery,
    Member,
    Message,
    Notice,
    Pet,
    QueueCheck,
    Registration,
    Series,
    ServiceSession,
)
from portal.rules import bookings, series_cancellations, series_registrations
from portal.rules import sessions as dates
from portal.rules.actors import as_client, as_member
from portal.rules.places import Taken
from portal.rules.refused import Refused
from portal.rules.standing import standing, status
from tests import cast
from tests.cast import NOON

FIRST = NOON + timedelta(days=2)
pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def course(app: object) -> Series:
    """On Wednesdays."""
    return cast.course(FIRST, capacity=2)


def sessions(course: Series) -> list[ServiceSession]:
    return series_registrations.sessions_of(course, NOON)


def register(client: Client, course: Series, pets: list[Pet], **more: object) -> Registration:
    words = {"key": None, "by": as_client(client), "at": NOON, **more}
    return series_registrations.register(client, course, pets, **words)  # type: ignore[arg-type]


def test_all_dates_for_one_price(rosa: Client, biscuit: Pet, course: Series) -> None:  # SB-2
    made = register(rosa, course, [biscuit])
    dates = series_registrations.bookings_of(made)
    assert [one.service_session_id for one in dates] == [one.id for one in sessions(course)]
    assert [one.price for one in dates] == [3334, 3333, 3333]
    assert made.price == sum(one.price for one in dates) == 10_000


@pytest.mark.parametrize(("total", "count"), [(10_000, 3), (1, 7), (0, 4), (9_999, 1), (23, 23)])
def test_no_cent_is_lost(total: int, count: int) -> None:
    shares = series_registrations.shared_out(total, count)
    assert len(shares) == count
    assert sum(shares) == total
    assert max(shares) - min(shares) <= 1


def test_two_pets_cost_twice_and_a_series_without_a_price_by_its_dates(
    rosa: Client, biscuit: Pet, juno: Pet, course: Series
) -> None:
    course.price = None
    db.session.flush()
    assert register(rosa, course, [biscuit, juno]).price == 2 * 3 * 3000


def test_one_letter_and_one_notice(rosa: Client, biscuit: Pet, course: Series) -> None:  # SB-11, FD-6
    before = db.session.query(Message).count()
    register(rosa, course, [biscuit])
    assert db.session.query(Message).count() == before + 1
    letter = db.session.query(Message).order_by(Message.id.desc()).first()
    assert letter
    assert letter.thread.subject == "Your dates: Puppy Course"
    assert [f"{day} 2026" in letter.text for day in ("25 Nov", "2 Dec", "9 Dec")] == [True] * 3
    notice = db.session.query(Notice).one()
    assert notice.text.startswith("Rosa Delgado booked Puppy Course, 3 dates from Agility, Wed 25 Nov 2026")


def test_one_full_date_is_none_at_all(rosa: Client, omar: Client, biscuit: Pet, juno: Pet, course: Series) -> None:
    # SB-6
    pepper = db.session.query(Pet).filter_by(name="Pepper").one()
    last = sessions(course)[-1]
    cast.booking(omar, [pepper], "Agility", last.starts_at, made_at=NOON, session=last)
    with pytest.raises(Taken, match="Puppy Course is full"):
        register(rosa, course, [biscuit, juno])
    assert db.session.query(Registration).count() == 0
    assert db.session.query(Booking).count() == 1


def test_sent_twice_it_is_booked_once(rosa: Client, biscuit: Pet, course: Series) -> None:
    one, two = (register(rosa, course, [biscuit], key="form-1").id for _ in range(2))
    assert one == two
    assert db.session.query(Booking).count() == 3


def test_no_pet_registers_twice(rosa: Client, biscuit: Pet, course: Series) -> None:
    register(rosa, course, [biscuit])
    with pytest.raises(Refused, match="Biscuit is already booked"):
        register(rosa, course, [biscuit])


def test_who_comes_late_asks_the_desk(rosa: Client, biscuit: Pet, course: Series, nina: Member) -> None:
    later = FIRST + timedelta(hours=1)
    with pytest.raises(Refused, match="Puppy Course has begun"):
        register(rosa, course, [biscuit], at=later)
    made = register(rosa, course, [biscuit], at=later, by=as_member(nina))
    assert len(series_registrations.bookings_of(made)) == 2
    with pytest.raises(Refused, match="is over"):
        register(rosa, course, [biscuit], at=NOON + timedelta(days=90), by=as_member(nina))


def test_the_last_date_may_be_further_ahead_than_can_be_booked(rosa: Client, biscuit: Pet, course: Series) -> None:
    cast.service("Agility").ahead_days = 3
    db.session.flush()
    register(rosa, course, [biscuit])
    cast.service("Agility").ahead_days = 1
    db.session.commit()
    assert [one.kind for one in series_registrations.judged(rosa, course, [], at=NOON)] == ["too-far"]


def test_a_date_that_was_called_off_is_no_part(rosa: Client, biscuit: Pet, course: Series) -> None:
    sessions(course)[1].called_off_at = NOON
    db.session.flush()
    assert [one.price for one in series_registrations.bookings_of(register(rosa, course, [biscuit]))] == [5000, 5000]


def test_one_date_is_cancelled_alone(rosa: Client, biscuit: Pet, course: Series) -> None:
    made = register(rosa, course, [biscuit])
    first, *others = series_registrations.bookings_of(made)
    bookings.cancel(first, by=as_client(rosa), at=NOON)
    assert [status(standing(one.id), NOON) for one in others] == ["Booked", "Booked"]


def test_the_whole_is_cancelled_at_once(rosa: Client, biscuit: Pet, course: Series) -> None:
    made = register(rosa, course, [biscuit])
    before = db.session.query(Message).count()
    stands = series_cancellations.cancel_registration(made, by=as_client(rosa), at=NOON)
    assert {status(one, NOON) for one in stands} == {"Cancelled"}
    assert db.session.query(Message).count() == before + 1
    assert db.session.query(Notice).filter(Notice.text.contains("cancelled Puppy Course, 3 dates")).count() == 1
    assert {row.service_session_id for row in db.session.query(QueueCheck)} == {one.id for one in sessions(course)}
    assert {row.due_at for row in db.session.query(QueueCheck)} == {NOON + timedelta(seconds=10)}


def test_undo_brings_all_of_them_back(rosa: Client, biscuit: Pet, course: Series) -> None:
    made = register(rosa, course, [biscuit])
    letters = db.session.query(Delivery).count()
    first, second, third = series_registrations.bookings_of(made)
    bookings.cancel(third, by=as_client(rosa), at=NOON - timedelta(seconds=5))
    series_cancellations.cancel_registration(made, by=as_client(rosa), at=NOON)
    series_cancellations.restore(second, by=as_client(rosa), at=NOON + timedelta(seconds=3))
    assert [status(standing(one.id), NOON) for one in (first, second, third)] == ["Booked", "Booked", "Cancelled"]
    assert db.session.query(Delivery).count() == letters + 1  # that of the third alone
    series_cancellations.restore(third, by=as_client(rosa), at=NOON + timedelta(seconds=3))
    assert db.session.query(Cancellation).count() == 0


def test_what_was_called_off_meanwhile_does_not_come_back(
    rosa: Client, biscuit: Pet, course: Series, nina: Member
) -> None:
    """The others do; and of that one they hear now, as it did not concern them before."""
    made = register(rosa, course, [biscuit])
    first, second, third = series_registrations.bookings_of(made)
    series_cancellations.cancel_registration(made, by=as_member(nina), at=NOON)
    calling_off = dates.call_off(first.service_session, "this", "Ice", by=as_member(nina), at=NOON)
    assert calling_off.bookings == 0
    letters = db.session.query(Delivery).count()
    series_cancellations.restore(first, by=as_member(nina), at=NOON + timedelta(minutes=3))
    assert [status(standing(one.id), NOON) for one in (first, second, third)] == ["Cancelled", "Booked", "Booked"]
    assert db.session.query(Cancellation).filter_by(whole=True).count() == 0
    assert db.session.query(Notice).filter(Notice.text.contains("cancelled Puppy Course")).count() == 0
    assert db.session.query(Delivery).count() == letters
    assert "Ice" in db.session.query(Message).order_by(Message.id.desc()).first().text


def test_a_withdrawn_request_is_told_as_such(rosa: Client, biscuit: Pet, course: Series, nina: Member) -> None:
    cast.service("Agility").needs_approval = True
    made = register(rosa, course, [biscuit])
    before = db.session.query(Message).count()
    series_cancellations.cancel_registration(made, reason="She moves.", tell=False, by=as_member(nina), at=NOON)
    assert db.session.query(Message).count() == before
    assert db.session.query(Notice).filter(Notice.text.contains("withdrew Puppy Course, 3 dates")).count() == 1
    assert {one.reason for one in db.session.query(Cancellation)} == {"She moves."}


def test_what_was_stays_and_what_must_stay_is_said(rosa: Client, biscuit: Pet, course: Series, nina: Member) -> None:
    # BK-3: within twelve hours of the second date the whole cannot be called off by the client, but by staff
    made = register(rosa, course, [biscuit])
    near = FIRST + timedelta(days=7, hours=-2)
    with pytest.raises(Refused, match=r"that was possible until .*\(212\) 555-0148"):
        series_cancellations.cancel_registration(made, by=as_client(rosa), at=near)
    stands = series_cancellations.cancel_registration(made, by=as_member(nina), at=near)
    assert [status(one, near) for one in stands] == ["Done", "Cancelled", "Cancelled"]
    with pytest.raises(Refused, match="no date of it ahead"):
        series_cancellations.cancel_registration(made, by=as_member(nina), at=near)


def test_what_needs_approval_is_requested_as_a_whole(rosa: Client, biscuit: Pet, course: Series) -> None:  # SB-7
    cast.service("Agility").needs_approval = True
    db.session.flush()
    made = register(rosa, course, [biscuit])
    assert {status(one, NOON) for one in series_registrations.dates_of(made.id)} == {"Requested"}
    assert db.session.query(Notice).one().text.startswith("Rosa Delgado requested Puppy Course")


def test_a_pet_that_is_named_like_a_link_is_not_named_in_its_letters(
    rosa: Client, biscuit: Pet, course: Series
) -> None:
    biscuit.name = "Win at http://evil.example"
    db.session.commit()
    register(rosa, course, [biscuit])
    sent = [row.text for row in db.session.query(Delivery)]
    assert any("We look forward to your pet." in text for text in sent)
    assert not any("evil" in text for text in sent)
