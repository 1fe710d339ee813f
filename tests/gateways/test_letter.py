"""What is written is what arrives: one sender, one recipient, one subject, whatever people type."""

from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import getaddresses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.gateways.letter import BadAddress, Letter, address, compose
from portal.gateways.outcome import one_line

LETTER = Letter(
    to="rosa@example.com",
    subject="Your booking",
    text="See you on Monday.\n",
    from_name="Maple & Paw",
    from_address="hello@maple.example",
    message_id="<41@maple.example>",
)
HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"]
NASTY = [
    "Rosa\r\nBcc: all@example.com",
    "Rosa\nTo: omar@example.com\n\nand a body",
    "=?utf-8?q?Rosa=0ABcc=3A_all@example.com?=",
    "🐶 =?UTF-8?Q?=0A?=Bcc: all@example.com",
    'Delgado, Rosa "Biscuit"',
    "Rosa <omar@example.com>, Zoë",
    "Maple, Paw \\ Friends; (the) [first] " * 6,
    "Zoë Łukaszewska 山田 太郎 🐕‍🦺",
    "Zoë " * 40,
    "x" * 300,
    "\x00\x1b[31m\x7f\u2028",
    "",
]


def arrived(letter):
    return message_from_bytes(compose(letter).as_bytes(), policy=policy.default)


def shown(header):
    return str(make_header(decode_header(header)))


def assert_whole(letter):
    raw = compose(letter).as_bytes()
    message = message_from_bytes(raw)
    assert sorted(message.keys()) == sorted(HEADERS)
    assert shown(message["Subject"]) == one_line(letter.subject)
    [(name, sender)] = getaddresses([message["From"]])
    assert (shown(name), sender) == (one_line(letter.from_name), "hello@maple.example")
    assert getaddresses([message["To"]]) == [("", "rosa@example.com")]
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.count(b"\r") == raw.count(b"\n") == raw.count(b"\r\n")


@pytest.mark.parametrize("words", NASTY)
def test_a_subject_and_a_name_cannot_add_headers(words):
    assert_whole(replace(LETTER, subject=words, from_name=words))


@settings(max_examples=200, deadline=None)
@given(subject=st.text(), name=st.text())
def test_any_text_at_all_arrives_as_it_was_typed(subject, name):
    assert_whole(replace(LETTER, subject=subject, from_name=name))


@pytest.mark.parametrize("name", [*NASTY, "../../etc/passwd.pdf", 'a"b.pdf', "Impfpaß 2026.pdf"])
def test_a_file_name_cannot_add_headers_or_folders(name):
    [part] = arrived(replace(LETTER, attachments=[(name, "application/pdf", b"%PDF")])).iter_attachments()
    assert sorted(part.keys()) == ["Content-Disposition", "Content-Transfer-Encoding", "Content-Type", "MIME-Version"]
    assert part.get_content_disposition() == "attachment"
    assert not set(part.get_filename()) & set('\r\n/\\"')
    assert part.get_content() == b"%PDF"


def test_a_plain_file_name_is_kept():
    [part] = arrived(replace(LETTER, attachments=[("Impfpaß Juno 🐶.pdf", "application/pdf", b"1")])).iter_attachments()
    assert (part.get_filename(), part.get_content_type()) == ("Impfpaß Juno 🐶.pdf", "application/pdf")


@pytest.mark.parametrize("kind", ["", "pdf", "message/rfc822", "multipart/mixed", "text/html\r\nX: y"])
def test_an_odd_media_type_travels_as_plain_bytes(kind):
    [part] = arrived(replace(LETTER, attachments=[("a.bin", kind, b"1")])).iter_attachments()
    assert part.get_content_type() == "application/octet-stream"


def test_the_text_comes_before_the_html():
    message = arrived(replace(LETTER, text="Zoë 🐶\n", html="<p>Zoë 🐶</p>\n"))
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert [part.get_content() for part in message.iter_parts()] == ["Zoë 🐶\r\n", "<p>Zoë 🐶</p>\r\n"]


def test_attachments_surround_text_and_html():
    message = arrived(replace(LETTER, html="<p>Hi</p>", attachments=[("a.pdf", "application/pdf", b"1")]))
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/pdf"]


@pytest.mark.parametrize("text", ["a" * 5000, "a\rb\r\nc\n", ".\n..\n", "From here\n", "\x00\x08\ud800", ""])
def test_any_body_fits_the_wire(text):
    raw = compose(replace(LETTER, text=text)).as_bytes()
    assert raw.isascii()
    assert b"\x00" not in raw
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.count(b"\r") == raw.count(b"\n") == raw.count(b"\r\n")


def test_the_message_id_stays_the_same_at_every_try():
    assert compose(LETTER)["Message-ID"] == compose(LETTER)["Message-ID"] == "<41@maple.example>"
    assert arrived(replace(LETTER, message_id="41@maple.example"))["Message-ID"] == "<41@maple.example>"


def test_only_automatic_mail_says_so():
    assert arrived(LETTER)["Auto-Submitted"] is None
    assert arrived(replace(LETTER, automatic=True))["Auto-Submitted"] == "auto-generated"


def test_replies_go_where_they_are_asked_to():
    reply_to = "reply+7.c0ffee@in.maple.example"
    assert arrived(replace(LETTER, reply_to=reply_to))["Reply-To"] == reply_to


@pytest.mark.parametrize(
    ("typed", "wire"),
    [
        (" rosa@example.com ", "rosa@example.com"),
        ("rosa+dogs@Example.COM", "rosa+dogs@Example.COM"),
        ("o'hara@localhost", "o'hara@localhost"),
        ("zoe@bücher.example", "zoe@xn--bcher-kva.example"),
        ("zoe@straße.example", "zoe@xn--strae-oqa.example"),
        ("zoë@bücher.example", "zoë@xn--bcher-kva.example"),
    ],
)
def test_an_address_is_put_on_the_wire(typed, wire):
    assert address(typed) == wire


NO_ADDRESSES = [
    "",
    "rosa",
    "@example.com",
    "rosa@",
    "rosa@-.com",
    "ro sa@example.com",
    "ro\x00sa@example.com",
    "ro\nsa@example.com",
    "ro\ud800sa@example.com",
    "rosa@omar@example.com",
    "rosa@exa mple.com",
    "rosa@xn--ü.com",
    "rosa@[127.0.0.1]",
    "rosa@" + "a" * 254,
    "x" * 65 + "@example.com",
    "<rosa@example.com>",
    "rosa,omar@example.com",
    "rosa@example.com, omar@example.com",
    "rosa@example.com\r\nBcc: omar@example.com",
]


@pytest.mark.parametrize("typed", NO_ADDRESSES)
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(BadAddress, match="is not valid"):
        address(typed)
