"""Memberships: which there are, what they open, who holds them from when until when."""

from datetime import date, timedelta
from typing import Any

import pytest

from portal.db import db, now
from portal.models import (
    Access,
    Client,
    History,
    Member,
    Membership,
    MembershipService,
    Subscription,
)
from portal.rules import access, memberships, subscriptions
from portal.rules.actors import SYSTEM
from portal.rules.refused import Misfit, Refused
from tests import cast
from tests.conftest import Browse

PATH = "/desk/settings/memberships"
TODAY = date(2026, 11, 23)


@pytest.fixture
def club(app: object) -> Membership:
    cast.open_shop()
    cast.service("Agility").access = Access.MEMBERS
    return memberships.add("Paw Club", "", service_ids={cast.service("Agility").id})


@pytest.mark.parametrize("scripted", [True, False])
def test_a_membership_is_added_and_changed(browse: Browse, nina: Member, scripted: bool) -> None:  # POR-2, SB-4
    browser, groom = browse(nina), cast.service("Full Groom")
    ask = browser.swap if scripted else browser.post
    assert "No memberships yet" in browser.get(PATH).text
    assert browser.get(f"{PATH}/new").status_code == 200
    answer = ask(PATH, data={"name": "Paw Club", "description": "Early.", "services": [str(groom.id)]})
    assert (answer.headers["HX-Redirect"] if scripted else answer.location) == PATH
    club = db.session.query(Membership).one()
    assert "Opens 1 service · no members" in browser.get(PATH).text
    assert "checked" in browser.get(f"{PATH}/{club.id}").text
    ask(f"{PATH}/{club.id}", data={"name": "The Club", "services": []})
    assert (club.name, club.description) == ("The Club", "")
    assert db.session.query(MembershipService).count() == 0
    for verb, status in (("retirement", 303), ("retirement", 422), ("return", 303), ("return", 422)):
        assert browser.post(f"{PATH}/{club.id}/{verb}").status_code == status


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": " "}, "Type the name of the membership."),
        ({"name": "paw club"}, "There is a membership “Paw Club” already."),
        ({"services": ["999"]}, "Choose from what is offered here."),
    ],
)
def test_a_membership_that_cannot_be_says_why(
    browse: Browse, nina: Member, club: Membership, wrong: dict[str, Any], words: str
) -> None:  # POR-2
    for ask in (browse(nina).post, browse(nina).swap):
        answer = ask(PATH, data={"name": "Other", **wrong})
        assert (answer.status_code, words in answer.text) == (422, True)


def test_two_at_once_do_not_make_one_twice(club: Membership) -> None:  # POR-2
    with pytest.raises(Misfit, match="of this name already"):
        memberships.keep(Membership(name="Paw Club"))


@pytest.mark.parametrize("scripted", [True, False])
def test_a_client_is_given_a_membership(
    browse: Browse, theo: Member, rosa: Client, club: Membership, scripted: bool
) -> None:  # CP-6, SB-4
    browser, path = browse(theo), f"/desk/customers/{rosa.id}/memberships"
    assert "holds no membership" in browser.get(path).text
    assert "Paw Club" in browser.get(f"{path}/new").text
    data = {"membership_id": str(club.id), "first_day": "2026-01-01", "last_day": ""}
    answer = (browser.swap if scripted else browser.post)(path, data=data)
    assert (answer.headers["HX-Redirect"] if scripted else answer.location) == path
    page = browser.get(path).text
    for words in ("Paw Club", "Active", "From Thu 1 Jan 2026 · given by Theo Brandt"):
        assert words in page
    assert access.holds(rosa.id, cast.service("Agility").id, TODAY)
    written = db.session.query(History).filter_by(field="Membership").one()
    assert (written.new, written.by_name) == ("Paw Club. From Thu 1 Jan 2026", "Theo Brandt")
    assert "1 member" in " ".join(row.words for row in memberships.every(TODAY))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"membership_id": "999"}, "Choose one of these."),
        ({"membership_id": ""}, "Choose one of these."),
        ({"first_day": ""}, "Say from which day on."),
        ({"first_day": "tomorrow"}, "This is not a day."),
        ({"last_day": "2026-01-31"}, "The last day lies before the first."),
        (
            {"first_day": "2026-02-01", "last_day": ""},
            "Rosa holds Paw Club already, from Sun 1 Mar 2026 until Tue 31 Mar 2026.",
        ),
    ],
)
def test_a_membership_that_cannot_be_given_says_why(
    browse: Browse, theo: Member, rosa: Client, club: Membership, wrong: dict[str, str], words: str
) -> None:  # CP-6
    subscriptions.give(rosa, club, first_day=date(2026, 3, 1), last_day=date(2026, 3, 31), by=SYSTEM, at=cast.NOON)
    data = {"membership_id": str(club.id), "first_day": "2026-02-01", "last_day": "2026-02-28", **wrong}
    for ask in (browse(theo).post, browse(theo).swap):
        answer = ask(f"/desk/customers/{rosa.id}/memberships", data=data)
        assert (answer.status_code, words in answer.text) == (422, True)
    assert db.session.query(Subscription).count() == 1


