"""A vaccine is brought up to date on the pet's page, with the certificate from the phone."""

import re
from datetime import timedelta

from flask import Flask
from playwright.sync_api import Page, expect

from portal import wording
from portal.db import now
from portal.demo.catalogue import ZONE
from tests import samples
from tests.browser import steps

CERTIFICATE = steps.file("influenza.pdf", "application/pdf", samples.pdf())
FAKE = steps.file("scan.pdf", "application/pdf", samples.exe())


def in_a_year() -> str:
    return str(wording.local(now(), ZONE).date() + timedelta(days=365))


def open_the_vaccines(page: Page, app: Flask) -> None:
    steps.let_in(page, app)
    steps.go(page, "/pets")
    expect(steps.row(page, "Biscuit")).to_contain_text("Missing Vaccine Information")
    steps.follow(page, "Biscuit", steps.row(page, "Biscuit"))
    steps.follow(page, "Vaccines 3 to update")


@steps.refusals
def test_a_vaccine_is_updated_in_its_row(page: Page, app: Flask) -> None:  # VAX-1 VAX-3
    open_the_vaccines(page, app)
    flags, tab = page.locator(".page__title"), page.get_by_role("link", name=re.compile("^Vaccines"))
    influenza = steps.row(page, "Canine Influenza")
    with steps.no_page_load(page):
        influenza.get_by_role("link", name="Canine Influenza").click()
        influenza.get_by_label("Vaccination Record").set_input_files(FAKE)
        influenza.get_by_label("Expiry Date").fill(in_a_year())
        influenza.get_by_role("button", name="Update Vaccination Record").click()
        expect(influenza).to_contain_text("it is a program")
        expect(influenza.get_by_label("Vaccination Record")).to_be_focused()
        expect(influenza.get_by_label("Expiry Date")).to_have_value(in_a_year())
        influenza.get_by_label("Vaccination Record").set_input_files(CERTIFICATE)
        influenza.get_by_role("button", name="Update Vaccination Record").click()
        expect(influenza).to_contain_text("Up to Date")
        expect(influenza).to_contain_text("Not yet checked")
        expect(influenza).not_to_contain_text("No vaccination record on file")
        expect(influenza.get_by_role("link", name="Canine Influenza")).to_be_focused()
        expect(tab).to_contain_text("2 to update")
        expect(flags).to_contain_text("Expiring Vaccines")
        expect(flags).not_to_contain_text("Missing Vaccine Information")
    influenza.get_by_role("link", name="Canine Influenza").click()
    expect(influenza).to_contain_text("influenza.pdf")
    influenza.get_by_label("Remove file").check()
    influenza.get_by_role("button", name="Update Vaccination Record").click()
    expect(influenza).to_contain_text("No vaccination record on file")


@steps.refusals
@steps.without_javascript
def test_a_vaccine_is_updated_without_javascript(page: Page, app: Flask) -> None:  # VAX-3 NAV-7
    open_the_vaccines(page, app)
    steps.follow(page, "Canine Influenza")
    page.get_by_label("Vaccination Record").set_input_files(FAKE)
    page.get_by_label("Expiry Date").fill(in_a_year())
    steps.press(page, "Update Vaccination Record")
    expect(page.get_by_label("Vaccination Record")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Expiry Date")).to_have_value(in_a_year())
    page.get_by_label("Vaccination Record").set_input_files(CERTIFICATE)
    steps.press(page, "Update Vaccination Record")
    steps.says(page, "Biscuit’s Canine Influenza is updated.")
    expect(steps.row(page, "Canine Influenza")).to_contain_text("Up to Date")
    expect(page.get_by_role("link", name="Vaccines 2 to update")).to_be_visible()


@steps.on("tablet", "desk")
def test_a_pet_on_a_tablet(page: Page, app: Flask) -> None:  # PET-2
    open_the_vaccines(page, app)
    steps.row(page, "Canine Influenza").get_by_role("link", name="Canine Influenza").click()
    expect(page.get_by_role("button", name="Update Vaccination Record")).to_be_visible()
    steps.looks_well(page)
