"""What people do, and what must hold on every page they see."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakSet

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, expect

from tests import stage
from tests.browser import axe

SCREENS: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    "tablet": {"viewport": {"width": 820, "height": 1180}, "has_touch": True, "is_mobile": True},
    "desk": {"viewport": {"width": 1180, "height": 820}, "has_touch": True},
}
PASSWORDS = {
    "rosa@example.com": "biscuit-and-me",
    "nina@example.com": "front-desk-nina",
    "theo@example.com": "front-desk-theo",
}
STILL = "() => Promise.allSettled(document.getAnimations().map(motion => motion.finished)).then(() => null)"
READY = "html[data-ready], html:not(:has(script))"
TARGETS = Path(__file__).with_name("targets.js")

without_scripts: WeakSet[BrowserContext] = WeakSet()


def on(*screens: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("screen", screens, indirect=True)


every_screen = on(*SCREENS)
without_javascript = pytest.mark.parametrize("scripts", [False], ids=["plain"], indirect=True)
both_ways = pytest.mark.parametrize("scripts", [True, False], ids=["scripted", "plain"], indirect=True)
allow_console = pytest.mark.allow_console
refusals = allow_console("status of 422")


def go(page: Page, path: str) -> None:
    page.goto(path)
    ready(page)


def ready(page: Page) -> None:
    """htmx has taken its places: a tap before that is a plain page load, and a test of something else."""
    # To wait for a selector is dear on a new page, and nearly always there is nothing to wait for any more.
    if page.context not in without_scripts and not page.evaluate(f"document.querySelector('{READY}') !== null"):
        page.wait_for_selector(READY, state="attached")


@contextmanager
def another_page(page: Page) -> Iterator[None]:
    """What is done in it leads to one. An address that htmx writes above this page is none, and could come first."""
    page.wait_for_load_state()  # of this one, which may have its last picture to come
    with page.expect_event("load"):
        yield
    ready(page)


def sign_in(page: Page, email: str = "rosa@example.com", door: str = "/") -> None:
    """A stranger at a room's door is shown the sign-in page, and then let in."""
    page.goto("/sign-in" if door == "/" else door)
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORDS[email])
    with another_page(page):
        page.get_by_role("button", name="Sign In", exact=True).click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Account of").click()
    press(page, "Sign Out")


def read_letter(page: Page, app: Flask, subject: str) -> None:
    """The worker sends what is due, and in development the mailbox keeps it."""
    stage.command(app, "worker", "--once")
    go(page, "/mailbox")
    with another_page(page):
        page.get_by_role("link", name=subject).first.click()


def let_in(page: Page, app: Flask, email: str = "rosa@example.com") -> None:
    """For a journey that is not about signing in: they did so a moment ago."""
    name, value = stage.key(app, email)
    page.context.add_cookies([{"name": name, "value": value, "url": app.extensions["portal-settings"].url}])


def press(page: Page, name: str) -> None:
    """A button that leads to another page."""
    with another_page(page):
        page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str | re.Pattern[str], to: Locator | None = None) -> None:
    """A link that leads to another page; looked for in the whole page, or in a part."""
    with another_page(page):
        (to or page).get_by_role("link", name=name).click()


@contextmanager
def no_page_load(page: Page) -> Iterator[None]:
    """What is written on the window is gone after a page load."""
    page.evaluate("window.written = true")
    yield
    assert page.evaluate("window.written === true"), "the page was loaded anew"


def part(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title, exact=True)


def row(inside: Page | Locator, title: str, more: str = "") -> Locator:
    """The row of a list with this title, and with these words in it where several have the same title."""
    page = inside.page if isinstance(inside, Locator) else inside
    heading = page.get_by_role("heading", name=title)
    return inside.get_by_role("listitem").filter(has=heading, has_text=more)


def cancel(page: Page, booking: Locator) -> None:
    """Through the row's menu; the question is a dialog, or without JavaScript a page."""
    ask_to_cancel(page, booking)
    page.get_by_role("button", name="Cancel Booking").click()


def ask_to_cancel(page: Page, booking: Locator) -> None:
    open_menu(booking, "More for")
    booking.get_by_role("link", name="Cancel Booking").click()
    expect(page.get_by_role("heading", name="Cancel this booking?")).to_be_visible()


def open_menu(inside: Page | Locator, name: str) -> None:
    """In the middle there is room for all of it, and it stands still when this is over."""
    opener = inside.get_by_role("button", name=name)
    opener.evaluate("button => button.scrollIntoView({block: 'center'})")
    opener.click()
    opener.evaluate(STILL)


def says(page: Page, words: str) -> None:
    expect(page.get_by_role("status")).to_contain_text(words)


def file(name: str, kind: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": content}


def looks_well(page: Page, options: dict[str, Any] = axe.EVERYTHING) -> None:
    """For every page and every state of it: readable by everyone, nothing out of reach."""
    assert page.context not in without_scripts, "axe is a script itself, so it needs a page with JavaScript"
    no_sideways(page)
    axe.reads(page, options)
    no_small_targets(page)


def no_sideways(page: Page) -> None:
    """Measured against the glass: a phone's own window grows with what is too wide for it."""
    wide, glass = page.evaluate("document.documentElement.scrollWidth"), page.viewport_size["width"]
    assert wide <= glass, f"{page.url} is {wide} px wide on a screen of {glass} px"


def no_small_targets(page: Page, least: int = 44) -> None:
    """24 px is WCAG 2.2; 44 is what we want under a thumb. Links inside running text are exempt."""
    small = page.evaluate(TARGETS.read_text(), least)
    assert not small, f"{page.url} has controls under {least} px:\n  " + "\n  ".join(small)


@contextmanager
def offline(page: Page) -> Iterator[None]:
    """What the browser says about it needs @allow_console("ERR_INTERNET_DISCONNECTED")."""
    page.context.set_offline(True)
    try:
        yield
    finally:
        page.context.set_offline(False)


@contextmanager
def slow(page: Page, delay: int = 400, kilobits: int = 400) -> Iterator[None]:
    """A bad line: so many milliseconds each way, so many kilobits a second."""
    line = {
        "offline": False,
        "latency": delay,
        "downloadThroughput": kilobits * 125,
        "uploadThroughput": kilobits * 125,
    }
    free = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", line)
    try:
        yield
    finally:
        session.send("Network.emulateNetworkConditions", free)
        session.detach()


@contextmanager
def large_text(page: Page) -> Iterator[None]:
    """Text at 200 %, as in the settings of the browser."""
    session = page.context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 32}})
    try:
        yield
    finally:
        session.send("Page.setFontSizes", {"fontSizes": {"standard": 16}})
        session.detach()
