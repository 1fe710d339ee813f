"""A list of customers is brought in at the desk; the taps are counted."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.rules import client_imports
from tests import stage
from tests.browser.steps import both_ways, file, follow, go, let_in, looks_well, on, press, refusals

LIST = "First name;Last name;E-mail;Phone;Pet\nNora;Berg;nora@example.com;(212) 555-0134;Fig & Gus\nOlav;Berg;;;Nala\n"


def chosen(page: Page) -> None:
    go(page, "/desk/customers")
    follow(page, "Import and Export")
    page.locator("input[name=file]").set_input_files(file("customers.csv", "text/csv", LIST.encode("cp1252")))
    press(page, "Look at the List")
    expect(page.get_by_role("heading", name="What the Columns Hold")).to_be_visible()


@on("tablet")
@both_ways
def test_a_list_is_brought_in(page: Page, app: Flask) -> None:  # CP-12
    """Import and Export, the file, look, check, keep those without e-mail, check, import: seven taps."""
    let_in(page, app, "nina@example.com")
    chosen(page)
    page.get_by_role("button", name="Check the List").click()
    expect(page.get_by_text("1 problem to mend")).to_be_visible()
    expect(page.get_by_text("Row 3, E-mail")).to_be_visible()
    page.get_by_label("A row has no e-mail").select_option("keep")
    page.get_by_role("button", name="Check the List").click()
    expect(page.get_by_text("2 new clients, 1 of them without e-mail")).to_be_visible()
    page.get_by_role("button", name="Import Now").click()
    expect(page.get_by_text("The list is in")).to_be_visible()
    go(page, "/desk/customers?q=nala")
    expect(page.get_by_role("link", name="Olav Berg")).to_be_visible()


@on("phone", "desk")
@refusals
def test_every_step_looks_well(page: Page, app: Flask) -> None:  # CP-12
    let_in(page, app, "nina@example.com")
    go(page, "/desk/customers/import")
    looks_well(page)
    picture = file("customers.png", "image/png", b"\x89PNG\r\n\x1a\n" + bytes(90))
    page.locator("input[name=file]").set_input_files(picture)
    press(page, "Look at the List")
    expect(page.get_by_text("This is a PNG picture.")).to_be_visible()
    looks_well(page)
    chosen(page)
    looks_well(page)
    page.get_by_label("Between cells").select_option("tab")
    expect(page.get_by_text("Nora;Berg")).to_be_visible()
    page.get_by_label("Between cells").select_option("semicolon")
    expect(page.get_by_text("Nora · Olav")).to_be_visible()
    page.get_by_role("button", name="Check the List").click()
    expect(page.get_by_text("1 problem to mend")).to_be_visible()
    looks_well(page)


@on("tablet")
def test_a_long_list_tells_how_far_it_is(page: Page, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:  # CP-12
    monkeypatch.setattr(client_imports, "SHORT", 0)
    let_in(page, app, "nina@example.com")
    chosen(page)
    page.get_by_label("A row has no e-mail").select_option("keep")
    page.get_by_role("button", name="Check the List").click()
    expect(page.get_by_text("The list is being checked")).to_be_visible()
    looks_well(page)
    stage.command(app, "worker", "--once")
    expect(page.get_by_text("Ready to bring in")).to_be_visible()
    page.get_by_role("button", name="Import Now").click()
    expect(page.get_by_text("The customers are being brought in")).to_be_visible()
    stage.command(app, "worker", "--once")
    expect(page.get_by_text("The list is in")).to_be_visible()


@on("tablet")
def test_a_list_is_saved(page: Page, app: Flask) -> None:  # CP-12
    let_in(page, app, "nina@example.com")
    go(page, "/desk/customers/import")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Pets").click()
    assert saved.value.suggested_filename.startswith("Pets ")
    go(page, "/desk/customers/import")
    expect(page.get_by_text("Pets, Today by Nina")).to_be_visible()
