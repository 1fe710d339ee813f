"""What people send us is shown by the browser itself, in a box in which nothing of it can act."""

from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Playwright

from portal.db import db, now
from portal.models import Client
from portal.rules import documents
from portal.rules.actors import as_client
from tests import browsers, samples, stage


def share(app: Flask, content: bytes, name: str) -> str:
    with app.app_context():
        rosa = db.session.query(Client).filter_by(email="rosa@example.com").one()
        return f"/documents/{documents.share(rosa, BytesIO(content), name, by=as_client(rosa), at=now()).id}"


@pytest.fixture(scope="module")
def whole_browser(launch_browser: Callable[..., Browser], playwright: Playwright) -> Iterator[Browser]:
    """The shell has no viewer."""
    browser = launch_browser(**browsers.launch_options(playwright.chromium.executable_path, whole=True))
    yield browser
    browser.close()


@pytest.fixture
def page(whole_browser: Browser, app: Flask, base_url: str) -> Page:
    """Without the listener of the other tests: the viewer is an extension, and so somebody else."""
    context = whole_browser.new_context(base_url=base_url)
    name, value = stage.key(app, "rosa@example.com")
    context.add_cookies([{"name": name, "value": value, "url": base_url}])
    return context.new_page()


@pytest.mark.parametrize("content", [samples.pdf(), samples.html_in_pdf()], ids=["plain", "html"])
def test_a_pdf_is_shown_and_nothing_planted_in_it_runs(page: Page, app: Flask, content: bytes) -> None:  # DOC-1
    heard: list[str] = []
    page.on("dialog", lambda dialog: (heard.append(dialog.message), dialog.dismiss()))
    page.on("download", lambda download: heard.append(download.suggested_filename))
    path = share(app, content, "Rabies certificate.pdf")
    assert "; sandbox" in page.request.get(path).headers["content-security-policy"]
    page.goto(path)
    page.wait_for_timeout(1500)
    assert any(frame.url.startswith("chrome-extension://") for frame in page.frames), "the viewer has opened"
    assert heard == []


def test_a_photo_is_shown(page: Page, app: Flask) -> None:  # DOC-1
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.goto(share(app, samples.jpeg(width=900, height=600), "Biscuit asleep.jpg"))
    assert page.locator("img").evaluate("image => [image.naturalWidth, image.naturalHeight]") == [600, 900]
    assert heard == []
