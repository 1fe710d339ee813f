"""The worker, over real SMTP and HTTP: what it sends, what it survives, what it says."""

import asyncio
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from portal import worker
from portal.db import db, now
from portal.models import (
    Channel,
    Client,
    Delivery,
    DeliveryState,
    File,
    Member,
    Notice,
    SignIn,
    SignInCode,
    Thread,
    Throttle,
)
from portal.rules import enclosures, letters, messages, sign_ins, throttles
from portal.rules.actors import as_client, as_member
from tests import samples
from tests.gateways.sms_server import SmsServer
from tests.gateways.smtp_server import DROP, DROP_BUT_KEEP, HANG, SmtpServer

TABLES = (SignIn, Throttle, SignInCode, File)
SECRET = "not-a-secret-not-a-secret-not-a-secret"


class SlowServer(SmtpServer):
    async def handle_DATA(self, *heard: Any) -> str:  # noqa: N802
        await asyncio.sleep(1.5)
        return await super().handle_DATA(*heard)


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as running:
        yield running


@pytest.fixture
def sends(app: Flask, server: SmtpServer) -> SmtpServer:
    """The app is set to send through the server."""
    configure(app, smtp_url=server.url, development=False)
    return server


def configure(app: Flask, **chosen: Any) -> None:
    app.extensions["portal-settings"] = replace(app.extensions["portal-settings"], **chosen)


def answered(rosa: Client, nina: Member, text: str = "Yes, two of them.", **more: Any) -> Thread:
    started = messages.start(rosa, "Rabbits — Zoë’s 🐇", "Do you take rabbits?", by=as_client(rosa), at=now())
    thread = db.session.get_one(Thread, started.thread_id)
    messages.answer(thread, text, by=as_member(nina), at=now(), **more)
    return thread


def the_delivery() -> Delivery:
    db.session.expire_all()
    return db.session.scalars(select(Delivery).order_by(Delivery.id.desc()).limit(1)).one()


def at_once(seconds: int = 0) -> None:
    """As if the wait were over."""
    db.session.execute(update(Delivery).values(due_at=now() - timedelta(seconds=seconds)))
    db.session.commit()


def states() -> SimpleNamespace:
    db.session.rollback()
    rows = db.session.execute(select(Delivery.state, Delivery.tries, Delivery.leased_until)).all()
    db.session.rollback()
    return SimpleNamespace(
        queued=sum(row.state == DeliveryState.QUEUED for row in rows),
        sent=sum(row.state == DeliveryState.SENT for row in rows),
        claimed=sum(row.leased_until is not None for row in rows),
    )


def outbox(rosa: Client, letters_in_it: int) -> None:
    for number in range(letters_in_it):
        messages.send(rosa, Channel.EMAIL, "rosa@example.com", f"Letter {number}", "…", at=now())
    db.session.commit()


def test_a_letter_arrives_encrypted_with_both_texts(  # MSG-4
    sends: SmtpServer, rosa: Client, nina: Member
) -> None:
    words = "Yes, <b>two</b> of them.\n\nSee https://example.com/rabbits?a=1&b=2 {{7*7}}"
    thread = answered(rosa, nina, words)
    worker.work(once=True)
    [received] = sends.inbox
    letter = received.message
    assert received.encrypted
    assert received.recipients == ["rosa@example.com"]
    assert letter["Subject"] == "Re: Rabbits — Zoë’s 🐇"
    assert str(letter["From"]) == "Maple & Paw <hello@example.com>"
    assert letter["Reply-To"] == "hello@example.com"
    assert letter["Message-ID"] == f"<{the_delivery().header_id}@localhost>"
    assert letter["Auto-Submitted"] is None, "a person wrote it"
    plain, dressed = (letter.get_body((kind,)).get_content().replace("\r\n", "\n") for kind in ("plain", "html"))
    link = f"http://localhost/messages/{thread.id}"
    assert plain == f"{words}\n\nRead and answer it here: {link}\n"
    assert "Yes, &lt;b&gt;two&lt;/b&gt; of them." in dressed
    assert '<a href="https://example.com/rabbits?a=1&amp;b=2"' in dressed
    assert "{{7*7}}" in dressed
    assert f'<a class="button" href="{link}">' in dressed
    assert "<script" not in dressed
    assert the_delivery().state == DeliveryState.SENT


