"""The calendar of the desk: by day, week and month, by provider and location; how much it asks and weighs."""

import gzip
import random
import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import insert

from portal.db import db
from portal.models import (
    Booking,
    Client,
    Closure,
    Location,
    Member,
    Offering,
    Pet,
    Provider,
    ServiceSession,
    SessionProvider,
    TimeOff,
)
from portal.rules import attendances, bookings, desk_calendar, kept, sessions, waitlists
from portal.rules.actors import SYSTEM, as_client, as_member
from portal.rules.desk_calendar import Shown
from portal.rules.occupancy import midnight
from tests import cast
from tests.conftest import Browse, Browser
from tests.house.test_speed import queries

AT = cast.NOON  # a Monday
TUESDAY = date(2026, 11, 24)
NINE = datetime(2026, 11, 24, 14, tzinfo=AT.tzinfo)  # in New York
ZONE = "America/New_York"
VIEWS = ("day", "week", "month")


@pytest.fixture(autouse=True)
def monday(app: object) -> Any:
    cast.open_shop()
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def maple(app: object) -> Location:
    return db.session.query(Location).filter_by(name="Maple Street").one()


@pytest.fixture
def by(app: object) -> Provider:
    return db.session.query(Provider).one()


def shown(first: date, days: int = 1, view: str = "day", location: int = 0, provider: int = 0) -> Shown:
    span = [first + timedelta(days=number) for number in range(days)]
    return desk_calendar.calendar(span, view=view, location_id=location, provider_id=provider, zone=ZONE, at=AT)


def test_a_day_shows_classes_appointments_and_who_is_there(
    browse: Browse, theo: Member, by: Provider, rosa: Client, omar: Client, biscuit: Pet, juno: Pet
) -> None:  # FD-2
    session = cast.session("Agility", NINE + timedelta(hours=1), capacity=1)
    session.providers = [by]
    cast.booking(rosa, [biscuit], "Agility", session.starts_at, made_at=AT, session=session, providers=[by])
    waitlists.join(omar, omar.pets[0], session.service, session=session, by=as_client(omar), at=AT)
    groom = cast.booking(rosa, [biscuit, juno], "Full Groom", NINE + timedelta(hours=4), made_at=AT, providers=[by])
    cast.booking(rosa, [biscuit, juno], "Daycare", NINE, made_at=AT)
    cast.booking(omar, omar.pets, "Boarding", NINE, ends_at=NINE + timedelta(days=2), made_at=AT)
    page = browse(theo).get("/desk/calendar?view=day&day=2026-11-24").text
    for words in (
        "Tue 24 Nov 2026",
        "1 of 1, full, 1 waiting",
        "Biscuit and Juno",
        "Full Groom, Rosa Delgado",
        "Theo Brandt",
    ):
        assert words in page
    assert f'href="/desk/classes/{session.id}"' in page
    assert re.search(rf'href="/desk/(bookings/{groom.id}|customers/{rosa.id})"', page)
    assert re.search(r"<b>2</b> Daycare", page)
    assert re.search(r"<b>1</b> Boarding", page)
    assert page.count('class="slot') == 2, "whoever comes to a class stands in it, not beside it"


def test_each_view_is_a_page_a_part_and_an_address(browse: Browse, theo: Member) -> None:  # FD-2
    browser = browse(theo)
    for view, title in (("day", "Tue 24 Nov 2026"), ("week", "23\u2060–\u206029 Nov 2026"), ("month", "November 2026")):
        path = f"/desk/calendar?view={view}&day=2026-11-24"
        whole, part = browser.get(path).text, browser.swap(path, "get").text
        assert title in whole
        assert "<html" not in part
        assert part.strip() in whole, "the part is what the page includes"
        links = re.findall(r'<a [^>]*hx-get="([^"]+)"[^>]*>', part)
        assert links
        assert all(f'href="{link}"' in part for link in links), "each is a plain link first"
    assert '<a class="nav__link" href="/desk/calendar" aria-current="page">' in browser.get("/desk/calendar").text


