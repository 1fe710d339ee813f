"""Answers by e-mail: they join their thread, once, without what was quoted, whatever their bytes look like."""

from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal import post
from portal.db import db
from portal.gateways import arrived, mail, plain_words
from portal.models import Attachment, Author, Channel, Client, Delivery, File, Member, Message, Notice, Thread
from portal.rules import deliveries, inbound, messages, threads
from portal.rules.actors import as_member
from tests import samples
from tests.cast import NOON
from tests.house.naughty import NAUGHTY

DOMAIN = "reply.example.com"


@pytest.fixture(autouse=True)
def takes_mail(app: Flask) -> Iterator[None]:
    before = app.extensions["portal-settings"]
    app.extensions["portal-settings"] = replace(before, inbound_domain=DOMAIN)
    yield
    app.extensions["portal-settings"] = before


@pytest.fixture
def thread(rosa: Client, nina: Member) -> Thread:
    """Nina asked Rosa something."""
    begun = messages.begin(rosa, "Rabbits", "Two or three?", channel=Channel.EMAIL, by=as_member(nina), at=NOON)
    return db.session.get_one(Thread, begun.thread_id)


def letter(thread: Thread | None, words: str = "Two, please.", **headers: str) -> EmailMessage:
    written = EmailMessage()
    told = {"From": "Rosa Delgado <Rosa@Example.com>", "Message-ID": "<1@phone.example>", "Subject": "Re: Rabbits"}
    told["To"] = f"Maple & Paw <{inbound.address(thread.id)}>" if thread else "hello@example.com"
    for name, value in {**told, **{name.replace("_", "-"): value for name, value in headers.items()}}.items():
        if value:
            written[name] = value
    written.set_content(words)
    return written


def receive(written: EmailMessage | bytes, to: str = "") -> Message | None:
    raw = written if isinstance(written, bytes) else written.as_bytes()
    return inbound.receive(raw, to, at=NOON)


def every(model: type) -> list:
    return list(db.session.scalars(select(model).order_by(model.id)))


# ---------------------------------------------------------------- joining


def test_an_answer_joins_its_thread_and_staff_are_told(rosa: Client, thread: Thread) -> None:  # MSG-5, FD-6
    message = receive(letter(thread))
    assert message
    assert (message.thread_id, message.client_id, message.text) == (thread.id, rosa.id, "Two, please.")
    assert (message.author, message.author_name, message.from_portal) == (Author.CLIENT, "Rosa Delgado", False)
    assert (message.seen_at, message.sent_from) == (None, ""), "the address is hers, however it is written"
    [notice] = every(Notice)
    assert (notice.text, notice.thread_id) == ("Rosa Delgado wrote: Rabbits", thread.id)
    assert len(every(Delivery)) == 1, "nothing is answered by itself"


def test_our_letters_say_where_an_answer_goes(app: Flask, thread: Thread) -> None:  # MSG-5
    parcel = deliveries.claim(NOON, [Channel.EMAIL])
    assert parcel
    sent = post.letter(parcel)
    assert sent.reply_to == inbound.address(thread.id)
    assert sent.text.startswith("–– Write above this line to answer by e-mail ––\n\nTwo or three?")
    assert "Write above this line" in (sent.html or "")
    on_the_wire = mail.compose(sent)
    assert on_the_wire["Reply-To"] == inbound.address(thread.id)
    local = inbound.address(thread.id).partition("@")[0]
    assert len(local) <= 64
    app.extensions["portal-settings"] = replace(app.extensions["portal-settings"], inbound_domain="")
    plainly = post.letter(parcel)
    assert plainly.reply_to == "hello@example.com"
    assert "Write above" not in plainly.text + (plainly.html or "")


def test_a_letter_about_an_account_has_no_thread_to_answer(rosa: Client) -> None:  # MSG-5
    messages.send(rosa, Channel.EMAIL, "rosa@example.com", "Your code", "123456", at=NOON)
    db.session.commit()
    parcel = deliveries.claim(NOON, [Channel.EMAIL])
    assert parcel
    assert post.letter(parcel).reply_to == "hello@example.com"
    assert "Write above" not in post.letter(parcel).text


def test_the_same_letter_twice_is_one_message(thread: Thread) -> None:  # MSG-5
    first, second = receive(letter(thread)), receive(letter(thread, "Two, please. (again)"))
    assert first
    assert second
    assert first.id == second.id
    assert receive(letter(thread, "Or three.", Message_ID="<2@phone.example>")) != first
    without = letter(thread, "No id.", Message_ID="")
    assert [bool(receive(without)), bool(receive(without))] == [True, True]
    assert [message.text for message in every(Message)] == ["Two or three?", "Two, please.", "Or three.", "No id."]


