"""Classes and series at the desk: who comes, adding, changing and calling off."""

import re
from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask

from portal import wording
from portal.db import db
from portal.models import (
    Booking,
    Client,
    Closure,
    Delivery,
    History,
    Location,
    Member,
    Pet,
    Provider,
    Role,
    Series,
    ServiceSession,
    TimeOff,
)
from portal.rules import repetitions, rhythms, sessions
from portal.rules.actors import SYSTEM
from tests import cast
from tests.conftest import Browse
from tests.house.test_speed import queries

AT = cast.NOON  # a Monday
TUESDAY = date(2026, 11, 24)
ZONE = "America/New_York"
pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def maple(app: object) -> Location:
    return db.session.query(Location).filter_by(name="Maple Street").one()


@pytest.fixture
def rows(maple: Location) -> list[ServiceSession]:
    """Agility on five Tuesdays."""
    repetitions.repeat(
        cast.service("Agility"),
        maple,
        rule=rhythms.weekly([1]),
        first_day=TUESDAY,
        starts_at=time(18),
        minutes=60,
        capacity=4,
        providers=[provider()],
        count=5,
        by=SYSTEM,
        at=AT,
    )
    return dates()


def provider() -> Provider:
    return db.session.query(Provider).one()


def dates() -> list[ServiceSession]:
    return db.session.query(ServiceSession).order_by(ServiceSession.starts_at, ServiceSession.id).all()


def told(service: str = "Agility", **more: str) -> dict[str, str]:
    place = db.session.query(Location).filter_by(name="Maple Street").one()
    return {
        "service_id": str(cast.service(service).id),
        "location_id": str(place.id),
        "day": "2026-11-24",
        "starts_at": "18:00",
        "minutes": "60",
        "capacity": "4",
        "repeats": "once",
        "do": "add",
        **more,
    }


def walls() -> list[str]:
    return [f"{wording.local(row.starts_at, ZONE):%m-%d %H:%M}" for row in dates()]


def come(client: Client, pet: Pet, session: ServiceSession) -> Booking:
    return cast.booking(client, [pet], "Agility", session.starts_at, made_at=AT, session=session)


def letters(client: Client) -> list[str]:
    return [row.subject for row in db.session.query(Delivery).filter_by(client_id=client.id).order_by(Delivery.id)]


def test_a_class_says_who_comes_and_what_is_left(  # FD-2
    browse: Browse, theo: Member, rosa: Client, biscuit: Pet, rows: list[ServiceSession]
) -> None:
    come(rosa, biscuit, rows[0])
    page = browse(theo).get(f"/desk/classes/{rows[0].id}").text
    for words in (
        "Agility",
        "Maple Street",
        "Theo Brandt",
        "Biscuit",
        "Rosa Delgado",
        "of 4 taken",
        "Every week on Tuesday",
    ):
        assert words in page
    assert re.search(r"<dd>3</dd>", page), "places left"


def test_its_pages_take_at_most_four_queries_however_many_come(
    app: Flask, browse: Browse, theo: Member, rosa: Client, biscuit: Pet, juno: Pet, rows: list[ServiceSession]
) -> None:
    browser, counts = browse(theo), []
    for pet in (biscuit, juno):
        come(rosa, pet, rows[0])
        with queries(app) as said:
            assert pet.name in browser.get(f"/desk/classes/{rows[0].id}").text
        counts.append(len(said))
    assert counts == [4, 4]
    with queries(app) as said:
        browser.get("/desk/series")
    assert len(said) <= 3


def test_today_leads_to_its_classes_and_leaves_out_what_is_called_off(
    browse: Browse, theo: Member, maple: Location
) -> None:  # FD-1
    on, off = (cast.session("Agility", AT + timedelta(hours=hour)) for hour in (1, 2))
    sessions.call_off(off, "this", by=SYSTEM, at=AT)
    page = browse(theo).get("/desk/").text
    assert f'href="/desk/classes/{on.id}"' in page
    assert f'href="/desk/classes/{off.id}"' not in page


def test_a_class_is_added(browse: Browse, theo: Member) -> None:  # FD-2
    browser = browse(theo)
    assert 'value="2026-11-24"' in browser.get("/desk/classes/new?day=2026-11-24").text
    assert browser.get("/desk/classes/new?day=soon&service_id=x&starts_at=24:00").status_code == 200
    assert 'value="09:30"' in browser.get("/desk/classes/new?starts_at=09:30").text
    answer = browser.post("/desk/classes", data=told(provider_ids=str(provider().id)))
    row = db.session.query(ServiceSession).one()
    assert (answer.status_code, answer.location) == (303, f"/desk/classes/{row.id}")
    assert walls() == ["11-24 18:00"]
    assert (row.capacity, row.providers) == (4, [provider()])
    swapped = browser.swap("/desk/classes", data=told(day="2026-11-25"))
    assert swapped.headers["HX-Redirect"].startswith("/desk/classes/")