@pytest.mark.parametrize(
    "query", ["view=year", "day=soon", "day=9999-12-31", "day=0001-01-01", "provider=x", "location=99"]
)
def test_an_address_that_makes_no_sense_shows_what_it_can(browse: Browse, theo: Member, query: str) -> None:
    answer = browse(theo).get(f"/desk/calendar?{query}")
    assert answer.status_code == 200
    assert "Nov 2026" in answer.text


def test_a_cancelled_booking_is_gone_and_a_class_that_is_called_off_says_so(
    browse: Browse, theo: Member, rosa: Client, biscuit: Pet
) -> None:
    booking = cast.booking(rosa, [biscuit], "Full Groom", NINE, made_at=AT)
    session = cast.session("Agility", NINE)
    browser, path = browse(theo), "/desk/calendar?view=day&day=2026-11-24"
    assert "Biscuit" in browser.get(path).text
    bookings.cancel(booking, by=SYSTEM, at=AT)
    sessions.call_off(session, "this", by=SYSTEM, at=AT)
    page = browser.get(path).text
    assert "Biscuit" not in page
    assert "Called off" in page
    assert not re.search(r"</b> (class|appointment)", browser.get("/desk/calendar?view=month&day=2026-11-24").text)


def test_it_can_be_narrowed_down_to_a_provider_and_a_location(
    browse: Browse, theo: Member, by: Provider, maple: Location, rosa: Client, biscuit: Pet
) -> None:
    river = db.session.query(Location).filter_by(name="Riverside").one()
    mine, other = cast.session("Agility", NINE), cast.session("Agility", NINE + timedelta(hours=2))
    mine.providers, other.location_id = [by], river.id
    cast.booking(rosa, [biscuit], "Daycare", NINE, made_at=AT)
    browser = browse(theo)
    seen = {
        query: set(
            re.findall(r"/desk/classes/(\d+)", browser.swap(f"/desk/calendar?day=2026-11-24&{query}", "get").text)
        )
        for query in (
            "",
            f"provider={by.id}",
            f"location={maple.id}",
            f"location={river.id}",
            f"provider={by.id}&location={river.id}",
        )
    }
    assert list(seen.values()) == [
        {str(mine.id), str(other.id)},
        {str(mine.id)},
        {str(mine.id)},
        {str(other.id)},
        set(),
    ]
    assert "Daycare" not in browser.get(f"/desk/calendar?view=day&day=2026-11-24&provider={by.id}").text


def test_closures_and_time_off_stand_on_their_days(browse: Browse, theo: Member, by: Provider, maple: Location) -> None:
    signed = {"at": AT, "by_kind": "member", "by_id": theo.id, "by_name": theo.name}
    until = NINE + timedelta(days=1, hours=3)
    db.session.add(
        TimeOff(provider_id=by.id, starts_at=NINE + timedelta(hours=3), ends_at=until, reason="Dentist", **signed)
    )
    db.session.add(Closure(location_id=maple.id, first_day=TUESDAY, last_day=TUESDAY, reason="Painting"))
    db.session.commit()
    browser = browse(theo)
    page = browser.get("/desk/calendar?view=week&day=2026-11-24").text.replace("\u00a0", " ")
    assert page.count("Maple Street is closed: Painting") == 1
    assert "Theo Brandt is away from 12:00 PM: Dentist" in page
    assert "Theo Brandt is away until 12:00 PM: Dentist" in page
    assert browser.get("/desk/calendar?view=month&day=2026-11-24").text.count("Theo Brandt away") == 2


def test_a_day_is_that_of_its_location_and_as_long_as_it_is(maple: Location, rosa: Client, biscuit: Pet) -> None:
    """On 1 November the clocks go back in New York: 25 hours. In Tokyo it is a day of its own."""
    river = db.session.query(Location).filter_by(name="Riverside").one()
    river.time_zone = "Asia/Tokyo"
    late = cast.session("Agility", datetime(2026, 11, 2, 4, 30, tzinfo=AT.tzinfo))
    tokyo = cast.session("Agility", datetime(2026, 10, 31, 23, tzinfo=AT.tzinfo))
    tokyo.location_id = river.id
    db.session.commit()
    day = shown(date(2026, 11, 1)).days[0]
    assert [(item.id, item.starts_at.hour) for item in day.items] == [
        (tokyo.id, 8),
        (late.id, 23),
    ]
    assert [item.id for item in shown(date(2026, 11, 2)).days[0].items] == []


