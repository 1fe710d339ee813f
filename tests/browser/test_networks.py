"""Bad lines and servers that say no: it is said, nothing looks saved, and the button can be pressed again."""

import re
from unittest.mock import Mock

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, Request, Route, expect
from werkzeug.exceptions import default_exceptions

from portal.db import db
from portal.errors import BRIEFLY
from portal.models import Cancellation, Message
from portal.rules import bookings
from tests.browser import steps

LINE_IS_DOWN = steps.allow_console("ERR_INTERNET_DISCONNECTED")
BROKEN = "Something broke on our side. It is written down under "


def ask(page: Page, app: Flask) -> tuple[Locator, Locator]:
    """The row, and the button that would cancel it."""
    steps.let_in(page, app)
    steps.go(page, "/")
    row = steps.row(page, "Agility for Beginners")
    steps.ask_to_cancel(page, row)
    return row, page.get_by_role("dialog").get_by_role("button", name="Cancel Booking")


def cancelled(app: Flask) -> int:
    with app.app_context():
        return db.session.query(Cancellation).filter(Cancellation.undo_until > db.func.datetime("now")).count()


@LINE_IS_DOWN
def test_without_a_line_nothing_is_cancelled(page: Page, app: Flask) -> None:
    row, button = ask(page, app)
    with steps.no_page_load(page):
        with steps.offline(page):
            button.click()
            steps.says(page, "No connection, nothing was changed")
            expect(button).to_be_enabled()
            expect(button).not_to_have_attribute("aria-busy", "true")
            expect(row).not_to_contain_text("Cancelled")
        page.get_by_role("button", name="Try again").click()
        expect(row).to_contain_text("Cancelled")


@LINE_IS_DOWN
def test_what_a_second_press_has_done_is_no_longer_said_to_have_failed(page: Page, app: Flask) -> None:
    row, button = ask(page, app)
    with steps.offline(page):
        button.click()
        steps.says(page, "No connection, nothing was changed")
    button.click()
    expect(row).to_contain_text("Cancelled")
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)


@steps.allow_console("ERR_FAILED")
@steps.allow_console("htmx:afterRequest")
@steps.allow_console("htmx:sendError")
def test_a_lost_answer_does_not_say_that_nothing_was_done(page: Page, app: Flask) -> None:
    row, button = ask(page, app)
    before = cancelled(app)
    page.route("**/cancellation", lambda route: (route.fetch(), route.abort()))
    button.click()
    steps.says(page, "The connection broke off. Look whether it was done before you try again.")
    goes_on(row, button)
    assert cancelled(app) == before + 1


@LINE_IS_DOWN
def test_a_plain_form_without_a_line_keeps_what_was_typed(page: Page, app: Flask) -> None:
    page.goto("/sign-in")
    steps.ready(page)
    page.get_by_label("E-mail").fill("rosa@example.com")
    page.get_by_label("Password", exact=True).fill(steps.PASSWORDS["rosa@example.com"])
    with steps.offline(page):
        page.get_by_role("button", name="Sign In", exact=True).click()
        steps.says(page, "No connection, nothing was changed")
        expect(page.get_by_label("E-mail")).to_have_value("rosa@example.com")
    with steps.another_page(page):
        page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My Bookings")


def test_a_double_tap_on_a_slow_line_sends_once(page: Page, app: Flask) -> None:
    steps.let_in(page, app)
    steps.go(page, "/messages")
    steps.follow(page, "Biscuit’s stay over the holidays")
    sent: list[Request] = []
    held: list[Route] = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    page.route("**/replies", lambda route: held.append(route))
    page.get_by_label("Reply").fill("Only once, please.")
    button = page.get_by_role("button", name="Send")
    button.dblclick()
    expect(button).to_have_attribute("aria-busy", "true")
    button.click(force=True)
    assert len(held) == 1
    held[0].continue_()
    expect(page.get_by_role("article").last).to_contain_text("Only once, please.")
    expect(button).not_to_have_attribute("aria-busy", "true")
    assert len(sent) == 1
    with app.app_context():
        assert db.session.query(Message).filter_by(text="Only once, please.").count() == 1


@pytest.mark.parametrize("status", [403, 404, 413, 429, 500, 503])
@steps.allow_console("Failed to load resource")
@steps.allow_console("Response Status Error Code")
@steps.allow_console("HTTP 50")
def test_a_server_that_says_no_is_heard(page: Page, app: Flask, monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    row, button = ask(page, app)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    fault = RuntimeError() if status == 500 else default_exceptions[status]()
    with monkeypatch.context() as patched, steps.no_page_load(page):
        patched.setattr(bookings, "cancel", Mock(side_effect=fault))
        button.click()
        steps.says(page, BROKEN if status == 500 else BRIEFLY[status])
        goes_on(row, button)
    button.click()
    expect(row).to_contain_text("Cancelled")


@steps.allow_console("Failed to load resource")
@steps.allow_console("Response Status Error Code")
@steps.allow_console("HTTP 502")
def test_what_stands_before_the_portal_may_say_no_in_a_page_of_its_own(page: Page, app: Flask) -> None:
    row, button = ask(page, app)
    page.route("**/cancellation", lambda route: route.fulfill(status=502, content_type="text/html", body="<p>no"))
    with steps.no_page_load(page):
        button.click()
        steps.says(page, "That did not work. Reload the page and try again.")
        goes_on(row, button)
        page.unroute("**/cancellation")
        button.click()
        expect(row).to_contain_text("Cancelled")


def goes_on(row: Locator, button: Locator) -> None:
    """Nothing looks done, and the finger is where it was."""
    expect(button).not_to_have_attribute("aria-busy", "true")
    expect(button).to_be_focused()
    expect(row).not_to_contain_text("Cancelled")


@LINE_IS_DOWN
def test_a_file_that_lost_its_line_is_sent_on_the_next_try(page: Page, app: Flask) -> None:  # DOC-2
    steps.let_in(page, app)
    steps.go(page, "/documents")
    page.get_by_role("link", name="Share Document").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Choose files").set_input_files(steps.file("notes.txt", "text/plain", b"Two walks a day."))
    with steps.offline(page):
        dialog.get_by_role("button", name="Upload").click()
        steps.says(page, "No connection, nothing was changed")
        expect(dialog.get_by_text("shared")).to_have_count(0)
    dialog.get_by_role("button", name=re.compile("Upload|Try again")).last.click()
    expect(dialog.get_by_text("shared")).to_have_count(1)
