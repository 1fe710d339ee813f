"""A picture of every page, at every size, light and dark, and one sheet that shows them all."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask
from jinja2 import Template
from playwright.sync_api import Browser, Page, sync_playwright

from tests import browsers, stage
from tests.browser import console, steps
from tests.browser.pages import Found, pages

FOLDER = Path("shots")
SHEET = Path(__file__).with_name("sheet.html")
SIZES = [(390, 844), (820, 1180), (1180, 820), (1280, 800)]
SCHEMES = ["light", "dark"]


class Person(NamedTuple):
    """Who looks, and into which rooms."""

    name: str
    email: str
    rooms: tuple[str, ...]


PEOPLE = [
    Person("stranger", "", ("public",)),
    Person("rosa", "rosa@example.com", ("client",)),
    Person("zoe", "zoe@example.com", ("client",)),
    Person("nina", "nina@example.com", ("staff",)),
]


@dataclass
class Studio:
    """The demo on its stage, and a browser before it."""

    raised: stage.Stage
    app: Flask
    browser: Browser

    def admit(self, person: Person, **options: Any) -> Page:
        page = self.browser.new_context(base_url=self.raised.address, **options).new_page()
        if person.email:
            steps.let_in(page, self.app, person.email)
        return page


def main(words: list[str]) -> None:
    FOLDER.mkdir(exist_ok=True)
    taken: dict[str, list[str]] = {}
    with studio() as here:
        for person in PEOPLE:
            for found in known_to(person, here):
                if not words or any(word in found.name for word in words):
                    taken[found.name] = shoot(found, person, here)
    sheet = Template(SHEET.read_text(), autoescape=True)
    (FOLDER / "index.html").write_text(sheet.render(pages=taken))
    print(f"{len(taken)} pages, each in {len(SIZES) * len(SCHEMES)} pictures: open {FOLDER}/index.html")


@contextmanager
def studio() -> Iterator[Studio]:
    house = Path(tempfile.mkdtemp(prefix="shots-"))
    try:
        with stage.raised() as raised, stage.Demo(house).copy(raised.address) as app, sync_playwright() as playwright:
            raised.app = app
            browser = playwright.chromium.launch(**browsers.launch_options(playwright.chromium.executable_path))
            yield Studio(raised, app, browser)
            browser.close()
    finally:
        shutil.rmtree(house, ignore_errors=True)


def known_to(person: Person, here: Studio) -> list[Found]:
    context = here.admit(person).context
    found = list(pages(here.app, context, here.raised.address, person.rooms))
    context.close()
    return [Found(f"{person.name}-{name}", address) for name, address in found]


def shoot(found: Found, person: Person, here: Studio) -> list[str]:
    files: list[str] = []
    heard: list[str] = []
    for width, height in SIZES:
        size = {"width": width, "height": height}
        page = here.admit(person, viewport=size, has_touch=width < 1280, is_mobile=width < 1180)
        console.listen(page.context, here.raised.address, heard)
        steps.go(page, found.address)
        heard += sideways(page)
        whole(page, size)
        files += [picture(page, f"{found.name}-{width}x{height}-{scheme}.png", scheme) for scheme in SCHEMES]
        page.context.close()
    print(found.name, found.address, *(f"\n    {line}" for line in dict.fromkeys(heard) if "404" not in line))
    return files


def whole(page: Page, size: dict[str, int]) -> None:
    """As if the glass were as long as the page, so that what floats is at its end and not in the middle."""
    length = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({**size, "height": max(size["height"], length)})


def picture(page: Page, file: str, scheme: str) -> str:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.screenshot(path=FOLDER / file)
    return file


def sideways(page: Page) -> list[str]:
    try:
        steps.no_sideways(page)
    except AssertionError as wide:
        return [str(wide)]
    return []


if __name__ == "__main__":
    main(sys.argv[1:])
