"""Axe, which knows what keeps people from reading and using a page, and what makes it quick enough for every page."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

EVERYTHING = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    # What a finger can hit is measured by no_small_targets, which does not mind what just lies over it.
    "rules": {"target-size": {"enabled": False}},
    "resultTypes": ["violations"],
}
CONTRAST = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
# Axe keeps what a colour is made of in WeakMaps, seven for each of thousands, which is a fifth of all it does.
FIELDS = """
class WeakMap {
  field = Symbol()
  has(of) { return this.field in Object(of) }
  get(of) { return of?.[this.field] }
  set(of, value) { of[this.field] = value; return this }
}
class WeakSet extends WeakMap {
  add(of) { return this.set(of, true) }
}"""
# A page has a dozen colours and says them a thousand times, and axe would work out each anew.
COLOURS_ONCE = """
(({ prototype }) => {
  const known = new Map(), parse = prototype.parseString
  prototype.parseString = function (words) {
    if (known.has(words)) [this.r, this.g, this.b, this.alpha] = known.get(words)
    else known.set(words, (({ r, g, b, alpha }) => [r, g, b, alpha])(parse.call(this, words)))
    return this
  }
})(axe.commons.color.Color)"""
# On every page, but a function that nobody calls is hardly read.
ITSELF = Axe().axe_script
AT_HAND = f"window.bringAxe = () => {{{FIELDS}\n{ITSELF}{COLOURS_ONCE}\n}}"
# Colours on their way to others are nobody's mistake.
RUN = """async options => {
  if (!("axe" in window)) bringAxe()
  await Promise.allSettled(document.getAnimations().map(motion => motion.finished))
  return (await axe.run(document, options)).violations
}"""


def at_hand(context: BrowserContext) -> None:
    """For all pages of this browser that are still to come."""
    context.add_init_script(AT_HAND)


def reads(page: Page, options: dict[str, Any] = EVERYTHING) -> None:
    page.emulate_media(reduced_motion="reduce")
    found = page.evaluate(RUN, options)
    assert not found, "\n".join([page.url, *(line for violation in found for line in told(violation))])


def told(violation: dict[str, Any]) -> list[str]:
    first = f"{violation['impact']}: {violation['id']}: {violation['help']}"
    return [
        first,
        *(
            f"    {' '.join(node['target'])}  {node['html'][:120]}\n        {node.get('failureSummary', '')}"
            for node in violation["nodes"]
        ),
    ]
