"""What must not leave traces: nothing in the browser's stores, no secret in an address, no word that becomes markup."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from playwright.sync_api import Page, Request, expect

from portal.db import db
from portal.models import Booking, Client, Document, Message, Pet, Service, Thread
from tests import samples
from tests.browser import steps
from tests.browser.pages import pages

STORES = """async () => ({
  local: {...localStorage},
  session: Object.keys(sessionStorage),
  databases: (await indexedDB.databases()).map(({name}) => name),
  caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
# htmx notes at which path it is, and nothing else.
EMPTY = {"local": {}, "session": ["htmx-current-path-for-history"], "databases": [], "caches": [], "workers": 0}
MARKUP = '<b hx-get="/x" hx-trigger="load">x</b>'


def test_a_journey_leaves_nothing_behind(page: Page, app: Flask) -> None:
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    steps.sign_in(page)
    steps.cancel(page, steps.row(page, "Agility for Beginners"))
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="More for Agility")).to_be_visible()
    steps.follow(page, "Documents", page.get_by_role("navigation", name="Main"))
    page.get_by_role("link", name="Share Document").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Choose files").set_input_files(steps.file("notes.txt", "text/plain", samples.txt()))
    dialog.get_by_role("button", name="Upload").click()
    expect(dialog.get_by_text("shared")).to_be_visible()
    dialog.get_by_role("button", name="Done").click()
    steps.go(page, "/messages")
    steps.follow(page, "Biscuit’s stay over the holidays")
    page.get_by_label("Reply").fill("Thank you!")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("article").last).to_contain_text("Thank you!")
    assert page.evaluate(STORES) == EMPTY
    assert page.evaluate("document.cookie") == ""
    steps.sign_out(page)
    assert page.evaluate(STORES) == EMPTY

    by_htmx = [request for request in asked if "hx-request" in request.headers]
    assert len(by_htmx) >= 6
    tokens = {request.headers.get("x-csrftoken", "") for request in by_htmx}
    assert all(tokens)
    secrets = tokens | {steps.PASSWORDS["rosa@example.com"], *(cookie["value"] for cookie in page.context.cookies())}
    told = [unquote(words) for request in asked for words in (request.url, request.headers.get("referer", ""))]
    assert not [words for words in told for secret in secrets if secret in words or "csrf" in words]


@pytest.fixture
def elsewhere(base_url: str) -> Iterator[str]:
    """Another origin, with a page that frames ours."""

    class Framing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            frame = f"<!doctype html><title>x</title><iframe src='{base_url}/sign-in'></iframe>".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(frame)

        def log_message(self, format: str, *args: Any) -> None:
            """Nobody reads it."""

    server = HTTPServer(("127.0.0.1", 0), Framing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@steps.allow_console("frame-ancestors")
@steps.allow_console("request to somebody else: http://127.0.0.1")
@steps.allow_console("ERR_BLOCKED_BY_RESPONSE")
def test_nobody_can_frame_the_portal(page: Page, elsewhere: str) -> None:
    page.goto(elsewhere)
    inside = page.locator("iframe").element_handle().content_frame()
    assert inside.url.startswith("chrome-error:")
    expect(page.frame_locator("iframe").get_by_label("Password")).to_have_count(0)


def write_markup_everywhere(app: Flask) -> None:
    """In every word that people can give: whatever the forms take today, the database may hold."""
    with app.app_context():
        rosa = db.session.query(Client).filter_by(first_name="Rosa").one()
        rosa.first_name = rosa.last_name = rosa.street = rosa.city = MARKUP
        for pet in db.session.query(Pet).filter_by(client_id=rosa.id):
            pet.name = pet.breed = MARKUP
        for thread in db.session.query(Thread).filter_by(client_id=rosa.id):
            thread.subject = MARKUP
        for message in db.session.query(Message).filter_by(client_id=rosa.id):
            message.text = message.author_name = MARKUP
        for document in db.session.query(Document).filter_by(client_id=rosa.id):
            document.name = document.sort_name = f"{MARKUP} {document.id}"
        for booking in db.session.query(Booking).filter_by(client_id=rosa.id):
            booking.service.name = MARKUP
        db.session.query(Service).update({"name": MARKUP})
        db.session.commit()


@steps.allow_console("status of 404")
def test_no_word_becomes_markup(page: Page, app: Flask, base_url: str) -> None:
    write_markup_everywhere(app)
    steps.let_in(page, app)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for _, address in pages(app, page.context, base_url, ("client",)):
        steps.go(page, address)
        assert page.locator("b[hx-get]").count() == 0, address
    for path, opener in (("/", "More for"), ("/documents", "Share Document")):
        steps.go(page, path)
        page.get_by_role("button", name=opener).or_(page.get_by_role("link", name=opener)).first.click()
    page.get_by_label("Choose files").set_input_files(steps.file(f"{MARKUP}.txt".replace("/", "-"), "text/plain", b"x"))
    expect(page.get_by_role("list", name="Chosen files")).to_contain_text("hx-get")
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("dialog").get_by_text("shared")).to_be_visible()
    assert len(asked) > 30
    assert not [url for url in asked if url.endswith("/x")]
