"""Messages, as the browser asks for them."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from portal.db import db, now
from portal.gateways import files
from portal.models import Attachment, Booking, Channel, Client, Member, Message, Notice, Pet, Thread
from portal.rules import allowances, enclosures, messages
from portal.rules.actors import as_client, as_member
from tests import cast, samples
from tests.conftest import Browse, Browser

KEY = "0123456789abcdef0123456789abcdef"
Wrote = Callable[..., Thread]


@pytest.fixture
def wrote(rosa: Client) -> Wrote:
    """Rosa wrote something."""

    def write(subject: str = "Rabbits", text: str = "Do you take rabbits?", **more: Any) -> Thread:
        at = more.pop("at", now())
        started = messages.start(more.pop("of", rosa), subject, text, by=as_client(rosa), at=at, **more)
        return db.session.get_one(Thread, started.thread_id)

    return write


@pytest.fixture
def thread(wrote: Wrote, nina: Member) -> Thread:
    """Rosa asked, and Nina answered."""
    asked = wrote()
    messages.answer(asked, "Yes, two of them.", by=as_member(nina), at=now())
    return asked


@pytest.fixture
def groom(rosa: Client, biscuit: Pet) -> Booking:
    return cast.booking(rosa, [biscuit], "Full Groom", now() + timedelta(days=5), made_at=now())


def form(text: str = "And hamsters?", *sent: tuple[bytes, str], **more: str) -> dict[str, Any]:
    """What the browser sends; files only where some are chosen."""
    data: dict[str, Any] = {"text": text, "key": KEY, **more}
    data["attachments"] = [(BytesIO(content), name) for content, name in sent] or (BytesIO(b""), "")
    return {"data": data, "content_type": "multipart/form-data"}


def texts() -> list[str]:
    return list(db.session.scalars(select(Message.text).order_by(Message.id)))


def main(page: str) -> str:
    return page[page.index("<main") :]


def said(page: str) -> str:
    return page[page.index('id="messages"') :]


class Attributes(HTMLParser):
    """What a browser would take for attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[tuple[str, str | None]] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found |= set(attributes)


# ---------------------------------------------------------------- the list


def test_the_newest_activity_comes_first(browse: Browse, rosa: Client, wrote: Wrote) -> None:  # MSG-1
    old, new = wrote("Old", at=cast.NOON - timedelta(days=9)), wrote("New", at=cast.NOON - timedelta(days=8))
    page = browse(rosa).get("/messages").text
    assert page.index(">New</a>") < page.index(">Old</a>")
    messages.reply(old, "Still?", by=as_client(rosa), at=cast.NOON)
    page = browse(rosa).get("/messages").text
    assert page.index(">Old</a>") < page.index(">New</a>")
    assert f'href="/messages/{new.id}#newest"' in page


def test_a_row_tells_what_it_is(  # MSG-1
    browse: Browse, rosa: Client, nina: Member, thread: Thread, groom: Booking
) -> None:
    rosa.phone = "+12125550100"
    db.session.commit()
    messages.begin(rosa, "Suite", "Suite 4 <b>?</b>", channel=Channel.SMS, by=as_member(nina), at=now())
    rows = main(browse(rosa).get("/messages").text).split('<li class="row')
    suite, groomed, rabbits = (
        next(row for row in rows if f">{subject}</a>" in row)
        for subject in ("Suite", "You are booked: Full Groom", "Rabbits")
    )
    assert "message-square" in suite
    assert 'role="img" title="Text message"' in suite
    assert "Nina: Suite 4 &lt;b&gt;?&lt;/b&gt;" in suite
    assert '<p class="thread__service">Full Groom</p>' in groomed
    assert 'role="img" title="E-mail"' in rabbits
    assert "Nina: Yes, two of them." in rabbits
    assert re.search(r'<time class="thread__when" datetime="[^"]+">\d+:\d\d\s[AP]M</time>', rabbits)


