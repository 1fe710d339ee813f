"""Classes that repeat: their dates, and what follows when one, some or all of them are changed or called off."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import wording
from portal.db import db
from portal.models import (
    Booking,
    Client,
    Closure,
    Delivery,
    History,
    Location,
    Message,
    Outcome,
    Pet,
    Provider,
    QueueCheck,
    Registration,
    Repetition,
    Series,
    ServiceSession,
    WaitlistEntry,
)
from portal.rules import bookings, places, repetitions, rhythms, session_drafts, session_plans, sessions, waitlists
from portal.rules.actors import Actor, as_client
from portal.rules.refused import Refused
from portal.rules.rhythms import monthly, monthly_on, weekly
from tests import cast

AT = cast.NOON  # a Monday
FIRST = date(2026, 11, 24)
ZONE = "America/New_York"


def agility(maple: Location, by: Actor, rule: str = weekly([1]), **more: Any) -> list[ServiceSession]:
    told = {"first_day": FIRST, "starts_at": time(18), "minutes": 60, "capacity": 4, "count": 6, **more}
    repetitions.repeat(cast.service("Agility"), maple, rule=rule, by=by, at=AT, **told)
    return dates()


def dates() -> list[ServiceSession]:
    return db.session.query(ServiceSession).order_by(ServiceSession.repetition_day, ServiceSession.id).all()


def walls(rows: list[ServiceSession]) -> list[str]:
    return [f"{wording.local(row.starts_at, row.location.time_zone):%m-%d %H:%M}" for row in rows]


def changed(session: ServiceSession, scope: str, by: Actor, at: datetime = AT, **new: Any) -> sessions.Done:
    more = {name: new.pop(name) for name in ("tell", "overbook") if name in new}
    return sessions.change(session, scope, session_plans.plan_of(session)._replace(**new), by=by, at=at, **more)


def come(client: Client, pet: Pet, session: ServiceSession) -> Booking:
    return bookings.book(
        client,
        session.service,
        [pet],
        location=session.location,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        session=session,
        providers=session.providers,
        by=as_client(client),
        at=AT,
    )


def letters(client: Client) -> list[Delivery]:
    about = db.session.query(Delivery).filter_by(client_id=client.id).order_by(Delivery.id).all()
    return [letter for letter in about if letter.subject.startswith(("New", "Called off"))]


def test_a_class_repeats_by_weekdays_and_counts_its_dates(maple: Location, by: Actor) -> None:  # POR-2
    rows = agility(maple, by, weekly([1, 3], every=2), count=5)
    assert walls(rows) == ["11-24 18:00", "11-26 18:00", "12-08 18:00", "12-10 18:00", "12-22 18:00"]
    repetition = db.session.query(Repetition).one()
    assert repetition.last_day == date(2026, 12, 22)
    assert rhythms.words(repetition.rule) == "Every 2 weeks on Tuesday and Thursday"


def test_wall_time_stays_across_both_clock_changes(maple: Location, by: Actor) -> None:
    rows = agility(maple, by, weekly([6]), first_day=date(2027, 3, 7), count=35, starts_at=time(9))
    assert walls(rows)[:3] == ["03-07 09:00", "03-14 09:00", "03-21 09:00"]
    assert [row.starts_at.hour for row in rows[:3]] == [14, 13, 13]
    assert len(rows) < 35, "the rest is too far ahead to be made yet"
    repetitions.make_ahead(datetime(2027, 9, 1, tzinfo=UTC))
    assert walls(dates())[-2:] == ["10-24 09:00", "10-31 09:00"]
    changed(dates()[0], "all", by, starts_at=time(10))
    assert {row[-5:] for row in walls(dates())} == {"10:00"}


def test_a_wall_time_that_the_clocks_skip_is_left_out(maple: Location, by: Actor) -> None:
    agility(maple, by, weekly([6]), first_day=date(2027, 3, 7), count=3, starts_at=time(2, 30))
    assert walls(dates()) == ["03-07 02:30", "03-21 02:30"]
    assert repetitions.instant(date(2026, 11, 1), time(1, 30), ZONE) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def test_days_that_a_month_does_not_have_are_skipped(app: object) -> None:
    year = date(2027, 1, 1), date(2027, 12, 31)
    assert [day.month for day in rhythms.days(monthly_on(31), *year[:1], *year)] == [1, 3, 5, 7, 8, 10, 12]
    leap = rhythms.days(monthly_on(29), date(2027, 1, 29), date(2027, 2, 1), date(2028, 2, 29))
    assert date(2028, 2, 29) in leap
    assert not any(day.month == 2 and day.year == 2027 for day in leap)
    fifth = rhythms.days(monthly(date(2026, 12, 29)), date(2026, 12, 29), date(2026, 12, 1), date(2027, 6, 30))
    assert fifth == [date(2026, 12, 29), date(2027, 3, 30), date(2027, 6, 29)]
    assert rhythms.words(monthly(date(2026, 12, 8))) == "Every month on the second Tuesday"
    assert rhythms.words(monthly(date(2026, 12, 29), last=True)) == "Every month on the last Tuesday"


@given(st.dates(date(2026, 1, 1), date(2028, 12, 31)), st.sets(st.integers(0, 6), min_size=1), st.integers(1, 4))
def test_the_dates_are_those_that_a_slow_count_finds(first: date, weekdays: set[int], every: int) -> None:
    until = first + timedelta(days=120)
    monday = first - timedelta(days=first.weekday())
    slow = [
        day
        for number in range(121)
        if (day := first + timedelta(days=number)).weekday() in weekdays and (day - monday).days // 7 % every == 0
    ]
    assert rhythms.days(weekly(weekdays, every), first, first, until) == slow


def test_without_an_end_it_is_made_half_a_year_ahead_and_the_worker_goes_on(maple: Location, by: Actor) -> None:
    theo = db.session.query(Provider).one()
    made = len(agility(maple, by, count=None, providers=[theo]))
    assert 25 <= made <= 27
    repetitions.make_ahead(AT)
    assert len(dates()) == made, "nothing is made twice"
    db.session.add(Closure(location_id=maple.id, first_day=date(2027, 6, 1), last_day=date(2027, 6, 1)))
    repetitions.make_ahead(AT + timedelta(days=28))
    new = dates()[made:]
    assert len(new) == 3, "four weeks more, but for the day on which it is closed"
    assert date(2027, 6, 1) not in [row.repetition_day for row in new]
    assert all(row.providers == [theo] for row in new)


def test_a_series_is_made_whole(maple: Location, by: Actor) -> None:
    cast.service("Agility").kind = "series"
    row = Series(service_id=cast.service("Agility").id, location_id=maple.id, name="Agility in spring")
    db.session.add(row)
    db.session.commit()
    with pytest.raises(Refused, match="A series has an end"):
        agility(maple, by, count=None, series=row)
    made = agility(maple, by, first_day=date(2027, 9, 7), series=row)
    assert len(made) == 6
    assert {one.series_id for one in made} == {row.id}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (
            {"rule": monthly_on(31), "first_day": date(2027, 2, 1), "count": None, "last_day": date(2027, 2, 28)},
            "no date",
        ),
        ({"rule": weekly(range(7)), "count": 365, "series": True}, "more than 200 dates"),
    ],
)
def test_what_cannot_repeat_is_refused(maple: Location, by: Actor, more: dict[str, Any], words: str) -> None:
    if more.get("series"):
        row = Series(service_id=cast.service("Agility").id, location_id=maple.id, name="Every day")
        db.session.add(row)
        db.session.flush()
        more = {**more, "series": row}
    with pytest.raises(Refused, match=words):
        agility(maple, by, **more)
    with pytest.raises(Refused, match="has no classes"):
        repetitions.repeat(
            cast.service("Boarding"), maple, rule=weekly([1]), first_day=FIRST, starts_at=time(9), minutes=60,
            capacity=4, by=by, at=AT,
        )  # fmt: skip


def test_only_this_date_is_changed(maple: Location, by: Actor) -> None:  # FD-2
    rows = agility(maple, by)
    done = changed(rows[1], "this", by, day=date(2026, 12, 2), starts_at=time(19), capacity=6)
    assert done.sessions == 1
    assert walls(dates())[:3] == ["11-24 18:00", "12-02 19:00", "12-08 18:00"]
    assert [row.capacity for row in dates()] == [4, 6, 4, 4, 4, 4]
    assert dates()[1].repetition_day == date(2026, 12, 1)


def test_this_and_following_has_one_bound(maple: Location, by: Actor) -> None:
    rows = agility(maple, by, count=None)
    changed(rows[2], "following", by, starts_at=time(19), capacity=5)
    assert walls(dates())[:4] == ["11-24 18:00", "12-01 18:00", "12-08 19:00", "12-15 19:00"]
    first, second = db.session.query(Repetition).order_by(Repetition.first_day)
    assert (first.last_day, first.starts_at, first.capacity) == (date(2026, 12, 7), time(18), 4)
    assert (second.first_day, second.last_day, second.starts_at, second.capacity) == (
        date(2026, 12, 8), None, time(19), 5,
    )  # fmt: skip
    made = len(dates())
    repetitions.make_ahead(AT + timedelta(days=14))
    assert {row.repetition_id for row in dates()[made:]} == {second.id}
    assert {row[-5:] for row in walls(dates()[made:])} == {"19:00"}


def test_a_class_moves_to_another_weekday(
    maple: Location, by: Actor, rosa: Client, biscuit: Pet
) -> None:  # POR-2, FD-2
    """Without end, so that the worker goes on: no date twice, and none left out."""
    rows = agility(maple, by, count=None)
    booked = come(rosa, biscuit, rows[3])
    changed(rows[1], "this", by, day=rows[1].repetition_day + timedelta(days=1), starts_at=time(9))
    changed(rows[4], "this", by, starts_at=time(7))
    sessions.call_off(rows[5], "this", by=by, at=AT)
    later = dates()[2]
    done = changed(later, "following", by, day=date(2026, 12, 11), starts_at=time(17))
    assert done.bookings == 1
    assert walls(dates())[:7] == [
        *("11-24 18:00", "12-02 09:00", "12-11 17:00", "12-18 17:00"),
        *("12-25 07:00", "12-29 18:00", "01-08 17:00"),
    ]
    assert wording.local(booked.starts_at, ZONE).strftime("%m-%d %H:%M") == "12-18 17:00"
    assert [row.called_off_at is not None for row in dates()[:7]] == [False] * 5 + [True, False]
    before, after = db.session.query(Repetition).order_by(Repetition.id)
    assert rhythms.words(after.rule) == "Every week on Friday"
    assert (before.last_day, after.first_day) == (date(2026, 12, 7), date(2026, 12, 11))
    made = len(dates())
    repetitions.make_ahead(AT + timedelta(days=60))
    fridays = [row.repetition_day for row in dates()[2:]]
    assert len(dates()) > made
    assert fridays == [date(2026, 12, 11) + timedelta(weeks=number) for number in range(len(fridays))]


@pytest.mark.parametrize("days", [-6, -1, 1, 6])
def test_all_dates_move_to_another_weekday_in_their_rhythm(maple: Location, by: Actor, days: int) -> None:
    rows = agility(maple, by, weekly([1], every=2), first_day=FIRST + timedelta(days=14), count=20)
    later = timedelta(days=days)
    assert changed(rows[2], "all", by, day=rows[2].repetition_day + later).sessions == len(rows)
    repetition = db.session.query(Repetition).one()
    repetitions.make_ahead(AT + timedelta(days=120))
    assert [row.repetition_day for row in dates()] == [
        FIRST + timedelta(weeks=2 + 2 * number) + later for number in range(20)
    ]
    assert repetition.last_day == dates()[-1].repetition_day
    assert {row.starts_at.weekday() for row in dates()} == {(1 + days) % 7}


def test_dates_that_are_over_keep_their_weekday(maple: Location, by: Actor) -> None:
    rows = agility(maple, by)
    changed(rows[4], "all", by, at=AT + timedelta(days=16), day=rows[4].repetition_day + timedelta(days=2))
    assert walls(dates()) == [f"{day} 18:00" for day in ("11-24", "12-01", "12-08", "12-17", "12-24", "12-31")]


@pytest.mark.parametrize(
    ("rule", "days", "words"),
    [
        (weekly([1, 3]), 1, "no one weekday that could be another, so choose “Only this date”"),
        (monthly(FIRST), 1, "“Every month on the fourth Tuesday” has no one weekday"),
        (weekly([1]), 7, "a week or more away"),
        (weekly([1]), -1, "One of the dates would be on Mon 23 Nov 2026, at a time that is over"),
    ],
)
def test_what_cannot_be_another_weekday_is_refused(
    maple: Location, by: Actor, rule: str, days: int, words: str
) -> None:
    rows = agility(maple, by, rule, starts_at=time(9))
    was = walls(rows)
    with pytest.raises(Refused, match=words):
        changed(rows[1], "all", by, day=rows[1].repetition_day + timedelta(days=days))
    db.session.rollback()
    assert walls(dates()) == was


def test_what_stands_against_the_new_weekday_is_told_of_each_date(maple: Location, by: Actor) -> None:
    rows = agility(maple, by)
    closed = {"first_day": date(2026, 12, 9), "last_day": date(2026, 12, 9), "reason": "Painters"}
    db.session.add(Closure(location_id=maple.id, **closed))
    db.session.flush()
    plan = session_plans.plan_of(rows[1])._replace(day=date(2026, 12, 2))
    found = session_drafts.dates_after(rows[1], sessions.Scope.FOLLOWING, plan, at=AT)
    assert [one.day for one in found] == [date(2026, 12, 2) + timedelta(weeks=number) for number in range(5)]
    assert [one.against for one in found] == [[], ["Maple Street is closed: Painters"], [], [], []]


def test_all_means_all_that_are_ahead(maple: Location, by: Actor) -> None:
    rows = agility(maple, by)
    later = AT + timedelta(days=10)
    changed(rows[3], "all", by, at=later, starts_at=time(17))
    assert [row[-5:] for row in walls(dates())] == ["18:00", "18:00", "17:00", "17:00", "17:00", "17:00"]
    assert db.session.query(Repetition).one().starts_at == time(17)


def test_what_was_set_for_one_date_stays(maple: Location, by: Actor) -> None:
    rows = agility(maple, by)
    changed(rows[4], "this", by, starts_at=time(14))
    changed(rows[0], "all", by, starts_at=time(19), capacity=8)
    assert [row[-5:] for row in walls(dates())] == ["19:00"] * 4 + ["14:00", "19:00"]
    assert {row.capacity for row in dates()} == {8}


def test_a_date_that_is_called_off_stays_so(maple: Location, by: Actor) -> None:
    rows = agility(maple, by, count=None)
    gone = rows[3].id
    sessions.call_off(rows[3], "this", "Ice on the field", by=by, at=AT)
    changed(rows[1], "following", by, starts_at=time(19))
    changed(rows[0], "all", by, capacity=9)
    repetitions.make_ahead(AT + timedelta(days=60))
    assert [row.id for row in dates() if row.called_off_at] == [gone]
    assert [row.id for row in dates() if row.repetition_day == date(2026, 12, 15)] == [gone]
    off = db.session.get_one(ServiceSession, gone)
    assert (walls([off]), off.called_off_why) == (["12-15 18:00"], "Ice on the field")


@pytest.mark.parametrize(("scope", "left"), [("this", 5), ("following", 2), ("all", 0)])
def test_calling_off_reaches_as_far_as_said(maple: Location, by: Actor, scope: str, left: int) -> None:
    rows = agility(maple, by)
    sessions.call_off(rows[2], scope, by=by, at=AT)
    repetitions.make_ahead(AT + timedelta(days=300))
    assert len(dates()) == 6
    assert len([row for row in dates() if not row.called_off_at]) == left


def test_bookings_move_along_and_each_client_is_told_once(
    maple: Location, by: Actor, rosa: Client, omar: Client, biscuit: Pet, juno: Pet
) -> None:  # MSG-3
    rows = agility(maple, by, providers=[db.session.query(Provider).one()])
    mine = [come(rosa, biscuit, row) for row in rows[:3]]
    theirs = come(omar, omar.pets[0], rows[1])
    off = come(rosa, juno, rows[1])
    bookings.cancel(off, by=as_client(rosa), at=AT - timedelta(hours=1))
    done = changed(rows[1], "following", by, starts_at=time(19), minutes=45, providers=())
    assert done == (5, 3)
    for row in (*mine, theirs, off):
        db.session.refresh(row)
    assert [f"{wording.local(row.starts_at, ZONE):%H:%M}" for row in (*mine, theirs, off)] == [
        "18:00", "19:00", "19:00", "19:00", "18:00",
    ]  # fmt: skip
    assert mine[1].ends_at - mine[1].starts_at == timedelta(minutes=45)
    assert (len(mine[0].providers), mine[1].providers) == (1, [])
    told = letters(rosa)
    assert [letter.subject for letter in told] == ["New time: Agility"]
    assert told[0].text.count("Before: Agility,") == 2
    for words in ("Tue 1 Dec 2026, 7:00\u00a0PM EST", "Before: Agility, Tue 1 Dec 2026, 6:00\u00a0PM EST, at Maple"):
        assert words in told[0].text
    assert len(letters(omar)) == 1
    noted = db.session.query(History).filter_by(field="Time", client_id=omar.id).one()
    assert "6:00" in noted.old
    assert "7:00" in noted.new


def test_nobody_is_told_where_that_is_wanted_or_nothing_moves(
    maple: Location, by: Actor, rosa: Client, biscuit: Pet
) -> None:
    rows = agility(maple, by)
    come(rosa, biscuit, rows[0])
    changed(rows[0], "all", by, starts_at=time(19), tell=False)
    changed(rows[0], "all", by, capacity=9)
    assert letters(rosa) == []


def test_a_new_place_keeps_the_wall_time(maple: Location, by: Actor, rosa: Client, biscuit: Pet) -> None:
    river = db.session.query(Location).filter_by(name="Riverside").one()
    river.time_zone = "America/Chicago"
    rows = agility(maple, by)
    booking = come(rosa, biscuit, rows[0])
    changed(rows[0], "all", by, location=river)
    assert walls(dates())[0] == "11-24 18:00"
    db.session.refresh(booking)
    assert (booking.location_id, booking.starts_at) == (river.id, dates()[0].starts_at)
    assert "6:00\u00a0PM CST" in letters(rosa)[0].text


def test_fewer_places_than_are_taken_is_refused_with_the_number(
    maple: Location, by: Actor, rosa: Client, biscuit: Pet, juno: Pet
) -> None:
    rows = agility(maple, by)
    come(rosa, biscuit, rows[1])
    come(rosa, juno, rows[1])
    with pytest.raises(sessions.TooFew, match="2 places are taken on Tue 1 Dec 2026, so there cannot be only 1"):
        changed(rows[0], "all", by, capacity=1)
    db.session.rollback()
    assert {row.capacity for row in dates()} == {4}
    changed(rows[0], "all", by, capacity=1, overbook=True)
    assert places.left(dates()[1], AT) == 0
    assert {row.capacity for row in dates()} == {1}


def test_more_places_run_the_queue(maple: Location, by: Actor) -> None:  # WL-5
    rows = agility(maple, by)
    assert db.session.query(QueueCheck).count() == len(rows), "whoever waits for any date is asked for a new one"
    db.session.query(QueueCheck).delete()
    changed(rows[0], "this", by, capacity=5)
    check = db.session.query(QueueCheck).one()
    assert (check.service_session_id, check.due_at) == (rows[0].id, AT)


def test_calling_off_cancels_and_tells_those_who_come_and_those_who_wait(
    maple: Location, by: Actor, rosa: Client, omar: Client, zoe: Client, biscuit: Pet
) -> None:
    rows = agility(maple, by, capacity=1)
    booking = come(rosa, biscuit, rows[0])
    service = cast.service("Agility")
    entry = waitlists.join(omar, omar.pets[0], service, session=rows[0], by=as_client(omar), at=AT)
    later = AT + timedelta(minutes=1)
    done = sessions.call_off(rows[0], "this", "Theo is ill", by=by, at=later)
    assert done == (1, 1)
    db.session.refresh(booking)
    assert booking.cancellation
    assert (booking.cancellation.reason, booking.cancellation.undo_until) == ("Theo is ill", later)
    assert [letter.subject for letter in letters(rosa)] == ["Called off: Agility"]
    assert "Theo is ill" in letters(rosa)[0].text
    db.session.refresh(entry)
    assert (entry.removed_at, entry.outcome) == (later, Outcome.EXPIRED)
    assert "you do not wait for it any more" in letters(omar)[0].text
    assert letters(zoe) == []
    with pytest.raises(Refused, match="called off already"):
        sessions.call_off(rows[0], "this", by=by, at=later)
    with pytest.raises(Refused, match="called off already"):
        changed(rows[0], "this", by, capacity=9)


def test_a_cancellation_cannot_be_undone_after_its_class_is_called_off(
    maple: Location, by: Actor, rosa: Client, biscuit: Pet
) -> None:
    rows = agility(maple, by)
    booking = come(rosa, biscuit, rows[0])
    bookings.cancel(booking, by=as_client(rosa), at=AT)
    told = db.session.query(Message).count()
    sessions.call_off(rows[0], "this", by=by, at=AT + timedelta(seconds=3))
    assert db.session.query(Message).count() == told, "they had called it off themselves"
    with pytest.raises(Refused, match="time to undo is over"):
        bookings.restore(booking, by=as_client(rosa), at=AT + timedelta(seconds=5))


def test_what_has_begun_stays_as_it_is(maple: Location, by: Actor) -> None:
    rows = agility(maple, by)
    during = rows[0].starts_at + timedelta(minutes=5)
    for act in (lambda: changed(rows[0], "this", by, at=during, capacity=9),
                lambda: sessions.call_off(rows[0], "all", by=by, at=during)):  # fmt: skip
        with pytest.raises(Refused, match="has begun"):
            act()
        db.session.rollback()
    with pytest.raises(Refused, match="That time is over"):
        changed(rows[1], "this", by, day=date(2026, 11, 22))
    with pytest.raises(Refused, match="a week or more away"):
        changed(dates()[1], "all", by, day=date(2026, 12, 10))
    with pytest.raises(Refused, match=r"no 2:30\sAM on Sun 14 Mar 2027"):
        changed(dates()[1], "this", by, day=date(2027, 3, 14), starts_at=time(2, 30))


def test_a_date_that_is_added_to_a_series_is_for_all_who_registered(
    maple: Location, by: Actor, rosa: Client, omar: Client, biscuit: Pet
) -> None:
    service = cast.service("Agility")
    series = Series(service_id=service.id, location_id=maple.id, name="Agility in winter")
    db.session.add(series)
    db.session.flush()
    rows = agility(maple, by, series=series)
    for client, pet, cancelled in ((rosa, biscuit, False), (omar, omar.pets[0], True)):
        registration = Registration(client_id=client.id, series_id=series.id, price=9000, made_at=AT)
        db.session.add(registration)
        db.session.flush()
        booking = come(client, pet, rows[0])
        booking.registration_id = registration.id
        if cancelled:
            bookings.cancel(booking, by=by, at=AT - timedelta(hours=1))
    starts = rows[-1].starts_at + timedelta(days=7)
    added = sessions.add(service, maple, starts_at=starts, capacity=4, series=series, by=by, at=AT)
    put_in = db.session.query(Booking).filter_by(service_session_id=added.id).one()
    assert (put_in.client_id, put_in.price, put_in.pets) == (rosa.id, 0, [biscuit])
    assert db.session.query(WaitlistEntry).count() == 0
