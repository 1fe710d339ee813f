"""The client's calendar: what stands in it, what it leads to, and how it is walked through."""

from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from time_machine import travel

from portal.db import db
from portal.models import (
    Access,
    Booking,
    Business,
    Client,
    Member,
    Membership,
    MembershipService,
    Pet,
    Provider,
    ServiceSession,
    Subscription,
    WaitlistEntry,
)
from portal.rules import attendances, bookings, periods
from portal.rules.actors import as_client, as_member
from tests import cast
from tests.conftest import Browse
from tests.house.test_speed import queries

AT = datetime(2026, 11, 24, 15, tzinfo=UTC)  # Tuesday, 10:00 in New York
TOMORROW = datetime(2026, 11, 25, 18, tzinfo=UTC)


@pytest.fixture(autouse=True)
def shop(app: Flask) -> None:
    cast.open_shop()


def slot(page: str, session: ServiceSession) -> str:
    return page.split(f'id="slot-{session.id}"')[1].split('class="slot')[0]


def full(zoe: Client, biscuit: Pet, starts_at: datetime = TOMORROW) -> ServiceSession:
    session = cast.session("Agility", starts_at, 1)
    bolt = cast.pet(zoe, "Bolt", biscuit.animal)
    cast.booking(zoe, [bolt], "Agility", starts_at, session=session, made_at=AT - timedelta(days=9))
    db.session.commit()
    return session


@travel(AT)
def test_a_class_says_what_can_be_done(browse: Browse, rosa: Client, zoe: Client, biscuit: Pet) -> None:  # CAL-3, CAL-4
    can, taken, gone = (
        cast.session("Agility", TOMORROW + timedelta(hours=2)),
        full(zoe, biscuit),
        cast.session("Agility", AT - timedelta(hours=2)),
    )
    own = cast.session("Agility", TOMORROW + timedelta(days=1))
    made = cast.booking(rosa, [biscuit], "Agility", own.starts_at, session=own, made_at=AT)
    page = browse(rosa).get("/calendar").text
    assert "23\u2060–\u206029 Nov 2026" in page
    assert "Book, 4 left" in slot(page, can)
    assert f'href="/book?service={can.service_id}&amp;session={can.id}"' in slot(page, can)
    assert "Full, join waitlist" in slot(page, taken)
    assert f'href="/waitlists/new?session={taken.id}"' in slot(page, taken)
    assert "Past" in slot(page, gone)
    assert "<a" not in slot(page, gone).split("</div>")[0]
    assert f'class="slot is-positive" href="/bookings/{made.id}"' in page
    assert f'id="slot-{own.id}"' not in page, "it stands there once, as their own"
    assert "Registered" in page
    db.session.query(Business).one().waitlist_open = False
    assert "Full<" in slot(browse(rosa).get("/calendar").text, taken)
    month = unescape(browse(rosa).get("/calendar?view=month").text)
    assert f'href="/book?service={can.service_id}&session={can.id}"><b>Agility</b>3:00\u00a0PM, 4 left</a>' in month
    assert "<b>Agility</b>8:00\u00a0AM, Past</p>" in month
    assert f'href="/bookings/{made.id}"><b>Agility</b>1:00\u00a0PM, Registered</a>' in month


@travel(AT)
def test_their_own_are_called_as_everywhere(
    browse: Browse, rosa: Client, biscuit: Pet, juno: Pet, theo: Member
) -> None:  # CAL-3
    """What is over is done, whoever missed it did not show up, and who is in the house is checked in."""
    by, made_at = as_member(theo), AT - timedelta(days=9)

    def book(hours: int, pet: Pet = biscuit, **more: object) -> Booking:
        return cast.booking(rosa, [pet], "Daycare", AT + timedelta(hours=hours), made_at=made_at, **more)

    over, missed, here, ahead = book(-14), book(-16, juno), book(-1), book(20)
    asked = book(30, juno, needs_approval=True)
    attendances.miss(missed, by=by, at=AT - timedelta(hours=12))
    attendances.check_in(here, by=by, at=AT)
    words = {over: "Done", missed: "No-show", here: "Checked in", ahead: "Registered", asked: "Requested"}
    week, month = (unescape(browse(rosa).get(f"/calendar?view={view}").text) for view in ("week", "month"))
    for booking, word in words.items():
        told = week.split(f'href="/bookings/{booking.id}"')[1].split("</a>")[0]
        assert told.endswith(f"{word}</span>"), word
        assert f", {word}</a>" in month.split(f'href="/bookings/{booking.id}"')[1].split("</a>")[0] + "</a>"


