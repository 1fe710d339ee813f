"""Staff put tags on, write what they know, and set up both; the taps are counted."""

from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.steps import both_ways, follow, go, let_in, looks_well, no_page_load, on, press, refusals, row, says


@on("tablet", "phone")
def test_a_tag_goes_on_off_and_back_in_one_tap_each(page: Page, app: Flask) -> None:  # CP-6
    let_in(page, app, "theo@example.com")
    go(page, "/desk/customers?q=omar")
    follow(page, "Omar Haddad")
    with no_page_load(page):
        page.get_by_role("link", name="Tag", exact=True).click()
        dialog = page.get_by_role("dialog", name="Tag Omar Haddad")
        looks_well(page)
        page.get_by_label("Find or make a tag").fill("zzz")
        expect(dialog.get_by_text("A manager can make new ones")).to_be_visible()
        page.get_by_label("Find or make a tag").fill("vi")
        dialog.get_by_role("button", name="VIP").click()
        expect(dialog).to_have_count(0)
        expect(page.get_by_role("link", name="Tag", exact=True)).to_be_focused()
        page.get_by_role("button", name="Take off VIP").click()
        undo = page.get_by_role("form", name="VIP is off")
        expect(undo.get_by_role("button", name="Undo")).to_be_focused()
        looks_well(page)
        undo.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("button", name="Take off VIP")).to_be_visible()
    go(page, "/desk/customers")
    page.get_by_role("button", name="All tags").click()
    looks_well(page)
    follow(page, "VIP")
    expect(page.get_by_role("link", name="Omar Haddad")).to_be_visible()
    expect(page.get_by_role("link", name="Ben Adeyemi")).to_have_count(0)


@on("tablet")
@both_ways
@refusals
def test_what_is_known_of_a_pet_is_written_down(page: Page, app: Flask, scripts: bool) -> None:  # CP-6, CP-2
    let_in(page, app, "theo@example.com")
    go(page, "/desk/customers?q=juno")
    follow(page, "Rosa Delgado")
    follow(page, "Juno")
    page.get_by_role("link", name="Weight (lb)").click()
    page.get_by_label("Weight (lb)").fill("a lot")
    page.get_by_role("button", name="Update").click()
    expect(page.get_by_text("This is not a number")).to_be_visible()
    if scripts:
        looks_well(page)
    page.get_by_label("Weight (lb)").fill("24.5")
    page.get_by_role("button", name="Update").click()
    expect(row(page, "Weight (lb)")).to_contain_text("24.5")
    page.get_by_role("link", name="Escape artist").click()
    page.get_by_label("Yes", exact=True).check()
    page.get_by_role("button", name="Update").click()
    expect(page.locator("#own_tags")).to_contain_text("Escape artist")
    page.get_by_text("Show More").click()
    page.get_by_role("link", name="Microchip").click()
    page.get_by_label("Microchip").fill("981")
    page.get_by_role("button", name="Update").click()
    if scripts:
        expect(row(page, "Microchip")).to_contain_text("981")
        expect(page.get_by_role("dialog")).to_have_count(0)
        looks_well(page)
    else:
        says(page, "Saved.")


@on("desk")
@refusals
def test_tags_and_attributes_are_set_up(page: Page, app: Flask) -> None:  # POR-2
    let_in(page, app, "nina@example.com")
    go(page, "/desk/settings")
    follow(page, "Tags")
    looks_well(page)
    page.get_by_role("button", name="Move VIP down").click()
    expect(page.get_by_role("button", name="Move VIP down")).to_be_focused()
    expect(page.get_by_role("heading", level=3).first).to_have_text("Multi-pet family")
    follow(page, "Add Tag")
    page.get_by_label("Name").fill("vip")
    page.get_by_role("button", name="Add Tag").click()
    expect(page.get_by_text("There is a tag “vip” already.")).to_be_visible()
    looks_well(page)
    page.get_by_label("Name").fill("Neighbour")
    page.get_by_label("Plum").check()
    press(page, "Add Tag")
    follow(page, "VIP")
    page.get_by_role("link", name="Remove Tag").click()
    expect(page.get_by_role("dialog")).to_contain_text("1 client has it")
    looks_well(page)
    press(page, "Remove Tag")
    says(page, "“VIP” is removed.")
    follow(page, "Attributes")
    looks_well(page)
    follow(page, "Add Attribute")
    expect(page.get_by_label("Choices")).to_be_hidden()
    page.get_by_label("Name").fill("Leash")
    page.get_by_label("Pets").check()
    page.get_by_label("Kind").select_option("One of several choices")
    page.get_by_label("Choices").fill("Short\nLong")
    looks_well(page)
    press(page, "Add Attribute")
    follow(page, "Allergies")
    page.get_by_label("Kind").select_option("Date")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("it stays “Text”")).to_be_visible()
    press(page, "Retire")
    expect(page.get_by_role("heading", name="Retired")).to_be_visible()
    looks_well(page)
