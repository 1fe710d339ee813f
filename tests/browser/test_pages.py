"""Every page there is, found by walking the map of addresses: readable, in reach and whole at every size."""

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.browser import axe, steps
from tests.browser.pages import Found, pages

SOUND = Path(__file__).with_name("sound.js")
# The phone last: what follows is measured there, and the next page comes there.
WIDTHS = {320: 640, 820: 1180, 1180: 820, 390: 844}
PEOPLE = {
    "stranger": ("", ("public",)),
    "rosa": ("rosa@example.com", ("client",)),
    "zoe": ("zoe@example.com", ("client",)),
    "nina": ("nina@example.com", ("staff",)),
}
# In how many shares what one person sees is looked at, so that several workers can.
SHARES = {"stranger": 2, "rosa": 4, "zoe": 2, "nina": 4}


@pytest.fixture(scope="session")
def known() -> dict[str, list[Found]]:
    """Who sees which pages is found out once: the demo is the same for every test."""
    return {}


@pytest.mark.parametrize(("person", "share"), [(who, share) for who in SHARES for share in range(SHARES[who])])
@steps.allow_console("status of 404")
def test_every_page_is_sound(  # NAV-7
    page: Page, app: Flask, base_url: str, person: str, share: int, known: dict[str, list[Found]]
) -> None:
    email, rooms = PEOPLE[person]
    if email:
        steps.let_in(page, app, email)
    page.emulate_media(reduced_motion="reduce")
    if person not in known:
        known[person] = list(pages(app, page.context, base_url, rooms))
    found, of = known[person], SHARES[person]
    assert len(found) > of
    # Every second page is light on a phone and dark at the desk, and the others the other way round: what each of them
    # has for itself is looked at in both lights, and what they have in common at both sizes in each.
    mine = [*enumerate(found)][share::of]
    wrong = [line for number, one in mine for line in look_at(page, *one, dark=(390, 1180)[number % 2])]
    assert not wrong, "\n".join(wrong)


def look_at(page: Page, name: str, address: str, *, dark: int) -> list[str]:
    steps.go(page, address)
    wrong = []
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        wrong += failing(steps.no_sideways, page)
        if width in (390, 1180):
            page.emulate_media(color_scheme="dark" if width == dark else "light")
            wrong += failing(axe.reads, page)
    wrong += failing(steps.no_small_targets, page)
    page.keyboard.press("Tab")
    wrong += page.evaluate(SOUND.read_text())
    with steps.large_text(page):
        wrong += [f"{line} with large text" for line in failing(steps.no_sideways, page)]
    return [f"{name} {address}: {line}" for line in wrong]


def failing(check, page: Page, *more) -> list[str]:
    try:
        check(page, *more)
    except AssertionError as no:
        return [str(no)]
    return []