def test_a_repeating_class_shows_its_dates_before_it_is_added(browse: Browse, theo: Member) -> None:  # POR-2
    browser = browse(theo)
    more = {"repeats": "weekly", "every": "2", "weekdays": ["1", "3"], "ends": "count", "count": "4"}
    part = browser.swap("/desk/classes", data={**told(), **more, "do": "preview"})
    assert part.status_code == 200
    assert "<html" not in part.text
    for words in ("4 dates", "Tue 24 Nov 2026", "Thu 26 Nov 2026", "Tue 8 Dec 2026", "Thu 10 Dec 2026"):
        assert words in part.text
    assert dates() == []
    assert browser.post("/desk/classes", data={**told(), **more}).status_code == 303
    assert walls() == ["11-24 18:00", "11-26 18:00", "12-08 18:00", "12-10 18:00"]


def test_what_stands_against_a_date_is_listed_and_can_be_left_out(
    browse: Browse, theo: Member, maple: Location, rosa: Client, biscuit: Pet
) -> None:
    busy = datetime(2026, 12, 1, 23, 30, tzinfo=AT.tzinfo)
    cast.booking(rosa, [biscuit], "Full Groom", busy, made_at=AT, providers=[provider()])
    signed = {"at": AT, "by_kind": "member", "by_id": theo.id, "by_name": theo.name}
    away = datetime(2026, 12, 8, 12, tzinfo=AT.tzinfo)
    db.session.add(
        TimeOff(provider_id=provider().id, starts_at=away, ends_at=away + timedelta(days=1), reason="Dentist", **signed)
    )
    db.session.add(
        Closure(location_id=maple.id, first_day=date(2026, 12, 15), last_day=date(2026, 12, 16), reason="Painting")
    )
    db.session.commit()
    browser = browse(theo)
    more = {
        "repeats": "weekly",
        "every": "1",
        "ends": "until",
        "until": "2026-12-22",
        "provider_ids": str(provider().id),
    }
    answer = browser.post("/desk/classes", data=told(**more))
    assert answer.status_code == 422
    assert dates() == []
    for words in (
        "3 dates of 5 may not work",
        "Theo Brandt has Full Groom, 6:30",
        "Theo Brandt is away (Dentist)",
        "Maple Street is closed: Painting",
        "Leave Out 3 dates",
    ):
        assert words in answer.text.replace("\u00a0", " ").replace("Leave Out 3 Dates", "Leave Out 3 dates")
    assert browser.post("/desk/classes", data=told(**more, do="leave_out")).status_code == 303
    assert walls() == ["11-24 18:00", "12-22 18:00"]
    twin = browser.post("/desk/classes", data=told())
    assert "Agility is at this time already" in twin.text
    assert browser.post("/desk/classes", data=told(do="keep")).status_code == 303
    assert len(dates()) == 3


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"day": ""}, "Choose the day"),
        ({"day": "0031-01-01"}, "Please check the year"),
        ({"starts_at": "late"}, "Type the time it starts at"),
        ({"minutes": "0"}, "Type a number from 5"),
        ({"capacity": "-1"}, "Type a number from 1"),
        ({"service_id": "999"}, "Choose one of these"),
        ({"location_id": "x"}, "Choose one of these"),
        ({"provider_ids": "999"}, "Choose from what is offered"),
        ({"repeats": "daily"}, "Choose one of these"),
        ({"repeats": "weekly", "ends": "until"}, "Choose the last day"),
        ({"repeats": "weekly", "ends": "until", "until": "2026-11-01"}, "before the first"),
        ({"repeats": "weekly", "ends": "count", "count": ""}, "Type how many dates"),
    ],
)
def test_a_class_that_cannot_be_is_refused_in_words(
    browse: Browse, theo: Member, wrong: dict[str, str], words: str
) -> None:
    answer = browse(theo).swap("/desk/classes", data=told(**wrong))
    assert answer.status_code == 422
    assert words in answer.text
    assert dates() == []