@travel(AT)
def test_limits_of_the_service_and_of_the_client_make_it_grey(browse: Browse, rosa: Client) -> None:  # CAL-3
    session = cast.session("Agility", TOMORROW)

    def said() -> str:
        return slot(browse(rosa).get("/calendar").text, session)

    session.service.notice_minutes = 60 * 48
    assert "Too late to book" in said()
    session.service.notice_minutes, session.service.ahead_days = 0, 0
    assert "Not open yet" in said()
    session.service.ahead_days = 180
    rosa.blocked_online = True
    assert "Not open online" in said()
    rosa.blocked_online, db.session.query(Business).one().booking_open = False, False
    assert "Not open online" in said()


@travel(AT)
def test_only_services_that_the_client_may_book_are_there(browse: Browse, rosa: Client, omar: Client) -> None:  # CAL-1
    session = cast.session("Agility", TOMORROW)
    for access, there in ((Access.PUBLIC, True), (Access.LINK, False), (Access.STAFF, False), (Access.MEMBERS, False)):
        session.service.access = access
        assert ("Agility" in browse(rosa).get("/calendar").text) == there, access
    club = Membership(name="Club")
    db.session.add(club)
    db.session.flush()
    held = {"by_kind": "member", "by_id": 1, "by_name": "Nina Park", "at": AT, "first_day": date(2026, 11, 1)}
    db.session.add(MembershipService(membership_id=club.id, service_id=session.service_id))
    db.session.add(Subscription(client_id=rosa.id, membership_id=club.id, **held))
    db.session.commit()
    assert "Agility" in browse(rosa).get("/calendar").text
    assert "Agility" not in browse(omar).get("/calendar").text


@travel(AT)
def test_own_bookings_of_every_kind_are_there_and_nobody_elses(
    browse: Browse, rosa: Client, omar: Client, biscuit: Pet
) -> None:  # CAL-1
    cast.booking(rosa, [biscuit], "Boarding", TOMORROW, ends_at=TOMORROW + timedelta(days=2), made_at=AT)
    asked = cast.booking(rosa, [biscuit], "Full Groom", TOMORROW, needs_approval=True, made_at=AT)
    off = cast.booking(rosa, [biscuit], "Daycare", TOMORROW, made_at=AT)
    bookings.cancel(off, by=as_client(rosa), at=AT)
    db.session.commit()
    page = browse(rosa).get("/calendar").text
    assert page.count("<b>Boarding</b>") == 3, "on each of its days"
    assert ("from 1:00\u00a0PM" in page, "All day" in page, "until 1:00\u00a0PM" in page) == (True, True, True)
    assert f'class="slot is-info" href="/bookings/{asked.id}"' in page
    assert "Daycare" not in page
    assert "Boarding" not in browse(omar).get("/calendar").text


@travel(AT)
def test_it_is_walked_through_by_day_week_and_month(browse: Browse, rosa: Client) -> None:  # CAL-2
    browser = browse(rosa)
    week = browser.get("/calendar").text
    for path in ("view=week&amp;day=2026-11-17", "view=week&amp;day=2026-12-01", "view=month&amp;day=2026-11-24"):
        assert f'href="/calendar?{path}"' in week
    assert 'hx-push-url="true"' in week
    day = browser.get("/calendar?view=day&day=2026-12-31").text
    assert "Thursday 31 December 2026" in day
    assert 'href="/calendar?view=day&amp;day=2027-01-01"' in day
    month = browser.get("/calendar?view=month&day=2028-02-29").text
    assert "February 2028" in month
    assert month.count('class="calendar__day') == 35
    assert 'href="/calendar?view=month&amp;day=2028-03-01"' in month
    part = browser.swap("/calendar?view=month", "get").text
    assert part.lstrip().startswith('<div class="stack" id="calendar">')
    for odd in ("?view=year&day=tomorrow", "?day=9999-99-99", "?day=0001-01-01"):
        assert "23\u2060–\u206029 Nov 2026" in browser.get(f"/calendar{odd}").text
    assert browser.get("/calendar?provider=x").status_code == 404


@travel(AT)
def test_it_can_be_narrowed_to_one_provider(browse: Browse, rosa: Client) -> None:  # CAL-2
    theo = db.session.query(Provider).one()
    ana = Provider(name="Ana Silva")
    db.session.add(ana)
    his, hers = cast.session("Agility", TOMORROW), cast.session("Agility", TOMORROW + timedelta(hours=3))
    his.providers, hers.providers = [theo], [ana]
    db.session.commit()
    page = browse(rosa).get("/calendar").text
    assert (f"slot-{his.id}" in page, f"slot-{hers.id}" in page) == (True, True)
    page = browse(rosa).get(f"/calendar?provider={ana.id}").text
    assert (f"slot-{his.id}" in page, f"slot-{hers.id}" in page) == (False, True)
    assert f"day=2026-12-01&amp;provider={ana.id}" in page, "it stays so while walking"