def test_another_client_may_have_the_same_message_id(thread: Thread, omar: Client, nina: Member) -> None:  # MSG-5
    other = messages.begin(omar, "Cats", "How many?", channel=Channel.EMAIL, by=as_member(nina), at=NOON).thread
    for one in (thread, other):
        assert receive(letter(one))
    assert len(every(Message)) == 4


def test_a_strange_sender_is_noted_and_never_believed(rosa: Client, omar: Client, thread: Thread) -> None:  # MSG-5
    message = receive(letter(thread, From="Omar <omar@example.com>"))
    assert message
    assert (message.client_id, message.author_name, message.sent_from) == (rosa.id, "Rosa Delgado", "omar@example.com")
    nobody = receive(letter(thread, From="", Message_ID="<2@x>"))
    assert nobody
    assert nobody.sent_from == "an unknown address"


def test_an_address_that_we_did_not_seal_is_unknown_and_nothing_is_kept(thread: Thread, omar: Client) -> None:  # MSG-5
    good = inbound.address(thread.id)
    seal = good.split(".")[1].partition("@")[0]
    for to in (
        f"reply+{thread.id}.{'0' * 32}@{DOMAIN}",
        f"reply+{thread.id + 1}.{seal}@{DOMAIN}",
        f"reply+0{thread.id}.{seal}@{DOMAIN}",
        f"reply+{thread.id}.{seal}0@{DOMAIN}",
        f"reply+{thread.id}.{seal}@else.example.com",
        f"reply+{thread.id}@{DOMAIN}",
        f"x{good}",
        "hello@example.com",
        "",
        "é@é",
        f"reply+99999999999.{seal}@{DOMAIN}",
    ):
        with pytest.raises(inbound.UnknownAddress):
            receive(letter(None, To=""), to)
    with pytest.raises(inbound.UnknownAddress):
        receive(letter(None))
    assert len(every(Message)) == 1


def test_a_seal_outlives_its_key_and_capitals(app: Flask, thread: Thread) -> None:  # MSG-5
    address, before = inbound.address(thread.id), app.extensions["portal-settings"]
    assert receive(letter(None), address.upper())
    app.extensions["portal-settings"] = replace(
        before, secret_key="another-key-another-key-another-key", former_secret_keys=(before.secret_key,)
    )
    assert inbound.address(thread.id) != address
    assert receive(letter(None, Message_ID="<2@x>"), address)
    app.extensions["portal-settings"] = replace(before, secret_key="another-key-another-key-another-key")
    with pytest.raises(inbound.UnknownAddress):
        receive(letter(None, Message_ID="<3@x>"), address)


def test_without_a_domain_no_letter_is_taken(app: Flask, thread: Thread) -> None:  # MSG-5
    address = inbound.address(thread.id)
    app.extensions["portal-settings"] = replace(app.extensions["portal-settings"], inbound_domain="")
    for to in (address, address.partition("@")[0] + "@"):
        with pytest.raises(inbound.UnknownAddress):
            receive(letter(None), to)


def test_more_than_25_mb_is_too_large(thread: Thread) -> None:  # MSG-5
    with pytest.raises(inbound.TooLarge):
        receive(letter(thread).as_bytes() + b"x" * inbound.LARGEST)
    assert len(every(Message)) == 1


# ---------------------------------------------------------------- machines


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "auto-generated (vacation)"},
        {"Precedence": "bulk"},
        {"Precedence": "List"},
        {"List-Id": "<pets.example.com>"},
        {"X-Autoreply": "yes"},
        {"Return-Path": "<>"},
        {"From": "MAILER-DAEMON@example.com"},
        {"From": "hello@example.com"},
        {"From": f"reply+1.x@{DOMAIN}"},
        {"Message-ID": f"<{'a' * 32}@localhost>"},
    ],
    ids=str,
)
def test_what_no_person_wrote_is_left_out(thread: Thread, headers: dict[str, str]) -> None:  # MSG-5
    assert receive(letter(thread, **{name.replace("-", "_"): value for name, value in headers.items()})) is None
    assert len(every(Message)) == 1


