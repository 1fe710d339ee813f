"""A thread that stays open: it asks by itself for what was said since."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.db import db, now
from portal.models import Author, Client, Member, Message, Thread
from portal.rules import messages
from portal.rules.actors import as_client, as_member
from tests.conftest import Browse
from tests.staff.test_viewing import go_over


@pytest.fixture
def thread(rosa: Client) -> Thread:
    return messages.start(rosa, "Rabbits", "Do you take rabbits?", by=as_client(rosa), at=now()).thread


def answered(thread: Thread, nina: Member, words: str) -> None:
    messages.answer(thread, words, by=as_member(nina), at=now() + timedelta(minutes=1))


def form(words: str) -> dict[str, Any]:
    return {"data": {"text": words, "key": "0" * 32}, "content_type": "multipart/form-data"}


def newer(page: str) -> str:
    """Where it asks."""
    return unescape(re.findall(r'hx-get="(/messages/\d+/newer[^"]+)"', page)[0])


def unseen() -> int:
    theirs = Message.seen_at.is_(None) & (Message.author == Author.MEMBER)
    return db.session.scalar(select(func.count(Message.id)).where(theirs)) or 0


def test_what_is_said_comes_by_itself(browse: Browse, rosa: Client, nina: Member, thread: Thread) -> None:  # MSG-2
    browser = browse(rosa)
    page = browser.get(f"/messages/{thread.id}").text
    assert browser.swap(newer(page), "get").status_code == 204
    answered(thread, nina, "We do, <b>gladly</b>.")
    part = browser.swap(newer(page), "get").text
    assert "We do, &lt;b&gt;gladly&lt;/b&gt;." in part
    assert "<html" not in part
    assert unseen() == 0, "it stands before their eyes"
    assert browser.swap(newer(part), "get").status_code == 204


def test_nothing_stands_there_twice(browse: Browse, rosa: Client, nina: Member, thread: Thread) -> None:  # MSG-2
    browser = browse(rosa)
    page = browser.get(f"/messages/{thread.id}").text
    answered(thread, nina, "We do.")
    part = browser.swap(newer(page), "get").text
    assert 'hx-swap-oob="beforeend:#newer"' in browser.swap(f"/messages/{thread.id}/replies", **form("Two?")).text
    both = browser.swap(newer(part), "get").text
    assert both.count("<article") == 2, "all that came since the page was opened, in the place of what stood there"
    assert both.index("We do.") < both.index("Two?")
    assert browser.swap(newer(both), "get").status_code == 204


def test_a_long_talk_stays_whole(browse: Browse, rosa: Client, nina: Member, thread: Thread) -> None:  # MSG-2
    hers, theirs = browse(rosa), browse(nina)
    address = newer(hers.get(f"/messages/{thread.id}").text)
    at_the_desk = f"/desk/inbox/{thread.id}/newer?{address.partition('?')[2]}"
    for number in range(40):
        answered(thread, nina, f"Word {number}.")
    for browser, ask in ((hers, address), (theirs, at_the_desk)):
        part = browser.swap(ask, "get").text
        assert part.count("<article") == 40
        assert part.index("Word 0.") < part.index("Word 39.")


def test_what_staff_look_on_stays_unseen(  # SI-11, MSG-2
    browse: Browse, rosa: Client, nina: Member, thread: Thread
) -> None:
    looking = browse(nina)
    go_over(looking, rosa)
    address = newer(looking.get(f"/messages/{thread.id}").text)
    answered(thread, nina, "We do.")
    assert "We do." in looking.swap(address, "get").text
    assert unseen() == 1


def test_it_is_for_the_client_alone(browse: Browse, rosa: Client, omar: Client, thread: Thread) -> None:  # MSG-2
    path = f"/messages/{thread.id}/newer"
    assert browse(omar).swap(f"{path}?after=1", "get").status_code == 404
    assert browse(rosa).swap(f"{path}?after=nonsense", "get").status_code == 404
    plain = browse(rosa).get(path)
    assert (plain.status_code, plain.location) == (303, f"/messages/{thread.id}#newest")


def test_earlier_messages_do_not_ask_for_newer_ones(browse: Browse, rosa: Client, thread: Thread) -> None:  # MSG-2
    answer = messages.reply(thread, "Two of them.", by=as_client(rosa), at=now())
    assert "/newer" not in browse(rosa).get(f"/messages/{thread.id}?before={answer.id}").text
