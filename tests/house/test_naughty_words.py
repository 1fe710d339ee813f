"""Every form there is, found by walking the pages, is filled with words that break things; none does."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest

from portal.db import db
from portal.models import Client, Member, Thread
from portal.rules import messages
from portal.rules.actors import as_client
from tests import cast
from tests.conftest import Browse, Browser
from tests.house.naughty import NAUGHTY

LEAVING = ("/sign-out", "/desk/sign-out")
TAKING_AWAY = ("removal", "deactivation", "password", "merge")
RAW = ("<script>alert(1)", "<b hx-get=/x", "<img src=x onerror")


@dataclass
class Form:
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)

    @property
    def shape(self) -> tuple[str, tuple[str, ...]]:
        """Forms of the same fields at addresses that differ only in numbers are one form."""
        path = "/".join("#" if part.isdecimal() else part for part in self.action.split("/"))
        return path, tuple(sorted(self.fields))


class Page(HTMLParser):
    def __init__(self, address: str, text: str) -> None:
        super().__init__()
        self.address, self.links, self.forms, self.open = address, [], [], False
        self.feed(text)

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in pairs}
        for name in ("href", "hx-get"):
            if given.get(name) and tag in ("a", "button", "form"):
                self.links.append(urljoin(self.address, given[name]))
        if tag == "form" and given.get("method", "").lower() == "post":
            self.forms.append(Form(urljoin(self.address, given.get("action") or self.address)))
            self.open = True
        if self.open and tag in ("input", "textarea", "select") and given.get("name"):
            kind = given.get("type", "text")
            self.forms[-1].fields.setdefault(given["name"], given.get("value", ""))
            if kind not in ("file", "submit"):
                self.forms[-1].typed.add(given["name"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = False


def walk(browser: Browser, start: str) -> Iterator[Form]:
    """Every form that links lead to, each shape once."""
    waiting, seen, shapes = deque([start]), {start}, set()
    while waiting:
        address = waiting.popleft()
        answer = browser.get(address)
        assert answer.status_code < 500, address
        if answer.mimetype != "text/html":
            continue
        page = Page(address, answer.text)
        for form in page.forms:
            if form.shape not in shapes and not form.action.startswith(LEAVING):
                shapes.add(form.shape)
                yield form
        for link in page.links:
            parts = urlsplit(link)
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            if not parts.scheme and path.startswith("/") and path not in seen and len(seen) < 300:
                seen.add(path)
                waiting.append(path)


@pytest.fixture
def furnished(rosa: Client, biscuit: object) -> Client:
    at = cast.NOON
    cast.booking(rosa, rosa.pets, "Daycare", at.replace(year=2099), made_at=at)
    messages.start(rosa, "A question", "Do you take rabbits?", by=as_client(rosa), at=at)
    assert db.session.query(Thread).count() == 2
    return rosa


def sweep(browser: Browser, forms: list[Form]) -> int:
    sent = 0
    for form in forms:
        token = browser.csrf("/desk/sign-in" if form.action.startswith("/desk") else "/sign-in")
        for words in NAUGHTY:
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
    return sent


def test_a_clients_forms_take_anything(browse: Browse, furnished: Client) -> None:
    browser = browse(furnished)
    forms = list(walk(browser, "/"))
    assert len(forms) >= 8, [form.shape for form in forms]
    # A new password signs the others out, so its form comes last.
    forms.sort(key=lambda form: "password" in form.action)
    assert sweep(browser, forms) > 500
    for path in ("/", "/messages", "/pets", "/documents", "/profile"):
        text = browse(furnished).get(path).text
        assert not any(raw in text for raw in RAW), path


def test_the_desks_forms_take_anything(browse: Browse, furnished: Client, nina: Member) -> None:
    browser = browse(nina)
    forms = list(walk(browser, "/desk/"))
    assert len(forms) >= 12, [form.shape for form in forms]
    # What takes somebody away comes after what is asked about them.
    forms.sort(key=lambda form: any(word in form.action for word in TAKING_AWAY))
    assert sweep(browser, forms) > 800
    for path in ("/desk/", "/desk/inbox", "/desk/customers"):
        answer = browse(nina).get(path)
        assert answer.status_code == 200, path
        assert not any(raw in answer.text for raw in RAW), path


def test_the_open_rooms_forms_take_anything(browse: Browse, nina: Member) -> None:
    browser = browse()
    forms = [*walk(browser, "/sign-in"), *walk(browser, "/desk/sign-in")]
    assert len(forms) >= 4, [form.shape for form in forms]
    assert sweep(browser, forms) > 200


@pytest.mark.parametrize("words", NAUGHTY)
def test_addresses_take_anything(browse: Browse, rosa: Client, nina: Member, words: str) -> None:
    rooms = {
        browse(rosa): ("/bookings/past", "/messages", "/messages/new", "/documents", "/pets", "/sign-in"),
        browse(nina): ("/desk/", "/desk/inbox", "/desk/customers", "/desk/inbox/new"),
    }
    odd = words.encode("utf-8", "surrogatepass")
    for browser, paths in rooms.items():
        for path in paths if len(odd) < 2_000 else ():
            for name in ("after", "before", "next", "booking", "v", "q", "size", "location", "shelf", "tag"):
                answer = browser.get(path, query_string={name: odd})
                assert answer.status_code < 500, (path, name)
                assert not any(raw in answer.text for raw in RAW)