def test_unread_counts_stand_at_the_row_and_in_the_frame(  # MSG-2, NAV-1
    browse: Browse, rosa: Client, nina: Member, thread: Thread, wrote: Wrote
) -> None:
    messages.answer(thread, "Or three.", by=as_member(nina), at=now())
    wrote("Nothing new here")
    page = browse(rosa).get("/messages").text
    assert '<span class="badge">2<span class="sr-only"> unread</span></span>' in main(page)
    assert main(page).count('class="badge"') == 1
    assert 'aria-label="Messages, 2 unread"' in page


def test_an_empty_list_says_the_next_step(browse: Browse, rosa: Client) -> None:  # MSG-1
    page = main(browse(rosa).get("/messages").text)
    assert "No messages yet" in page
    assert 'href="/messages/new">' in page


def test_a_long_list_goes_on_after_its_last_row(browse: Browse, rosa: Client, wrote: Wrote) -> None:  # MSG-1
    for number in range(60):
        wrote(f"Thread {number}", at=cast.NOON - timedelta(hours=number // 2))
    browser, seen, address = browse(rosa), [], "/messages"
    while address:
        part = browser.swap(address, "get").text if seen else browser.get(address).text
        seen += re.findall(r">(Thread \d+)</a>", part)
        assert ("<html" in part) == (len(seen) == 25)
        following = re.search(r'<a class="button button--wide" href="(/messages\?after=[^"]+)"', part)
        address = following[1] if following else ""
    assert len(seen) == 60
    assert len(set(seen)) == 60
    alone = browser.get(re.search(r'href="(/messages\?after=[^"]+)"', browser.get("/messages").text)[1]).text  # type: ignore[index]
    assert "<html" in alone
    assert "Newest messages</a>" in alone


@pytest.mark.parametrize("after", ["", "x", "1-0-1", "99999999999999999999-0-1", "20261123150000000000-0-9999999999"])
def test_a_place_in_the_list_that_is_none_is_not_found(browse: Browse, rosa: Client, after: str) -> None:  # MSG-1
    assert browse(rosa).get("/messages", query_string={"after": after}).status_code == 404


def test_nobody_sees_anothers_threads(browse: Browse, omar: Client, thread: Thread) -> None:  # MSG-1
    assert "Rabbits" not in browse(omar).get("/messages").text


def test_a_list_of_100_costs_what_one_of_5_costs(
    app: Flask, browse: Browse, rosa: Client, wrote: Wrote
) -> None:  # MSG-1
    browser, counts = browse(rosa), []
    for many in (5, 95):
        for number in range(many):
            wrote(f"Thread {many} {number}", at=cast.NOON - timedelta(minutes=number))
        said: list[str] = []
        hear = lambda *told, said=said: said.append(told[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", hear)
        assert browser.get("/messages").status_code == 200
        event.remove(db.engine, "before_cursor_execute", hear)
        counts.append(len([statement for statement in said if statement.startswith("SELECT")]))
    assert counts == [2, 2]


# ---------------------------------------------------------------- a thread


def test_a_thread_shows_who_said_what_and_how(browse: Browse, rosa: Client, thread: Thread) -> None:  # MSG-2
    messages.tell_client(rosa, "Reminder", "Automatic words", at=now())
    page = main(browse(rosa).get(f"/messages/{thread.id}").text)
    assert '<h1 id="subject" dir="auto">Rabbits</h1>' in page
    mine, theirs = page[page.index('class="bubble bubble--mine"') :].split('<article class="bubble"')
    assert "Do you take rabbits?" in mine
    assert "<span>You</span>" in mine
    assert "Yes, two of them." in theirs
    assert "<b>Nina Park</b>" in theirs
    assert "<span>e-mail</span>" in theirs
    assert '· <time datetime="' in theirs
    reminder = db.session.scalars(select(Thread).where(Thread.subject == "Reminder")).one()
    automatic = main(browse(rosa).get(f"/messages/{reminder.id}").text)
    assert 'class="bubble bubble--auto"' in automatic
    assert "<b>Maple &amp; Paw</b>" in automatic
    assert "automatic e-mail" in automatic


def test_the_list_stands_beside_the_thread(browse: Browse, rosa: Client, thread: Thread, wrote: Wrote) -> None:  # MSG-2
    wrote("Another")
    page = main(browse(rosa).get(f"/messages/{thread.id}").text)
    assert 'class="panes panes--open"' in page
    assert ">Another</a>" in page
    assert f'class="row row--current" id="thread_row-{thread.id}"' in page


def test_opening_marks_as_seen_at_once_and_for_good(browse: Browse, rosa: Client, thread: Thread) -> None:  # MSG-2
    browser = browse(rosa)
    assert 'aria-label="Messages, 1 unread"' in browser.get("/").text
    opened = browser.get(f"/messages/{thread.id}").text
    assert 'aria-label="Messages"' in opened, "the frame of the same page knows it too"
    assert "unread" not in opened
    assert 'aria-label="Messages"' in browser.get("/").text
    first = db.session.scalars(select(Message.seen_at).where(Message.author_name == "Nina Park")).one()
    browser.get(f"/messages/{thread.id}")
    assert db.session.scalars(select(Message.seen_at).where(Message.author_name == "Nina Park")).one() == first


def test_a_thread_opens_at_the_first_unread_message(  # MSG-2
    browse: Browse, rosa: Client, nina: Member, thread: Thread
) -> None:
    messages.answer(thread, "Or three.", by=as_member(nina), at=now())
    browser = browse(rosa)
    page = said(browser.get(f"/messages/{thread.id}").text)
    assert page.index("Do you take") < page.index('id="newest"') < page.index("Yes, two") < page.index("Or three")
    page = said(browser.get(f"/messages/{thread.id}").text)
    assert page.index("Yes, two") < page.index('id="newest"') < page.index("Or three"), "all seen: at the last one"


def test_what_staff_have_seen_says_so(browse: Browse, rosa: Client, thread: Thread) -> None:  # MSG-2
    assert "· seen" not in browse(rosa).get(f"/messages/{thread.id}").text
    db.session.scalars(select(Message).where(Message.author == "client")).one().seen_at = now()
    db.session.commit()
    assert "· seen" in browse(rosa).get(f"/messages/{thread.id}").text


def test_the_booking_of_a_thread_is_a_tap_away(  # MSG-1, MSG-2
    browse: Browse, rosa: Client, groom: Booking
) -> None:
    about = db.session.scalars(select(Thread).where(Thread.booking_id == groom.id)).one()
    page = main(browse(rosa).get(f"/messages/{about.id}").text)
    assert f'<a href="/bookings/{groom.id}">Full Groom</a>' in page
    assert "at Maple Street</span>" in page


def test_earlier_messages_are_fetched_in_place(browse: Browse, rosa: Client, thread: Thread) -> None:  # MSG-2
    for number in range(80):
        messages.reply(thread, f"Line {number}.", by=as_client(rosa), at=now())
    browser = browse(rosa)
    page = browser.get(f"/messages/{thread.id}").text
    assert "Line 79." in page
    assert "Line 49." not in page
    address = re.search(r'id="earlier" href="([^"]+)"', page)[1]  # type: ignore[index]
    part = browser.swap(address, "get").text
    assert "<html" not in part
    assert part.index("Line 20.") < part.index("Line 49.")
    assert "Line 50." not in part
    assert 'id="newest"' not in part
    alone = browser.get(address).text
    assert "<html" in alone
    assert f'href="/messages/{thread.id}#newest">Newest messages</a>' in alone
    assert 'id="composer"' not in alone, "an answer belongs at the end"


@pytest.mark.parametrize("before", ["", "x", "-1", "1", "9999999999", "1e3", "٣"])
def test_a_place_in_the_thread_that_is_none_is_not_found(  # MSG-2
    browse: Browse, rosa: Client, thread: Thread, before: str
) -> None:
    assert browse(rosa).get(f"/messages/{thread.id}", query_string={"before": before}).status_code == 404


def test_words_are_words_and_never_markup(browse: Browse, rosa: Client, wrote: Wrote) -> None:  # MSG-2
    hostile = '<b hx-get=/x hx-trigger=load>x</b> {{7*7}} javascript:alert(1) https://example.com/"onclick="x'
    shown = wrote(hostile, f"{hostile}\n\nZoë Łukaszewska 🐢\nsecond line")
    for path in ("/messages", f"/messages/{shown.id}"):
        page = main(browse(rosa).get(path).text)
        found = Attributes(page).found
        assert "{{7*7}}" in page
        assert ("hx-get", "/x") not in found
        assert "onclick" not in {name for name, _ in found}
        assert not [value for name, value in found if name == "href" and (value or "").startswith("javascript")]
    assert '<p dir="auto">Zoë Łukaszewska 🐢<br>second line</p>' in page


# ---------------------------------------------------------------- replying


def test_a_reply_stands_in_the_thread_at_once(browse: Browse, rosa: Client, thread: Thread) -> None:  # MSG-2, FD-6
    answer = browse(rosa).swap(f"/messages/{thread.id}/replies", **form("And hamsters?\r\n\r\nZoë’s 🐹"))
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert 'hx-swap-oob="beforeend:#newer"' in answer.text
    assert '<p dir="auto">Zoë’s 🐹</p>' in answer.text
    assert answer.text.index('id="composer"') < answer.text.index("bubble--mine")
    assert KEY not in answer.text, "the next message is another one"
    assert re.search(r"<textarea data-focus [^>]*>\s*</textarea>", answer.text), "the composer is empty again"
    written = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
    assert written
    assert (written.text, written.from_portal, written.seen_at) == ("And hamsters?\n\nZoë’s 🐹", True, None)
    assert db.session.scalars(select(Notice.text)).all() == ["Rosa Delgado wrote: Rabbits"] * 2


def test_a_reply_without_javascript(browse: Browse, rosa: Client, thread: Thread) -> None:  # MSG-2, NAV-7
    browser = browse(rosa)
    answer = browser.post(f"/messages/{thread.id}/replies", **form())
    assert (answer.status_code, answer.location) == (303, f"/messages/{thread.id}#newest")
    page = browser.get(f"/messages/{thread.id}").text
    assert "And hamsters?" in page
    assert "<p>Sent.</p>" in page


def test_photos_and_pdf_go_with_a_reply(browse: Browse, rosa: Client, thread: Thread) -> None:  # MSG-3
    browser = browse(rosa)
    sent = (samples.pdf("Plan"), "Plan für Zoë.pdf"), (samples.jpeg(), "Juno.JPG")
    answer = browser.swap(f"/messages/{thread.id}/replies", **form("", *sent))
    assert answer.status_code == 200
    plan, photo = db.session.scalars(select(Attachment).order_by(Attachment.id)).all()
    assert f'href="/attachments/{plan.id}"' in answer.text
    assert "Plan für Zoë.pdf" in answer.text
    fetched = browser.get(f"/attachments/{plan.id}")
    assert fetched.data == samples.pdf("Plan")
    assert fetched.headers["Content-Type"] == "application/pdf"
    assert "sandbox" in fetched.headers["Content-Security-Policy"]
    assert "no-store" in fetched.headers["Cache-Control"]
    assert browser.get(f"/attachments/{photo.id}").headers["Content-Type"] == "image/jpeg"
    assert "You: Juno.jpg" in browser.get("/messages").text


def test_a_refused_file_says_why_and_nothing_is_half_sent(  # MSG-3
    browse: Browse, rosa: Client, thread: Thread
) -> None:
    sent = (samples.pdf("Plan"), "plan.pdf"), (samples.docx(), "notes.docx"), (samples.html(), "photo.jpg")
    before = texts()
    for answer in (
        browse(rosa).swap(f"/messages/{thread.id}/replies", **form("Here they are", *sent)),
        browse(rosa).post(f"/messages/{thread.id}/replies", **form("Here they are", *sent)),
    ):
        assert answer.status_code == 422
        assert "“notes.docx”: Photos and PDF can go with a message; share other files under Documents." in answer.text
        assert "“photo.jpg”: " in answer.text
        assert "plan.pdf" not in answer.text
        assert "Nothing was sent yet" in answer.text
        assert "Choose the other files once more." in answer.text
        assert re.search(r"<textarea[^>]*>\s*Here they are</textarea>", answer.text)
        assert f'value="{KEY}"' in answer.text
        assert f'id="files-{KEY}"' in answer.text, "by its name htmx leaves the chosen files where they are"
    assert texts() == before
    assert db.session.scalars(select(Attachment)).all() == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Write something, or attach a photo or a PDF."),
        (" \n\t ", "Write something, or attach a photo or a PDF."),
        ("x" * 10_001, "This is too long: at most 10,000 characters."),
        ("a\x00b", "This holds a character that cannot be read. Please type it anew."),
        ("a\x1bb", "This holds a character that cannot be read. Please type it anew."),
    ],
)
def test_a_wrong_reply_says_so_and_keeps_what_was_typed(  # MSG-2
    browse: Browse, rosa: Client, thread: Thread, text: str, why: str
) -> None:
    before = texts()
    part = browse(rosa).swap(f"/messages/{thread.id}/replies", **form(text))
    page = browse(rosa).post(f"/messages/{thread.id}/replies", **form(text))
    for answer in (part, page):
        assert answer.status_code == 422
        assert why in answer.text
        assert 'aria-invalid="true"' in answer.text
        assert text.strip()[:60].replace("\x00", "\x00") in answer.text
    assert "<html" not in part.text
    assert "<html" in page.text
    assert "Yes, two of them." in page.text
    assert texts() == before


def test_ten_thousand_characters_are_not_too_many(browse: Browse, rosa: Client, thread: Thread) -> None:  # MSG-2
    answer = browse(rosa).swap(f"/messages/{thread.id}/replies", **form("🐢" * 10_000))
    assert answer.status_code == 200
    assert texts()[-1] == "🐢" * 10_000


def test_a_double_tap_writes_one_message(browse: Browse, rosa: Client, thread: Thread) -> None:  # MSG-2
    browser, path = browse(rosa), f"/messages/{thread.id}/replies"
    first, second = browser.swap(path, **form()), browser.swap(path, **form())
    assert (first.status_code, second.status_code) == (200, 200)
    bubble = re.compile(r'<article class="bubble bubble--mine" id="message-\d+">')
    assert bubble.findall(first.text) == bubble.findall(second.text)
    assert texts().count("And hamsters?") == 1
    again, once_more = browser.post(path, **form()), browser.post(path, **form())
    assert (again.location, once_more.location) == (f"/messages/{thread.id}#newest",) * 2
    assert texts().count("And hamsters?") == 1


@pytest.mark.parametrize("key", ["", "odd", "0" * 33, "A" * 32, "é" * 32, "\x00" * 32])
def test_a_key_that_is_none_does_no_harm(browse: Browse, rosa: Client, thread: Thread, key: str) -> None:  # MSG-2
    browser = browse(rosa)
    for _ in range(2):
        assert browser.swap(f"/messages/{thread.id}/replies", **{**form(), "data": {**form()["data"], "key": key}})
    assert texts().count("And hamsters?") == 2


def test_a_stranger_finds_nothing(browse: Browse, omar: Client, rosa: Client, thread: Thread) -> None:  # MSG-2
    file = enclosures.enclose([("plan.pdf", BytesIO(samples.pdf("Plan")))], at=now())
    messages.reply(thread, "", files=file, by=as_client(rosa), at=now())
    plan = db.session.scalars(select(Attachment)).one()
    browser, before = browse(omar), texts()
    assert browser.get(f"/messages/{thread.id}").status_code == 404
    assert browser.get(f"/attachments/{plan.id}").status_code == 404
    for ask in (browser.post, browser.swap):
        assert ask(f"/messages/{thread.id}/replies", **form()).status_code == 404
    assert texts() == before


def test_staff_and_nobody_are_turned_away(browse: Browse, nina: Member, thread: Thread) -> None:  # MSG-2, SI-1
    for browser in (browse(nina), browse()):
        assert browser.get(f"/messages/{thread.id}").location == f"/sign-in?next=/messages/{thread.id}"
        assert browser.post(f"/messages/{thread.id}/replies", **form()).status_code == 302
        assert browser.swap(f"/messages/{thread.id}/replies", **form()).status_code == 401
    assert "And hamsters?" not in texts()


# ---------------------------------------------------------------- writing anew


def test_contact_us_starts_a_thread(browse: Browse, rosa: Client) -> None:  # MSG-3, FD-6
    browser = browse(rosa)
    assert "<h1>New Message</h1>" in browser.get("/messages/new").text
    sent = form("Do you?", (samples.png(), "rabbit.png"), subject="  Rabbits ")
    answer = browser.post("/messages", **sent)
    started = db.session.scalars(select(Thread)).one()
    assert (answer.status_code, answer.location) == (303, f"/messages/{started.id}")
    assert (started.subject, started.channel, started.booking_id) == ("Rabbits", Channel.EMAIL, None)
    page = browser.get(f"/messages/{started.id}").text
    assert "Sent. We answer here, and by e-mail." in page
    assert "rabbit.png" in page
    assert db.session.scalars(select(Notice.text)).one() == "Rosa Delgado wrote: Rabbits"


def test_contact_us_with_htmx(browse: Browse, rosa: Client) -> None:  # MSG-3
    answer = browse(rosa).swap("/messages", **form("Do you?", subject="Rabbits"))
    started = db.session.scalars(select(Thread)).one()
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, f"/messages/{started.id}")


@pytest.mark.parametrize(
    ("subject", "text", "why"),
    [
        ("", "Do you?", "Say in a few words what it is about."),
        ("x" * 121, "Do you?", "This is too long: at most 120 characters."),
        ("two\nlines", "Do you?", "This must be a single line."),
        ("Rabbits", "", "Write something, or attach a photo or a PDF."),
    ],
)
def test_a_wrong_new_message_says_so(  # MSG-3
    browse: Browse, rosa: Client, subject: str, text: str, why: str
) -> None:
    part = browse(rosa).swap("/messages", **form(text, subject=subject))
    page = browse(rosa).post("/messages", **form(text, subject=subject))
    for answer in (part, page):
        assert answer.status_code == 422
        assert why in answer.text
        assert text in answer.text
        assert subject.replace("\n", "\n") in answer.text
    assert "<html" not in part.text
    assert 'id="new_message_form"' in part.text
    assert db.session.scalars(select(Thread)).all() == []


def test_two_errors_are_listed_on_top(browse: Browse, rosa: Client) -> None:  # MSG-3
    answer = browse(rosa).swap("/messages", **form("", subject=""))
    assert "2 things to mend" in answer.text
    assert '<a href="#subject">' in answer.text


def test_a_refused_file_keeps_the_new_message(browse: Browse, rosa: Client) -> None:  # MSG-3
    answer = browse(rosa).post("/messages", **form("Do you?", (samples.exe(), "setup.exe"), subject="Rabbits"))
    assert answer.status_code == 422
    assert "“setup.exe”: " in answer.text
    assert "Do you?</textarea>" in answer.text
    assert 'value="Rabbits"' in answer.text
    assert db.session.scalars(select(Thread)).all() == []


def test_a_new_message_sent_twice_is_one_thread(browse: Browse, rosa: Client) -> None:  # MSG-3
    browser = browse(rosa)
    answers = [browser.post("/messages", **form("Do you?", subject="Rabbits")) for _ in range(3)]
    assert len({answer.location for answer in answers}) == 1
    assert len(db.session.scalars(select(Thread)).all()) == 1


def test_a_booking_can_be_written_about(browse: Browse, rosa: Client, groom: Booking) -> None:  # MSG-3, BK-5
    browser = browse(rosa)
    page = browser.get(f"/messages/new?booking={groom.id}").text
    assert "About <b>Full Groom</b> for Biscuit" in page
    assert re.search(r'name="subject"[^>]* value="Full Groom, \w{3} \d+ \w{3} \d{4}"', page)
    assert f'action="/messages?booking={groom.id}"' in page
    browser.post(f"/messages?booking={groom.id}", **form("Short, please.", subject="Full Groom"))
    about = db.session.scalars(select(Thread).where(Thread.subject == "Full Groom")).one()
    assert about.booking_id == groom.id
    assert ">Full Groom</p>" in browser.get("/messages").text
    assert f'href="/messages/{about.id}' in browser.get(f"/bookings/{groom.id}").text


@pytest.mark.parametrize("booking", ["", "x", "-1", "2000000000", "9999999999", "theirs"])
def test_nobody_writes_about_a_booking_that_is_not_theirs(  # MSG-3
    browse: Browse, omar: Client, groom: Booking, booking: str
) -> None:
    asked = {"booking": str(groom.id) if booking == "theirs" else booking}
    browser = browse(omar)
    assert browser.get("/messages/new", query_string=asked).status_code == 404
    assert browser.post("/messages", query_string=asked, **form("x", subject="x")).status_code == 404
    assert db.session.scalars(select(Thread).where(Thread.client_id == omar.id)).all() == []


def test_extra_fields_change_nothing(browse: Browse, rosa: Client, omar: Client, thread: Thread) -> None:  # MSG-2
    more = {"client_id": str(omar.id), "author": "member", "author_name": "Nina", "seen_at": "2026-01-01", "id": "99"}
    assert browse(rosa).swap(f"/messages/{thread.id}/replies", **form("Hi", **more)).status_code == 200
    written = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
    assert written
    assert (written.client_id, written.author, written.author_name) == (rosa.id, "client", "Rosa Delgado")


def test_a_write_without_its_token_is_refused(browse: Browse, rosa: Client, thread: Thread) -> None:
    browser: Browser = browse(rosa)
    for path in ("/messages", f"/messages/{thread.id}/replies"):
        assert browser.post(path, token=None, **form("Hi", subject="x")).status_code == 400
    assert "Hi" not in texts()


def test_a_file_that_is_gone_is_not_found(browse: Browse, rosa: Client, thread: Thread) -> None:  # MSG-3
    file = enclosures.enclose([("plan.pdf", BytesIO(samples.pdf("Plan")))], at=now())
    messages.reply(thread, "", files=file, by=as_client(rosa), at=now())
    files.remove(file[0].key)
    plan = db.session.scalars(select(Attachment)).one()
    assert browse(rosa).get(f"/attachments/{plan.id}").status_code == 404


# ---------------------------------------------------------------- the mailbox


def test_the_mailbox_shows_what_would_be_sent(  # SI-4, MSG-4
    app: Flask, browse: Browse, rosa: Client, nina: Member, thread: Thread
) -> None:
    browser = browse()
    page = browser.get("/mailbox").text
    assert ">Re: Rabbits</a>" in page
    assert "To rosa@example.com" in page
    assert "Queued" in page
    messages.send(
        rosa, Channel.EMAIL, "rosa@example.com", "Set your password", "http://localhost/password/abc", at=now()
    )
    messages.send(rosa, Channel.SMS, "+12125550100", "", "123456 is your code", at=now())
    db.session.commit()
    page = browser.get("/mailbox").text
    assert page.index("123456 is your code") < page.index("Set your password") < page.index("Re: Rabbits")
    letter = browser.get(re.search(r'href="(/mailbox/\d+)">Set your', page)[1]).text  # type: ignore[index]
    assert '<a href="http://localhost/password/abc" rel="noopener nofollow">' in letter
    answer = browser.get(re.search(r'href="(/mailbox/\d+)">Re: Rabbits', page)[1]).text  # type: ignore[index]
    assert f'<a href="http://localhost/messages/{thread.id}"' in answer
    assert browser.get("/mailbox/2000000000").status_code == 404


def test_a_full_mailbox_goes_on(app: Flask, browse: Browse, rosa: Client) -> None:  # MSG-4
    for number in range(120):
        messages.send(rosa, Channel.EMAIL, "rosa@example.com", f"Letter {number}.", "…", at=now())
    db.session.commit()
    browser, address, seen = browse(), "/mailbox", []
    while address:
        page = browser.get(address).text
        seen += re.findall(r">(Letter \d+\.)</a>", page)
        older = re.search(r'href="(/mailbox\?before=\d+)">Older', page)
        address = older[1] if older else ""
    assert seen == [f"Letter {number}." for number in reversed(range(120))]


def test_an_empty_mailbox_says_so(app: Flask, browse: Browse) -> None:
    assert "Nothing has been sent yet." in browse().get("/mailbox").text


def test_there_is_no_mailbox_outside_development(app: Flask, browse: Browse, rosa: Client) -> None:  # SI-4
    messages.send(
        rosa, Channel.EMAIL, "rosa@example.com", "Set your password", "http://localhost/password/abc", at=now()
    )
    db.session.commit()
    chosen = app.extensions["portal-settings"]
    app.extensions["portal-settings"] = type(chosen)(
        **{**{field: getattr(chosen, field) for field in chosen.__slots__}, "development": False}
    )
    for browser in (browse(), browse(rosa)):
        for path in ("/mailbox", "/mailbox/1"):
            answer = browser.get(path)
            assert answer.status_code == 404
            assert "password/abc" not in answer.text


def test_the_words_of_a_date(browse: Browse, rosa: Client, wrote: Wrote) -> None:  # MSG-1
    today: datetime = now()
    wrote("Last year", at=today - timedelta(days=400))
    assert str((today - timedelta(days=400)).year) in main(browse(rosa).get("/messages").text)


# ---------------------------------------------------------------- how much


def test_a_flood_of_messages_is_told_to_wait(  # MSG-3
    browse: Browse, rosa: Client, omar: Client, thread: Thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allowances, "MESSAGES", replace(allowances.MESSAGES, most=2))
    browser = browse(rosa)
    for number in range(2):
        assert (
            browser.post(f"/messages/{thread.id}/replies", data={"text": "More", "key": f"{number:032}"}).status_code
            == 303
        )
    answers = [
        browser.post(f"/messages/{thread.id}/replies", **form("Too much", (samples.pdf(), "a.pdf"))),
        browser.swap(f"/messages/{thread.id}/replies", data={"text": "Too much"}),
        browser.post("/messages", data={"subject": "Anew", "text": "Too much"}),
    ]
    assert [answer.status_code for answer in answers] == [429] * 3
    assert all("These are many messages. Please wait" in answer.text for answer in answers)
    assert "Too much" not in texts()
    assert not list(db.session.scalars(select(Attachment)))
    assert browse(omar).post("/messages", data={"subject": "Hello", "text": "It is me"}).status_code == 303


def test_files_with_messages_have_an_end(  # MSG-3
    browse: Browse, rosa: Client, thread: Thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = browse(rosa)
    assert browser.post(f"/messages/{thread.id}/replies", **form("One", (samples.pdf(), "a.pdf"))).status_code == 303
    monkeypatch.setattr(allowances, "MOST_OCTETS", 10)
    answer = browser.post(f"/messages/{thread.id}/replies", **form("Two", (samples.pdf(), "a.pdf"), key="1" * 32))
    assert answer.status_code == 422
    assert "as much as we keep" in answer.text
    assert browser.post(f"/messages/{thread.id}/replies", data={"text": "Words still"}).status_code == 303
    assert texts()[-2:] == ["One", "Words still"]
