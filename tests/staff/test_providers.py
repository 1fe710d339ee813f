"""Providers, hours, time off and closures in the settings; add-ons, and the places of a location."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from portal import windows
from portal.db import db
from portal.models import (
    AddOn,
    Closure,
    Location,
    Member,
    Offering,
    OpeningHours,
    Provider,
    QueueCheck,
    ServiceAddOn,
    ServiceProvider,
    SessionProvider,
    TimeOff,
    WorkingHours,
)
from portal.models import Client as ClientRow
from portal.rules import affected, bookings, closures, time_off, weeks
from portal.rules.actors import SYSTEM
from portal.rules.refused import Misfit, Refused
from portal.windows import Window
from tests import cast
from tests.conftest import Browse

ZONE = "America/New_York"
PROVIDERS, ADD_ONS, PLACES = "/desk/settings/providers", "/desk/settings/add-ons", "/desk/settings/locations"


@pytest.fixture(autouse=True)
def shop(app: object) -> None:
    cast.open_shop()


@pytest.fixture
def ben(shop: None) -> Provider:
    """The provider who is Theo."""
    return db.session.query(Provider).one()


@pytest.fixture
def maple(shop: None) -> Location:
    return db.session.query(Location).filter_by(name="Maple Street").one()


def in_days(days: int) -> date:
    return (datetime.now(UTC) + timedelta(days=days)).date()


def groomed(rosa: ClientRow, ben: Provider, starts_at: datetime) -> None:
    booking = cast.booking(rosa, rosa.pets[:1], "Full Groom", starts_at, made_at=cast.NOON)
    if ben not in booking.providers:
        booking.providers.append(ben)
    db.session.commit()


@pytest.mark.parametrize("scripted", [True, False])
def test_a_provider_is_added_and_changed(browse: Browse, nina: Member, scripted: bool) -> None:  # POR-2, SB-3
    browser, groom = browse(nina), cast.service("Full Groom")
    ask = browser.swap if scripted else browser.post
    assert browser.get(f"{PROVIDERS}/new").status_code == 200
    answer = ask(PROVIDERS, data={"name": "Ana Silva", "member_id": "", "services": [str(groom.id)]})
    then = answer.headers["HX-Redirect"] if scripted else answer.location
    ana = db.session.query(Provider).filter_by(name="Ana Silva").one()
    assert then == f"{PROVIDERS}/{ana.id}"
    assert "Gives 1 service · no working hours yet" in browser.get(PROVIDERS).text
    assert ask(then, data={"name": "Ana S.", "member_id": str(nina.id)}).status_code == (200 if scripted else 303)
    assert (ana.name, ana.member_id) == ("Ana S.", nina.id)
    assert db.session.query(ServiceProvider).filter_by(provider_id=ana.id).count() == 0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Type the name of the provider."),
        ({"name": "THEO BRANDT"}, "There is a provider “Theo Brandt” already."),
        ({"member_id": "999"}, "Choose one of these."),
        ({"services": ["999"]}, "Choose from what is offered here."),
    ],
)
def test_a_provider_that_cannot_be_says_why(
    browse: Browse, nina: Member, wrong: dict[str, Any], words: str
) -> None:  # POR-2
    for ask in (browse(nina).post, browse(nina).swap):
        answer = ask(PROVIDERS, data={"name": "Ana Silva", "member_id": "", **wrong})
        assert (answer.status_code, words in answer.text) == (422, True)


def test_nobody_is_two_providers(browse: Browse, nina: Member, theo: Member, ben: Provider) -> None:  # POR-2
    answer = browse(nina).post(PROVIDERS, data={"name": "Theo at weekends", "member_id": str(theo.id)})
    assert (answer.status_code, "is the provider “Theo Brandt” already." in answer.text) == (422, True)
    assert (
        browse(nina).post(f"{PROVIDERS}/{ben.id}", data={"name": "Theo", "member_id": str(theo.id)}).status_code == 303
    )


def test_a_provider_is_retired_and_comes_back(browse: Browse, nina: Member, ben: Provider) -> None:  # POR-2
    browser = browse(nina)
    assert browser.post(f"{PROVIDERS}/{ben.id}/retirement").status_code == 303
    assert ben.retired_at
    assert browser.post(f"{PROVIDERS}/{ben.id}/retirement").status_code == 422
    assert "Retired" in browser.get(PROVIDERS).text
    assert browser.post(f"{PROVIDERS}/{ben.id}/return").status_code == 303
    assert browser.post(f"{PROVIDERS}/{ben.id}/return").status_code == 422
    assert browser.post(f"{PROVIDERS}/99999/return").status_code == 404


def test_working_hours_have_several_windows_a_day(
    browse: Browse, nina: Member, ben: Provider, maple: Location
) -> None:  # SB-3
    browser, path = browse(nina), f"{PROVIDERS}/{ben.id}/hours/{maple.id}"
    page = browser.get(path).text
    assert page.count('value="09:00"') == 6
    assert 'name="until_0_1"' in page
    assert 'name="until_0_2"' not in page
    data = {"since_0_0": "13:00", "until_0_0": "17:30", "since_0_1": "08:30", "until_0_1": "12:00"}
    assert browser.post(path, data={**data, "since_6_0": "22:00", "until_6_0": "23:59"}).status_code == 303
    found = weeks.working(ben.id)[maple.id]
    assert found == [
        Window(0, time(8, 30), time(12)),
        Window(0, time(13), time(17, 30)),
        Window(6, time(22), time(23, 59)),
    ]
    said = browser.get(f"{PROVIDERS}/{ben.id}").text.replace("\u2060", "").replace("\u00a0", " ")
    assert "Mon 8:30 AM–12:00 PM and 1:00 PM–5:30 PM" in said
    assert 'name="until_0_2"' in browser.get(path).text, "there is room for one more"
    assert browser.swap(path, data={}).headers["HX-Redirect"] == f"{PROVIDERS}/{ben.id}"
    assert db.session.query(WorkingHours).count() == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"since_1_0": "12:00", "until_1_0": "09:00"}, "The end lies before the beginning."),
        ({"since_1_0": "09:00", "until_1_0": "00:00"}, "For midnight write 11:59\u00a0PM."),
        ({"since_1_0": "09:00"}, "Type both times, or none."),
        (
            {"since_1_0": "09:00", "until_1_0": "12:00", "since_1_1": "11:59", "until_1_1": "13:00"},
            "Two of the hours of Tuesday overlap.",
        ),
        ({"since_1_0": "nine", "until_1_0": "12:00"}, "Type a time of day, such as 18:00."),
    ],
)
def test_hours_that_cannot_be_are_refused_beside_their_day(
    browse: Browse, nina: Member, ben: Provider, maple: Location, data: dict[str, str], words: str
) -> None:  # SB-3
    for path in (f"{PROVIDERS}/{ben.id}/hours/{maple.id}", f"{PLACES}/{maple.id}/hours"):
        for ask in (browse(nina).post, browse(nina).swap):
            answer = ask(path, data=data)
            assert (answer.status_code, words in answer.text) == (422, True)
            assert next(iter(data.values())) in answer.text, "what was typed stays"
    assert db.session.query(WorkingHours).count() == 6
    assert db.session.query(OpeningHours).filter_by(location_id=maple.id).count() == 7


def test_hours_that_touch_do_not_overlap() -> None:  # SB-3
    touching = [Window(1, time(9), time(12)), Window(1, time(12), time(13)), Window(2, time(11), time(12))]
    assert windows.wrong(touching) == {}
    week = [Window(day, time(9), time(17)) for day in (0, 1, 2, 3, 4, 6)]
    lines = [line.replace("\u2060", "").replace("\u00a0", " ") for line in windows.in_words(week)]
    assert lines == ["Mon–Fri 9:00 AM–5:00 PM", "Sun 9:00 AM–5:00 PM"]


def test_the_rule_itself_refuses_hours_that_overlap(ben: Provider, maple: Location) -> None:  # SB-3
    overlapping = [Window(1, time(9), time(12)), Window(1, time(11), time(13))]
    with pytest.raises(Refused, match="overlap"):
        weeks.work_at(ben, maple, overlapping, at=cast.NOON)
    with pytest.raises(Refused, match="overlap"):
        weeks.open_at(maple, overlapping, at=cast.NOON)


def test_opening_hours_are_set(browse: Browse, nina: Member, maple: Location) -> None:  # POR-1, SB-3
    browser = browse(nina)
    data = {"since_5_0": "10:00", "until_5_0": "14:00"}
    answer = browser.post(f"{PLACES}/{maple.id}/hours", data=data)
    assert (answer.status_code, answer.location) == (303, f"{PLACES}/{maple.id}")
    assert weeks.opening(maple.id) == [Window(5, time(10), time(14))]
    assert db.session.query(QueueCheck).count() == 3, "days and times may have become free"
    assert "Sat 10:00" in browser.get(f"{PLACES}/{maple.id}").text
    assert browser.post(f"{PLACES}/{maple.id}/hours", data={}).status_code == 303
    assert "so it is always open" in browser.get(f"{PLACES}/{maple.id}").text


def test_time_off_lists_what_is_booked_in_it(
    browse: Browse, nina: Member, rosa: ClientRow, ben: Provider
) -> None:  # SB-3
    day = datetime.now(UTC) + timedelta(days=7)
    groomed(rosa, ben, day)
    groomed(rosa, ben, day + timedelta(days=7))
    cancelled = cast.booking(rosa, rosa.pets[1:], "Full Groom", day, made_at=cast.NOON)
    cancelled.providers.append(ben)
    bookings.cancel(cancelled, by=SYSTEM, at=datetime.now(UTC))
    course = cast.session("Agility", day)
    db.session.add(SessionProvider(service_session_id=course.id, provider_id=ben.id))
    db.session.commit()
    browser, path = browse(nina), f"{PROVIDERS}/{ben.id}/time-off"
    assert browser.get(path).status_code == 200
    data = {"first_day": f"{in_days(6)}", "last_day": f"{in_days(8)}", "reason": "Fishing"}
    answer = browser.post(path, data=data)
    assert (answer.status_code, answer.location) == (303, f"{PROVIDERS}/{ben.id}")
    row = db.session.query(TimeOff).one()
    removal = f"/desk/settings/time-off/{row.id}/removal"
    assert (row.by_name, row.reason) == ("Nina Park", "Fishing")
    page = browser.get(f"{PROVIDERS}/{ben.id}").text
    assert "1 booking and 1 class are in this time" in page
    assert "Rosa Delgado, Full Groom" in page
    assert "Agility, class" in page
    again = browser.swap(path, data=data)
    assert (again.status_code, "is away at this time already." in again.text) == (422, True)
    assert browser.post(removal).status_code == 303
    assert db.session.query(TimeOff).count() == 0
    assert browser.post(removal).status_code == 404


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"first_day": ""}, "Say from which day on."),
        ({"first_day": "soon"}, "This is not a day."),
        ({"first_day": "2026-01-01"}, "This is over already."),
        ({"first_day": "2099-01-01"}, "This is more than three years away."),
        ({"last_day": "2026-11-30"}, "The last day lies before the first."),
        ({"since": "12:00", "until": "09:00"}, "The end lies before the beginning."),
        ({"since": "12"}, ""),
    ],
)
def test_time_off_that_cannot_be_says_why(
    browse: Browse, nina: Member, ben: Provider, more: dict[str, str], words: str
) -> None:  # SB-3
    data = {"first_day": "2026-12-10", "last_day": "", "since": "", "until": "", **more}
    if not words:
        data["since"], words = "noonish", "Type a time of day"
    for ask in (browse(nina).post, browse(nina).swap):
        answer = ask(f"{PROVIDERS}/{ben.id}/time-off", data=data | at_their_day(data))
        assert (answer.status_code, words in answer.text) == (422, True)
    assert db.session.query(TimeOff).count() == 0


def at_their_day(data: dict[str, str]) -> dict[str, str]:
    """The days of the table are written as of 22 November 2026, and move with the clock."""
    if data["first_day"] != "2026-12-10":
        return {}
    return {"first_day": f"{in_days(18)}", "last_day": f"{in_days(8)}" if data["last_day"] else ""}


def test_time_off_is_in_the_time_of_the_business(ben: Provider) -> None:  # SB-3
    at, day = cast.NOON, date(2027, 3, 14)
    whole = time_off.add(ben, day, day, zone=ZONE, by=SYSTEM, at=at)
    assert whole.ends_at - whole.starts_at == timedelta(days=1), "wall time"
    assert whole.ends_at.astimezone(UTC) - whole.starts_at.astimezone(UTC) == timedelta(hours=23)
    some = time_off.add(ben, day, day, since=time(9), until=time(12), zone=ZONE, by=SYSTEM, at=at)
    said = [away.words.replace("\u00a0", " ") for away in time_off.ahead(ben, ZONE, at)]
    assert said == ["Sun 14 Mar 2027", "Sun 14 Mar 2027, 9:00 AM – 12:00 PM"]
    assert time_off.ahead(ben, ZONE, some.ends_at)[0].id == whole.id
    with pytest.raises(Misfit, match="over already"):
        time_off.add(ben, day, day, zone=ZONE, by=SYSTEM, at=at + timedelta(days=365))


def test_a_closure_lists_what_is_booked_in_it(
    browse: Browse, nina: Member, rosa: ClientRow, maple: Location
) -> None:  # POR-1, SB-3
    groom_day = datetime.now(UTC) + timedelta(days=7)
    cast.booking(rosa, rosa.pets[:1], "Full Groom", groom_day, made_at=cast.NOON)
    browser, path = browse(nina), f"{PLACES}/{maple.id}/closures"
    assert browser.get(path).status_code == 200
    data = {"first_day": f"{in_days(6)}", "last_day": f"{in_days(8)}", "reason": "Thanksgiving"}
    answer = browser.swap(path, data=data)
    assert answer.headers["HX-Redirect"] == f"{PLACES}/{maple.id}"
    page = browser.get(f"{PLACES}/{maple.id}").text
    for words in ("Thanksgiving", "1 booking is in this time", "Rosa Delgado, Full Groom"):
        assert words in page
    inside = browser.post(path, data={"first_day": f"{in_days(7)}"})
    assert (inside.status_code, "is closed on these days already." in inside.text) == (422, True)
    removal = f"/desk/settings/closures/{db.session.query(Closure).one().id}/removal"
    assert browser.post(removal).status_code == 303
    assert db.session.query(Closure).count() == 0
    assert db.session.query(QueueCheck).count() == 3, "who waits for daycare, boarding and grooming is asked"
    assert browser.post(removal).status_code == 404


def test_a_closure_holds_whole_days_of_the_location(rosa: ClientRow, maple: Location) -> None:  # SB-3
    late = datetime(2026, 12, 2, 4, 30, tzinfo=UTC)  # 11:30 PM on the first
    early = datetime(2026, 12, 2, 5, 0, tzinfo=UTC)  # midnight
    for moment, pet in zip((late, early), rosa.pets, strict=False):
        cast.booking(rosa, [pet], "Full Groom", moment, made_at=cast.NOON)
    closures.add(maple, date(2026, 12, 1), date(2026, 12, 1), reason="", at=cast.NOON)
    (closed,) = closures.ahead(maple, cast.NOON)
    assert [row.starts_at for row in closed.affected] == [late]
    assert affected.in_words([]) == ""
    for first, last, words in (
        ((2026, 12, 5), (2026, 12, 4), "before the first"),
        ((2026, 1, 5), (2026, 1, 5), "over"),
    ):
        with pytest.raises(Misfit, match=words):
            closures.add(maple, date(*first), date(*last), reason="", at=cast.NOON)


def test_more_places_at_a_location_ask_those_who_wait(browse: Browse, nina: Member, maple: Location) -> None:  # WL-4
    browser, path = browse(nina), f"{PLACES}/{maple.id}"
    data = {"name": "Maple Street", "address": "", "phone": "", "time_zone": ZONE}
    for places, kept, checks in (("12", 12, 0), ("10", 10, 0), ("20", 20, 2), ("", None, 4)):
        assert browser.post(path, data={**data, "places": places}).status_code == 303
        assert (maple.places, db.session.query(QueueCheck).count()) == (kept, checks)
    for wrong in ("-1", "ten", "10000", "1.5"):
        answer = browser.swap(path, data={**data, "places": wrong})
        assert (answer.status_code, "Type a number from 0 to 9,999." in answer.text) == (422, True)
    browser.post(path, data={**data, "places": "0"})
    assert maple.places == 0
    assert 'value="0"' in browser.get(path).text


def test_a_location_is_removed_with_its_hours(browse: Browse, nina: Member) -> None:  # POR-1
    river = db.session.query(Location).filter_by(name="Riverside").one().id
    assert browse(nina).post(f"{PLACES}/{river}/removal").status_code == 303
    assert db.session.query(OpeningHours).filter_by(location_id=river).count() == 0
    assert db.session.query(Offering).filter_by(location_id=river).count() == 0


@pytest.mark.parametrize("scripted", [True, False])
def test_an_add_on_is_added_changed_and_retired(browse: Browse, nina: Member, scripted: bool) -> None:  # POR-2
    browser, groom = browse(nina), cast.service("Full Groom")
    ask = browser.swap if scripted else browser.post
    data = {"name": "Facial", "price": "9", "minutes": "10", "services": [str(groom.id)], "description": "Gentle."}
    assert browser.get(f"{ADD_ONS}/new").status_code == 200
    answer = ask(ADD_ONS, data=data)
    assert (answer.headers["HX-Redirect"] if scripted else answer.location) == ADD_ONS
    facial = db.session.query(AddOn).filter_by(name="Facial").one()
    assert (facial.price, facial.minutes, facial.description) == (900, 10, "Gentle.")
    page = browser.get(f"{ADD_ONS}/{facial.id}").text
    assert 'value="9.00"' in page
    assert "10 min more · with 1 service" in browser.get(ADD_ONS).text
    ask(f"{ADD_ONS}/{facial.id}", data={**data, "price": "9.50", "services": []})
    assert facial.price == 950
    assert db.session.query(ServiceAddOn).filter_by(add_on_id=facial.id).count() == 0
    path = f"{ADD_ONS}/{facial.id}"
    for verb, status in (("retirement", 303), ("retirement", 422), ("return", 303), ("return", 422)):
        assert browser.post(f"{path}/{verb}").status_code == status


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": "TEETH cleaning"}, "There is an add-on “Teeth cleaning” already."),
        ({"name": ""}, "Type the name of the add-on."),
        ({"price": "x"}, "Write the amount with figures"),
        ({"minutes": "481"}, "Type a number from 0 to 480."),
        ({"services": ["999"]}, "Choose from what is offered here."),
    ],
)
def test_an_add_on_that_cannot_be_says_why(
    browse: Browse, nina: Member, wrong: dict[str, Any], words: str
) -> None:  # POR-2
    for ask in (browse(nina).post, browse(nina).swap):
        answer = ask(ADD_ONS, data={"name": "Facial", "price": "9", "minutes": "10", **wrong})
        assert (answer.status_code, words in answer.text) == (422, True)
    assert browse(nina).post(f"{ADD_ONS}/99999", data={"name": "x"}).status_code == 404


def test_these_settings_are_for_managers(
    browse: Browse, theo: Member, rosa: ClientRow, ben: Provider, maple: Location
) -> None:  # POR-9
    hours = f"{PROVIDERS}/{ben.id}/hours/{maple.id}"
    for path in (PROVIDERS, ADD_ONS, hours, f"{PLACES}/{maple.id}/hours", f"{PLACES}/{maple.id}/closures"):
        assert browse(theo).get(path).status_code == 403
        assert browse(theo).post(path).status_code == 403
        assert browse(rosa).get(path).status_code == 302
