"""A day at the desk from opening to closing, on a tablet: each thing done in as many taps as it needs, and no more."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests import stage
from tests.browser import steps

NINA = "nina@example.com"
WORDS = "First name;Last name;E-mail;Pet\nÅsa;Lindqvist;asa@example.net;Pyret\nKofi;Mensah;kofi@example.net;Nana\n"
LIST = steps.file("clients.csv", "text/csv", WORDS.encode("cp1252"))


class Hand:
    """Counts its taps. Typing into what is focused is none."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def tap(self, what: Locator) -> None:
        self.taps += 1
        what.tap()

    def turn(self, what: Locator) -> None:
        """To another page."""
        with steps.another_page(self.page):
            self.tap(what)

    def type(self, words: str) -> None:
        """Into what the page has put the cursor into."""
        expect(self.page.locator("input:focus, textarea:focus")).to_have_count(1)
        self.page.keyboard.type(words)

    def search(self, words: str) -> None:
        """The list follows what is typed, and a tap before it has would miss what it swaps."""
        self.type(words)
        expect(self.page).to_have_url(re.compile(f"[?&]q={words}(&|$)"))

    def choose(self, where: Locator, file: FilePayload) -> None:
        self.taps += 1
        where.set_input_files([file])

    def rail(self, name: str) -> None:
        self.turn(self.page.get_by_role("navigation", name="Front desk").get_by_role("link", name=name))

    def link(self, name: str) -> None:
        self.turn(self.page.get_by_role("link", name=name))

    def button(self, name: str, *, leads: bool = False) -> None:
        button = self.page.get_by_role("button", name=name, exact=True)
        self.turn(button) if leads else self.tap(button)

    @contextmanager
    def taps_at_most(self, most: int) -> Iterator[None]:
        before = self.taps
        yield
        assert self.taps - before <= most, f"{self.taps - before} taps instead of {most}"


@steps.on("desk", "tablet")
def test_from_opening_to_closing(
    page: Page, app: Flask, screen: str
) -> None:  # FD-1 FD-3 FD-6 CP-7 CP-9 CP-10 CP-12 SI-11
    steps.let_in(page, app, NINA)
    steps.go(page, "/desk/")
    hand = Hand(page)

    with hand.taps_at_most(1):
        hand.button("Check In Waffles")
        steps.says(page, "Checked in: Waffles")

    with hand.taps_at_most(2):
        flagged = page.get_by_role("listitem").filter(has_text="Vaccine missing or expired").first
        hand.turn(flagged.get_by_role("link").first)
        expect(page.get_by_text("Vaccine missing").or_(page.get_by_text("Vaccine expired")).first).to_be_visible()
        hand.rail("Vaccines")

    with hand.taps_at_most(1):
        first = page.get_by_role("heading", level=2).first.inner_text()
        hand.button("Checked")
        expect(page.get_by_role("heading", level=2, name=first)).to_have_count(0)

    with hand.taps_at_most(4):
        hand.rail("Inbox")
        hand.link("Moose’s medication")
        hand.tap(page.get_by_label("Reply"))
        hand.type("Yes, that is fine. See you then!")
        hand.button("Send")
        expect(page.get_by_role("article").last).to_contain_text("See you then!")

    with hand.taps_at_most(3):
        hand.rail("Customers")
        hand.link("Add Customer")
        for words in ("Walter", "Innes", "walter.innes@example.net"):
            hand.type(words)
            page.keyboard.press("Tab")
        hand.button("Add and Create New Customer", leads=True)
        steps.says(page, "Walter Innes is added.")

    with hand.taps_at_most(6):
        hand.rail("Customers")
        hand.search("moreau")

    with hand.taps_at_most(8):
        hand.rail("Customers")
        hand.link("Prospects")
        hand.search("moreau")
        hand.link("Ines Moreau")
        hand.button("Actions")
        hand.turn(page.locator("#actions").get_by_role("link", name="Merge"))
        hand.link("Inès Moreau")
        hand.button("Merge Records")
        hand.turn(page.get_by_role("dialog").get_by_role("button", name="Merge Records"))
        steps.says(page, "The two profiles of Inès Moreau are one now.")

    with hand.taps_at_most(5):
        hand.button("Actions")
        hand.link("Login as Client")
        hand.type("She asked where her notes are")
        hand.button("Login as Client")
        hand.button("Open Inès’s Portal", leads=True)
        expect(page.get_by_text("You are viewing as Inès Moreau")).to_be_visible()
        hand.button("Return to front desk", leads=True)

    with hand.taps_at_most(4 if screen == "desk" else 5):
        hand.rail("Customers")
        hand.search("biscuit")
        hand.link("Rosa Delgado")
        if screen != "desk":
            hand.tap(page.get_by_role("navigation", name="Customer", exact=True).get_by_role("button"))
        hand.turn(page.get_by_role("navigation", name="Customer", exact=True).get_by_role("link", name="Documents"))
        hidden = page.get_by_role("listitem").filter(has=page.get_by_role("button", name="Only staff")).first
        title = hidden.get_by_role("heading").inner_text()
        hand.tap(hidden.get_by_role("button", name="Only staff"))
        expect(steps.row(page, title).get_by_role("button", name="Rosa sees it")).to_be_visible()

    with hand.taps_at_most(6):
        hand.rail("Customers")
        hand.link("Import and Export")
        hand.choose(page.get_by_label("Choose a file"), LIST)
        hand.button("Look at the List", leads=True)
        hand.button("Check the List")
        stage.command(app, "worker", "--once")
        hand.button("Import Now")
        stage.command(app, "worker", "--once")
        expect(page.get_by_text("The list is in")).to_be_visible()

    with hand.taps_at_most(2):
        hand.rail("Notices")
        hand.link("Rosa Delgado shared")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Rosa Delgado")

    with hand.taps_at_most(2):
        hand.rail("Today")
        hand.button("Check Out Ruby")
        steps.says(page, "Checked out: Ruby")