def test_a_stay_is_counted_for_each_night(rosa: Client, biscuit: Pet, juno: Pet) -> None:
    evening = datetime(2026, 11, 24, 23, tzinfo=AT.tzinfo)
    cast.booking(rosa, [biscuit, juno], "Boarding", evening, ends_at=evening + timedelta(days=2, hours=-8), made_at=AT)
    week = shown(date(2026, 11, 23), 7, "week").days
    assert [day.counts.get("Boarding", 0) for day in week] == [0, 2, 2, 0, 0, 0, 0]
    month = shown(date(2026, 11, 23), 7, "month").days
    assert [day.counts.get("overnight", 0) for day in month] == [0, 2, 2, 0, 0, 0, 0]


def test_stays_of_any_length_are_counted_as_by_hand(rosa: Client, biscuit: Pet, theo: Member) -> None:
    """From none at all to years, at two locations, in every state: those who are there at the end of a day."""
    chance, places = random.Random(7), db.session.query(Location).order_by(Location.id).all()
    hours = [0, 1, 20, 24, 30, 95, 96, 97, 240, 384, 400, 1536, 6144, 9_000, 40_000]
    acts = (bookings.cancel, attendances.miss, attendances.check_in, None, None)
    places[1].time_zone = "Asia/Tokyo"
    db.session.query(Offering).update({"places": 999})
    db.session.query(Location).update({"places": 999})
    told = []
    for number in range(90):
        lasting = timedelta(hours=hours[number % len(hours)])
        starts = AT + timedelta(hours=chance.randrange(-900, 900)) - lasting * (number % 3 > 0)
        place, pets = chance.choice(places), [cast.pet(rosa, "Bo", biscuit.animal) for _ in range(1 + number % 2)]
        service = ("Boarding", "Daycare")[number % 4 == 3]
        one = cast.booking(rosa, pets, service, starts, ends_at=starts + lasting, made_at=AT, by=as_member(theo))
        one.location_id = place.id
        db.session.commit()
        if act := acts[number % len(acts)]:
            act(one, by=as_member(theo), at=starts - timedelta(hours=act is bookings.cancel))
        told += [] if act is bookings.cancel else [(one, service, place.time_zone, len(pets))]

    def count(day: date, kind: str) -> int:
        here = 0
        for one, service, zone, pets in told:
            begins, ends = (midnight(day + timedelta(days=more), zone) for more in (0, 1))
            stays = one.starts_at < ends <= one.ends_at
            comes = begins <= one.starts_at < ends
            here += pets if service == kind and (stays if kind == "Boarding" else comes) else 0
        return here

    for view, days in (("day", 1), ("week", 7), ("month", 42)):
        first = date(2026, 11, 9)
        names = ("overnight", "in day care") if view == "month" else ("Boarding", "Daycare")
        for one in shown(first, days, view).days:
            counts = tuple(one.counts.get(name, 0) for name in names)
            assert counts == (count(one.day, "Boarding"), count(one.day, "Daycare")), (view, one.day)


