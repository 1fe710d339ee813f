"""Mail over a real SMTP connection: which of the three ways it fails, and what staff read about it."""

import socket
import time
from dataclasses import replace

import pytest

from portal.gateways import mail
from portal.gateways.mail import Letter
from portal.gateways.outcome import ChannelDown, NotSent, Refuse, TryAgain
from tests.gateways.smtp_server import DROP, DROP_BUT_KEEP, HANG, SmtpServer, canned

LETTER = Letter(
    to="rosa@example.com",
    subject="Buchung bestätigt 🐶",
    text="Zoë, see you on Monday.\n",
    from_name="Maple & Paw",
    from_address="hello@maple.example",
    message_id="<41@maple.example>",
)


@pytest.fixture
def server():
    with SmtpServer() as server:
        yield server


def failure(letter, url, timeout=2.0):
    with pytest.raises(NotSent) as caught:
        mail.send(letter, url, timeout)
    assert_readable(caught.value.reason)
    return caught.value


def assert_readable(reason):
    assert str(reason) == reason
    assert reason.isprintable()
    assert reason[0].isupper() or reason.startswith("rosa@")
    assert reason.endswith(".")
    assert not reason.endswith("..")
    assert len(reason) < 300
    assert "biscuit" not in reason


# MSG-4
@pytest.mark.parametrize(
    ("step", "answer", "kind", "words"),
    [
        ("RCPT", "451 4.7.1 Greylisted, try later", TryAgain, "451 4.7.1 Greylisted, try later"),
        ("RCPT", "421 4.3.2 Closing", TryAgain, "421 4.3.2 Closing"),
        ("RCPT", DROP, TryAgain, "broke off the conversation"),
        ("DATA", "452 4.2.2 Over quota", TryAgain, "452 4.2.2 Over quota"),
        ("DATA", DROP, TryAgain, "broke off the conversation"),
        ("MAIL", "450 4.1.8 Domain not found", TryAgain, "asks us to wait"),
        ("DATA", "554 5.7.1 This looks like spam", Refuse, "554 5.7.1 This looks like spam"),
        ("MAIL", "552 5.3.4 Message too big", Refuse, "552 5.3.4 Message too big"),
        ("MAIL", "553 5.7.1 Sender is not yours", ChannelDown, "takes no mail from hello@maple.example"),
        ("RCPT", "530 5.7.0 Authentication required", ChannelDown, "takes no mail from us"),
        ("DATA", "530 5.7.0 Authentication required", ChannelDown, "turned us away"),
    ],
)
def test_each_answer_has_its_consequence(server, step, answer, kind, words):
    server.on[step] = answer
    failed = failure(LETTER, server.url)
    assert type(failed) is kind
    assert words in failed.reason
    assert not getattr(failed, "bad_address", False)
    assert server.inbox == []


@pytest.mark.parametrize(
    ("answer", "bad_address"),
    [
        ("550 5.1.1 No such user", True),
        ("550 No such user here", True),
        ("550 5.2.1 Mailbox disabled", True),
        ("552 Mailbox full", False),
        ("550 5.2.2 Over quota", False),
        ("554 5.7.1 Blocked by policy", False),
        ("550 5.4.1 Recipient domain cannot be reached", False),
    ],
)
def test_a_refused_recipient_is_bad_unless_something_else_is(server, answer, bad_address):
    server.on["RCPT"] = answer
    refused = failure(LETTER, server.url)
    assert type(refused) is Refuse
    assert refused.bad_address is bad_address
    assert refused.reason == f"rosa@example.com was refused: {answer}."


def test_a_server_that_relays_for_nobody_is_a_wrong_setting():
    with SmtpServer("none") as server:
        server.on["RCPT"] = "554 5.7.1 Relay access denied"
        assert type(failure(LETTER, server.url)) is ChannelDown


@pytest.mark.parametrize("step", ["MAIL", "DATA"])
def test_a_silent_server_is_not_waited_for(server, step):
    server.on[step] = HANG
    began = time.monotonic()
    failed = failure(LETTER, server.url, timeout=0.3)
    assert time.monotonic() - began < 2
    assert type(failed) is TryAgain
    assert "did not answer in time" in failed.reason


def test_a_server_that_takes_the_call_and_says_nothing_is_not_waited_for():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        failed = failure(LETTER, f"smtp://localhost:{silent.getsockname()[1]}", timeout=0.3)
    assert type(failed) is TryAgain
    assert "did not answer in time" in failed.reason


def test_a_letter_lost_after_it_was_taken_comes_again_under_the_same_id(server):
    server.on["DATA"] = DROP_BUT_KEEP
    assert type(failure(LETTER, server.url)) is TryAgain
    del server.on["DATA"]
    mail.send(LETTER, server.url)
    assert [received.message["Message-ID"] for received in server.inbox] == ["<41@maple.example>"] * 2


def test_a_wrong_password_stops_the_channel():
    with SmtpServer(password="another") as server:
        failed = failure(LETTER, server.url)
        assert type(failed) is ChannelDown
        assert "does not accept our name and password: 535" in failed.reason
        server.on["AUTH"] = "454 4.7.0 Temporary authentication failure"
        assert type(failure(LETTER, server.url)) is TryAgain


