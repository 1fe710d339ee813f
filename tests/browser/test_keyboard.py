"""By keyboard alone: past the frame, through menus and dialogs, and back to where one was."""

from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser import steps


def tab_to(page: Page, name: str, role: str = "button") -> None:
    """As often as it takes, and never around the page."""
    wanted = page.get_by_role(role, name=name).first
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"the {role} “{name}” cannot be reached by Tab")


def test_a_booking_is_cancelled_by_keyboard(page: Page, app: Flask) -> None:  # BK-4 NAV-7
    steps.let_in(page, app)
    steps.go(page, "/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, "More for Agility for Beginners")
    opener = page.get_by_role("button", name="More for Agility for Beginners")
    page.keyboard.press("Enter")
    tab_to(page, "Cancel Booking", "link")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Cancel Booking")).to_have_count(0)
    expect(opener).to_be_focused()

    page.keyboard.press("Enter")
    tab_to(page, "Cancel Booking", "link")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Cancel this booking?")
    expect(dialog.get_by_role("button", name="Keep It")).to_be_focused()
    for _ in range(8):
        page.keyboard.press("Tab")
        outside = page.evaluate("!document.activeElement.closest('dialog') && document.activeElement !== document.body")
        assert not outside, "the focus left the dialog"
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(opener).to_be_focused()

    page.keyboard.press("Enter")
    tab_to(page, "Cancel Booking", "link")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="Keep It")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(dialog.get_by_role("button", name="Cancel Booking")).to_be_focused()
    page.keyboard.press("Enter")
    agility = steps.row(page, "Agility for Beginners")
    expect(agility).to_be_focused()
    tab_to(page, "Undo")
    page.keyboard.press("Enter")
    expect(agility).to_be_focused()
    expect(agility.get_by_role("button", name="More for")).to_be_visible()


def test_the_account_menu_and_tabs_by_keyboard(page: Page, app: Flask) -> None:  # NAV-3 PET-2
    steps.let_in(page, app)
    steps.go(page, "/")
    tab_to(page, "Account of Rosa Delgado")
    page.keyboard.press("Enter")
    tab_to(page, "My Pets", "link")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("My Pets")
    steps.ready(page)
    tab_to(page, "Biscuit", "link")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Biscuit")
    steps.ready(page)
    tab_to(page, "Vaccines", "link")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Vaccines")).to_have_attribute("aria-current", "page")
    steps.ready(page)
    tab_to(page, "Canine Influenza", "link")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Canine Influenza")).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("link", name="Canine Influenza")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Vaccination Record")).to_be_focused()
    tab_to(page, "Close", "link")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Canine Influenza")).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_role("link", name="Canine Influenza")).to_be_focused()
