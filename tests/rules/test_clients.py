"""Clients: numbers that never come back, addresses that belong to one profile."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import chain, repeat
from threading import Barrier

import pytest
from flask import Flask

from portal import phones
from portal.db import db
from portal.models import AccountNumber, Client, History, Member
from portal.rules import clients
from portal.rules.actors import as_member
from portal.rules.clients import KnownAlready

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)


def test_a_client_gets_a_number_and_a_row_in_the_history(app: Flask, nina: Member) -> None:  # SI-8
    ada = clients.add("Ada", "Nwosu", " Ada@Example.com ", "+18453312200", city="Kingston", by=as_member(nina), at=AT)
    assert ada.email == "ada@example.com"
    assert ada.city == "Kingston"
    assert ada.credential_version == 0
    assert re.fullmatch("[1-9][0-9]{9}", ada.account_number)
    row = db.session.query(History).filter_by(client_id=ada.id).one()
    assert (row.field, row.old, row.new, row.by_name) == ("Profile", "", "Ada Nwosu", "Nina Park")


def test_numbers_differ(app: Flask, nina: Member) -> None:  # SI-8
    numbers = {clients.add("Ada", str(n), None, by=as_member(nina), at=AT).account_number for n in range(50)}
    assert len(numbers) == 50


def test_a_number_that_was_ever_given_out_is_not_given_again(
    app: Flask, rosa: Client, nina: Member, monkeypatch: pytest.MonkeyPatch
) -> None:  # SI-8
    db.session.add(AccountNumber(number="1000000007"))
    db.session.commit()
    rolls = chain([int(rosa.account_number) - 1_000_000_000, 7], repeat(8))
    monkeypatch.setattr(clients.secrets, "randbelow", lambda most: next(rolls))
    assert clients.add("Ada", "Nwosu", None, by=as_member(nina), at=AT).account_number == "1000000008"


@pytest.mark.parametrize("email", ["rosa@example.com", " ROSA@Example.COM", "ZOË@example.com", "zoe\u0308@example.com"])
def test_an_address_has_one_profile(app: Flask, nina: Member, email: str) -> None:  # SI-9
    numbers = db.session.query(AccountNumber).count()
    with pytest.raises(KnownAlready, match="There is a profile with this e-mail already"):
        clients.add("Rosa", "Again", email, by=as_member(nina), at=AT)
    assert db.session.query(Client).count() == 3
    assert db.session.query(AccountNumber).count() == numbers


def test_an_address_keeps_its_letters(app: Flask, nina: Member) -> None:  # SI-9
    """What is written to strasse.de does not reach straße.de."""
    kept = clients.add("Ute", "Groß", "Ute.Groß@STRAßE.example", by=as_member(nina), at=AT)
    assert kept.email == "ute.groß@straße.example"
    assert clients.with_email(" UTE.GROß@straße.example") is kept
    assert clients.with_email("ute.gross@strasse.example") is None


def test_several_clients_may_lack_an_address(app: Flask, nina: Member) -> None:
    for _ in range(2):
        assert clients.add("Ada", "Nwosu", None, by=as_member(nina), at=AT).email is None


def test_of_six_who_add_the_same_address_at_once_one_does(app: Flask, nina: Member) -> None:  # SI-9
    by, start = as_member(nina), Barrier(6)
    db.session.commit()

    def add(n: int) -> bool:
        with app.app_context():
            start.wait()
            try:
                clients.add("Ada", str(n), "ada@example.com", by=by, at=AT)
            except KnownAlready:
                return False
            return True

    with ThreadPoolExecutor(6) as threads:
        assert sorted(threads.map(add, range(6))) == [False] * 5 + [True]
    assert db.session.query(Client).filter_by(email="ada@example.com").count() == 1


@pytest.mark.parametrize(
    ("kept", "takes"),
    [
        ("+12125550148", True),
        ("+447400123456", True),
        ("+442071234567", False),
        ("+18005550148", False),
        ("", False),
        ("555-0148", False),
        ("call the neighbour", False),
    ],
)
def test_which_numbers_take_texts(kept: str, takes: bool) -> None:  # SI-6
    assert phones.takes_texts(kept) is takes