def test_a_letter_about_the_account_is_automatic_and_leads_to_no_thread(  # MSG-4, SI-4
    sends: SmtpServer, rosa: Client
) -> None:
    letters.reset(rosa, at=now())
    db.session.commit()
    worker.work(once=True)
    [received] = sends.inbox
    assert received.message["Auto-Submitted"] == "auto-generated"
    body = received.message.get_body(("html",)).get_content()
    assert '<a href="http://localhost/password/' in body
    assert "/messages/" not in body


def test_the_sender_can_be_set_apart_from_the_business(  # MSG-4
    app: Flask, sends: SmtpServer, rosa: Client, nina: Member
) -> None:
    configure(app, mail_from="portal@mail.example.com")
    answered(rosa, nina)
    worker.work(once=True)
    [received] = sends.inbox
    assert received.sender == "portal@mail.example.com"
    assert received.message["Reply-To"] == "hello@example.com"


def test_hostile_words_stay_in_their_header(sends: SmtpServer, rosa: Client, nina: Member) -> None:  # MSG-4
    hostile = "Hi\r\nBcc: all@example.com\r\n\r\n<script>"
    started = messages.start(rosa, hostile, "?", by=as_client(rosa), at=now())
    messages.answer(db.session.get_one(Thread, started.thread_id), "Yes", by=as_member(nina), at=now())
    worker.work(once=True)
    [received] = sends.inbox
    assert received.recipients == ["rosa@example.com"]
    assert len(received.message.get_all("Subject")) == 1
    assert received.message["Bcc"] is None


def test_files_are_named_and_fetched_in_the_portal(sends: SmtpServer, rosa: Client, nina: Member) -> None:  # MSG-3
    plan = enclosures.enclose([("Plan für Zoë.pdf", BytesIO(samples.pdf("Plan")))], at=now())
    answered(rosa, nina, "", files=plan)
    worker.work(once=True)
    text = sends.inbox[0].message.get_body(("plain",)).get_content()
    assert text.startswith("With this: Plan für Zoë.pdf\r\n")


def test_a_text_goes_over_http(app: Flask, rosa: Client, nina: Member) -> None:  # MSG-4
    rosa.phone = "+12125550100"
    with SmsServer() as server:
        configure(app, sms_url=server.url, development=False)
        messages.begin(rosa, "Suite", "Suite 4? Zoë", channel=Channel.SMS, by=as_member(nina), at=now())
        worker.work(once=True)
        assert [(text["To"], text["Body"]) for text in server.inbox] == [("+12125550100", "Suite 4? Zoë")]
        assert the_delivery().state == DeliveryState.SENT
        server.answer = (400, {"code": 21610, "message": "Attempt to send to unsubscribed recipient"})
        messages.begin(rosa, "Suite", "Suite 5?", channel=Channel.SMS, by=as_member(nina), at=now())
        worker.work(once=True)
    assert the_delivery().state == DeliveryState.FAILED
    assert the_delivery().last_error == "+12125550100 has unsubscribed from our texts (STOP)."
    told = db.session.scalars(select(Notice.text)).all()
    assert told == [f"Text message to +12125550100 could not be delivered: {the_delivery().last_error}"]


@pytest.mark.parametrize(("step", "answer"), [("RCPT", "450 4.2.1 Try later"), ("DATA", DROP), ("MAIL", "421 Busy")])
def test_a_passing_failure_is_tried_again_and_goes_through(  # MSG-4
    sends: SmtpServer, rosa: Client, nina: Member, step: str, answer: str
) -> None:
    answered(rosa, nina)
    sends.on[step] = answer
    worker.work(once=True)
    assert the_delivery().state == DeliveryState.QUEUED
    assert the_delivery().last_error
    assert the_delivery().due_at > now() + timedelta(seconds=50)
    worker.work(once=True)
    assert the_delivery().tries == 1, "not before the wait is over"
    sends.on.clear()
    at_once()
    worker.work(once=True)
    assert (the_delivery().state, the_delivery().tries) == (DeliveryState.SENT, 2)
    assert len(sends.inbox) == 1