@pytest.mark.parametrize("provided", [False, True])
def test_the_first_of_a_day_are_the_first_of_all(
    rosa: Client, biscuit: Pet, theo: Member, by: Provider, provided: bool
) -> None:
    """Whatever their state, and where many begin at once; one provider's by themselves."""
    chance = random.Random(3)
    acts = (attendances.check_in, attendances.miss, bookings.cancel, None, None, None)
    on: list[tuple[datetime, str, int]] = []
    for number in range(80):
        starts, given = NINE + timedelta(minutes=30 * chance.randrange(12)), [by][: number % 2]
        if number % 9 == 0:
            one = cast.session("Agility", starts)
            one.providers = given
            kind = "class"
        else:
            bo, staff = cast.pet(rosa, "Bo", biscuit.animal), as_member(theo)
            one = cast.booking(rosa, [bo], "Full Groom", starts, made_at=AT, by=staff)
            one.providers = given
            db.session.commit()
            kind, act = "appointment", chance.choice(acts)
            if act:
                act(one, by=as_member(theo), at=starts)
            if act is bookings.cancel:
                continue
        on += [(starts, kind, one.id)] if given or not provided else []
    db.session.commit()
    chosen = by.id if provided else 0
    for view, most in (("week", 3), ("day", 24 if len(on) > 40 else 40)):
        day = shown(TUESDAY, view=view, provider=chosen).days[0]
        seen = [(item.starts_at, item.kind, item.id) for item in day.items]
        assert [first[:2] for first in seen] == [first[:2] for first in sorted(on)[:most]]
        assert len({*seen} & {*on}) == len(seen), "each is one of them, and stands there once"
        assert day.rows == len(on)
    month = shown(TUESDAY, view="month", provider=chosen).days[0].counts
    assert month["classes"] + month["appointments"] == len(on)


def test_a_day_in_two_zones_is_one_day(rosa: Client, biscuit: Pet, theo: Member) -> None:
    """What does not fit is counted at all locations, and the first are the first of all."""
    river = db.session.query(Location).filter_by(name="Riverside").one()
    river.time_zone = "America/Chicago"
    made = []
    for number in range(12):
        bo, starts = cast.pet(rosa, "Bo", biscuit.animal), NINE + timedelta(minutes=20 * number)
        one = cast.booking(rosa, [bo], "Full Groom", starts, made_at=AT, by=as_member(theo))
        one.location_id = river.id if number % 3 else one.location_id
        made.append(one.id)
    db.session.commit()
    day = shown(TUESDAY, view="week").days[0]
    assert [item.id for item in day.items] == made[:3]
    assert (day.rows, day.more) == (12, 9)


def lines(browser: Browser, path: str, classes: int) -> tuple[int, bool]:
    """How many lines there are for so many classes of a day, and whether there are more than those."""
    for minute in range(db.session.query(ServiceSession).count(), classes):
        cast.session("Agility", NINE + timedelta(minutes=minute))
    part = browser.swap(path, "get").text
    return part.count('class="slot'), "calendar__more" in part


def test_what_does_not_fit_in_a_week_is_one_tap_away(browse: Browse, theo: Member) -> None:
    """Four do; of more than that there are three, and what leads to the others in place of the fourth."""
    browser, path = browse(theo), "/desk/calendar?day=2026-11-24"
    assert [lines(browser, path, number) for number in (4, 15)] == [(4, False), (3, True)]
    part = browser.swap(path, "get").text
    assert "+12 more" in part
    assert 'href="/desk/calendar?view=day&amp;day=2026-11-24"' in part
    assert len(shown(TUESDAY).days[0].items) == 15


def test_all_of_a_full_day_is_one_tap_away(browse: Browse, theo: Member) -> None:
    """It shows forty by itself; of more than that the first two dozen."""
    browser, path = browse(theo), "/desk/calendar?view=day&day=2026-11-24"
    assert [lines(browser, path, number) for number in (40, 45)] == [(40, False), (24, True)]
    part = browser.swap(path, "get").text
    assert "+21 more" in part
    assert f'href="{path.replace("&", "&amp;")}&amp;all=1"' in part
    assert lines(browser, f"{path}&all=1", 45) == (45, False)


def test_more_providers_than_columns_share_the_last(browse: Browse, theo: Member) -> None:
    for number in range(10):
        extra = Provider(name=f"Helper {number}")
        db.session.add(extra)
        cast.session("Agility", NINE).providers = [extra]
    db.session.commit()
    part = browse(theo).swap("/desk/calendar?view=day&day=2026-11-24", "get").text
    assert "agenda--8" in part
    assert ">Others<" in part
    assert len(re.findall(r"column-8", part)) == 3
    assert "Helper" in part