def test_a_report_of_a_mail_server_is_left_out(thread: Thread) -> None:  # MSG-5
    raw = b'Content-Type: multipart/report; boundary="x"\n' + b"To: %s\n\n--x\n\nNo.\n--x--" % inbound.address(
        thread.id
    ).encode("ascii")
    assert receive(raw) is None


def test_what_a_person_sends_by_hand_is_not_taken_for_a_machine(thread: Thread) -> None:  # MSG-5
    assert receive(letter(thread, Auto_Submitted="no", Return_Path="<rosa@example.com>"))


# ---------------------------------------------------------------- words

OURS = (
    "–– Write above this line to answer by e-mail ––\n\nTwo or three?\n\nRead and answer it here: http://x/messages/1"
)
QUOTED = "\n".join(f"> {line}".rstrip() for line in OURS.split("\n"))
OUTLOOK = "From: Maple & Paw <hello@example.com>\nSent: Monday, November 23, 2026 10:00\nTo: Rosa\nSubject: Rabbits\n"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Two.\n", "Two."),
        (f"Two.\n\nOn Mon, Nov 23, 2026 at 10:00 AM Maple & Paw <hello@example.com> wrote:\n\n{QUOTED}", "Two."),
        (f"Two.\n\nOn Mon, Nov 23, 2026 at 10:00 AM Maple & Paw <\nreply+1.a@b.c>\nwrote:\n{QUOTED}", "Two."),
        (f"Two.\n\nAm Mo., 23. Nov. 2026 um 10:00 schrieb Maple & Paw <a@b.c>:\n{QUOTED}", "Two."),
        (f"Two.\n\nAm 23.11.2026 um 10:00 schrieb Maple & Paw:\n{QUOTED}", "Two."),
        (f"Deux.\n\nLe lun. 23 nov. 2026 à 10:00, Maple & Paw <a@b.c> a écrit :\n{QUOTED}", "Deux."),
        (f"Dos.\n\nEl lun, 23 nov 2026 a las 10:00, Maple (<a@b.c>) escribió:\n{QUOTED}", "Dos."),
        (f"Two.\n\n________________________________\n{OUTLOOK}\n{OURS}", "Two."),
        (f"Two.\n\n-----Original Message-----\n{OUTLOOK}\n{OURS}", "Two."),
        (f"Two.\n\n{OURS}", "Two."),
        (f"Two.\n\n> {OURS.splitlines()[0]}\n{QUOTED}", "Two."),
        (f"On Mon, Nov 23, 2026 at 10:00 AM Maple wrote:\n{QUOTED}\n\nTwo, below.", "Two, below."),
        (
            "Hello,\n\nOn 23 Nov 2026 Maple wrote:\n> Two or three?\nTwo.\n> Which?\nGrey ones.",
            "Hello,\n\nTwo.\nGrey ones.",
        ),
        ("On Monday I wrote:\nplease keep the blanket", "On Monday I wrote:\nplease keep the blanket"),
        ("From: the heart\nThank you", "From: the heart\nThank you"),
        ("> Two or three?\nTwo.", "> Two or three?\nTwo."),
        ("Two.\n\nSent from my phone", "Two.\n\nSent from my phone"),
        ("Two.\n\n\n\n\nThree.   ", "Two.\n\nThree."),
        (OURS, OURS),
        ("", ""),
    ],
)
def test_only_what_is_new_is_kept(text: str, left: str) -> None:  # MSG-5
    assert plain_words.own_words(text) == left


def test_a_dressed_letter_is_read_without_its_dress(thread: Thread) -> None:  # MSG-5
    dressed = (
        "<html><head><title>No</title><style>p > b { color: red }</style></head><body><!-- <p>No</p> -->"
        "<p>Two &amp; a <b title='a > b'>half</b>,<br>please&nbsp;&#128007;</p><script>alert('<p>No')</script>"
        f"<div>Rosa</div><blockquote><p>{plain_words.MARKER}</p><p>Two or three?</p></blockquote></body></html>"
    )
    written = letter(thread)
    written.set_content(dressed, subtype="html")
    message = receive(written)
    assert message
    assert message.text == "Two & a half,\nplease 🐇\n\nRosa"


def test_of_two_shapes_the_plain_one_is_read(thread: Thread) -> None:  # MSG-5
    written = letter(thread, "The plain words.")
    written.add_alternative("<p>The dressed words.</p>", subtype="html")
    message = receive(written)
    assert message
    assert message.text == "The plain words."
    assert every(Attachment) == []


