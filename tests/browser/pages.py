"""Every page a person can reach: the map of addresses first, then whatever the pages found link to."""

import re
from collections import defaultdict
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from flask import Flask
from playwright.sync_api import APIResponse, BrowserContext
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, Rule

VARIANTS = 5
NOWHERE = "/there-is-no-such-page"


class Found(NamedTuple):
    """A page worth a picture: its name, and an address with the demo's own ids in it."""

    name: str
    address: str


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.whole = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.whole = self.whole or tag == "body"
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]


def pages(app: Flask, context: BrowserContext, address: str, rooms: tuple[str, ...]) -> Iterator[Found]:
    """One page for every rule of these rooms that answers with a page, and some of its variants by query."""
    doors = app.url_map.bind(urlsplit(address).netloc)
    waiting = [NOWHERE, *(rule.rule for rule in rules(app) if not rule.arguments)]
    seen: dict[str, set[str]] = defaultdict(set)
    while waiting:
        path = waiting.pop(0)
        rule, query = rule_of(doors, path), query_of(path)
        if query in seen[rule] or len(seen[rule]) == VARIANTS or not mine(app, doors, path, rooms):
            continue
        seen[rule].add(query)
        reply = context.request.get(path, max_redirects=0)
        if reply.status >= 500:
            print(f"{path} answers {reply.status}")
        if not is_page(reply, path):
            continue
        links = Links()
        links.feed(reply.text())
        if links.whole:
            yield Found(name_of(rule, query), path)
        waiting += [inside for href in links.found if (inside := own(urljoin(f"{address}{path}", href), address))]


def query_of(path: str) -> str:
    """Where somebody goes afterwards makes no other page."""
    return urlencode([(name, value) for name, value in parse_qsl(urlsplit(path).query) if name != "next"])


def is_page(reply: APIResponse, path: str) -> bool:
    """What is broken is shown too."""
    good = reply.status == (404 if path == NOWHERE else 200)
    return (good or reply.status >= 500) and reply.headers.get("content-type", "").startswith("text/html")


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]


def rule_of(doors: MapAdapter, path: str) -> str:
    try:
        rule, _ = doors.match(urlsplit(path).path, method="GET", return_rule=True)
        return rule.rule
    except HTTPException:
        return urlsplit(path).path


def mine(app: Flask, doors: MapAdapter, path: str, rooms: tuple[str, ...]) -> bool:
    try:
        endpoint, _ = doors.match(urlsplit(path).path, method="GET")
    except HTTPException:
        return path == NOWHERE
    return app.blueprints.get(endpoint.rpartition(".")[0]) is None or endpoint.partition(".")[0] in rooms


def own(address: str, home: str) -> str | None:
    parts = urlsplit(address)
    if f"{parts.scheme}://{parts.netloc}" != home:
        return None
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def name_of(rule: str, query: str) -> str:
    words = re.sub(r"<[^>]*>", "one", rule).strip("/").replace("/", "-") or "home"
    return "-".join([words, *(re.sub(r"\W+", "-", value) for _, value in parse_qsl(query))])
