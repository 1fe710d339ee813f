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


@steps.on("phone", "tablet")
def test_what_one_says_comes_to_the_other_by_itself(page: Page, another: Page, app: Flask) -> None:  # MSG-2 FD-3
    steps.let_in(page, app)
    steps.let_in(another, app, "nina@example.com")
    for device in (page, another):
        device.clock.install()
    steps.go(page, "/messages")
    steps.follow(page, "Biscuit’s stay over the holidays")
    thread = re.search(r"/messages/(\d+)", page.url)
    assert thread
    steps.go(another, f"/desk/inbox/{thread[1]}")
    hers, theirs = (device.get_by_role("log", name="Messages").get_by_role("article") for device in (page, another))
    said = hers.count()
    expect(theirs).to_have_count(said)
    another.get_by_label("Reply").fill("One more thing: bring his blanket.")
    another.get_by_role("button", name="Send").click()
    expect(theirs).to_have_count(said + 1)
    with steps.no_page_load(page):
        page.get_by_label("Reply").fill("I am writing when")
        page.clock.run_for(11_000)
        expect(hers).to_have_count(said + 1)
        expect(hers.last).to_contain_text("bring his blanket")
        expect(hers.last).to_be_in_viewport()
        expect(page.get_by_label("Reply")).to_have_value("I am writing when")
        page.get_by_label("Reply").fill("He has two.")
        page.get_by_role("button", name="Send").click()
        expect(hers).to_have_count(said + 2)
        page.clock.run_for(11_000)
        expect(hers).to_have_count(said + 2)
    with steps.no_page_load(another):
        another.clock.run_for(11_000)
        expect(theirs).to_have_count(said + 2)
        expect(theirs.last).to_contain_text("He has two.")
        inbox = another.get_by_role("navigation", name="Front desk").get_by_role("link", name="Inbox")
        expect(inbox).to_have_accessible_name("Inbox 3 unread")
    steps.looks_well(another)
    steps.looks_well(page)


@steps.on("tablet")
def test_the_inbox_follows_what_clients_write(page: Page, another: Page, app: Flask) -> None:  # FD-3
    steps.let_in(page, app, "nina@example.com")
    steps.let_in(another, app)
    page.clock.install()
    steps.go(page, "/desk/inbox")
    first = page.get_by_role("list", name="All").get_by_role("listitem").first
    expect(first).not_to_contain_text("A second thought")
    steps.go(another, "/messages/new")
    another.get_by_label("Subject").fill("A second thought")
    another.get_by_role("textbox", name="Message").fill("Could Juno come as well?")
    steps.press(another, "Send")
    with steps.no_page_load(page):
        page.clock.run_for(11_000)
        expect(first).to_contain_text("A second thought")
        expect(first).to_contain_text("Could Juno come as well?")
    steps.looks_well(page)
