"""An owner sets the business up: its colour, its staff, its rules; and tries the portal."""

from flask import Flask
from playwright.sync_api import Page, expect

from portal.db import db
from portal.models import Delivery
from tests.browser.steps import (
    both_ways,
    follow,
    go,
    let_in,
    looks_well,
    no_small_targets,
    on,
    press,
    refusals,
    says,
)


def link_in_letter(app: Flask, to: str) -> str:
    with app.app_context():
        letter = db.session.query(Delivery).filter_by(recipient=to).order_by(Delivery.id.desc()).first()
        assert letter
        return next(word for word in letter.text.split() if "/desk/join/" in word)


@on("phone", "tablet")
def test_a_colour_is_checked_while_it_is_chosen(page: Page, app: Flask) -> None:  # POR-1
    let_in(page, app, "nina@example.com")
    go(page, "/desk/settings")
    looks_well(page)
    follow(page, "Business")
    looks_well(page)
    no_small_targets(page)
    expect(page.get_by_text("can be read well")).to_be_visible()
    page.get_by_label("Colour", exact=True).fill("#ffd500")
    expect(page.get_by_text("White words on it are hard to read")).to_be_visible()
    press(page, "Save with #8c7500")
    says(page, "Saved.")
    expect(page.get_by_label("Colour", exact=True)).to_have_value("#8c7500")
    expect(page.get_by_text("can be read well")).to_be_visible()


@on("tablet")
@both_ways
@refusals
def test_somebody_is_invited_and_joins(page: Page, another: Page, app: Flask) -> None:  # POR-9
    let_in(page, app, "nina@example.com")
    go(page, "/desk/settings")
    page.get_by_role("link", name="Staff", exact=True).click()
    follow(page, "Invite Somebody")
    page.get_by_label("E-mail", exact=True).fill("theo@example.com")
    page.get_by_role("button", name="Send Invitation").click()
    expect(page.get_by_text("Theo Brandt works here with this e-mail already.")).to_be_visible()
    page.get_by_label("E-mail", exact=True).fill("ben@example.com")
    press(page, "Send Invitation")
    says(page, "on its way to ben@example.com")
    go(another, link_in_letter(app, "ben@example.com"))
    another.get_by_label("Your name").fill("Ben Okoro")
    another.get_by_label("New password", exact=True).fill("three quiet otters")
    another.get_by_label("New password again").fill("three quiet otters")
    press(another, "Join & Sign In")
    says(another, "Welcome, Ben Okoro.")
    go(page, "/desk/settings/staff")
    expect(page.get_by_role("link", name="Ben Okoro")).to_be_visible()


@on("tablet")
@both_ways
def test_a_rule_is_set_and_read_as_clients_read_it(page: Page, app: Flask) -> None:  # BK-4
    let_in(page, app, "nina@example.com")
    go(page, "/desk/settings/cancellation")
    follow(page, "Nail Trim")
    page.get_by_label("Hours before the start").fill("2")
    page.get_by_label("Time on the day before").fill("18:00")
    page.get_by_role("button", name="Save").click()
    says(page, "Saved.")
    expect(page.get_by_text("You can cancel until")).to_contain_text("6:00")


@on("tablet")
@both_ways
def test_the_owner_tries_the_portal_and_comes_back(page: Page, app: Flask) -> None:  # POR-11
    let_in(page, app, "nina@example.com")
    go(page, "/desk/settings")
    follow(page, "You as a Client")
    page.get_by_role("button", name="Try the Portal").click()
    press(page, "Open Nina’s Portal")
    expect(page.get_by_text("You are viewing as Nina Park (demo)")).to_be_visible()
    press(page, "Return to front desk")
    expect(page.get_by_role("heading", name="Nina Park (demo)", level=1)).to_be_visible()


@on("tablet")
def test_vaccines_are_put_in_order(page: Page, app: Flask) -> None:  # POR-2
    let_in(page, app, "nina@example.com")
    go(page, "/desk/settings/vaccines")
    looks_well(page)
    page.get_by_role("button", name="Move DHPP up").click()
    expect(page.get_by_role("heading", level=3).first).to_have_text("DHPP")
    expect(page.get_by_role("button", name="Move DHPP down")).to_be_visible()
    page.get_by_label("Days before it runs out").fill("45")
    page.get_by_role("button", name="Save").click()
    says(page, "Saved.")
