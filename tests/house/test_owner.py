"""A real business opens its portal with one command, once."""

import pytest
from flask import Flask

from portal.db import db
from portal.models import Location, Member, Role
from portal.rules.business import the_business
from tests.conftest import Browse

WORDS = ["--business", "Paws & Co", "--name", "Ada Abbott", "--email", " Ada@Example.com ", "--password"]


@pytest.fixture
def empty(app: Flask) -> Flask:
    for member in db.session.query(Member):
        member.role = Role.TEAM
    db.session.query(Location).first().name = "Main"  # type: ignore[union-attr]
    db.session.commit()
    return app


def test_the_first_owner_can_sign_in(empty: Flask, browse: Browse) -> None:  # POR-1, SI-1
    answer = empty.test_cli_runner().invoke(args=["owner", *WORDS, "a long way home"])
    assert answer.exit_code == 0, answer.output
    db.session.expire_all()
    assert the_business().name == "Paws & Co"
    browser = browse()
    signed = browser.post("/desk/sign-in", data={"email": "ada@example.com", "password": "a long way home"})
    assert signed.status_code == 303
    assert "Ada Abbott" in browser.get("/desk/").text


def test_there_is_one_first_owner(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["owner", *WORDS, "a long way home"])
    assert answer.exit_code == 1
    assert "Nina Park is the owner already" in answer.output


@pytest.mark.parametrize(
    ("at", "word", "told"),
    [(7, "password1", "Many people use this"), (5, "ada", "cannot be right"), (7, "short", "at least 8 characters")],
)
def test_a_wrong_answer_makes_nobody(empty: Flask, at: int, word: str, told: str) -> None:
    words = [*WORDS, "a long way home"]
    words[at] = word
    answer = empty.test_cli_runner().invoke(args=["owner", *words])
    assert answer.exit_code == 1
    assert db.session.query(Member).filter_by(role=Role.OWNER).count() == 0
    assert told in answer.output