def test_a_letter_that_may_have_arrived_comes_again_under_the_same_id(  # MSG-4
    sends: SmtpServer, rosa: Client, nina: Member
) -> None:
    answered(rosa, nina)
    sends.on["DATA"] = DROP_BUT_KEEP
    worker.work(once=True)
    sends.on.clear()
    at_once()
    worker.work(once=True)
    first, second = (received.message["Message-ID"] for received in sends.inbox)
    assert first == second


def test_a_refused_address_ends_it_and_staff_are_told(sends: SmtpServer, rosa: Client, nina: Member) -> None:  # MSG-4
    thread = answered(rosa, nina)
    sends.on["RCPT"] = "550 5.1.1 No such user"
    worker.work(once=True)
    assert the_delivery().state == DeliveryState.FAILED
    notice = db.session.scalars(select(Notice).order_by(Notice.id.desc())).first()
    assert notice
    assert notice.text.startswith("E-mail to rosa@example.com could not be delivered: ")
    assert "No such user" in notice.text
    assert notice.thread_id == thread.id


def test_a_wrong_password_stops_the_channel_is_said_once_and_loses_nothing(  # MSG-4
    app: Flask, rosa: Client, nina: Member, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        answered(rosa, nina)
    with SmtpServer(password="other") as server:
        configure(app, smtp_url=server.url, development=False)
        memory = worker.Memory()
        for _ in range(3):
            worker.send_what_is_due(memory)
            memory.closed_until.clear()
        assert server.inbox == []
    said = [record.getMessage() for record in caplog.records if "waits in the outbox" in record.getMessage()]
    assert len(said) == 1
    assert "does not accept our name and password" in said[0]
    rows = db.session.scalars(select(Delivery)).all()
    assert [(row.state, row.tries) for row in rows] == [(DeliveryState.QUEUED, 0)] * 3
    with SmtpServer() as server:
        configure(app, smtp_url=server.url)
        worker.send_what_is_due(memory)
        assert len(server.inbox) == 3


def test_a_closed_channel_rests_for_a_minute(app: Flask, rosa: Client, nina: Member) -> None:  # MSG-4
    answered(rosa, nina)
    configure(app, smtp_url="", development=False)
    memory = worker.Memory()
    worker.send_what_is_due(memory)
    with SmtpServer() as server:
        configure(app, smtp_url=server.url)
        worker.send_what_is_due(memory)
        assert server.inbox == []
        memory.closed_until[Channel.EMAIL] -= worker.REST
        worker.send_what_is_due(memory)
        assert len(server.inbox) == 1


def test_without_settings_everything_waits_and_it_is_said_once(  # MSG-4
    app: Flask, rosa: Client, nina: Member, caplog: pytest.LogCaptureFixture
) -> None:
    configure(app, smtp_url="", sms_url="", development=False)
    answered(rosa, nina)
    answered(rosa, nina)
    memory = worker.Memory()
    for _ in range(3):
        worker.send_what_is_due(memory)
        memory.closed_until.clear()
    assert [record.getMessage() for record in caplog.records] == [
        "E-mail waits in the outbox: PORTAL_SMTP_URL is not set."
    ]
    assert the_delivery().state == DeliveryState.QUEUED
    assert the_delivery().tries == 0


def test_in_development_it_stays_in_the_mailbox(app: Flask, rosa: Client, nina: Member) -> None:  # MSG-4
    rosa.phone = "+12125550100"
    answered(rosa, nina)
    messages.begin(rosa, "Suite", "Suite 4?", channel=Channel.SMS, by=as_member(nina), at=now())
    worker.work(once=True)
    db.session.expire_all()
    assert {row.state for row in db.session.scalars(select(Delivery))} == {DeliveryState.SENT}


def test_a_bug_while_sending_costs_one_try_and_tells_no_secrets(  # MSG-4
    sends: SmtpServer, rosa: Client, nina: Member, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise ValueError("canary in the error")

    answered(rosa, nina, "canary in the text")
    monkeypatch.setattr(worker.mail, "send", broken)
    worker.work(once=True)
    assert (the_delivery().state, the_delivery().tries) == (DeliveryState.QUEUED, 1)
    assert "ValueError" in caplog.text
    assert "canary" not in caplog.text


def test_what_breaks_off_at_every_try_is_given_up(sends: SmtpServer, rosa: Client, nina: Member) -> None:  # MSG-4
    answered(rosa, nina)
    db.session.execute(update(Delivery).values(tries=7))
    db.session.commit()
    worker.work(once=True)
    assert (the_delivery().state, sends.inbox) == (DeliveryState.FAILED, [])


def test_what_people_write_and_secret_links_are_in_no_log(  # MSG-4
    sends: SmtpServer, rosa: Client, nina: Member, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answered(rosa, nina, "canary one")
    letters.reset(rosa, at=now())
    db.session.commit()
    for answer in ("450 Later", "550 No", "250 OK"):
        sends.on["RCPT"] = answer
        at_once()
        worker.work(once=True)
        db.session.execute(update(Delivery).values(state="queued"))
        db.session.commit()
    assert len(sends.inbox) == 2
    # "mail.log" is the test's own mail server, which tells all it hears.
    said = "\n".join(record.getMessage() for record in caplog.records if record.name != "mail.log")
    assert "will be tried again" in said
    for secret in ("canary", "/password/", "rosa@", "rabbits", "biscuit"):
        assert secret not in said, secret


def test_a_database_error_says_nothing_of_its_values(app: Flask, rosa: Client) -> None:
    db.session.add(Throttle(key="canary", began_at=now(), count=None))
    with pytest.raises(Exception, match="hide_parameters") as error:
        db.session.commit()
    assert "canary" not in str(error.value).split("DETAIL")[0]


def test_a_sweep_that_fails_hinders_no_other(
    sends: SmtpServer, rosa: Client, nina: Member, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: worker.Memory) -> None:
        raise OSError("disk full")

    first = worker.Sweep("first", timedelta(hours=1), broken)
    monkeypatch.setattr(worker, "SWEEPS", [first, *worker.SWEEPS])
    answered(rosa, nina)
    worker.work(once=True)
    assert "the sweep “first” failed" in caplog.text
    assert len(sends.inbox) == 1


def test_what_is_over_is_cleared_away(app: Flask, rosa: Client) -> None:  # SI-6, SI-12
    long_ago = now() - timedelta(days=400)
    sign_ins.begin_for_client(rosa, remember=True, device="", at=long_ago)
    throttles.take((throttles.LINKS, "rosa"), at=long_ago)
    db.session.add(
        SignInCode(
            client_id=rosa.id, channel=Channel.EMAIL, digest="x", asker="x", sent_at=long_ago, expires_at=long_ago
        )
    )
    enclosures.enclose([("plan.pdf", BytesIO(samples.pdf("Plan")))], at=long_ago)
    # The newest row of all stays, so that no later file gets its number again.
    enclosures.enclose([("newer.pdf", BytesIO(samples.pdf("Newer")))], at=long_ago)
    sign_ins.begin_for_client(rosa, remember=True, device="", at=now())
    db.session.commit()
    worker.work(once=True)
    left = {table.__name__: len(db.session.scalars(select(table)).all()) for table in TABLES}
    assert left == {"SignIn": 1, "Throttle": 0, "SignInCode": 0, "File": 1}


@pytest.mark.only_on("sqlite", because="PostgreSQL counts its rows anew by itself")
def test_the_database_is_told_how_many_rows_there_are(app: Flask) -> None:
    told = text("SELECT stat FROM sqlite_stat1 WHERE tbl = 'client' AND idx IS NOT NULL")
    assert db.session.scalars(told).all() == []
    worker.work(once=True)
    clients = len(db.session.scalars(select(Client)).all())
    assert {int(stat.split()[0]) for stat in db.session.scalars(told)} == {clients}


def test_a_sweep_runs_when_its_time_has_come(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    memory = worker.Memory()
    daily = worker.Sweep("daily", timedelta(days=1), lambda _: ran.append("daily"))
    worker.attempt(daily, memory)
    assert now() + timedelta(hours=23) < memory.next_at["daily"] <= now() + timedelta(days=1)
    assert ran == ["daily"]


def test_two_workers_send_each_letter_once(sends: SmtpServer, app: Flask, rosa: Client) -> None:  # MSG-4
    outbox(rosa, 30)
    together = threading.Barrier(2)

    def run() -> None:
        with app.app_context():
            together.wait()
            worker.send_what_is_due(worker.Memory())

    both = [threading.Thread(target=run) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    subjects = [received.message["Subject"] for received in sends.inbox]
    assert sorted(subjects) == sorted(f"Letter {number}" for number in range(30))
    assert states().sent == 30


def test_the_command_does_what_is_due_and_stops(sends: SmtpServer, app: Flask, rosa: Client) -> None:  # MSG-4
    outbox(rosa, 2)
    ended = app.test_cli_runner().invoke(args=["worker", "--once"])
    assert ended.exit_code == 0, ended.output
    assert len(sends.inbox) == 2


# ---------------------------------------------------------------- as processes


@contextmanager
def process(app: Flask, tmp_path: Path, smtp_url: str) -> Iterator[subprocess.Popen[str]]:
    environment = {
        **os.environ,
        "PORTAL_DEVELOPMENT": "0",
        "PORTAL_DATA": str(tmp_path),
        "PORTAL_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "PORTAL_URL": "http://localhost",
        "PORTAL_SECRET_KEY": SECRET,
        "PORTAL_SMTP_URL": smtp_url,
    }
    command = [sys.executable, "-m", "flask", "--app", "app:create_app", "worker"]
    root = Path(__file__).parents[2]
    started = subprocess.Popen(command, cwd=root, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        yield started
    finally:
        started.kill()
        started.communicate()


def wait_until(true: Any, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to that in time"
        time.sleep(0.05)


def test_killing_a_worker_loses_nothing(app: Flask, server: SmtpServer, rosa: Client, tmp_path: Path) -> None:  # MSG-4
    outbox(rosa, 5)
    server.on["DATA"] = HANG
    with process(app, tmp_path, server.url) as killed:
        wait_until(lambda: states().claimed == 1)
        os.kill(killed.pid, signal.SIGKILL)
        killed.wait(10)
    assert (states().queued, states().sent) == (5, 0)
    server.on.clear()
    configure(app, smtp_url=server.url, development=False)
    worker.work(once=True)
    assert (states().queued, states().sent) == (1, 4), "the lease of the dead worker still holds"
    db.session.execute(update(Delivery).values(leased_until=now() - timedelta(seconds=1)))
    db.session.commit()
    worker.work(once=True)
    assert states().sent == 5
    assert {received.message["Subject"] for received in server.inbox} == {f"Letter {number}" for number in range(5)}


def test_a_running_worker_takes_up_what_comes_and_ends_with_what_it_has_in_hand(  # MSG-4
    app: Flask, rosa: Client, tmp_path: Path
) -> None:
    with SlowServer() as server, process(app, tmp_path, server.url) as running:
        time.sleep(2)
        outbox(rosa, 2)
        wait_until(lambda: states().claimed == 1)
        running.send_signal(signal.SIGTERM)
        assert running.wait(20) == 0
    assert (states().sent, states().queued, states().claimed) == (1, 1, 0)
    assert len(server.inbox) == 1