def test_a_retired_membership_is_kept_but_not_given(
    browse: Browse, nina: Member, rosa: Client, club: Membership
) -> None:
    subscriptions.give(rosa, club, first_day=TODAY, last_day=None, by=SYSTEM, at=cast.NOON)  # CP-6, SB-4
    browse(nina).post(f"{PATH}/{club.id}/retirement")
    assert access.holds(rosa.id, cast.service("Agility").id, TODAY)
    page = browse(nina).get(f"/desk/customers/{rosa.id}/memberships/new").text
    assert "There are no memberships to give yet." in page
    with pytest.raises(Misfit, match="is retired"):
        subscriptions.give(rosa, club, first_day=TODAY, last_day=None, by=SYSTEM, at=cast.NOON)


def test_a_membership_is_ended_today(browse: Browse, theo: Member, rosa: Client, club: Membership) -> None:  # CP-6
    row = subscriptions.give(rosa, club, first_day=date(2026, 1, 1), last_day=None, by=SYSTEM, at=cast.NOON)
    path = f"/desk/customers/{rosa.id}/memberships/{row.id}/end"
    browser, before = browse(theo), subscriptions.today(now())
    assert browser.post(path).status_code == 303
    assert row.last_day
    assert before <= row.last_day <= subscriptions.today(now())
    again = browser.swap(path)
    assert (again.status_code, "has ended already" in again.text) == (422, True)
    notes = [line.new for line in db.session.query(History).filter_by(field="Membership").order_by(History.id)]
    assert len(notes) == 2
    assert " until " in notes[1]


def test_one_that_has_not_begun_is_taken_away(rosa: Client, club: Membership) -> None:  # CP-6
    first = TODAY + timedelta(days=10)
    row = subscriptions.give(rosa, club, first_day=first, last_day=None, by=SYSTEM, at=cast.NOON)
    held = subscriptions.of_client(rosa.id, TODAY)
    assert [(one.state, one.endable) for one in held] == [("Coming", True)]
    subscriptions.end(row, by=SYSTEM, at=cast.NOON)
    assert db.session.query(Subscription).count() == 0


def test_the_last_day_is_included(rosa: Client, club: Membership) -> None:  # CP-6, SB-4
    agility, last = cast.service("Agility").id, TODAY + timedelta(days=3)
    row = subscriptions.give(rosa, club, first_day=TODAY, last_day=last, by=SYSTEM, at=cast.NOON)
    days = [access.holds(rosa.id, agility, TODAY + timedelta(days=day)) for day in (-1, 0, 3, 4)]
    assert days == [False, True, True, False]
    subscriptions.end(row, by=SYSTEM, at=cast.NOON)
    assert row.last_day == TODAY
    states = [subscriptions.of_client(rosa.id, TODAY + timedelta(days=day))[0].state for day in (0, 1)]
    assert states == ["Active", "Ended"]
    with pytest.raises(Refused, match="has ended already"):
        subscriptions.end(row, by=SYSTEM, at=cast.NOON)


def test_memberships_of_others_are_not_ended_here(
    browse: Browse, theo: Member, rosa: Client, omar: Client, club: Membership
) -> None:  # CP-6
    row = subscriptions.give(omar, club, first_day=TODAY, last_day=None, by=SYSTEM, at=cast.NOON)
    assert browse(theo).post(f"/desk/customers/{rosa.id}/memberships/{row.id}/end").status_code == 404
    assert browse(theo).get("/desk/customers/99999/memberships").status_code == 404
    assert browse(theo).get(PATH).status_code == 403
    assert browse(rosa).get(f"/desk/customers/{rosa.id}/memberships").status_code == 302
    assert row.last_day is None
