"""Somebody who stands in the list twice becomes one, and then her dog does; the taps are counted."""

from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser import steps

NINA = "nina@example.com"


@steps.on("tablet", "desk", "phone")
def test_two_profiles_and_then_two_dogs_become_one(page: Page, app: Flask) -> None:  # CP-10
    steps.let_in(page, app, NINA)
    steps.go(page, "/desk/customers?tab=prospects&q=moreau")
    steps.follow(page, "Ines Moreau")
    steps.open_menu(page, "Actions")
    steps.follow(page, "Merge", page.locator("#actions"))
    steps.looks_well(page)
    steps.follow(page, "Inès Moreau")
    steps.looks_well(page)
    page.get_by_role("radio", name="ines.moreau@example.net").check()
    page.get_by_role("button", name="Merge Records").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("This cannot be undone.")
    steps.looks_well(page)
    with steps.another_page(page):
        dialog.get_by_role("button", name="Merge Records").click()
    steps.says(page, "The two profiles of Inès Moreau are one now.")
    expect(page.get_by_role("link", name="ines.moreau@example.net")).to_be_visible()
    pets = steps.part(page, "Pets 2")
    expect(pets.get_by_role("link", name="Coco")).to_have_count(2)
    with steps.another_page(page):
        pets.get_by_role("link", name="Coco").last.click()
    steps.follow(page, "Merge")
    steps.looks_well(page)
    steps.follow(page, "Coco", page.get_by_role("list", name="Pets of Inès Moreau"))
    steps.looks_well(page)
    page.get_by_role("button", name="Merge Records").click()
    with steps.another_page(page):
        page.get_by_role("dialog").get_by_role("button", name="Merge Records").click()
    steps.says(page, "The two records of Coco are one now.")


@steps.on("tablet")
@steps.without_javascript
def test_two_profiles_become_one_without_javascript(page: Page, app: Flask) -> None:  # CP-10, NAV-7
    steps.let_in(page, app, NINA)
    steps.go(page, "/desk/customers?tab=prospects&q=moreau")
    steps.follow(page, "Ines Moreau")
    steps.go(page, f"{page.url}/merger")
    page.get_by_label("Search clients and prospects").fill("coco")
    steps.press(page, "Find")
    steps.follow(page, "Inès Moreau")
    page.get_by_role("radio", name="(212) 555-0161").check()
    steps.press(page, "Merge Records")
    expect(page.get_by_role("heading", name="Merge Ines Moreau into Inès Moreau?")).to_be_visible()
    steps.press(page, "Merge Records")
    steps.says(page, "The two profiles of Inès Moreau are one now.")
    expect(page.get_by_role("link", name="(212) 555-0161").first).to_be_visible()
