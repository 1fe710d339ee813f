"""Staff book for somebody on the phone who has never been here, and beyond what is free."""

from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.steps import both_ways, follow, go, let_in, looks_well, on, press, refusals, says


def choose(page: Page, name: str) -> None:
    """The next step stands there, swapped in or loaded anew."""
    title = page.get_by_role("heading", level=2).first.inner_text()
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=2).first).not_to_have_text(title)


@on("tablet")
@both_ways
@refusals
def test_a_new_customer_is_added_and_booked(page: Page, app: Flask, scripts: bool) -> None:  # FD-4 CP-8
    let_in(page, app, "theo@example.com")
    go(page, "/desk/")
    follow(page, "Add Booking")
    if scripts:
        looks_well(page)
    page.get_by_label("First name").fill("Ada")
    page.get_by_label("Last name").fill("Byron")
    page.get_by_label("E-mail", exact=True).fill("rosa@example.com")
    page.get_by_label("Pet’s name").fill("Bo")
    page.get_by_role("button", name="Add Customer and Book").click()
    expect(page.get_by_role("link", name="Book for Rosa Delgado")).to_be_visible()
    page.get_by_label("E-mail", exact=True).fill("ada@example.com")
    press(page, "Add Customer and Book")
    says(page, "Ada Byron is added, with Bo.")
    choose(page, "Nail Trim")
    choose(page, "Maple Street")
    choose(page, "Anyone")
    page.get_by_role("button", name=" AM ").or_(page.get_by_role("button", name=" PM ")).first.click()
    expect(page.get_by_role("heading", name="Look it over")).to_be_visible()
    press(page, "Add Booking")
    says(page, "Bo: booked.")
    expect(page.get_by_role("heading", name="Ada Byron", level=1)).to_be_visible()


@on("tablet")
def test_a_time_that_nobody_offers_is_booked_on_purpose(page: Page, app: Flask) -> None:  # FD-4
    let_in(page, app, "nina@example.com")
    go(page, "/desk/customers?q=omar")
    follow(page, "Omar Haddad")
    page.get_by_role("button", name="Actions").click()
    follow(page, "Add Booking")
    choose(page, "Meet & Greet")
    choose(page, "Anyone")
    page.get_by_label("Time", exact=True).fill("21:15")
    page.get_by_role("button", name="Take This Time").click()
    expect(page.get_by_text("This is not one of the free times.")).to_be_visible()
    looks_well(page)
    page.get_by_label("Book it beyond the places").check()
    page.get_by_label("Don’t notify the client").check()
    press(page, "Add Booking")
    says(page, "Pepper: booked.")
