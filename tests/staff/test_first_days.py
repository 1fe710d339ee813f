"""A new business: its first steps on Today, and the owner as a client of their own."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from portal.db import db
from portal.models import Client, DemoClient, History, Invitation, Location, Member, Role
from portal.rules import business, customers, demo_clients, exports, first_steps, invitations
from portal.rules.actors import as_member
from portal.rules.business import the_business
from portal.rules.first_steps import Steps
from tests.conftest import Browse, Browser

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.fixture
def opened(app: Flask) -> Member:
    """A portal in which there is nobody but the owner."""
    db.session.remove()
    with db.engine.begin() as connection:
        for table in reversed(db.metadata.sorted_tables):
            if table.name not in ("business", "animal"):
                connection.execute(table.delete())
    words = ["--business", "Happy Tails", "--name", "Mia Long", "--email", "mia@example.com"]
    answer = app.test_cli_runner().invoke(args=["owner", *words, "--password", "three quiet otters"])
    assert answer.exit_code == 0, answer.output
    return db.session.query(Member).one()


def try_portal(browser: Browser) -> str:
    answer = browser.post("/desk/settings/client")
    assert answer.status_code == 200, answer.text
    ticket = answer.text.split('name="ticket" value="')[1].split('"')[0]
    over = browser.post("/handoff", data={"ticket": ticket}, token=None)
    assert (over.status_code, over.location) == (303, "/")
    return browser.get("/").text


def test_an_empty_portal_leads_its_owner(browse: Browse, opened: Member) -> None:  # POR-1, POR-9
    the_business().phone = ""
    db.session.commit()
    browser = browse(opened)
    assert "4 of 4 first steps are left" in browser.get("/desk/").text
    shop = {"name": "Happy Tails", "colour": "#2f6f6b", "email": "mia@example.com", "phone": "(212) 555-0148"}
    shop |= {"time_zone": "America/New_York", "country": "US", "currency": "USD"}
    assert browser.post("/desk/settings/business", data=shop).status_code == 303
    assert "3 of 4 first steps are left" in browser.get("/desk/").text
    place = db.session.query(Location).one()
    where = {"name": "Happy Tails", "address": "1 Elm Street", "time_zone": "America/New_York"}
    assert browser.post(f"/desk/settings/locations/{place.id}", data=where).status_code == 303
    assert browser.post("/desk/settings/staff", data={"email": "ben@example.com", "role": "team"}).status_code == 303
    assert first_steps.steps() == Steps(business=True, location=True, staff=True, customer=False)
    try_portal(browser)
    assert "One first step is left" in browser.get("/desk/").text, "the owner's own client is no customer"
    newcomer = {"first_name": "Ida", "last_name": "Holm", "email": "ida@example.com"}
    assert browser.post("/desk/customers", data=newcomer).status_code == 303
    assert "All set." in browser.get("/desk/").text


def test_the_steps_are_put_away(browse: Browse, opened: Member) -> None:  # POR-9
    browser = browse(opened)
    answer = browser.post("/desk/first-steps/dismissal")
    assert (answer.status_code, answer.location) == (303, "/desk/")
    page = browser.get("/desk/").text
    assert "first steps" not in page
    assert "All of it is in the settings." in page
    business.change(the_business(), first_steps=True)
    assert browser.swap("/desk/first-steps/dismissal").headers["HX-Redirect"] == "/desk/"
    assert not the_business().first_steps


def test_only_owners_are_led_and_only_in_a_new_business(browse: Browse, nina: Member, theo: Member) -> None:
    assert 'id="first-steps"' not in browse(nina).get("/desk/").text
    business.change(the_business(), first_steps=True)
    assert 'id="first-steps"' in browse(nina).get("/desk/").text
    assert 'id="first-steps"' not in browse(theo).get("/desk/").text
    assert browse(theo).post("/desk/first-steps/dismissal").status_code == 403
    assert the_business().first_steps


def test_an_invitation_counts_as_staff(app: Flask, opened: Member) -> None:
    assert not first_steps.steps().staff
    invitations.invite("ben@example.com", Role.TEAM, by=as_member(opened), at=AT)
    assert first_steps.steps().staff
    db.session.query(Invitation).delete()
    db.session.add(Member(name="Ben", email="ben@example.com"))
    assert first_steps.steps().staff


def test_the_owner_tries_the_portal_as_a_client(browse: Browse, nina: Member) -> None:  # POR-11, SI-11
    browser = browse(nina)
    assert "Try the Portal" in browser.get("/desk/settings/client").text
    page = try_portal(browser)
    assert "You are viewing as <b>Nina Park (demo)</b>" in page
    assert "Marble" in browser.get("/pets").text
    me = demo_clients.of_member(nina.id)
    assert me
    assert "Begun: Trying the portal" in {row.new for row in db.session.query(History).filter_by(client_id=me.id)}
    try_portal(browser)
    assert db.session.query(DemoClient).count() == 1, "the same one again"
    assert me.name in browser.get("/desk/settings/client").text
    part = browser.swap("/desk/settings/client")
    assert "<h1>" not in part.text
    assert 'href="/desk/settings/client">Cancel' in part.text


def test_the_demo_client_is_on_no_list_and_found_by_no_search(browse: Browse, nina: Member) -> None:  # POR-11, CP-1
    client = demo_clients.ready(nina, at=AT)
    for shelf in (customers.ACTIVE, customers.INACTIVE, customers.PROSPECT):
        for words in ("", "nina", "park", "demo", "marble", client.account_number):
            assert client.id not in [row.id for row in customers.find(words, shelf=shelf).rows]
    for taken in (exports.clients, exports.pets):
        assert client.account_number not in {row[0] for row in taken(0, AT).rows}
    client.first_name = "Ninette"
    db.session.commit()
    assert customers.find("ninette").rows == []
    assert browse(nina).get(f"/desk/customers/{client.id}").status_code == 200
    assert "(demo)" in browse(nina).get(f"/desk/customers/{client.id}").text


def test_who_may_not_look_into_portals_has_none(browse: Browse, theo: Member) -> None:  # POR-11
    closed = browse(theo).get("/desk/settings/client")
    assert (closed.status_code, "ask an owner or a manager" in closed.text) == (403, True)
    assert browse(theo).post("/desk/settings/client").status_code == 403
    assert db.session.query(DemoClient).count() == 0


def test_a_deactivated_demo_client_says_so(browse: Browse, nina: Member) -> None:  # POR-11
    client: Client = demo_clients.ready(nina, at=AT)
    client.deactivated_at = AT
    db.session.commit()
    for ask in (browse(nina).post, browse(nina).swap):
        answer = ask("/desk/settings/client")
        assert answer.status_code == 422
        assert "Reactivate the profile first." in answer.text
