"""Every form there is, found by walking the pages, is filled with words that break things; none does.

All of them on SQLite, and on PostgreSQL those that a database may take otherwise."""

from io import BytesIO
from typing import Any, ClassVar

import pytest
from flask import Request
from werkzeug.datastructures import ImmutableMultiDict

from portal.db import db
from portal.models import Client, Member, Thread
from portal.rules import messages
from portal.rules.actors import as_client
from tests import cast, databases
from tests.conftest import Browse, Browser
from tests.house import crawl
from tests.house.naughty import NAUGHTY, TOLD_APART

TAKING_AWAY = ("removal", "deactivation", "password", "merge")
WORDS = NAUGHTY if databases.kind() == "sqlite" else TOLD_APART
RAW = ("<script>alert(1)", "<b hx-get=/x", "<img src=x onerror")


@pytest.fixture
def furnished(rosa: Client, biscuit: object) -> Client:
    at = cast.NOON
    cast.booking(rosa, rosa.pets, "Daycare", at.replace(year=2099), made_at=at)
    messages.start(rosa, "A question", "Do you take rabbits?", by=as_client(rosa), at=at)
    assert db.session.query(Thread).count() == 2
    return rosa


def sweep(browser: Browser, forms: list[crawl.Form], share: int = 1) -> int:
    """Each form gets all words, or where there are many forms one share of them, and its neighbours the others; at
    last nothing, and files in place of words."""
    sent = 0
    for number, form in enumerate(forms):
        token = browser.csrf("/desk/sign-in" if form.action.startswith("/desk") else "/sign-in")
        for words in WORDS[number % share :: share]:
            data = {
                name: words if name in form.typed and name != "csrf_token" else old for name, old in form.fields.items()
            }
            encoded = {
                name: value.encode("utf-8", "surrogatepass") for name, value in data.items() if name != "csrf_token"
            }
            part = {"HX-Request": "true"} if sent % 2 else {}
            answer = browser.open(form.action, method="POST", data=encoded, headers={"X-CSRFToken": token, **part})
            assert answer.status_code < 500, (form.action, words[:40])
            assert not any(raw in answer.text for raw in RAW), (form.action, words[:40])
            sent += 1
        for bare in ({}, {name: (BytesIO(b"a,b"), "words.csv") for name in form.fields}):
            answer = browser.open(form.action, method="POST", data=bare, headers={"X-CSRFToken": token})
            assert answer.status_code < 500, (form.action, "files instead of words" if bare else "nothing at all")
    return sent


def test_a_clients_forms_take_anything(browse: Browse, furnished: Client) -> None:
    browser = browse(furnished)
    forms = list(crawl.forms(browser, "/"))
    assert len(forms) >= 8, [form.shape for form in forms]
    # A new password signs the others out, so its form comes last.
    forms.sort(key=lambda form: "password" in form.action)
    assert sweep(browser, forms) >= 8 * len(WORDS)
    for path in ("/", "/messages", "/pets", "/documents", "/profile"):
        text = browse(furnished).get(path).text
        assert not any(raw in text for raw in RAW), path


def test_the_desks_forms_take_anything(browse: Browse, furnished: Client, nina: Member) -> None:
    browser = browse(nina)
    forms = list(crawl.forms(browser, "/desk/"))
    assert len(forms) >= 12, [form.shape for form in forms]
    # What takes somebody away comes after what is asked about them.
    forms.sort(key=lambda form: any(word in form.action for word in TAKING_AWAY))
    assert sweep(browser, forms, share=3) >= 13 * len(WORDS)
    for path in ("/desk/", "/desk/inbox", "/desk/customers"):
        answer = browse(nina).get(path)
        assert answer.status_code == 200, path
        assert not any(raw in answer.text for raw in RAW), path


def test_the_open_rooms_forms_take_anything(browse: Browse, nina: Member) -> None:
    browser = browse()
    forms = [*crawl.forms(browser, "/sign-in"), *crawl.forms(browser, "/desk/sign-in")]
    assert len(forms) >= 4, [form.shape for form in forms]
    assert sweep(browser, forms) >= 4 * len(WORDS)


class Noted(ImmutableMultiDict[str, str]):
    """What an address asks, noting by which names it is read."""

    names: ClassVar[set[str]] = set()

    def __getitem__(self, key: str) -> str:
        self.names.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.names.add(str(key))
        return super().__contains__(key)

    def getlist(self, key: str, *more: Any, **others: Any) -> Any:
        self.names.add(key)
        return super().getlist(key, *more, **others)

    def whole(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("read by name only: then it is known what has to be tried")

    __iter__ = __len__ = keys = values = items = lists = listvalues = to_dict = whole


@pytest.fixture(scope="module")
def known() -> dict[str, list[str]]:
    """What a page reads of its address does not depend on the words."""
    return {}


def names_of(browser: Browser, path: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a page reads where nothing is asked, which is what it goes by, and a name that no page has heard of."""
    with monkeypatch.context() as patched:
        patched.setattr(Request, "parameter_storage_class", Noted)
        Noted.names.clear()
        assert browser.get(path).status_code < 500
        return [*sorted(Noted.names), "unheard"]


@pytest.mark.parametrize("words", WORDS)
def test_addresses_take_anything(
    browse: Browse, rosa: Client, nina: Member, words: str, known: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    rooms = {
        browse(rosa): ("/bookings/past", "/messages", "/messages/new", "/documents", "/pets", "/sign-in"),
        browse(nina): ("/desk/", "/desk/inbox", "/desk/customers", "/desk/inbox/new"),
    }
    odd = words.encode("utf-8", "surrogatepass")
    for browser, paths in rooms.items():
        for path in paths if len(odd) < 2_000 else ():
            known[path] = known.get(path) or names_of(browser, path, monkeypatch)
            for name in known[path]:
                answer = browser.get(path, query_string={name: odd})
                assert answer.status_code < 500, (path, name)
                assert not any(raw in answer.text for raw in RAW)


def test_addresses_are_read_by_the_names_that_are_known(
    browse: Browse, rosa: Client, nina: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {"after", "unheard"} <= set(names_of(browse(rosa), "/messages", monkeypatch))
    assert {"after", "show", "unheard"} <= set(names_of(browse(nina), "/desk/inbox", monkeypatch))
    assert {"q", "unheard"} <= set(names_of(browse(nina), "/desk/customers", monkeypatch))
