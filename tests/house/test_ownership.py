"""No client reaches another client's row: swept over every address there is."""

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from portal.db import db
from portal.models import Client, Member, Message, OfClient, Pet
from portal.views.staff.room import OPEN
from tests import cast
from tests.conftest import Browse
from tests.house import rows

# An argument is called after its table; these say it shorter.
SHORT = {"entry_id": "waitlist_entry", "session_id": "service_session"}
# What is no row, but a word or a number of its own.
WORDS: dict[str, Any] = {"kind": "booked", "minutes": 120}

# The sample row has no photo and no certificate.
WITHOUT_BYTES = {"client.open_vaccination_record", "client.show_pet_photo"}


def routes(app: Flask, room: str) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith(f"{room}.")]


def address(rule: Rule, values: dict[str, Any]) -> str:
    built = rule.build(values)
    assert built
    return built[1]


def sample(app: Flask, rule: Rule, owner: Client) -> dict[str, Any]:
    """For each argument of the address a row of this client; a table nobody knows fails here."""
    found: dict[str, Any] = {}
    for argument in sorted(rule.arguments):
        if argument in WORDS:
            found[argument] = WORDS[argument]
            continue
        model = rows.MODELS[SHORT.get(argument, argument.removesuffix("_id"))]
        if issubclass(model, OfClient):
            row = rows.existing(model.__tablename__, owner) or rows.one_of(model, owner)
        elif model is rows.MODELS["sign_in"]:
            row = db.session.query(model).filter_by(client_id=owner.id).first() or rows.one_of(
                model, owner, client_id=owner.id
            )
        else:
            row = db.session.query(model).first() or rows.one_of(model, owner)
        found[argument] = row.id
    db.session.commit()
    return found


def test_a_row_of_somebody_else_does_not_exist(app: Flask, browse: Browse, rosa: Client, omar: Client) -> None:
    swept = 0
    for rule in routes(app, "client"):
        if not rule.arguments:
            continue
        values = sample(app, rule, rosa)
        path = address(rule, values)
        missing = address(rule, dict.fromkeys(values, 2_000_000_000))
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            for part in ({}, {"HX-Request": "true"}):
                stranger, nobody = browse(omar), browse(omar)
                headers = {**part, "X-CSRFToken": stranger.token()}
                theirs = stranger.open(path, method=method, headers=headers)
                none = nobody.open(missing, method=method, headers={**part, "X-CSRFToken": nobody.token()})
                assert theirs.status_code == 404, (method, path)
                assert none.status_code == 404, (method, missing)
                assert strip(theirs.text) == strip(none.text), "a stranger's row looks like one that is not there"
            swept += 1
    assert swept > 5


def test_the_owner_does_find_it(app: Flask, browse: Browse, rosa: Client, biscuit: Pet) -> None:
    """A booking is for a pet, and a conversation has begun: that says no column by itself."""
    cast.open_shop()
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    cast.booking(rosa, [biscuit], "Full Groom", tomorrow, made_at=tomorrow - timedelta(days=2))
    rows.one_of(Message, rosa)
    lost, broken = set[str](), set[str]()
    for rule in routes(app, "client"):
        if rule.arguments and "GET" in (rule.methods or set()):
            path = address(rule, sample(app, rule, rosa))
            answer = browse(rosa).get(path)
            lost |= {rule.endpoint} if answer.status_code == 404 else set()
            broken |= {rule.endpoint} if answer.status_code > 499 else set()
    assert (lost, broken) == (WITHOUT_BYTES, set())


def strip(text: str) -> str:
    return "".join(line for line in text.splitlines() if "csrf" not in line)


def test_every_table_of_a_client_can_be_swept(app: Flask, rosa: Client) -> None:
    for model in rows.of_client():
        assert rows.one_of(model, rosa).client_id == rosa.id


@pytest.mark.only_on("sqlite", because="a door is shut before what is behind it is looked for")
def test_each_room_is_closed_to_the_others(app: Flask, browse: Browse, rosa: Client, nina: Member) -> None:  # SI-1
    doors = {"client": (nina, "/sign-in"), "staff": (rosa, "/desk/sign-in")}
    for room, (other, door) in doors.items():
        for rule in routes(app, room):
            if rule.endpoint in OPEN | {"client.list_bookings"}:
                continue  # whoever opens the portal's address sees the business
            path = address(rule, sample(app, rule, rosa))
            for person in (None, other):
                for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                    browser = browse(person)
                    token = browser.token("/desk/sign-in" if room == "staff" else "/sign-in")
                    plain = browser.open(path, method=method, headers={"X-CSRFToken": token})
                    assert (plain.status_code, plain.location.split("?")[0]) == (302, door), (method, path)
                    part = browser.open(path, method=method, headers={"X-CSRFToken": token, "HX-Request": "true"})
                    assert (part.status_code, part.data) == (401, b""), (method, path)
                    assert part.headers["HX-Redirect"].split("?")[0] == door


def test_no_route_is_outside_a_room(app: Flask) -> None:
    assert {rule.endpoint.split(".")[0] for rule in app.url_map.iter_rules()} <= {"client", "staff", "public", "hooks"}
    assert set(app.blueprints) == {"client", "staff", "public", "hooks"}


@pytest.mark.parametrize("path", sorted(Path("portal/views/client").glob("*.py")), ids=lambda path: path.name)
def test_client_views_ask_only_for_what_is_mine(path: Path) -> None:
    if path.name == "room.py":
        return
    tree = ast.parse(path.read_text())
    names = {getattr(node, "id", getattr(node, "attr", None)) for node in ast.walk(tree)}
    assert not names & {"db", "session", "select", "query", "get_or_404", "scalar", "scalars", "execute"}, path