@pytest.mark.parametrize(
    ("content_type", "body", "read"),
    [
        (b"text/plain; charset=iso-8859-2", "Zażółć gęślą".encode("iso-8859-2"), "Zażółć gęślą"),
        (b"text/plain; charset=windows-1252", b"caf\xe9 \x96 ok", "café – ok"),
        (b"text/plain", "Zoë".encode(), "Zoë"),
        (b"text/plain; charset=utf-8", b"caf\xe9", "café"),
        (b"text/plain; charset=nonsense", "Zoë".encode(), "Zoë"),
        (b"text/plain; charset=idna", b"xn--a", "xn--a"),
        (b"text/plain; charset=hex", b"00", "00"),
        (b"text/plain; charset=iso-2022-jp", "山田".encode("iso-2022-jp"), "山田"),
        (b"text/plain", b"a\x00b\x1b[31m", "ab\ufffd[31m"),
        (b"text/plain", b"", "(There are no words in it.)"),
        (b"text/html", b"<p", "(There are no words in it.)"),
        (b"text/html", b"<![foo[<b>x</b>", "x"),
        (b"text/html", b"a < b &unknown; &#0; &#xD800;", "a < b &unknown; \ufffd \ufffd"),
        (b"multipart/mixed; boundary=x", b"never begins", "never begins"),
        (b"multipart/mixed", b"no boundary", "no boundary"),
        (b"nonsense", b"x", "x"),
    ],
)
def test_bytes_of_all_kinds_become_words(thread: Thread, content_type: bytes, body: bytes, read: str) -> None:  # MSG-5
    head = b"To: %s\nFrom: rosa@example.com\nContent-Type: " % inbound.address(thread.id).encode()
    message = receive(head + content_type + b"\n\n" + body)
    assert message
    assert message.text == read


def test_very_long_words_are_cut_and_say_so(thread: Thread) -> None:  # MSG-5
    message = receive(letter(None).as_bytes() + b"x" * 2_000_000, inbound.address(thread.id))
    assert message
    assert len(message.text) < inbound.LONGEST + 100
    assert message.text.endswith("…\n\n(The rest was too long.)")


# ---------------------------------------------------------------- files


def test_files_come_along_and_what_is_not_taken_is_said(rosa: Client, thread: Thread) -> None:  # MSG-5, DOC-4
    written = letter(thread)
    written.add_attachment(samples.pdf("Plan"), maintype="application", subtype="pdf", filename="Plan für Zoë.pdf")
    written.add_attachment(
        samples.jpeg(), maintype="image", subtype="jpeg", filename="../Juno.JPG", disposition="inline"
    )
    written.add_attachment(samples.docx(), maintype="application", subtype="octet-stream", filename="List.docx")
    written.add_attachment(samples.exe(), maintype="application", subtype="octet-stream", filename="play.exe")
    written.add_attachment(letter(None))
    message = receive(written)
    assert message
    found = threads.opened(thread.id, thread.client_id)
    assert found
    [said] = [spoken for spoken in found[1].messages if spoken.id == message.id]
    assert [file.name for file in said.files] == ["Plan für Zoë.pdf", "Juno.jpg", "List.docx"]
    assert message.text.startswith("Two, please.\n\nLeft out: “play.exe”: ")
    assert "“forwarded message.eml”" in message.text


def test_a_photo_alone_is_a_message(thread: Thread) -> None:  # MSG-5
    written = letter(thread, "")
    written.add_attachment(samples.jpeg(), maintype="image", subtype="jpeg", filename="Juno.jpg")
    message = receive(written)
    assert message
    assert message.text == ""
    assert len(every(Attachment)) == 1


def test_only_ten_files_come_along(thread: Thread) -> None:  # MSG-5
    written = letter(thread)
    for number in range(12):
        written.add_attachment(b"words", maintype="text", subtype="plain", filename=f"{number}.txt")
    message = receive(written)
    assert message
    assert len(every(Attachment)) == 10
    assert "“10.txt” (more than 10 files); “11.txt” (more than 10 files)" in message.text


def test_files_of_a_letter_to_nobody_are_not_kept(thread: Thread) -> None:  # MSG-5
    written = letter(None)
    written.add_attachment(samples.pdf("Plan"), maintype="application", subtype="pdf", filename="Plan.pdf")
    with pytest.raises(inbound.UnknownAddress):
        receive(written)
    assert every(File) == []


# ---------------------------------------------------------------- ugly letters