def test_a_certificate_that_nobody_vouches_for_stops_the_channel(server):
    failed = failure(LETTER, f"smtp://latchkey:biscuit@localhost:{server.port}")
    assert type(failed) is ChannelDown
    assert failed.reason == "The certificate of localhost cannot be trusted: self-signed certificate."


def test_a_certificate_of_another_name_stops_the_channel(server):
    failed = failure(LETTER, server.url.replace("@localhost:", "@127.0.0.1:"))
    assert type(failed) is ChannelDown
    assert "not valid for '127.0.0.1'" in failed.reason


def test_a_password_is_never_sent_in_the_clear():
    with SmtpServer("none") as server:
        failed = failure(LETTER, f"smtp://latchkey:biscuit@localhost:{server.port}")
        assert (type(failed), server.inbox) == (ChannelDown, [])
        assert "does not offer encryption (STARTTLS)" in failed.reason
        mail.send(LETTER, f"smtp://latchkey:biscuit@localhost:{server.port}?starttls=0")
    assert len(server.inbox) == 1


def test_encryption_where_the_server_speaks_plainly_is_a_wrong_setting(server):
    failed = failure(LETTER, f"smtps://latchkey:biscuit@localhost:{server.port}")
    assert type(failed) is ChannelDown
    assert "No encrypted connection to localhost" in failed.reason


@pytest.mark.parametrize(
    ("replies", "kind", "words"),
    [
        (["554 5.3.2 No service here"], ChannelDown, "turned us away: 554"),
        (["421 4.3.2 Too many connections"], TryAgain, "asks us to wait: 421"),
        (["HTTP/1.1 400 Bad Request"], ChannelDown, "it speaks no SMTP"),
        (["220 hi", "550 no EHLO", "550 no HELO"], ChannelDown, "turned us away: 550"),
        (["220 hi", "250-x\r\n250 STARTTLS", "454 TLS is away"], TryAgain, "asks us to wait: 454"),
        (["220 hi", "250-x\r\n250 STARTTLS", "501 No"], ChannelDown, "turned us away: 501"),
        (["220 hi", "250-x\r\n250 STARTTLS", "220 go"], TryAgain, "broke off the conversation"),
        ([], TryAgain, "broke off the conversation"),
    ],
)
def test_each_bad_beginning_has_its_consequence(replies, kind, words):
    with canned(*replies) as port:
        failed = failure(LETTER, f"smtp://latchkey:biscuit@localhost:{port}")
    assert type(failed) is kind
    assert words in failed.reason


@pytest.mark.parametrize(
    ("features", "words"),
    [("250 SIZE", "does not offer sign-in (AUTH)"), ("250 AUTH GSSAPI", "No suitable authentication")],
)
def test_a_server_we_cannot_sign_in_to_stops_the_channel(features, words):
    with canned("220 hi", f"250-x\r\n{features}", "221 Bye") as port:
        failed = failure(LETTER, f"smtp://latchkey:biscuit@localhost:{port}?starttls=0")
    assert type(failed) is ChannelDown
    assert words in failed.reason


def test_a_port_where_nobody_listens_is_tried_again():
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    failed = failure(LETTER, f"smtp://localhost:{port}")
    assert type(failed) is TryAgain
    assert failed.reason == "The mail server localhost cannot be reached: Connection refused."


@pytest.mark.parametrize(("error", "kind"), [(socket.EAI_NONAME, ChannelDown), (socket.EAI_AGAIN, TryAgain)])
def test_a_host_that_does_not_exist_is_a_wrong_setting_and_a_name_service_away_is_not(monkeypatch, error, kind):
    def getaddrinfo(*_, **__):
        raise socket.gaierror(error, "no")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    assert type(failure(LETTER, "smtp://mail.example.com")) is kind


@pytest.mark.parametrize(
    "to", ["rosa", "rosa@example.com\r\nRCPT TO:<omar@example.com>", "rosa@example.com, omar@example.com"]
)
def test_what_is_no_address_is_refused_before_anything_is_sent(to):
    refused = failure(replace(LETTER, to=to), "smtp://localhost:1")
    assert type(refused) is Refuse
    assert refused.bad_address


def test_a_wrong_address_of_our_own_is_not_the_recipients_fault(server):
    assert type(failure(replace(LETTER, from_address="maple"), server.url)) is ChannelDown
    refused = failure(replace(LETTER, reply_to="maple"), server.url)
    assert type(refused) is Refuse
    assert not refused.bad_address


def test_a_wrong_setting_stops_the_channel():
    assert type(failure(LETTER, "")) is ChannelDown


def test_what_the_server_says_is_cut_and_cleaned(server):
    server.on["RCPT"] = "550-5.1.1 \x1b[31mNo\r\n550 5.1.1 " + "such user " * 40
    assert "\x1b" not in failure(LETTER, server.url).reason


def test_a_server_without_smtputf8_cannot_take_such_an_address():
    with SmtpServer(smtputf8=False) as server:
        refused = failure(replace(LETTER, to="zoë@example.com"), server.url)
    assert type(refused) is Refuse
    assert not refused.bad_address