@travel(AT)
def test_joining_changes_the_slot_in_place(
    browse: Browse, rosa: Client, zoe: Client, biscuit: Pet
) -> None:  # CAL-4, WL-4
    session, browser = full(zoe, biscuit), browse(rosa)
    headers = {"HX-Current-URL": "http://localhost/calendar?view=week"}
    answer = browser.swap(f"/waitlists?session={session.id}", data={"pet": biscuit.id}, headers=headers)
    assert answer.text.lstrip().startswith(f'<a class="slot is-past" id="slot-{session.id}"')
    assert "Waitlisted" in answer.text
    entry = db.session.query(WaitlistEntry).one()
    assert f'href="/waitlists/{entry.id}/offer"' in slot(browser.get("/calendar").text, session)


def test_it_is_closed_with_the_switch_and_to_others(browse: Browse, rosa: Client, nina: Member) -> None:  # NAV-2
    assert 'href="/calendar"' in browse(rosa).get("/").text
    assert browse(nina).get("/calendar").status_code == 302
    db.session.query(Business).one().calendar_open = False
    assert 'href="/calendar"' not in browse(rosa).get("/").text
    assert browse(rosa).get("/calendar").status_code == 404


@travel(AT)
def test_a_full_day_counts_its_classes_but_for_what_is_theirs(
    browse: Browse, rosa: Client, zoe: Client, biscuit: Pet
) -> None:  # CAL-2, CAL-3
    """Their own and those that they wait for stand there, however many others there are."""
    first = [cast.session("Agility", TOMORROW + timedelta(minutes=number)) for number in range(6)]
    waited = full(zoe, biscuit, TOMORROW + timedelta(hours=2))
    own = cast.session("Agility", TOMORROW + timedelta(hours=3))
    made = cast.booking(rosa, [biscuit], "Agility", own.starts_at, session=own, made_at=AT)
    line = {"service_id": waited.service_id, "location_id": waited.location_id, "joined_at": AT}
    entry = WaitlistEntry(client_id=rosa.id, pet_id=biscuit.id, service_session_id=waited.id, **line)
    db.session.add(entry)
    db.session.commit()
    browser = browse(rosa)
    month, week = browser.get("/calendar?view=month").text, browser.get("/calendar").text
    assert (month.count('class="slot'), "6 more classes</span></a>" in month) == (2, True)
    assert (week.count('class="slot'), "+4 more<" in week) == (4, True)
    for page in (month, week):
        assert f'href="/bookings/{made.id}"' in page
        assert f'href="/waitlists/{entry.id}/offer"' in page
    assert [f"slot-{one.id}" in week for one in first] == [True] * 2 + [False] * 4
    entry.removed_at = AT
    for one in first[1:]:
        one.called_off_at = AT
    db.session.commit()
    month = browser.get("/calendar?view=month").text
    assert (month.count('class="slot'), "classes" in month) == (3, False), "two of them and their own fit"
    assert browser.get("/calendar").text.count('class="slot') == 3


@travel(AT)
def test_a_month_of_two_thousand_classes_is_light(app: Flask, browse: Browse, rosa: Client) -> None:  # CAL-2
    agility = cast.service("Agility").id
    place = cast.session("Agility", TOMORROW).location_id
    first = datetime(2026, 11, 1, 14, tzinfo=UTC)
    for number in range(2000):
        starts = first + timedelta(days=number % 30, minutes=number // 30)
        db.session.add(
            ServiceSession(service_id=agility, location_id=place, starts_at=starts, ends_at=starts, capacity=4)
        )
    db.session.commit()
    browser = browse(rosa)
    for path in ("/calendar?view=month", "/calendar", "/calendar?view=day"):
        browser.get(path)
        with queries(app) as said:
            answer = browser.get(path)
        assert len(said) <= 3, "\n\n".join(said)
        assert len(answer.data) < 30_000
    month = browser.get("/calendar?view=month").text
    assert month.count('class="slot') == 0, "two of so many would tell nothing"
    assert (month.count("66 classes</span></a>"), month.count("67 classes</span></a>")) == (9, 21)
    week = browser.get("/calendar").text
    assert (week.count('class="slot'), week.count("+65 more"), week.count("+64 more")) == (14, 1, 6)
    assert '+65 more<span class="sr-only"> on 25 November</span></a>' in week
    day = browser.get("/calendar?view=day").text
    assert (day.count('class="slot'), "+26 more" in day) == (40, True)
    rest = browser.get("/calendar?view=day&day=2026-11-24&all=1").text
    assert (rest.count('class="slot'), "more" in rest.split('<div class="calendar ')[1]) == (66, False)


def test_weeks_and_months_end_where_they_do() -> None:  # CAL-2
    assert periods.period("week", date(2027, 1, 1)).title == "28 Dec 2026\u2060–\u20603 Jan 2027"
    assert periods.period("week", date(2026, 12, 3)).title == "30 Nov\u2060–\u20606 Dec 2026"
    march = periods.period("month", date(2026, 3, 31))
    assert (march.before, march.after) == (date(2026, 2, 1), date(2026, 4, 1))
    assert (march.first, march.last) == (date(2026, 2, 23), date(2026, 4, 5))