@pytest.mark.parametrize("words", NAUGHTY)
def test_words_that_break_things_break_nothing(thread: Thread, words: str) -> None:  # MSG-5
    octets = words.encode("utf-8", "surrogatepass").replace(b"\r", b"").replace(b"\n", b"\n ")
    for name in (b"From", b"Message-ID", b"Content-Type", b"Content-Disposition", b"Subject", b"Precedence", b"To"):
        raw = name + b": " + octets + b"\n\n" + octets
        receive(raw, inbound.address(thread.id))


def test_parts_inside_parts_inside_parts(thread: Thread) -> None:  # MSG-5
    raw = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000))
    try:
        receive(raw + b"\nwords", inbound.address(thread.id))
    except inbound.Unreadable:
        assert len(every(Message)) == 1


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(
            [
                b"Content-Type: multipart/mixed; boundary=a\n",
                b"Content-Type: text/html; charset=\xff\n",
                b"Content-Type: message/rfc822\n",
                b"Content-Disposition: attachment; filename*=utf-8''%ff%00.pdf\n",
                b"Content-Disposition: attachment; filename*0*=x''a; filename*2=b\n",
                b"Content-Transfer-Encoding: base64\n",
                b"Content-Transfer-Encoding: x-uuencode\n",
                b"Content-Transfer-Encoding: quoted-printable\n",
                b"From: =?utf-8?b?\xff=?= <@>\n",
                b"To: (((((,;:<\n",
                b"Message-ID: =?x?q?=00?=\n",
                b"\n",
                b"--a\n",
                b"--a--\n",
                b"begin 666 x\n!!\nend\n",
                b"=?=\x00\xff<![CDATA[<blockquote><p>&#xFFFFFFFF;\n",
                b"%PDF-1.4 %%EOF\n",
            ]
        )
        | st.binary(max_size=40),
        max_size=12,
    )
)
def test_no_letter_is_too_ugly(lines: list[bytes]) -> None:  # MSG-5
    try:
        found = arrived.read(b"".join(lines))
    except arrived.Unreadable:
        return
    words = plain_words.own_words(found.text)
    (words + found.sender + found.message_id + "".join(name for name, _ in found.files)).encode()
    assert "\x00" not in words


@pytest.mark.parametrize(
    "html", ["<" * 200_000, "<a " * 70_000, "<!--" * 50_000, "<a '\"" * 40_000, "&" * 200_000, "<blockquote>" * 16_000]
)
def test_markup_made_to_be_slow_is_quick(html: str) -> None:  # MSG-5
    import time

    began = time.process_time()
    plain_words.own_words(plain_words.undressed(html))
    assert time.process_time() - began < 3


# ---------------------------------------------------------------- the command


def test_flask_inbound_mail_reads_standard_input(app: Flask, thread: Thread) -> None:  # MSG-5
    run = app.test_cli_runner().invoke
    good = run(args=["inbound-mail"], input=letter(thread).as_bytes())
    assert (good.exit_code, good.output) == (0, "It joined its conversation.\n")
    other = letter(None, Message_ID="<2@x>").as_bytes()
    assert run(args=["inbound-mail", "--to", inbound.address(thread.id)], input=other).exit_code == 0
    assert [message.text for message in every(Message)][1:] == ["Two, please."] * 2
    unknown = run(args=["inbound-mail"], input=other)
    assert (unknown.exit_code, unknown.output) == (67, "No conversation has this address.\n")
    machine = run(args=["inbound-mail"], input=letter(thread, Precedence="bulk").as_bytes())
    assert (machine.exit_code, machine.output) == (0, "Nobody wrote this, so it was left out.\n")
    much = run(args=["inbound-mail"], input=letter(thread).as_bytes() + b"x" * inbound.LARGEST)
    assert (much.exit_code, much.output) == (65, "The message is larger than 25 MB.\n")
    assert len(every(Message)) == 3


def test_a_database_that_is_away_asks_for_the_letter_again(app: Flask, thread: Thread) -> None:  # MSG-5
    raw = letter(thread).as_bytes()
    db.session.execute(select(1)).all()
    db.session.rollback()
    from sqlalchemy import text

    db.session.execute(text("DROP TABLE attachment"))
    db.session.execute(text("ALTER TABLE message RENAME TO elsewhere"))
    db.session.commit()
    answer = app.test_cli_runner().invoke(args=["inbound-mail"], input=raw)
    assert answer.exit_code == 75
    assert "Two, please" not in answer.output
