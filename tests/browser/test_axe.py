"""What makes axe quick leaves it as strict: with faults planted all over a page it finds all that it would find."""

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.browser import axe, steps

PLANT_FAULTS = """() => {
  const every = (words, nth, fault) => document.querySelectorAll(words).forEach((one, at) => at % nth || fault(one))
  every("main *", 7, one => one.style.color = "#b9b4aa")
  every("main *", 11, one => one.style.backgroundColor = "rgba(120, 90, 60, .5)")
  every("main *", 13, one => one.style.opacity = ".6")
  every("main *", 29, one => one.style.textShadow = "1px 1px 2px red")
  every("main *", 17, one => one.setAttribute("role", "buton"))
  every("main *", 19, one => one.removeAttribute("aria-label"))
  every("main *", 23, one => one.setAttribute("aria-labelledby", "nowhere"))
  every("img", 1, one => one.removeAttribute("alt"))
  every("label", 2, one => one.removeAttribute("for"))
  every("h2", 2, one => one.textContent = "")
}"""


@pytest.mark.parametrize(
    ("email", "path"), [("rosa@example.com", "/"), ("nina@example.com", "/desk/settings/business")]
)
def test_axe_finds_what_it_finds_untouched(page: Page, app: Flask, email: str, path: str) -> None:
    steps.let_in(page, app, email)
    quick = found(page, path)
    page.add_init_script(axe.ITSELF)
    assert len(quick) >= 5
    assert quick == found(page, path)


def found(page: Page, path: str) -> dict[str, Any]:
    steps.go(page, path)
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(PLANT_FAULTS)
    return {
        violation["id"]: [(node["target"], node["failureSummary"]) for node in violation["nodes"]]
        for violation in page.evaluate(axe.RUN, axe.EVERYTHING)
    }
