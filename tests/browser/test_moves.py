"""A booking gets another time: by its client on a phone, by the desk on a tablet."""

import re
from datetime import date, timedelta

from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.steps import both_ways, follow, go, let_in, looks_well, on, press, refusals, says


@on("phone")
@both_ways
def test_rosa_moves_a_day(page: Page, app: Flask, scripts: bool) -> None:  # BK-6
    let_in(page, app)
    go(page, "/bookings/upcoming")
    page.get_by_role("link", name="Daycare, half day", exact=True).first.click()
    follow(page, "Reschedule")
    if scripts:
        looks_well(page)
    page.locator(".times a").last.click()
    expect(page.get_by_role("heading", name="Move it here?")).to_be_visible()
    page.get_by_role("button", name="Move Booking").click()
    says(page, "Your booking is moved.")


@on("phone")
@both_ways
def test_what_stands_in_the_way_is_mended_and_leads_back(page: Page, app: Flask, scripts: bool) -> None:  # SB-12 VAX-5
    let_in(page, app)
    go(page, "/bookings/upcoming")
    page.get_by_role("link", name="Boarding", exact=True).click()
    follow(page, "Reschedule")
    leaving = date.fromisoformat(page.get_by_label("Leaving").input_value())
    page.get_by_label("Leaving").fill(str(leaving + timedelta(days=1)))
    page.get_by_role("button", name="Look at These Days").click()
    expect(page.get_by_text("Why can’t I book this?")).to_be_visible()
    expect(page.get_by_role("button", name="Move Booking")).to_have_count(0)
    if scripts:
        looks_well(page)
    page.get_by_role("link", name="Update Rabies").first.click()
    expect(page.get_by_role("link", name="Rabies", exact=True)).to_be_visible()
    follow(page, "Your booking")
    expect(page.get_by_role("heading", name="Move it here?")).to_be_visible()


@on("tablet")
@both_ways
@refusals
def test_the_desk_confirms_and_declines(page: Page, app: Flask, scripts: bool) -> None:  # FD-3 BK-7
    let_in(page, app, "theo@example.com")
    go(page, "/desk/requests")
    if scripts:
        looks_well(page)
    page.get_by_role("link", name="Decline Pepper").click()
    press(page, "Decline")
    expect(page.get_by_text("Give a reason: the client reads it.")).to_be_visible()
    if scripts:
        looks_well(page)
    page.get_by_label("Reason").fill("We are full that morning.")
    press(page, "Decline")
    says(page, "Declined: Pepper.")
    expect(page.get_by_role("link", name="Decline Pepper")).to_have_count(0)


@on("tablet")
@refusals
def test_the_desk_moves_and_cancels(page: Page, app: Flask) -> None:  # FD-2
    let_in(page, app, "nina@example.com")
    go(page, "/desk/requests")
    follow(page, re.compile("^Biscuit and Juno, Daycare, full day$"))
    looks_well(page)
    follow(page, "Move")
    looks_well(page)
    page.get_by_label("Start").fill("03:00")
    page.get_by_label("End").fill("02:00")
    press(page, "Move")
    expect(page.get_by_text("This is not after the start.")).to_be_visible()
    follow(page, "Leave It")
    follow(page, "Cancel Booking")
    looks_well(page)
    page.get_by_role("button", name="Cancel Booking").click()
    says(page, "Cancelled: Biscuit and Juno. You can undo it.")
    page.get_by_role("button", name="Undo").click()
    says(page, "Booked again: Biscuit and Juno.")
