"""The bell: what is new is seen from anywhere, a tap opens it, and each of the staff chooses how to hear of it."""

import re

from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser import steps

NINA = "nina@example.com"


def bell(page: Page, many: int) -> None:
    link = page.get_by_role("navigation", name="Front desk").get_by_role("link", name="Notices")
    expect(link).to_have_accessible_name(f"Notices {many} new" if many else "Notices")


@steps.on("tablet", "desk", "phone")
def test_a_notice_is_opened_and_the_others_are_read(page: Page, app: Flask) -> None:  # FD-6
    steps.let_in(page, app, NINA)
    steps.go(page, "/desk/")
    bell(page, 6)
    steps.follow(page, "Notices")
    steps.looks_well(page)
    steps.follow(page, "Rosa Delgado shared Juno feeding plan.pdf")
    expect(page).to_have_url(re.compile(r"/documents$"))
    bell(page, 5)
    steps.follow(page, "Notices")
    steps.follow(page, "Dana Whitfield wrote")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Moose’s medication")
    bell(page, 4)
    steps.follow(page, "Notices")
    steps.press(page, "Mark All Read")
    steps.says(page, "All notices are read.")
    bell(page, 0)
    steps.follow(page, "Unread", page.get_by_role("navigation", name="Filter"))
    expect(page.get_by_text("Everything is read.")).to_be_visible()


@steps.on("tablet", "phone")
def test_nina_chooses_how_she_hears_of_what(page: Page, app: Flask) -> None:  # FD-6 POR-9
    steps.let_in(page, app, NINA)
    steps.go(page, "/desk/notices")
    steps.follow(page, "My Notifications")
    steps.looks_well(page)
    with steps.no_page_load(page):
        page.get_by_label("Message by e-mail").check()
        page.get_by_label("New Booking in the app").uncheck()
        page.get_by_role("button", name="Save").click()
        steps.says(page, "Saved.")
    steps.go(page, "/desk/settings/notifications")
    expect(page.get_by_label("Message by e-mail")).to_be_checked()
    expect(page.get_by_label("New Booking in the app")).not_to_be_checked()


@steps.on("tablet")
@steps.without_javascript
def test_choosing_and_reading_need_no_javascript(page: Page, app: Flask) -> None:  # FD-6 NAV-7
    steps.let_in(page, app, NINA)
    steps.go(page, "/desk/settings/notifications")
    page.get_by_label("Cancellation by e-mail").uncheck()
    steps.press(page, "Save")
    steps.says(page, "Saved.")
    expect(page.get_by_label("Cancellation by e-mail")).not_to_be_checked()
    steps.go(page, "/desk/notices?show=unread")
    steps.press(page, "Mark All Read")
    bell(page, 0)
