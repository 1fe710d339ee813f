"""Mail over a real SMTP connection: what gets through, and how."""

import threading
from dataclasses import replace
from email import message_from_bytes

import pytest

from portal.gateways import mail
from portal.gateways.mail import Letter
from tests.gateways.smtp_server import DROP, HANG, SmtpServer

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


# MSG-4
def test_a_letter_gets_through_encrypted_and_signed_in(server):
    mail.send(LETTER, server.url)
    [received] = server.inbox
    assert (received.sender, received.recipients) == ("hello@maple.example", ["rosa@example.com"])
    assert received.encrypted
    assert received.message["Subject"] == "Buchung bestätigt 🐶"
    assert received.message["Message-ID"] == "<41@maple.example>"
    assert received.message.get_content() == "Zoë, see you on Monday.\r\n"


def test_it_is_encrypted_from_the_start_with_smtps():
    with SmtpServer("tls") as server:
        mail.send(LETTER, server.url)
    assert [received.encrypted for received in server.inbox] == [True]


def test_a_mail_catcher_on_this_machine_needs_neither():
    with SmtpServer("none") as server:
        mail.send(LETTER, server.url)
    assert [received.encrypted for received in server.inbox] == [False]


def test_text_html_and_attachment_arrive_as_they_left(server):
    photo = bytes(range(256)) * 300
    mail.send(replace(LETTER, html="<p>Zoë</p>", attachments=[("Juno 🐕.jpg", "image/jpeg", photo)]), server.url)
    [part] = server.inbox[0].message.iter_attachments()
    assert (part.get_filename(), part.get_content_type(), part.get_content()) == ("Juno 🐕.jpg", "image/jpeg", photo)


def test_hostile_words_reach_one_person_only(server):
    words = 'Rosa\r\nBcc: all@example.com, =?utf-8?q?=0ABcc=3A_all@example.com?= "x" <omar@example.com>'
    mail.send(replace(LETTER, subject=words, from_name=words, text=".\r\n.\r\nQUIT\r\n"), server.url)
    [received] = server.inbox
    assert received.recipients == ["rosa@example.com"]
    assert received.message.get_all("To") == ["rosa@example.com"]
    assert received.message["Bcc"] is None
    assert received.message.get_content() == ".\r\n.\r\nQUIT\r\n"


def test_an_address_that_needs_it_goes_as_smtputf8(server):
    mail.send(replace(LETTER, to="zoë@bücher.example", attachments=[("Zoë.pdf", "application/pdf", b"1")]), server.url)
    [received] = server.inbox
    assert received.recipients == ["zoë@xn--bcher-kva.example"]
    assert "SMTPUTF8" in received.options
    assert received.message["To"] == "zoë@xn--bcher-kva.example"
    assert received.message["Subject"] == "Buchung bestätigt 🐶"


def test_a_domain_outside_ascii_alone_does_not_need_it():
    with SmtpServer(smtputf8=False) as server:
        mail.send(replace(LETTER, to="zoe@bücher.example"), server.url)
    assert server.inbox[0].recipients == ["zoe@xn--bcher-kva.example"]


@pytest.mark.parametrize("farewell", ["500 5.5.1 What?", DROP, HANG])
def test_a_bad_goodbye_does_not_undo_what_was_sent(server, farewell):
    server.on["QUIT"] = farewell
    mail.send(LETTER, server.url, timeout=0.3)
    assert len(server.inbox) == 1


def test_our_own_domain_introduces_us(server):
    mail.send(LETTER, server.url)
    assert server.inbox[0].introduced_as == "maple.example"


def test_several_letters_at_once(server):
    letters = [replace(LETTER, message_id=f"<{n}@maple.example>", to=f"rosa+{n}@example.com") for n in range(10)]
    threads = [threading.Thread(target=mail.send, args=(letter, server.url)) for letter in letters]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    sent = {(received.recipients[0], message_from_bytes(received.raw)["Message-ID"]) for received in server.inbox}
    assert sent == {(letter.to, letter.message_id) for letter in letters}
