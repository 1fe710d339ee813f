"""Accounts: no lock while a password is worked on, no answer by the clock, no old password that lives on."""

import sqlite3
import statistics
from contextlib import closing
from datetime import UTC, datetime
from time import perf_counter, thread_time

import pytest
from flask import Flask
from sqlalchemy import make_url

from portal import passwords
from portal.db import db, now
from portal.models import Client, Delivery, History, Member, SignIn, Throttle
from portal.rules import accounts, throttles
from portal.rules.actors import as_client, as_member
from portal.rules.refused import Refused
from portal.rules.throttles import TooMany
from tests import letters

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)


def recognise(login: str, password: str) -> Client:
    return accounts.recognise(login, password, origin="192.0.2.7", at=now())


def test_the_right_password(app: Flask, rosa: Client) -> None:  # SI-2
    assert recognise("rosa@example.com", "biscuit-and-me").id == rosa.id
    assert recognise("4071 882 365", "biscuit-and-me").id == rosa.id


@pytest.mark.only_on("sqlite", because="only SQLite has one lock for everybody")
def test_others_can_write_while_a_password_is_worked_on(
    app: Flask, rosa: Client, monkeypatch: pytest.MonkeyPatch
) -> None:  # SI-2
    written: list[str] = []

    def somebody_writes(what: str) -> None:
        name = make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database or ""
        with closing(sqlite3.connect(name, timeout=0.1, isolation_level=None)) as other:
            other.execute("UPDATE business SET tagline = ?", [what])
        written.append(what)

    def slow_verify(kept: str | None, password: str) -> bool:
        somebody_writes("verifying")
        return passwords.verify(kept, password)

    def slow_hash(password: str) -> str:
        somebody_writes("hashing")
        return passwords.hash_password(password)

    monkeypatch.setattr(accounts, "verify", slow_verify)
    monkeypatch.setattr(accounts, "hash_password", slow_hash)
    monkeypatch.setattr(accounts, "needs_rehash", lambda kept: True)
    recognise("rosa@example.com", "biscuit-and-me")
    db.session.commit()
    accounts.change_password(rosa, "biscuit-and-me", "three quiet otters", origin="", by=as_client(rosa), at=now())
    assert written == ["verifying", "hashing", "verifying", "hashing", "hashing"]


@pytest.mark.only_on("sqlite", because="no database works with passwords")
@pytest.mark.usefixtures("dear_passwords")
def test_an_unknown_login_takes_as_long_as_a_wrong_password(app: Flask, rosa: Client) -> None:  # SI-2, SI-4
    rosa.password_hash = passwords.hash_password("biscuit-and-me")

    def taken(login: str) -> float:
        """Processor time, which a busy machine does not stretch."""
        db.session.query(Throttle).delete()
        db.session.commit()
        began = thread_time()
        with pytest.raises(Refused):
            recognise(login, "wrong")
        return thread_time() - began

    for login in ("rosa@example.com", "nobody@example.com", "omar@example.com"):
        taken(login)
    times = {login: [] for login in ("rosa@example.com", "nobody@example.com", "omar@example.com")}
    for _ in range(15):
        for login, measured in times.items():
            measured.append(taken(login))
    medians = [statistics.median(measured) for measured in times.values()]
    assert max(medians) < 1.25 * min(medians), medians


def test_looking_for_a_known_common_password_is_quick() -> None:  # SI-5
    passwords.problem("three quiet otters", [])
    began = perf_counter()
    for _ in range(100):
        passwords.problem("three quiet otters", ["Maple & Paw", "rosa@example.com"])
    assert (perf_counter() - began) / 100 < 0.005


def test_a_password_that_changes_while_it_is_checked_no_longer_signs_in(
    app: Flask, rosa: Client, monkeypatch: pytest.MonkeyPatch
) -> None:  # SI-12
    def changed_meanwhile(kept: str | None, password: str) -> bool:
        accounts.set_password(rosa, "three quiet otters", by=as_client(rosa), at=now())
        return passwords.verify(kept, password)

    monkeypatch.setattr(accounts, "verify", changed_meanwhile)
    with pytest.raises(Refused, match="do not belong together"):
        recognise("rosa@example.com", "biscuit-and-me")


def test_changing_the_password_asks_for_the_current_one(app: Flask, rosa: Client) -> None:  # PRO-2, SI-12
    def change(current: str) -> None:
        accounts.change_password(rosa, current, "three quiet otters", origin="", by=as_client(rosa), at=AT)

    for _ in range(10):
        with pytest.raises(Refused, match="This is not your current password"):
            change("wrong")
    with pytest.raises(TooMany):
        change("biscuit-and-me")
    with pytest.raises(TooMany):
        accounts.recognise("rosa@example.com", "biscuit-and-me", origin="elsewhere", at=AT)
    db.session.query(Throttle).delete()
    db.session.commit()
    change("biscuit-and-me")
    assert recognise("rosa@example.com", "three quiet otters").id == rosa.id
    with pytest.raises(Refused):
        recognise("rosa@example.com", "biscuit-and-me")


@pytest.mark.usefixtures("dear_passwords")
def test_what_a_new_password_leaves_behind(app: Flask, omar: Client, nina: Member) -> None:  # SI-5, SI-12
    version = omar.credential_version
    accounts.set_password(omar, "three quiet otters", by=as_member(nina), at=AT)
    assert omar.credential_version == version + 1
    assert (omar.password_hash or "").startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    (letter,) = letters.to("omar@example.com")
    assert letter.subject == "Your password was set"
    assert "was set (Mon 23 Nov 2026, 10:00\N{NO-BREAK SPACE}AM EST)." in letter.text
    row = db.session.query(History).filter_by(client_id=omar.id).one()
    assert (row.field, row.old, row.new, row.by_name) == ("Password", "Not set", "Set", "Nina Park")


def test_a_client_without_an_e_mail_can_have_a_password_but_no_letter(app: Flask, omar: Client, nina: Member) -> None:
    # SI-9
    omar.email = None
    db.session.commit()
    accounts.set_password(omar, "three quiet otters", by=as_member(nina), at=AT)
    assert db.session.query(Delivery).count() == 0
    with pytest.raises(Refused, match="Omar Haddad has no e-mail yet"):
        accounts.invite(omar, by=as_member(nina), at=AT)


def test_a_closed_profile_is_not_invited(app: Flask, omar: Client, nina: Member) -> None:  # SI-12
    omar.deactivated_at = AT
    db.session.commit()
    with pytest.raises(Refused, match="This profile is closed"):
        accounts.invite(omar, by=as_member(nina), at=AT)
    assert db.session.query(Delivery).count() == 0


def test_a_closed_member_is_told_nothing(app: Flask, nina: Member) -> None:  # SI-1, SI-12
    nina.deactivated_at = AT
    db.session.commit()
    with pytest.raises(Refused) as no:
        accounts.recognise_member("nina@example.com", "front-desk-nina", origin="", at=AT)
    assert str(no.value) == accounts.NO_MATCH_AT_DESK
    assert db.session.query(SignIn).count() == 0


def test_a_right_password_is_given_back_to_all_its_limits(app: Flask, rosa: Client) -> None:  # SI-2
    recognise("rosa@example.com", "biscuit-and-me")
    assert {row.count for row in db.session.query(Throttle)} == {0}
    assert not throttles.over(throttles.WRONG_PASSWORDS, f"client {rosa.id}", at=now())
