"""Everything that links lead to, walked as somebody who is signed in."""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from tests.conftest import Browser

LEAVING = ("/sign-out", "/desk/sign-out")
MOST = 300
VARIANTS = 12  # of one page, by what its address asks


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
        self.address, self.text = address, text
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.open = False
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


def walk(browser: Browser, start: str) -> Iterator[Page]:
    """Every page that links lead to, each once."""
    waiting, seen, variants = deque([start]), {start}, Counter[str]()
    while waiting:
        address = waiting.popleft()
        answer = browser.get(address)
        assert answer.status_code < 500, address
        if answer.mimetype != "text/html":
            continue
        page = Page(address, answer.text)
        yield page
        for link in page.links:
            parts = urlsplit(link)
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            enough = len(seen) >= MOST or variants[parts.path] >= VARIANTS
            if not parts.scheme and path.startswith("/") and path not in seen and not enough:
                seen.add(path)
                variants[parts.path] += 1
                waiting.append(path)


def forms(browser: Browser, start: str) -> Iterator[Form]:
    """Every form on these pages, each shape once."""
    shapes = set()
    for page in walk(browser, start):
        for form in page.forms:
            if form.shape not in shapes and not form.action.startswith(LEAVING):
                shapes.add(form.shape)
                yield form
