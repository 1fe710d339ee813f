"""Who changed the settings, and when: written with the change, and read at the foot of its page."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
import time_machine

from portal.db import db
from portal.inputs import settings_words
from portal.models import Business, Client, Location, Member, Pet, Provider, Role, SettingsChange
from portal.rules import business, desk_links, invitations, members, settings_history, weeks
from portal.rules.actors import as_member
from tests import cast
from tests.conftest import Browse

AT = datetime(2026, 11, 24, 20, 15, tzinfo=UTC)  # Tuesday, 3:15 PM in New York
SELF_BOOKING = "/desk/settings/self-booking"
OPEN = {"booking_open": "y", "offer": "2", "offer_unit": "hours"}


@pytest.fixture(autouse=True)
def tuesday(app: object) -> object:
    with time_machine.travel(AT, tick=False):
        yield


def told() -> list[tuple[str, str, str, str]]:
    rows = db.session.query(SettingsChange).order_by(SettingsChange.id)
    return [(row.topic, row.by_name, row.verb, row.subject) for row in rows]


def test_a_switch_says_who_turned_it(browse: Browse, nina: Member) -> None:  # POR-3 POR-9
    browser = browse(nina)
    assert 'id="changes"' not in browser.get(SELF_BOOKING).text
    browser.post(SELF_BOOKING, data=OPEN)
    assert told() == [("Self-Booking", "Nina Park", "changed", "")]
    assert "Nina Park changed this, today, 3:15\u00a0PM" in browser.get(SELF_BOOKING).text
    browser.post(SELF_BOOKING, data=OPEN)
    assert len(told()) == 1, "nothing was another than before"
    browser.swap(SELF_BOOKING, data={**OPEN, "moves_open": "y"})
    page = browser.get(SELF_BOOKING).text
    assert page.count("Nina Park changed this") == 2
    assert "<details><summary>Nina Park changed this" in page
    for other in ("business", "portal", "cancellation"):
        assert "Nina Park changed" not in browser.get(f"/desk/settings/{other}").text, "each page its own"


def test_what_is_refused_is_not_written(browse: Browse, nina: Member) -> None:  # POR-3
    assert browse(nina).post(SELF_BOOKING, data={**OPEN, "offer": "0"}).status_code == 422
    assert told() == []


def test_rows_are_called_by_their_names(browse: Browse, nina: Member) -> None:  # POR-2
    cast.open_shop()
    browser, place = browse(nina), db.session.query(Location).filter_by(name="Riverside").one()
    path = f"/desk/settings/locations/{place.id}/closures"
    browser.post(path, data={"first_day": "2026-12-24", "last_day": "2026-12-26", "reason": "Christmas"})
    browser.post("/desk/settings/tags", data={"name": "Shy", "of_pets": "yes", "tone": "tint-5"})
    assert ("Locations", "Nina Park", "changed", "Riverside") in told()
    assert ("Tags", "Nina Park", "added", "Shy") in told()
    assert "Nina Park changed Riverside, today" in browser.get("/desk/settings/locations").text


def test_what_is_set_elsewhere_is_written_down_too(  # POR-3, CP-10
    browse: Browse, nina: Member, rosa: Client
) -> None:
    browser = browse(nina)
    assert browser.post(f"/desk/customers/{rosa.id}/tags/new", data={"name": "Shy"}).status_code == 303
    assert told() == [("Tags", "Nina Park", "added", "Shy")]
    assert "Nina Park added Shy, today" in browser.get("/desk/settings/tags").text


@pytest.mark.parametrize("way", ["deactivation", "role"])
def test_invitations_that_go_with_their_owner_are_told_of(  # POR-9
    browse: Browse, nina: Member, theo: Member, way: str
) -> None:
    theo.role = Role.OWNER
    for name in ("ines", "leo"):
        invitations.invite(f"{name}@example.com", Role.TEAM, by=as_member(theo), at=AT)
    page, data = (f"/desk/settings/staff/{theo.id}/deactivation", {})
    if way == "role":
        page, data = f"/desk/settings/staff/{theo.id}", {"role": "team"}
    assert browse(nina).post(page, data=data).status_code == 303
    gone = [(topic, by, subject) for topic, by, verb, subject in told() if verb == "removed"]
    assert gone == [("Staff", "Nina Park", f"{name}@example.com") for name in ("ines", "leo")]


def test_who_joins_in_the_browser_of_another_is_not_brought_in_by_them(browse: Browse, nina: Member) -> None:  # POR-9
    link = desk_links.to_join(invitations.invite("ines@example.com", Role.TEAM, by=as_member(nina), at=AT))
    secret = "three quiet otters"
    words = {"name": "Ines Costa", "password": secret, "again": secret}
    assert browse(nina).post(urlsplit(link).path, data=words).status_code == 303
    assert members.with_email("ines@example.com")
    assert told() == []


def test_nobody_else_is_written_down(browse: Browse, nina: Member, rosa: Client, biscuit: Pet) -> None:  # POR-9
    """The pen is laid down with the request: what the house does by itself afterwards is nobody's."""
    browse(nina).post(SELF_BOOKING, data=OPEN)
    business.change(db.session.query(Business).one(), tagline="Come in")
    browse(nina).post(f"/desk/customers/{rosa.id}/notes", data={"text": "Shy", "key": "1" * 32})
    assert len(told()) == 1


def test_hours_that_go_are_told_of_and_hours_that_stay_are_not(browse: Browse, nina: Member) -> None:  # POR-2
    cast.open_shop()
    place, theo = db.session.query(Location).filter_by(name="Riverside").one(), db.session.query(Provider).one()
    week = weeks.opening(place.id)
    settings_history.begin(as_member(nina), called=settings_words.called, at=AT)
    weeks.open_at(place, week, at=AT)
    assert told() == [], "they are what they were"
    weeks.open_at(place, week[1:], at=AT)
    assert weeks.opening(place.id) == week[1:]
    weeks.open_at(place, [], at=AT)
    assert (weeks.opening(place.id), told()) == ([], [("Locations", "Nina Park", "changed", "Riverside")])
    maple = db.session.query(Location).filter_by(name="Maple Street").one()
    weeks.work_at(theo, maple, [], at=AT)
    assert weeks.working(theo.id) == {}
    assert told()[1:] == [("Providers", "Nina Park", "changed", "Theo Brandt")]
    settings_history.end()