def test_a_class_is_changed_and_its_clients_are_told(
    browse: Browse, theo: Member, rosa: Client, biscuit: Pet, rows: list[ServiceSession]
) -> None:  # FD-2
    booking, path = come(rosa, biscuit, rows[1]), f"/desk/classes/{rows[1].id}/change"
    browser = browse(theo)
    assert 'value="18:00"' in browser.get(path).text
    change = told(day="2026-12-01", starts_at="19:15", scope="following", provider_ids=str(provider().id))
    answer = browser.post(path, data=change)
    assert (answer.status_code, answer.location) == (303, f"/desk/classes/{rows[1].id}")
    assert "4 dates are changed. 1 booking: the clients are told." in browser.get(answer.location).text
    assert [wall[-5:] for wall in walls()] == ["18:00", "19:15", "19:15", "19:15", "19:15"]
    db.session.refresh(booking)
    assert booking.starts_at == dates()[1].starts_at
    assert letters(rosa)[-1] == "New time: Agility"
    assert db.session.query(History).filter_by(client_id=rosa.id, field="Time", by_name="Theo Brandt").count() == 1
    quiet = browser.swap(path, data={**change, "starts_at": "20:00", "quiet": "y"})
    assert quiet.headers["HX-Redirect"] == f"/desk/classes/{rows[1].id}"
    assert letters(rosa).count("New time: Agility") == 1


def test_fewer_places_than_are_taken_are_asked_about(
    browse: Browse, theo: Member, rosa: Client, biscuit: Pet, juno: Pet, rows: list[ServiceSession]
) -> None:
    for pet in (biscuit, juno):
        come(rosa, pet, rows[0])
    browser, path = browse(theo), f"/desk/classes/{rows[0].id}/change"
    change = told(capacity="1", scope="this", provider_ids=str(provider().id))
    answer = browser.swap(path, data=change)
    assert answer.status_code == 422
    assert "2 places are taken on Tue 24 Nov 2026, so there cannot be only 1." in answer.text
    assert "Allow fewer places than are taken" in answer.text
    assert dates()[0].capacity == 4
    assert browser.post(path, data={**change, "overbook": "y"}).status_code == 303
    page = browser.get(f"/desk/classes/{rows[0].id}").text
    assert "too many" in page


def test_a_change_that_clashes_is_asked_about(browse: Browse, theo: Member, rows: list[ServiceSession]) -> None:
    other = cast.session("Agility", datetime(2026, 11, 25, 1, tzinfo=AT.tzinfo))
    other.providers = [provider()]
    db.session.commit()
    browser, path = browse(theo), f"/desk/classes/{rows[0].id}/change"
    change = told(starts_at="19:30", scope="this", provider_ids=str(provider().id), do="save")
    answer = browser.post(path, data=change)
    assert answer.status_code == 422
    assert "Theo Brandt has Agility, 8:00" in answer.text
    assert browser.post(path, data={**change, "do": "keep"}).status_code == 303
    assert "11-24 19:30" in walls()


def test_all_dates_move_to_another_weekday(browse: Browse, theo: Member, rows: list[ServiceSession]) -> None:  # FD-2
    browser, path = browse(theo), f"/desk/classes/{rows[0].id}/change"
    assert "With another day the class moves to that weekday" in browser.get(path).text
    assert browser.post(path, data=told(day="2026-11-26", scope="all")).status_code == 303
    assert [wall[:5] for wall in walls()] == ["11-26", "12-03", "12-10", "12-17", "12-24"]
    assert "Every week on Thursday" in browser.get(f"/desk/classes/{rows[0].id}").text


def test_a_change_that_cannot_be_is_refused(browse: Browse, theo: Member, rows: list[ServiceSession]) -> None:
    browser, path = browse(theo), f"/desk/classes/{rows[0].id}/change"
    assert "Choose the day" in browser.post(path, data=told(day="", scope="this")).text
    moved = browser.swap(path, data=told(day="2026-12-03", scope="all", do="keep"))
    assert moved.status_code == 422
    assert "a week or more away" in moved.text
    over = browser.post(path, data=told(day="2026-11-20", scope="this", do="keep"))
    assert over.status_code == 422
    assert "That time is over" in over.text
    assert browser.post("/desk/classes/999/change", data=told(scope="this")).status_code == 404
    assert len(set(walls())) == 5


def test_a_class_is_called_off(
    browse: Browse, theo: Member, rosa: Client, biscuit: Pet, rows: list[ServiceSession]
) -> None:  # FD-2
    booking, path = come(rosa, biscuit, rows[1]), f"/desk/classes/{rows[1].id}/calling-off"
    browser = browse(theo)
    for question in (browser.get(path).text, browser.swap(path, "get").text):
        assert "1 booking of this date is cancelled" in question
        assert "can be brought back later, but nobody is booked again by itself" in question
    answer = browser.post(path, data={"scope": "this", "reason": "Theo is ill"})
    assert (answer.status_code, answer.location) == (303, f"/desk/classes/{rows[1].id}")
    page = browser.get(answer.location).text
    assert "Theo is ill" in page
    assert "/change" not in page
    db.session.refresh(booking)
    assert booking.cancellation
    assert booking.cancellation.by_name == "Theo Brandt"
    assert letters(rosa)[-1] == "Called off: Agility"
    again = browser.swap(path, data={"scope": "this"})
    assert again.status_code == 422
    assert "called off already" in again.text
    assert len([row for row in dates() if row.called_off_at]) == 1
    assert browser.post(path, data={"scope": "never"}).status_code == 422
    assert (
        browser.swap(f"/desk/classes/{rows[2].id}/calling-off", data={"scope": "following", "quiet": "y"}).status_code
        == 200
    )
    assert len([row for row in dates() if not row.called_off_at]) == 1


