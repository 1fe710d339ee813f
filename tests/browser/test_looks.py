"""What appears after a swap is as readable as the page it came into; and for every way of looking at it."""

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import String, update

from portal.db import Base, db, now
from portal.models import Client
from portal.rules import links
from tests import samples
from tests.browser import axe, steps

FAKE = steps.file("scan.jpg", "image/jpeg", samples.exe())


def well(page: Page, what: Locator) -> None:
    """Light and dark, on a phone and at the desk; of the dark, axe is asked about its colours."""
    expect(what).to_be_visible()
    page.emulate_media(color_scheme="light")
    steps.looks_well(page)
    page.emulate_media(color_scheme="dark")
    steps.looks_well(page, axe.CONTRAST)


@steps.on("phone", "desk")
def test_what_comes_when_a_booking_is_cancelled_looks_well(page: Page, app: Flask) -> None:
    steps.let_in(page, app)
    steps.go(page, "/")
    agility = steps.row(page, "Agility for Beginners")
    agility.get_by_role("button", name="More for").click()
    well(page, page.get_by_role("link", name="Cancel Booking"))
    page.get_by_role("link", name="Cancel Booking").click()
    well(page, page.get_by_role("dialog"))
    page.get_by_role("button", name="Cancel Booking").click()
    well(page, agility.get_by_role("button", name="Undo"))
    page.get_by_role("button", name="Account of").click()
    well(page, page.get_by_role("button", name="Sign Out"))


@steps.refusals
@steps.on("phone", "desk")
def test_forms_with_errors_and_toasts_look_well(page: Page, app: Flask) -> None:
    page.goto("/register")
    steps.press(page, "Register")
    well(page, page.get_by_role("alert"))
    steps.let_in(page, app)
    steps.go(page, "/pets/new")
    page.get_by_label("Name").fill("Olive")
    page.get_by_label("Photo", exact=True).set_input_files(FAKE)
    page.get_by_role("button", name="Add Pet").click()
    well(page, page.locator("[aria-invalid=true]"))
    page.get_by_role("button", name="Remove scan.jpg").click()
    page.get_by_label("Type").select_option("Cat")
    steps.press(page, "Add Pet")
    steps.says(page, "Olive is added.")
    well(page, page.locator(".toast"))


@steps.refusals
@steps.allow_console("status of 410")
@steps.on("phone", "desk")
def test_the_pages_behind_a_mailed_link_look_well(page: Page, app: Flask) -> None:  # SI-5
    with app.app_context():
        omar = db.session.query(Client).filter_by(first_name="Omar").one()
        link = links.to_set_password(omar, links.Purpose.RESET, at=now())
    steps.go(page, link)
    well(page, page.get_by_label("New password", exact=True))
    page.get_by_label("New password", exact=True).fill("password")
    steps.press(page, "Set Password & Login")
    well(page, page.get_by_role("alert"))
    steps.go(page, "/password/of-somebody-else")
    well(page, page.get_by_role("link", name="Get a New Link"))


@steps.refusals
@steps.on("phone", "desk")
def test_a_form_in_a_row_looks_well(page: Page, app: Flask) -> None:  # VAX-3
    steps.let_in(page, app)
    steps.go(page, "/pets/1/vaccines")
    row = steps.row(page, "DHPP")
    row.get_by_role("link", name="DHPP").click()
    well(page, row.get_by_role("button", name="Update Vaccination Record"))
    row.get_by_label("Vaccination Record").set_input_files(FAKE)
    row.get_by_role("button", name="Update Vaccination Record").click()
    well(page, row.get_by_text("it is a program"))


@pytest.mark.parametrize(
    "media",
    [{"reduced_motion": "reduce"}, {"forced_colors": "active"}, {"contrast": "more"}, {"media": "print"}],
    ids=lambda media: next(iter(media)),
)
def test_my_bookings_for_every_way_of_looking(page: Page, app: Flask, media: dict[str, str]) -> None:  # NAV-7
    page.emulate_media(**media)
    steps.let_in(page, app)
    steps.go(page, "/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(steps.row(page, "Agility for Beginners").get_by_role("link")).to_be_visible()
    if "media" in media:
        expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
        expect(page.get_by_role("button", name="More for Agility")).to_be_hidden()
        return
    steps.no_sideways(page)
    steps.cancel(page, steps.row(page, "Agility for Beginners"))
    expect(page.get_by_role("button", name="Undo")).to_be_visible()


def test_a_week_on_a_phone_leads_to_today(page: Page, app: Flask) -> None:  # CAL-1
    """Empty days that are over stand before it only where the whole week is over."""
    steps.let_in(page, app)
    steps.go(page, "/calendar")
    days = page.locator(".calendar__day")
    expect(days).to_have_count(7)
    over = page.locator(".calendar__day--past:has(.calendar__none)").count()
    expect(days.filter(visible=True)).to_have_count(7 - over)
    page.get_by_role("link", name="Week before").click()
    expect(page.locator("[aria-current=date]")).to_have_count(0)
    expect(days.filter(visible=True)).to_have_count(7)
    page.set_viewport_size({"width": 1180, "height": 820})
    steps.go(page, "/calendar")
    expect(days.filter(visible=True)).to_have_count(7)


LONG = "Wirtschaftsprueferinnen"
FILES = ("document", "note_file", "stored_document")
HERS = ["/", "/profile", "/bookings/1", "/bookings/4/move", "/bookings/4/cancellation", "/pets/1", "/messages/1"]
THEIRS = ["/calendar", "/classes/1", "/classes/1/change", "/pets/1", "/pets/1/merger", "/vaccines", "/inbox/1"]
SET = ["/settings/vaccines", "/settings/locations/1", "/settings/services", "/customers/1"]


def lengthen(app: Flask) -> None:
    """Whatever has a name has a long word in it; only a file's name ends as the file's kind says."""
    with app.app_context():
        for table in Base.metadata.tables.values():
            for column in table.c:
                if column.name.endswith("name") and isinstance(column.type, String) and table.name not in FILES:
                    db.session.execute(update(table).where(column != "").values({column: column + f" {LONG}"}))
        db.session.commit()


@pytest.mark.parametrize(
    ("email", "addresses"),
    [("rosa@example.com", HERS), ("nina@example.com", [f"/desk{rest}" for rest in THEIRS + SET])],
    ids=["client", "staff"],
)
def test_a_long_word_breaks_where_large_text_leaves_no_room(  # NAV-7
    page: Page, app: Flask, email: str, addresses: list[str]
) -> None:
    lengthen(app)
    steps.let_in(page, app, email)
    with steps.large_text(page):
        for address in addresses:
            steps.go(page, address)
            steps.no_sideways(page)