def full_month(maple: Location, by: Provider, rosa: Client) -> None:
    """2,000 classes in November, and an appointment and a stay beside each tenth."""
    service, first = cast.service("Agility"), datetime(2026, 11, 1, 13, tzinfo=AT.tzinfo)
    starts = [first + timedelta(days=number % 30, minutes=7 * (number // 30)) for number in range(2_000)]
    shared = {"service_id": service.id, "location_id": maple.id, "capacity": 8}
    db.session.execute(
        insert(ServiceSession), [{**shared, "starts_at": at, "ends_at": at + timedelta(hours=1)} for at in starts]
    )
    ids = db.session.query(ServiceSession.id).all()
    db.session.execute(insert(SessionProvider), [{"service_session_id": id, "provider_id": by.id} for (id,) in ids])
    booked = {"client_id": rosa.id, "location_id": maple.id, "made_at": AT}
    kinds = [(cast.service("Full Groom").id, timedelta(hours=1)), (cast.service("Boarding").id, timedelta(days=3))]
    db.session.execute(
        insert(Booking),
        [
            {**booked, "service_id": kind, "starts_at": at, "ends_at": at + length}
            for at in starts[::10]
            for kind, length in kinds
        ],
    )
    kept.reckon_all()
    db.session.commit()


def test_a_calendar_takes_four_queries_and_stays_light_however_much_there_is(
    app: Flask, browse: Browse, theo: Member, maple: Location, by: Provider, rosa: Client
) -> None:
    browser = browse(theo)
    for fill, most in ((False, 5_000), (True, 12_000)):
        if fill:
            full_month(maple, by, rosa)
        for view in VIEWS:
            for more in ("", f"&provider={by.id}", f"&location={maple.id}"):
                with queries(app) as said:
                    answer = browser.get(
                        f"/desk/calendar?view={view}&day=2026-11-24{more}", headers={"Accept-Encoding": "gzip"}
                    )
                assert len(said) <= 4, "\n\n".join(said)
                assert len(answer.data) <= most, f"{view}{more}: {len(answer.data)} bytes"
                assert len(gzip.decompress(answer.data)) <= 96_000
    month = browser.swap("/desk/calendar?view=month&day=2026-11-24", "get").text
    assert sum(int(count) for count in re.findall(r"<b>(\d+)</b> classes", month)) == 2_000


def test_what_is_done_is_green_wherever_it_stands(  # CAL-3, PET-3
    browse: Browse, rosa: Client, biscuit: Pet, nina: Member
) -> None:
    done = cast.booking(rosa, [biscuit], "Full Groom", NINE, made_at=AT)
    attendances.check_in(done, by=as_member(nina), at=NINE)
    attendances.check_out(done, by=as_member(nina), at=NINE + timedelta(hours=1))
    with time_machine.travel(NINE + timedelta(hours=3), tick=False):
        theirs, ours = browse(rosa), browse(nina)
        for browser, path, leads in (
            (theirs, "/calendar?view=day", f"/bookings/{done.id}"),
            (theirs, "/calendar?view=week", f"/bookings/{done.id}"),
            (theirs, "/calendar?view=month", f"/bookings/{done.id}"),
            (ours, "/desk/calendar?view=day", f"/desk/bookings/{done.id}"),
            (ours, "/desk/calendar?view=week", f"/desk/bookings/{done.id}"),
        ):
            slot = re.findall(rf'<a class="slot ([^"]*)"[^>]* href="{leads}"', browser.get(path).text)
            assert [words.split()[0] for words in slot] == ["is-positive"], path
        for browser, path, row in (
            (theirs, "/bookings/past", f"booking_row-{done.id}"),
            (theirs, f"/pets/{biscuit.id}", f"booking_row-{done.id}"),
            (ours, f"/desk/customers/{rosa.id}/bookings/past", f"customer_booking-{done.id}"),
        ):
            page = browser.get(path).text
            assert f'<li class="row is-positive" id="{row}"' in page, path
            assert 'class="tag is-positive"' in page.split(row)[1].split("</li>")[0], path
        for browser, path in ((theirs, f"/bookings/{done.id}"), (ours, f"/desk/bookings/{done.id}")):
            assert re.search(r'class="tag is-positive"><svg.*?</svg>Done<', browser.get(path).text, re.S), path
