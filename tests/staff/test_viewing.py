"""Login as Client: who may, how they come over and back, what stays the client's alone, and what is written down."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
import time_machine
from flask import Flask

from portal.db import db
from portal.models import Client, Document, History, Member, Message, Role, SignIn
from portal.rules import documents, files, messages
from portal.rules.actors import as_member
from portal.views.client.room import NOT_WHILE_VIEWING
from tests import cast, samples
from tests.conftest import Browse, Browser
from tests.house.test_ownership import address, routes, sample

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)
BANNER = "You are viewing as <b>Rosa Delgado</b>"


def ticket(browser: Browser, client: Client, reason: str = "Help with a booking") -> str:
    answer = browser.post(f"/desk/customers/{client.id}/viewing", data={"reason": reason})
    assert answer.status_code == 200, answer.text
    return answer.text.split('name="ticket" value="')[1].split('"')[0]


def go_over(browser: Browser, client: Client) -> None:
    answer = browser.post("/handoff", data={"ticket": ticket(browser, client)}, token=None)
    assert (answer.status_code, answer.location) == (303, "/")


def told(client: Client) -> list[tuple[str, str]]:
    found = db.session.query(History).filter_by(client_id=client.id, field="Login as Client").order_by(History.id)
    return [(row.new, row.by_name) for row in found]


def test_over_and_back(browse: Browse, nina: Member, rosa: Client) -> None:  # SI-11
    browser = browse(nina)
    assert "Login as Client" in browser.get(f"/desk/customers/{rosa.id}").text
    assert "stands in the history" in browser.get(f"/desk/customers/{rosa.id}/viewing").text
    go_over(browser, rosa)
    for path in ("/", "/pets", "/profile", "/messages", "/documents", "/bookings/past"):
        assert BANNER in browser.get(path).text, path
    assert browser.get("/desk/").status_code == 200, "the desk stays open beside it"
    answer = browser.post("/front-desk")
    assert (answer.status_code, answer.location) == (303, f"/desk/customers/{rosa.id}")
    assert browser.get("/pets").status_code == 302
    assert told(rosa) == [("Begun: Help with a booking", "Nina Park"), ("Ended", "Nina Park")]
    page = browser.get(f"/desk/customers/{rosa.id}/history").text
    assert "Begun: Help with a booking" in page


def test_with_htmx_the_form_becomes_the_way_over(browse: Browse, nina: Member, rosa: Client) -> None:  # SI-11
    browser = browse(nina)
    part = browser.swap(f"/desk/customers/{rosa.id}/viewing", data={"reason": ""})
    assert part.status_code == 422
    assert "Say why" in part.text
    part = browser.swap(f"/desk/customers/{rosa.id}/viewing", data={"reason": "See"})
    assert 'action="/handoff"' in part.text
    assert "<html" not in part.text


def test_the_team_may_not(browse: Browse, theo: Member, rosa: Client) -> None:  # SI-11
    browser, path = browse(theo), f"/desk/customers/{rosa.id}/viewing"
    assert "/viewing" not in browser.get(f"/desk/customers/{rosa.id}").text
    assert browser.get(path).status_code == 403
    assert browser.post(path, data={"reason": "See"}).status_code == 403
    theo.role = Role.MANAGER
    db.session.commit()
    assert browser.get(path).status_code == 200


def test_what_is_changed_there_is_the_members(browse: Browse, nina: Member, rosa: Client) -> None:  # SI-11
    browser = browse(nina)
    go_over(browser, rosa)
    facts = {"first_name": "Rosa", "last_name": "Delgado", "email": "rosa@example.com", "city": "Hudson"}
    assert browser.post("/profile", data=facts).status_code == 303
    row = db.session.query(History).filter_by(client_id=rosa.id, field="City").one()
    assert (row.by_kind, row.by_id, row.by_name) == ("member", nina.id, "Nina Park")


FORBIDDEN = [
    ("/profile/password", {"current": "biscuit-and-me", "password": "a new long one", "again": "a new long one"}),
    ("/profile/password/link", {}),
    ("/profile/email/letter", {}),
    ("/profile/email/removal", {}),
    ("/profile/sign-ins/removal", {}),
    ("/profile/sign-ins/1/removal", {}),
    ("/messages", {"subject": "Hello", "text": "In her name"}),
    ("/profile", {"first_name": "Rosa", "last_name": "Delgado", "email": "mine@example.com"}),
    ("/profile", {"first_name": "Rosa", "last_name": "Delgado", "email": "rosa@example.com", "phone": "2125550134"}),
]


@pytest.mark.parametrize(("path", "data"), FORBIDDEN)
def test_what_only_the_client_may_do_is_refused_in_words(
    browse: Browse, nina: Member, rosa: Client, path: str, data: dict[str, str]
) -> None:  # SI-11
    browse(rosa)
    before = (rosa.password_hash, rosa.email, rosa.phone, rosa.credential_version)
    browser = browse(nina)
    go_over(browser, rosa)
    answer = browser.post(path, data=data)
    assert answer.status_code == 403
    assert "Not while you are viewing" in answer.text
    part = browser.swap(path, data=data)
    assert (part.status_code, part.mimetype) == (403, "text/plain"), "the words go into the toast"
    db.session.refresh(rosa)
    assert before == (rosa.password_hash, rosa.email, rosa.phone, rosa.credential_version)
    assert db.session.query(SignIn).filter_by(client_id=rosa.id, viewer_id=None).count() == 1
    assert db.session.query(Message).filter_by(author="client").count() == 0


def test_every_forbidden_address_exists(app: Flask) -> None:
    assert set(NOT_WHILE_VIEWING) <= {rule.endpoint for rule in routes(app, "client")}


def test_looking_is_not_reading(browse: Browse, nina: Member, rosa: Client) -> None:  # SI-11
    message = messages.tell_client(rosa, "Welcome", "Hello", at=AT)
    file = files.keep(BytesIO(samples.pdf("Plan")), "plan.pdf", at=AT)
    document = documents.give(rosa, file, name="Plan", by=as_member(nina), at=AT)
    browser = browse(nina)
    go_over(browser, rosa)
    assert browser.get(f"/messages/{message.thread_id}").status_code == 200
    assert browser.get(f"/documents/{document.id}/download").status_code == 200
    assert db.session.get(Message, message.id).seen_at is None
    assert db.session.get(Document, document.id).seen_at is None
    hers = browse(rosa)
    hers.get(f"/messages/{message.thread_id}")
    assert db.session.get(Message, message.id).seen_at


def test_a_ticket_works_once_at_once_and_here(browse: Browse, nina: Member, rosa: Client) -> None:  # SI-11
    with time_machine.travel(AT, tick=False) as clock:
        browser, other = browse(nina), browse(nina)
        good = ticket(browser, rosa)
        assert other.post("/handoff", data={"ticket": good}, token=None).status_code == 422, "another sign-in of hers"
        assert browse().post("/handoff", data={"ticket": good}, token=None).status_code == 422, "another browser"
        assert browser.post("/handoff", data={"ticket": good}, token=None).status_code == 303
        assert browser.post("/handoff", data={"ticket": good}, token=None).status_code == 422, "twice"
        late = ticket(browser, rosa)
        clock.shift(31)
        answer = browser.post("/handoff", data={"ticket": late}, token=None)
        assert answer.status_code == 422
        assert "30 seconds" in answer.text
        for odd in ({}, {"ticket": ""}, {"ticket": "x" * 5000}, {"ticket": "\N{SNOWMAN}"}):
            assert browser.post("/handoff", data=odd, token=None).status_code == 422
    assert len(told(rosa)) == 1


def test_it_ends_after_half_an_hour_whatever_is_done(browse: Browse, nina: Member, rosa: Client) -> None:  # SI-11
    with time_machine.travel(AT, tick=False) as clock:
        browser = browse(nina)
        go_over(browser, rosa)
        for _ in range(3):
            clock.shift(timedelta(minutes=9))
            assert browser.get("/pets").status_code == 200
        clock.shift(timedelta(minutes=4))
        assert browser.get("/pets").status_code == 302


@pytest.mark.parametrize("end", ["sign out", "deactivated", "revoked", "idle", "client deactivated", "password"])
def test_it_dies_with_the_staff_sign_in(browse: Browse, nina: Member, rosa: Client, end: str) -> None:  # SI-11
    browser = browse(nina)
    go_over(browser, rosa)
    desk = db.session.query(SignIn).filter_by(member_id=nina.id).one()
    if end == "sign out":
        browser.post("/desk/sign-out")
    elif end == "deactivated":
        nina.deactivated_at = AT
    elif end == "revoked":
        db.session.delete(desk)
    elif end == "idle":
        desk.idle_until = datetime.now(UTC)
    elif end == "client deactivated":
        rosa.deactivated_at = AT
    else:
        db.session.query(SignIn).filter_by(client_id=rosa.id).delete()
    db.session.commit()
    assert browser.get("/pets").status_code == 302
    if end == "sign out":
        assert [words for words, _ in told(rosa)] == ["Begun: Help with a booking", "Ended"]


def test_the_clients_own_devices_stay_and_do_not_see_it(browse: Browse, nina: Member, rosa: Client) -> None:  # SI-11
    hers, browser = browse(rosa), browse(nina)
    go_over(browser, rosa)
    assert hers.get("/pets").status_code == 200
    assert "viewing" not in hers.get("/").text
    assert hers.get("/profile").text.count("Sign out there") == 0
    assert hers.post("/front-desk").status_code == 404, "clients have no desk to return to"


def test_a_client_signed_in_in_that_browser_makes_room(
    browse: Browse, nina: Member, rosa: Client, omar: Client
) -> None:
    browser = browse(nina)
    go_over(browser, omar)
    go_over(browser, rosa)
    assert BANNER in browser.get("/").text
    assert [words for words, _ in told(omar)] == ["Begun: Help with a booking", "Ended"]
    assert db.session.query(SignIn).filter_by(client_id=omar.id).count() == 0


def test_another_clients_rows_stay_out_of_reach(
    app: Flask, browse: Browse, nina: Member, rosa: Client, omar: Client
) -> None:
    browser = browse(nina)
    go_over(browser, omar)
    for rule in routes(app, "client"):
        if rule.arguments and "GET" in (rule.methods or set()):
            assert browser.get(address(rule, sample(app, rule, rosa))).status_code == 404, rule


def test_who_came_in_long_ago_types_the_password(browse: Browse, nina: Member, rosa: Client) -> None:  # SI-11
    browser, path = browse(nina), f"/desk/customers/{rosa.id}/viewing"
    desk = db.session.query(SignIn).filter_by(member_id=nina.id).one()
    desk.began_at -= timedelta(hours=5)
    db.session.commit()
    assert "Your password" in browser.get(path).text
    for wrong, words in (("", "type your password"), ("front-desk-theo", "not your password")):
        answer = browser.post(path, data={"reason": "See", "password": wrong})
        assert answer.status_code == 422
        assert words in answer.text
    right = browser.post(path, data={"reason": "See", "password": "front-desk-nina"})
    assert 'name="ticket"' in right.text


def test_who_is_deactivated_has_no_portal(browse: Browse, nina: Member, rosa: Client) -> None:  # SI-11
    browser = browse(nina)
    way = ticket(browser, rosa)
    rosa.deactivated_at = cast.NOON
    db.session.commit()
    assert browser.post("/handoff", data={"ticket": way}, token=None).status_code == 422
    answer = browser.post(f"/desk/customers/{rosa.id}/viewing", data={"reason": "See"})
    assert answer.status_code == 422
    assert "Reactivate" in answer.text
    assert told(rosa) == []
