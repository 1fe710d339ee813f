"""Moving a booking: the same booking at another time, with one place at every moment."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from portal.db import db
from portal.models import (
    Attendance,
    Booking,
    Business,
    Client,
    Decision,
    Delivery,
    History,
    Location,
    Member,
    Message,
    Notice,
    NoticeKind,
    Offering,
    Pet,
    Provider,
    QueueCheck,
    Registration,
    Series,
    ServiceSession,
)
from portal.rules import bookings, move_choices, moves
from portal.rules.actors import as_client, as_member
from portal.rules.places import Taken
from portal.rules.refused import Refused
from portal.rules.standing import Standing, standing, status
from tests import cast
from tests.cast import NOON

TOMORROW = NOON + timedelta(days=1)
WEDNESDAY = NOON + timedelta(days=2)
pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def groom(rosa: Client, biscuit: Pet) -> Booking:
    theo = db.session.query(Provider).one()
    return cast.booking(rosa, [biscuit], "Full Groom", TOMORROW, made_at=NOON, providers=[theo])


@pytest.fixture
def agility(rosa: Client, biscuit: Pet) -> Booking:
    session = cast.session("Agility", TOMORROW, capacity=1)
    return cast.booking(rosa, [biscuit], "Agility", TOMORROW, made_at=NOON, session=session)


def moved(booking: Booking, starts_at: datetime = WEDNESDAY, **more: object) -> Standing:
    words = {"by": as_client(booking.client), "at": NOON, **more}
    return moves.move(booking, starts_at=starts_at, **words)  # type: ignore[arg-type]


def test_it_stays_the_same_booking(rosa: Client, groom: Booking) -> None:  # BK-6
    made, price = groom.made_at, groom.price
    stands = moved(groom)
    assert (stands.id, stands.starts_at, stands.ends_at) == (groom.id, WEDNESDAY, WEDNESDAY + timedelta(minutes=90))
    assert db.session.query(Booking).count() == 1
    assert (groom.made_at, groom.price, [one.name for one in groom.providers]) == (made, price, ["Theo Brandt"])
    assert status(stands, NOON) == "Booked"


def test_everybody_is_told_of_a_move(rosa: Client, groom: Booking) -> None:  # BK-6, MSG-1, FD-6
    moved(groom)
    letter = db.session.query(Message).order_by(Message.id.desc()).first()
    assert letter is not None
    assert "Wed 25 Nov 2026, 10:00\u00a0AM EST" in letter.text
    assert "It was Tue 24 Nov 2026, 10:00\u00a0AM EST before." in letter.text
    notice = db.session.query(Notice).filter_by(kind=NoticeKind.BOOKING).order_by(Notice.id.desc()).first()
    assert notice is not None
    assert notice.text.startswith("Rosa Delgado moved Full Groom, Tue 24 Nov 2026")
    (line,) = db.session.query(History).filter_by(field="Time")
    assert (line.old, line.new, line.by_name) == (
        "Tue 24 Nov 2026, 10:00\u00a0AM EST",
        "Wed 25 Nov 2026, 10:00\u00a0AM EST",
        "Rosa Delgado",
    )


def test_the_old_place_is_free_at_once(rosa: Client, omar: Client, agility: Booking) -> None:  # BK-6, WL-5
    old, new = agility.service_session, cast.session("Agility", WEDNESDAY, capacity=1)
    assert old
    moved(agility, session=new)
    check = db.session.query(QueueCheck).one()
    assert (check.service_session_id, check.due_at) == (old.id, NOON)
    pepper = db.session.query(Pet).filter_by(name="Pepper").one()
    with pytest.raises(Taken):
        cast.booking(omar, [pepper], "Agility", WEDNESDAY, made_at=NOON, session=new)
    cast.booking(omar, [pepper], "Agility", TOMORROW, made_at=NOON, session=old)


def test_a_move_that_finds_no_place_changes_nothing(rosa: Client, omar: Client, agility: Booking) -> None:  # SB-6
    new = cast.session("Agility", WEDNESDAY, capacity=1)
    pepper = db.session.query(Pet).filter_by(name="Pepper").one()
    cast.booking(omar, [pepper], "Agility", WEDNESDAY, made_at=NOON, session=new)
    with pytest.raises(Taken, match="just taken"):
        moved(agility, session=new)
    assert standing(agility.id).starts_at == TOMORROW
    assert db.session.query(QueueCheck).count() == 0
    assert db.session.query(History).filter_by(field="Time").count() == 0


def test_its_own_place_is_not_in_its_way(rosa: Client, groom: Booking) -> None:
    """Half an hour later overlaps with itself alone."""
    assert moved(groom, TOMORROW + timedelta(minutes=30)).starts_at == TOMORROW + timedelta(minutes=30)


def test_until_when_a_client_may_move(groom: Booking) -> None:
    # BK-6: a limit of its own, frozen on the booking; the stricter of two
    def why(at: datetime) -> str | None:
        return moves.why_not_move(standing(groom.id), at)

    groom.move_hours, groom.move_day_before_at = 12, time(18)
    db.session.flush()
    assert why(NOON) is None
    assert why(TOMORROW - timedelta(hours=16)) is None  # six in the evening of the day before
    assert "until today, 6:00" in (why(TOMORROW - timedelta(hours=15, minutes=59)) or "")
    assert "already started" in (why(TOMORROW) or "")
    groom.move_allowed = False
    db.session.flush()
    assert why(NOON) == "Full Groom cannot be moved here."
    assert groom.cancel_allowed


def test_the_limit_is_real_hours_over_a_clock_change(rosa: Client, biscuit: Pet) -> None:  # BK-6
    """At 1:30 of the second reading there are 7.5 hours left until 8:00, not 6.5."""
    starts_at = datetime(2026, 11, 1, 13, tzinfo=UTC)
    made = cast.booking(rosa, [biscuit], "Daycare", starts_at, made_at=datetime(2026, 10, 20, tzinfo=UTC))
    made.move_hours = 7
    db.session.flush()
    assert moves.why_not_move(standing(made.id), datetime(2026, 11, 1, 6, 0, tzinfo=UTC)) is None
    assert moves.why_not_move(standing(made.id), datetime(2026, 11, 1, 6, 1, tzinfo=UTC))


def test_a_later_setting_never_makes_it_harsher(groom: Booking) -> None:  # BK-6
    groom.service.move_allowed = False
    db.session.flush()
    assert moves.why_not_move(standing(groom.id), NOON) is None


def test_staff_have_no_limits_but_what_is_over_is_over(groom: Booking, nina: Member) -> None:  # FD-2
    groom.move_allowed = False
    groom.service.notice_minutes = 10_000
    db.session.flush()
    with pytest.raises(Refused, match="cannot be moved here"):
        moved(groom)
    assert moved(groom, by=as_member(nina)).starts_at == WEDNESDAY
    db.session.add(Attendance(booking_id=groom.id, missed_at=NOON, missed_by="Nina"))
    db.session.flush()
    with pytest.raises(Refused, match="marked “No-show”"):
        moved(groom, TOMORROW, by=as_member(nina))


def test_a_business_that_moves_nothing_online(groom: Booking, nina: Member) -> None:  # POR-3
    db.session.query(Business).one().moves_open = False
    db.session.flush()
    with pytest.raises(Refused, match="not moved online"):
        moved(groom)
    moved(groom, by=as_member(nina))


def test_a_client_moves_only_to_what_could_be_booked(groom: Booking) -> None:  # SB-3, SB-8
    with pytest.raises(Refused, match="not free"):
        moved(groom, datetime(2026, 11, 25, 4, tzinfo=UTC))
    groom.client.blocked_online = True
    db.session.flush()
    with pytest.raises(Refused, match="not open to you"):
        moved(groom)


def test_what_is_staff_only_may_be_moved_by_whom_it_is_for(groom: Booking) -> None:
    groom.service.access = "staff"
    db.session.flush()
    assert moved(groom).starts_at == WEDNESDAY


def test_to_where_it_is_it_does_not_move(groom: Booking) -> None:
    with pytest.raises(Refused, match="at that time already"):
        moved(groom, TOMORROW)


def test_staff_overbook_on_purpose(rosa: Client, omar: Client, agility: Booking, nina: Member) -> None:
    # FD-2: refused first; done and written down when they insist
    new = cast.session("Agility", WEDNESDAY, capacity=1)
    pepper = db.session.query(Pet).filter_by(name="Pepper").one()
    cast.booking(omar, [pepper], "Agility", WEDNESDAY, made_at=NOON, session=new)
    with pytest.raises(Taken):
        moved(agility, session=new, by=as_member(nina))
    with pytest.raises(Taken):
        moved(agility, session=new, overbook=True)  # a client cannot
    moved(agility, session=new, by=as_member(nina), overbook=True)
    assert agility.overbooked
    assert db.session.query(History).filter_by(field="Overbooked").one().new == "Agility is full."
    moved(agility, session=cast.session("Agility", WEDNESDAY + timedelta(days=1)), by=as_member(nina))
    assert not agility.overbooked


def test_no_pet_is_in_one_class_twice(rosa: Client, biscuit: Pet, agility: Booking, nina: Member) -> None:
    new = cast.session("Agility", WEDNESDAY)
    cast.booking(rosa, [biscuit], "Agility", WEDNESDAY, made_at=NOON, session=new)
    with pytest.raises(Refused, match="Biscuit is already booked at that time"):
        moved(agility, session=new, by=as_member(nina))


def test_no_pet_has_two_appointments_of_one_service_at_once(
    rosa: Client, biscuit: Pet, groom: Booking, nina: Member
) -> None:
    # BK-6, FD-2: two providers are free then, and the pet is one; elsewhere at that time is for staff to decide
    cast.booking(rosa, [biscuit], "Full Groom", WEDNESDAY, made_at=NOON)
    for half_an_hour in (timedelta(), timedelta(minutes=30)):
        with pytest.raises(Refused, match="Biscuit is already booked at that time"):
            moved(groom, WEDNESDAY + half_an_hour, by=as_member(nina))
    assert db.session.get_one(Booking, groom.id).starts_at != WEDNESDAY
    elsewhere = WEDNESDAY + timedelta(days=1)
    cast.booking(rosa, [biscuit], "Daycare", elsewhere, made_at=NOON)
    moved(groom, elsewhere, by=as_member(nina))


def test_what_needs_approval_asks_again(rosa: Client, groom: Booking, nina: Member) -> None:  # BK-6, BK-7
    groom.service.needs_approval = groom.needs_approval = True
    signed = {"at": NOON, "by_kind": "member", "by_id": nina.id, "by_name": nina.name}
    db.session.add(Decision(booking_id=groom.id, confirmed=True, **signed))
    db.session.flush()
    assert status(moved(groom, by=as_member(nina)), NOON) == "Booked"
    assert status(moved(groom, TOMORROW), NOON) == "Requested"
    newest = db.session.query(Message).order_by(Message.id.desc()).first()
    assert newest is not None
    assert newest.thread.messages[-1].text == newest.text
    assert "We will tell you as soon as it is confirmed." in newest.text
    notice = db.session.query(Notice).order_by(Notice.id.desc()).first()
    assert notice is not None
    assert notice.kind == NoticeKind.REQUEST


def test_one_date_of_a_series_moves_alone(rosa: Client, biscuit: Pet, agility: Booking) -> None:  # BK-6
    series = Series(
        service_id=agility.service_id, location_id=agility.location_id, name="Course", description="", price=9000
    )
    db.session.add(series)
    db.session.flush()
    registration = Registration(client_id=rosa.id, series_id=series.id, price=9000, made_at=NOON)
    db.session.add(registration)
    db.session.flush()
    second = cast.booking(
        rosa,
        [biscuit],
        "Agility",
        WEDNESDAY,
        made_at=NOON,
        session=cast.session("Agility", WEDNESDAY),
        registration=registration,
    )
    agility.registration_id = registration.id
    elsewhere = cast.session("Agility", WEDNESDAY + timedelta(days=1))
    moved(agility, session=elsewhere)
    assert agility.registration_id == registration.id == second.registration_id
    assert (agility.starts_at, second.starts_at) == (elsewhere.starts_at, WEDNESDAY)
    single = cast.booking(rosa, [biscuit], "Agility", TOMORROW, made_at=NOON, session=cast.session("Agility", TOMORROW))
    of_course = cast.session("Agility", WEDNESDAY + timedelta(days=3))
    of_course.series_id = series.id
    db.session.commit()
    with pytest.raises(Refused, match="booked as a whole"):
        moved(single, session=of_course)
    assert "session=" + str(of_course.id) in queries(agility)
    assert "session=" + str(of_course.id) not in queries(single)


def test_a_stay_costs_by_its_nights(rosa: Client, biscuit: Pet) -> None:
    first, last = (datetime(2026, 11, day, 15, tzinfo=UTC) for day in (25, 27))
    stay = cast.booking(rosa, [biscuit], "Boarding", first, made_at=NOON, ends_at=last)
    assert stay.price == 12000
    wanted = move_choices.wanted(stay, day=date(2026, 11, 26), last=date(2026, 11, 29), at=NOON)
    moved(stay, wanted.starts_at, ends_at=wanted.ends_at)
    assert stay.price == 18000
    assert db.session.query(History).filter_by(field="Price").one().new == "$180.00"
    with pytest.raises(Refused, match="Choose one from the list"):
        move_choices.wanted(stay, day=date(2026, 11, 26), last=date(2026, 11, 26), at=NOON)


def test_nobody_is_told_where_staff_say_so(groom: Booking, nina: Member) -> None:
    before = db.session.query(Delivery).count()
    moved(groom, by=as_member(nina), tell=False)
    assert db.session.query(Delivery).count() == before


def queries(booking: Booking, first: date = date(2026, 11, 23)) -> list[str]:
    return [one.query for _, day in move_choices.choices(booking, first=first, at=NOON) for one in day if not one.why]


def test_the_choices_are_the_open_times(rosa: Client, omar: Client, groom: Booking) -> None:  # BK-6
    found = queries(groom)
    assert "at=2026-11-24T15:00Z" not in found  # where it is
    assert "at=2026-11-24T15:30Z" in found  # its own time is free for itself
    assert "at=2026-11-24T20:30Z" in found  # 3:30 to 5 PM
    assert "at=2026-11-24T21:00Z" not in found
    assert not [one for one in found if one.startswith("at=2026-11-29")]  # Sunday
    pepper = db.session.query(Pet).filter_by(name="Pepper").one()
    theo = db.session.query(Provider).one()
    cast.booking(omar, [pepper], "Full Groom", WEDNESDAY, made_at=NOON, providers=[theo])
    assert "at=2026-11-25T15:00Z" not in queries(groom)


def test_another_provider_is_named(groom: Booking) -> None:
    ana = Provider(name="Ana Ruiz")
    db.session.add(ana)
    db.session.flush()
    groom.providers = [ana]
    db.session.flush()
    hints = {one.hint for _, day in move_choices.choices(groom, first=date(2026, 11, 24), at=NOON) for one in day}
    assert hints == {"with Theo Brandt"}


def test_days_that_are_full_say_so(rosa: Client, omar: Client, biscuit: Pet) -> None:
    pepper = db.session.query(Pet).filter_by(name="Pepper").one()
    place = db.session.query(Location).filter_by(name="Maple Street").one()
    db.session.query(Offering).filter_by(service_id=cast.service("Daycare").id, location_id=place.id).one().places = 1
    at_eight = datetime(2026, 11, 24, 13, tzinfo=UTC)
    made = cast.booking(rosa, [biscuit], "Daycare", at_eight, made_at=NOON)
    cast.booking(omar, [pepper], "Daycare", at_eight + timedelta(days=1), made_at=NOON)
    shown = {
        one.query: one.why for _, day in move_choices.choices(made, first=date(2026, 11, 23), at=NOON) for one in day
    }
    assert "day=2026-11-24" not in shown
    assert shown["day=2026-11-25"] == "Full"
    assert shown["day=2026-11-26"] == ""


def test_classes_to_choose_from(rosa: Client, agility: Booking) -> None:
    free = cast.session("Agility", WEDNESDAY)
    off = cast.session("Agility", WEDNESDAY)
    off.called_off_at = NOON
    other = cast.session("Agility", NOON - timedelta(hours=1))
    db.session.flush()
    found = queries(agility)
    assert found == [f"session={free.id}"]
    assert db.session.get_one(ServiceSession, other.id).starts_at < NOON


def test_a_class_elsewhere_is_told_by_the_clocks_there(agility: Booking) -> None:  # BK-6
    river = db.session.query(Location).filter_by(name="Riverside").one()
    river.time_zone = "America/Chicago"
    early, late = cast.session("Agility", WEDNESDAY), cast.session("Agility", WEDNESDAY.replace(hour=5))
    early.location_id = late.location_id = river.id
    db.session.commit()
    found = move_choices.choices(agility, first=date(2026, 11, 23), at=NOON)
    assert [(day.day, one.label, one.hint) for day, times in found for one in times] == [
        (24, "11:00\xa0PM CST", "at Riverside"),
        (25, "9:00\xa0AM CST", "at Riverside"),
    ]


def test_a_request_stays_a_request_when_staff_move_it(groom: Booking, nina: Member) -> None:
    groom.needs_approval = True
    db.session.flush()
    assert status(moved(groom, by=as_member(nina)), NOON) == "Requested"


def test_a_cancelled_booking_does_not_move(rosa: Client, groom: Booking, nina: Member) -> None:
    bookings.cancel(groom, by=as_client(rosa), at=NOON)
    for by in (as_client(rosa), as_member(nina)):
        with pytest.raises(Refused, match="“Cancelled”"):
            moved(groom, by=by)
