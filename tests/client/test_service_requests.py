"""Requesting services in one's own words, and what the business answers."""

from datetime import UTC, datetime, timedelta

import pytest
from werkzeug.test import TestResponse

from portal.db import db
from portal.models import Access, Business, Client, History, Location, Member, Message, Notice, Pet, ServiceRequest
from portal.rules import service_requests
from portal.rules.actors import as_client, as_member
from portal.rules.refused import Refused
from tests import cast
from tests.conftest import Browse, Browser

KEY = "0123456789abcdef" * 2


@pytest.fixture(autouse=True)
def shop(app: object) -> None:
    cast.open_shop()


def words(*pets: Pet, **other: str) -> dict[str, object]:
    told = {"service": str(cast.service("Boarding").id), "location": "", "wanted": "24 to 27 December", "key": KEY}
    return {**told, "notes": "He snores.", "pets": [str(pet.id) for pet in pets], **other}


def ask(browser: Browser, *pets: Pet, **other: str) -> TestResponse:
    return browser.post("/requests", data=words(*pets, **other))


def asked(client: Client, *pets: Pet) -> ServiceRequest:
    return service_requests.ask(
        client,
        cast.service("Boarding"),
        pets,
        location=None,
        wanted="24 to 27 December",
        notes="",
        key=None,
        by=as_client(client),
        at=datetime.now(UTC),
    )


def every() -> list[ServiceRequest]:
    return db.session.query(ServiceRequest).all()


def test_a_client_says_what_they_need(browse: Browse, rosa: Client, biscuit: Pet, juno: Pet) -> None:  # SB-10
    browser = browse(rosa)
    assert 'href="/requests/new"' in browser.get("/book").text
    assert "Send Request" in browser.get("/requests/new").text
    maple = db.session.query(Location).filter_by(name="Maple Street").one()
    answer = ask(browser, biscuit, juno, location=str(maple.id))
    assert (answer.status_code, answer.location) == (303, "/requests")
    (made,) = every()
    assert (made.client_id, made.location_id, made.notes, made.ended_at) == (rosa.id, maple.id, "He snores.", None)
    page = browser.get("/requests").text
    for said in ("Boarding", "24 to 27 December", "Biscuit and Juno", "Maple Street", "Requested", "Withdraw"):
        assert said in page
    assert "1 request for services" in browser.get("/").text
    assert db.session.query(Notice).one().text == "Rosa Delgado asks for Boarding (Biscuit and Juno): 24 to 27 December"
    assert "We have your request: Boarding" in browser.get("/messages").text
    assert [(row.field, row.new) for row in db.session.query(History)] == [("Request", "Requested")]


def test_it_is_sent_once(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # SB-10
    browser = browse(rosa)
    for _ in range(2):
        assert ask(browser, biscuit).status_code == 303
    assert len(every()) == 1
    assert db.session.query(Message).count() == 1


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("service", "", "Choose what you need."),
        ("service", "999", "Choose what you need."),
        ("location", "999", "Choose one of these."),
        ("pets", [], "Choose at least one of your pets."),
        ("pets", ["999"], "Choose at least one of your pets."),
        ("wanted", " ", "Say when it should be, in your own words."),
    ],
)
def test_what_is_wrong_is_said(browse: Browse, rosa: Client, biscuit: Pet, field: str, typed: str, said: str) -> None:
    answer = ask(browse(rosa), biscuit, **{field: typed})
    assert answer.status_code == 422
    assert said in answer.text
    assert "He snores.</textarea>" in answer.text
    part = browse(rosa).swap("/requests", data=words(biscuit, **{field: typed})).text
    assert part.lstrip().startswith("<form")
    assert every() == []


def test_nobody_asks_for_a_pet_of_somebody_else(browse: Browse, omar: Client, biscuit: Pet) -> None:
    assert ask(browse(omar), biscuit).status_code == 422
    assert every() == []


def test_what_is_not_theirs_cannot_be_asked_for(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # SB-4
    cast.service("Boarding").access = Access.STAFF
    db.session.commit()
    assert "Boarding" not in browse(rosa).get("/requests/new").text
    assert ask(browse(rosa), biscuit).status_code == 422


def test_where_requests_are_closed_there_is_no_such_page(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # POR-3
    db.session.query(Business).one().requests_open = False
    db.session.commit()
    browser = browse(rosa)
    assert browser.get("/requests/new").status_code == 404
    assert ask(browser, biscuit).status_code == 404
    assert "/requests/new" not in browser.get("/book").text + browser.get("/requests").text


def test_who_is_blocked_is_told_to_call(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # SB-8
    rosa.blocked_online = True
    db.session.commit()
    answer = ask(browse(rosa), biscuit)
    assert answer.status_code == 422
    assert "Please call (212) 555-0148" in answer.text


def test_ten_may_wait_at_once(rosa: Client, biscuit: Pet) -> None:
    for _ in range(10):
        asked(rosa, biscuit)
    with pytest.raises(Refused, match="10 requests of yours are waiting already"):
        asked(rosa, biscuit)


def test_who_withdraws_each_at_once_sends_staff_ten_an_hour(rosa: Client, biscuit: Pet) -> None:
    for _ in range(10):
        made = asked(rosa, biscuit)
        service_requests.withdraw(made, by=as_client(rosa), at=made.made_at)
    with pytest.raises(Refused, match="more than 10 requests within an hour"):
        asked(rosa, biscuit)


def test_a_request_is_withdrawn(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # SB-10
    made = asked(rosa, biscuit)
    browser = browse(rosa)
    answer = browser.post(f"/requests/{made.id}/withdrawal")
    assert (answer.status_code, answer.location) == (303, "/requests")
    assert "No request is waiting." in browser.get("/requests").text
    assert "request for services" not in browser.get("/").text
    again = browser.post(f"/requests/{made.id}/withdrawal")
    assert again.status_code == 422
    assert "answered or withdrawn already" in again.text
    assert db.session.query(History).filter_by(field="Request", new="Withdrawn").count() == 1
    assert db.session.query(Notice).filter(Notice.text.contains("withdrew")).count() == 1


def test_a_stranger_finds_nothing(browse: Browse, rosa: Client, omar: Client, biscuit: Pet) -> None:
    made = asked(rosa, biscuit)
    assert browse(omar).post(f"/requests/{made.id}/withdrawal").status_code == 404
    assert "24 to 27" not in browse(omar).get("/requests").text
    assert every()[0].ended_at is None


def test_a_decline_tells_why(browse: Browse, rosa: Client, nina: Member, biscuit: Pet) -> None:  # SB-10
    made, at = asked(rosa, biscuit), datetime.now(UTC)
    service_requests.decline(made, "We are full then; the 28th is free.", by=as_member(nina), at=at)
    page = browse(rosa).get("/requests").text
    assert "Declined" in page
    assert "We are full then; the 28th is free." in page
    assert db.session.query(Message).filter(Message.text.contains("the 28th is free")).count() == 1
    assert service_requests.of_client(rosa.id, at=at + timedelta(days=15)) == []
    with pytest.raises(Refused):
        service_requests.schedule(made, by=as_member(nina), at=at)
