"""A picture of every page, at every size, light and dark, and one sheet that shows them all."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Template
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import browsers, stage
from tests.browser import console, steps
from tests.browser.pages import Found, pages

FOLDER = Path("shots")
SHEET = Path(__file__).with_name("sheet.html")
SIZES = [(390, 844), (820, 1180), (1180, 820), (1280, 800)]
SCHEMES = ["light", "dark"]


class Person(NamedTuple):
    name: str
    email: str
    door: str
    rooms: tuple[str, ...]


PEOPLE = [
    Person("stranger", "", "/", ("public",)),
    Person("rosa", "rosa@example.com", "/", ("client",)),
    Person("nina", "nina@example.com", "/desk/", ("staff",)),
]


@dataclass
class Studio:
    """The demo on its stage, a browser before it, and who has signed in so far."""

    raised: stage.Stage
    browser: Browser
    keys: dict[str, Any] = field(default_factory=dict)

    def admit(self, person: Person, **options: Any) -> BrowserContext:
        key = self.keys.get(person.name)
        context = self.browser.new_context(base_url=self.raised.address, storage_state=key, **options)
        if person.email and key is None:
            steps.sign_in(context.new_page(), person.email, person.door)
            self.keys[person.name] = context.storage_state()
        return context


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
            yield Studio(raised, browser)
            browser.close()
    finally:
        shutil.rmtree(house, ignore_errors=True)


def known_to(person: Person, here: Studio) -> list[Found]:
    context = here.admit(person)
    found = list(pages(here.raised.app, context, here.raised.address, person.rooms))
    context.close()
    return [Found(f"{person.name}-{name}", address) for name, address in found]


def shoot(found: Found, person: Person, here: Studio) -> list[str]:
    files: list[str] = []
    heard: list[str] = []
    for width, height in SIZES:
        size = {"width": width, "height": height}
        context = here.admit(person, viewport=size, has_touch=width < 1280, is_mobile=width < 1180)
        console.listen(context, here.raised.address, heard)
        page = context.new_page()
        steps.go(page, found.address)
        files += [picture(page, f"{found.name}-{width}x{height}-{scheme}.png", scheme) for scheme in SCHEMES]
        heard += sideways(page)
        context.close()
    print(found.name, found.address, *(f"\n    {line}" for line in dict.fromkeys(heard) if "404" not in line))
    return files


def picture(page: Page, file: str, scheme: str) -> str:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.screenshot(path=FOLDER / file, full_page=True)
    return file


def sideways(page: Page) -> list[str]:
    try:
        steps.no_sideways(page)
    except AssertionError as wide:
        return [str(wide)]
    return []


if __name__ == "__main__":
    main(sys.argv[1:])
