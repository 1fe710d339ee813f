"""Staff find a customer, add one, and look into a portal; the taps are counted."""

from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.steps import (
    another_page,
    both_ways,
    follow,
    go,
    let_in,
    looks_well,
    no_small_targets,
    on,
    open_menu,
    press,
    refusals,
    says,
)


def fill(page: Page, **words: str) -> None:
    for label, value in words.items():
        page.get_by_label(label.replace("_", " "), exact=True).fill(value)


@on("tablet")
def test_a_customer_is_found_as_one_types(page: Page, app: Flask) -> None:  # CP-1
    let_in(page, app, "nina@example.com")
    go(page, "/desk/customers")
    looks_well(page)
    expect(page.get_by_role("link", name="Omar Haddad")).to_be_visible()
    page.keyboard.type("bisc")
    expect(page.get_by_role("link", name="Omar Haddad")).to_have_count(0)
    assert page.url.endswith("?q=bisc&tab=active")
    follow(page, "Rosa Delgado")
    expect(page.get_by_role("heading", name="Rosa Delgado", level=1)).to_be_visible()
    looks_well(page)
    no_small_targets(page)
    page.keyboard.press("/")
    page.keyboard.type("pepper")
    with another_page(page):
        page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Omar Haddad")).to_be_visible()


@on("tablet")
@both_ways
@refusals
def test_two_customers_are_added_one_after_the_other(page: Page, app: Flask) -> None:  # CP-9
    let_in(page, app, "theo@example.com")
    go(page, "/desk/customers")
    follow(page, "Add Customer")
    fill(page, First_name="Nora", Last_name="Berg", **{"E-mail": "rosa@example.com"})
    page.get_by_role("button", name="Add and Create New Customer").click()
    expect(page.get_by_role("link", name="Open the profile of Rosa Delgado")).to_be_visible()
    page.get_by_label("E-mail", exact=True).fill("nora@example.com")
    press(page, "Add and Create New Customer")
    says(page, "Nora Berg is added.")
    expect(page.get_by_label("First name")).to_have_value("")
    fill(page, First_name="Olav", Last_name="Berg", **{"E-mail": "olav@example.com"})
    press(page, "Add Customer")
    expect(page.get_by_role("heading", name="Olav Berg", level=1)).to_be_visible()


@on("desk")
@both_ways
def test_staff_look_into_a_portal_and_come_back(page: Page, app: Flask) -> None:  # SI-11
    let_in(page, app, "nina@example.com")
    go(page, "/desk/customers?q=rosa")
    follow(page, "Rosa Delgado")
    open_menu(page, "Actions")
    follow(page, "Login as Client")
    page.get_by_label("Reason").fill("Help with a booking")
    page.get_by_role("button", name="Login as Client").click()
    press(page, "Open Rosa’s Portal")
    expect(page.get_by_text("You are viewing as Rosa Delgado")).to_be_visible()
    go(page, "/profile/password")
    expect(page.get_by_text("You are viewing as Rosa Delgado")).to_be_visible()
    press(page, "Return to front desk")
    expect(page.get_by_role("heading", name="Rosa Delgado", level=1)).to_be_visible()
    go(page, page.url + "/history")
    expect(page.get_by_text("Begun: Help with a booking")).to_be_visible()


@on("phone", "tablet")
def test_what_a_client_gets_is_one_tap(page: Page, app: Flask) -> None:  # CP-4, CP-8
    let_in(page, app, "theo@example.com")
    go(page, "/desk/customers?q=omar")
    follow(page, "Omar Haddad")
    page.get_by_label("Stop automated e-mail").check()
    says(page, "Saved.")
    page.get_by_role("button", name="Send set-password link").click()
    says(page, "on its way to omar@example.com")
    open_menu(page, "Actions")
    page.get_by_role("link", name="Deactivate").click()
    expect(page.get_by_role("dialog")).to_contain_text("signed out of the portal at once")
    looks_well(page)
    press(page, "Deactivate")
    says(page, "Omar Haddad is deactivated.")
    open_menu(page, "Actions")
    press(page, "Reactivate")
    says(page, "Omar Haddad is active again.")
