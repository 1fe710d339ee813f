"""Several at once: Rosa on two devices, and Rosa and Omar each with their own."""

import re

from flask import Flask
from playwright.sync_api import Page, expect

from portal.db import db
from portal.models import Document
from tests.browser import steps


@steps.refusals
def test_what_is_cancelled_on_one_device_is_refused_on_the_other(page: Page, another: Page, app: Flask) -> None:  # BK-4
    for device in (page, another):
        steps.let_in(device, app)
        steps.go(device, "/")
    steps.ask_to_cancel(another, steps.row(another, "Agility for Beginners"))
    steps.cancel(page, steps.row(page, "Agility for Beginners"))
    expect(steps.row(page, "Agility for Beginners")).to_contain_text("Cancelled.")
    stale = another.get_by_role("dialog").get_by_role("button", name="Cancel Booking")
    with steps.no_page_load(another):
        stale.click()
        steps.says(another, "already cancelled")
        expect(stale).not_to_have_attribute("aria-busy", "true")
        another.keyboard.press("Escape")
        expect(steps.row(another, "Agility for Beginners")).to_be_visible()
        expect(steps.row(another, "Agility for Beginners")).not_to_contain_text("Cancelled")


def test_rosa_and_omar_see_only_their_own(page: Page, another: Page, app: Flask) -> None:
    steps.let_in(page, app)
    steps.let_in(another, app, "omar@example.com")
    with app.app_context():
        document = db.session.query(Document).order_by(Document.id).first().id
    for path, rosas in {
        "/": "Full Groom",
        "/pets": "Biscuit",
        "/documents": "Boarding agreement",
        "/messages": "Biscuit’s stay over the holidays",
    }.items():
        steps.go(page, path)
        steps.go(another, path)
        expect(page.get_by_role("main")).to_contain_text(rosas)
        expect(page.get_by_text("Pepper")).to_have_count(0)
        expect(another.get_by_role("button", name="Account of Omar Haddad")).to_be_visible()
        expect(another.get_by_role("main")).not_to_contain_text(rosas)
    steps.go(another, "/pets")
    expect(another.get_by_role("main")).to_contain_text("Pepper")
    own = another.context.request
    assert own.get("/bookings/1").status == own.get("/bookings/999999").status == 404
    assert own.get(f"/documents/{document}").status == own.get("/messages/1").status == own.get("/pets/1").status == 404
    steps.sign_out(page)
    steps.go(another, "/pets")
    expect(another).to_have_url(re.compile("/pets$"))
