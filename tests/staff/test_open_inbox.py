"""An inbox that stays open on a tablet: the list and the thread ask by themselves whether there is news."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.db import db, now
from portal.models import Author, Client, Member, Message, SignIn, Thread
from portal.rules import messages
from portal.rules.actors import as_client, as_member
from tests.conftest import Browse
from tests.staff.test_inbox import selects

LIST, THREAD = r"/desk/inbox\?known=", r"/desk/inbox/\d+/newer"


def asks(client: Client, subject: str = "Rabbits") -> Thread:
    at = now() + timedelta(minutes=db.session.query(Message).count())
    return messages.start(client, subject, f"{subject}?", by=as_client(client), at=at).thread


@pytest.fixture
def thread(rosa: Client) -> Thread:
    return asks(rosa)


def address(page: str, of: str) -> str:
    return unescape(re.findall(rf'hx-get="({of}[^"]+)"', page)[0])


def form(words: str) -> dict[str, Any]:
    return {"data": {"text": words, "key": "0" * 32}, "content_type": "multipart/form-data"}


def unread() -> int:
    theirs = Message.seen_at.is_(None) & (Message.author == Author.CLIENT)
    return db.session.scalar(select(func.count(Message.id)).where(theirs)) or 0


@pytest.mark.parametrize("show", ["", "?show=unread"])
def test_the_list_follows(browse: Browse, nina: Member, omar: Client, thread: Thread, show: str) -> None:  # FD-3
    browser = browse(nina)
    page = browser.get(f"/desk/inbox{show}").text
    ask = address(page, LIST)
    assert browser.swap(ask, "get").status_code == 204
    asks(omar, "Hamsters")
    part = browser.swap(ask, "get").text
    assert part.index("Hamsters?") < part.index("Rabbits?")
    assert "<html" not in part
    for told in ('id="inbox_link" hx-swap-oob="true"', 'id="inbox_filters" hx-swap-oob="true"'):
        assert told in part
    assert "2<span" in part
    assert browser.swap(address(part, LIST), "get").status_code == 204


def test_an_empty_list_waits_too(browse: Browse, nina: Member, rosa: Client) -> None:  # FD-3
    browser = browse(nina)
    ask = address(browser.get("/desk/inbox?show=mine").text, LIST)
    thread = asks(rosa)
    thread.member_id = nina.id
    db.session.commit()
    assert "Rabbits?" in browser.swap(ask, "get").text


def test_whoever_reads_further_down_is_not_brought_back(browse: Browse, nina: Member, rosa: Client) -> None:  # FD-3
    for number in range(30):
        asks(rosa, f"Question {number}")
    browser = browse(nina)
    page = browser.get("/desk/inbox").text
    more = re.search(r'<li class="row row--more" id="more_threads">.*?</li>', page, re.DOTALL)
    assert more
    assert address(page, LIST) in unescape(more[0]), "it goes with the row that older ones take the place of"
    older = unescape(re.findall(r'hx-get="(/desk/inbox\?after=[^"]+)"', page)[0])
    assert "known=" not in browser.swap(older, "get").text
    assert "known=" not in browser.get(older).text


def test_a_thread_follows_and_what_comes_stays_unread(  # FD-3, MSG-2
    browse: Browse, nina: Member, rosa: Client, omar: Client, thread: Thread
) -> None:
    browser = browse(nina)
    page = browser.get(f"/desk/inbox/{thread.id}?show=unread").text
    assert unread() == 0
    ask = address(page, THREAD)
    assert browser.swap(ask, "get").status_code == 204
    messages.reply(thread, "Two of them.", by=as_client(rosa), at=now())
    part = browser.swap(ask, "get").text
    assert part.count("<article") == 1
    assert "Two of them." in part
    assert unread() == 1, "a tablet may lie there with nobody in front of it"
    assert 'id="inbox_list" hx-swap-oob="true"' in part
    again = address(part, THREAD)
    assert again.endswith("&show=unread")
    assert browser.swap(again, "get").status_code == 204
    asks(omar, "Hamsters")
    elsewhere = browser.swap(again, "get").text
    assert "Hamsters?" in elsewhere, "the list beside it knows of other threads"
    browser.swap(f"/desk/inbox/{thread.id}/replies", **form("We do."))
    assert unread() == 1, "what is answered has been read"
    both = browser.swap(address(elsewhere, THREAD), "get").text
    assert both.count("<article") == 2


def test_a_thread_may_be_looked_for_without_javascript(browse: Browse, nina: Member, thread: Thread) -> None:  # FD-3
    browser = browse(nina)
    plain = browser.get(f"/desk/inbox/{thread.id}/newer")
    assert (plain.status_code, plain.location) == (303, f"/desk/inbox/{thread.id}#newest")
    assert browser.swap(f"/desk/inbox/{thread.id}/newer?after=nonsense", "get").status_code == 404
    assert browser.swap("/desk/inbox/999/newer?after=1", "get").status_code == 404
    messages.answer(thread, "We do.", by=as_member(nina), at=now())
    newest = db.session.scalar(select(func.max(Message.id)))
    assert "/newer" not in browser.get(f"/desk/inbox/{thread.id}?before={newest}").text


def test_where_nothing_is_new_asking_costs_little(browse: Browse, nina: Member, thread: Thread) -> None:  # FD-3
    browser = browse(nina)
    of_list = address(browser.get("/desk/inbox").text, LIST)
    with selects() as asked:
        assert browser.swap(of_list, "get").status_code == 204
    assert len(asked) == 2


@pytest.mark.parametrize("of", [LIST, THREAD])
def test_a_page_that_stays_open_is_nobody(browse: Browse, nina: Member, thread: Thread, of: str) -> None:  # SI-1
    browser = browse(nina)
    page = browser.get("/desk/inbox" if of == LIST else f"/desk/inbox/{thread.id}").text
    assert re.search(r'<a hidden id="watch" href="/desk/inbox[^"]*" hx-get="', page)
    long_ago = now() - timedelta(minutes=20)
    db.session.query(SignIn).one().seen_at = long_ago
    browser.swap(address(page, of), "get", headers={"HX-Trigger": "watch"})
    assert db.session.query(SignIn).one().seen_at == long_ago
    browser.get("/desk/inbox")
    assert db.session.query(SignIn).one().seen_at > long_ago