def test_a_series_is_added_with_all_of_its_dates(browse: Browse, nina: Member) -> None:  # POR-2
    cast.service("Agility").kind = "series"
    db.session.commit()
    browser = browse(nina)
    assert browser.get("/desk/series/new").status_code == 200
    more = {"name": "Agility in winter", "price": "90", "repeats": "weekly", "every": "1"}
    wrong = browser.post("/desk/series", data=told(**more, ends="never"))
    assert wrong.status_code == 422
    assert "A series has an end" in wrong.text
    more |= {"ends": "count", "count": "6"}
    assert "6 dates" in browser.swap("/desk/series", data=told(**more, do="preview")).text
    answer = browser.post("/desk/series", data=told(**more))
    series = db.session.query(Series).one()
    assert (answer.status_code, answer.location) == (303, f"/desk/series/{series.id}")
    assert (series.name, series.price) == ("Agility in winter", 9000)
    assert {row.series_id for row in dates()} == {series.id}
    assert len(dates()) == 6
    page = browser.get(answer.location).text
    assert "$90.00 for one pet and all dates" in page
    assert page.count('class="row__link"') == 6
    assert "6 dates, Tue 24 Nov 2026 to Tue 29 Dec 2026" in browser.get("/desk/series").text


@pytest.fixture
def winter(maple: Location) -> Series:
    cast.service("Agility").kind = "series"
    row = Series(service_id=cast.service("Agility").id, location_id=maple.id, name="Agility in winter", price=9000)
    db.session.add(row)
    db.session.commit()
    return row


def test_a_series_is_changed_closed_and_opened(browse: Browse, nina: Member, winter: Series) -> None:
    browser, path = browse(nina), f"/desk/series/{winter.id}"
    assert 'value="90.00"' in browser.get(f"{path}/change").text
    wrong = browser.swap(f"{path}/change", data={"name": "", "price": "much"})
    assert wrong.status_code == 422
    assert "Type the name of the series" in wrong.text
    assert "Write the amount with figures" in wrong.text
    assert browser.post(f"{path}/change", data={"name": "Agility in spring", "price": ""}).location == path
    db.session.refresh(winter)
    assert (winter.name, winter.price) == ("Agility in spring", None)
    assert browser.post(f"{path}/retirement").location == path
    assert "Closed for new clients" in browser.get(path).text
    refused = browser.swap(f"{path}/retirement")
    assert refused.status_code == 422
    assert "is closed already" in refused.text
    assert browser.post(f"{path}/return").location == path
    assert "is open already" in browser.swap(f"{path}/return").text


def test_a_date_is_added_to_a_series(browse: Browse, theo: Member, winter: Series) -> None:
    browser, path = browse(theo), f"/desk/series/{winter.id}/dates"
    assert browser.get(f"{path}/new").status_code == 200
    assert browser.post(path, data=told(day="")).status_code == 422
    answer = browser.post(path, data=told())
    assert (answer.status_code, answer.location) == (303, f"/desk/series/{winter.id}")
    assert [row.series_id for row in dates()] == [winter.id]
    assert 'value="18:00"' in browser.get(f"{path}/new").text
    twin = browser.swap(path, data=told())
    assert twin.status_code == 422
    assert "at this time already" in twin.text
    assert browser.swap(path, data=told(do="keep")).headers["HX-Redirect"] == f"/desk/series/{winter.id}"


def test_what_does_not_exist_and_who_may_not(browse: Browse, theo: Member, rosa: Client, winter: Series) -> None:
    browser = browse(theo)
    for path in ("/desk/classes/999", "/desk/classes/999/change", "/desk/series/999", "/desk/series/999/dates/new"):
        assert browser.get(path).status_code == 404
    assert theo.role == Role.TEAM
    assert browser.post("/desk/series", data=told(name="Mine")).status_code == 403
    assert browser.post(f"/desk/series/{winter.id}/retirement").status_code == 403
    assert "/desk/series/new" not in browser.get("/desk/series").text
    assert browse(rosa).get("/desk/classes/new").status_code == 302
