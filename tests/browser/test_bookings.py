"""A client's day on a phone: what is booked is cancelled, brought back, and what is waited for is given up."""

from flask import Flask
from playwright.sync_api import Page, expect

from portal.db import db
from portal.models import Booking, Service
from tests.browser import steps


def let_the_groom_be_cancelled(app: Flask) -> None:
    """It is tomorrow at nine, so its own limit of 24 hours has passed on most hours of the day."""
    with app.app_context():
        groom = (
            db.session.query(Booking).join(Service).filter(Service.name == "Full Groom").order_by(Booking.id).first()
        )
        groom.cancel_hours = 0
        db.session.commit()


@steps.every_screen
def test_a_booking_is_cancelled_in_its_row_and_brought_back(page: Page, app: Flask) -> None:  # BK-3 BK-4 NAV-5
    let_the_groom_be_cancelled(app)
    steps.sign_in(page)
    upcoming, glance = steps.part(page, "Upcoming Bookings"), steps.part(page, "At a glance")
    groom = steps.row(upcoming, "Full Groom")
    with steps.no_page_load(page):
        expect(glance).to_contain_text("Biscuit’s Full Groom")
        steps.cancel(page, groom)
        expect(groom).to_contain_text("Cancelled. Your place is held for a moment.")
        expect(groom).to_be_focused()
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(glance).not_to_contain_text("Full Groom")
        expect(glance).to_contain_text("Unread messages")
        groom.get_by_role("button", name="Undo").click()
        expect(groom).not_to_contain_text("Cancelled")
        expect(groom.get_by_role("button", name="More for Full Groom")).to_be_visible()
        expect(glance).to_contain_text("Biscuit’s Full Groom")


def test_a_booking_is_cancelled_in_a_list_and_on_its_page(page: Page, app: Flask) -> None:  # BK-1 BK-5
    steps.let_in(page, app)
    steps.go(page, "/")
    steps.follow(page, "View All 10")
    agility = steps.row(page, "Agility for Beginners")
    with steps.no_page_load(page):
        steps.cancel(page, agility)
        expect(agility).to_contain_text("Cancelled.")
    steps.follow(page, "Agility for Beginners", agility)
    expect(page.get_by_role("main")).to_contain_text("Cancelled")
    expect(page.get_by_role("link", name="Cancel Booking")).to_have_count(0)
    for move in (page.go_back, page.go_forward, page.go_back, page.reload):
        move()
        expect(page.get_by_role("navigation", name="Main")).to_be_visible()
        expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_text("Upcoming Bookings")


PRESSED_AS_IT_COMES = """new MutationObserver((_, watch) => {
  const button = document.querySelector("#dialog-room form button:not([type])")
  if (!button) return
  watch.disconnect()
  button.click()
}).observe(document.body, { childList: true, subtree: true })"""


def test_what_is_swapped_in_listens_in_the_same_moment(page: Page, app: Flask) -> None:  # NAV-5
    steps.let_in(page, app)
    steps.go(page, "/bookings/upcoming")
    agility = steps.row(page, "Agility for Beginners")
    with steps.no_page_load(page):
        page.evaluate(PRESSED_AS_IT_COMES)
        steps.open_menu(agility, "More for")
        agility.get_by_role("link", name="Cancel Booking").click()
        expect(agility).to_contain_text("Your place is held for a moment.")


@steps.without_javascript
def test_a_booking_is_cancelled_without_javascript(page: Page, app: Flask) -> None:  # BK-4 NAV-7
    let_the_groom_be_cancelled(app)
    steps.sign_in(page)
    steps.cancel(page, steps.row(steps.part(page, "Upcoming Bookings"), "Full Groom"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Full Groom")
    steps.says(page, "Cancelled. You can undo this for 10 seconds.")
    steps.press(page, "Undo")
    steps.says(page, "Your booking is back.")
    expect(page.get_by_role("link", name="Cancel Booking")).to_be_visible()
    steps.go(page, "/")
    expect(steps.part(page, "At a glance")).to_contain_text("Biscuit’s Full Groom")


@steps.without_javascript
def test_keep_it_keeps_it(page: Page, app: Flask) -> None:
    steps.let_in(page, app)
    steps.go(page, "/")
    steps.ask_to_cancel(page, steps.row(page, "Agility for Beginners"))
    steps.follow(page, "Keep It")
    expect(page.get_by_role("main")).not_to_contain_text("Cancelled")
    expect(page.get_by_role("link", name="Cancel Booking")).to_be_visible()


def test_a_waitlist_entry_is_removed_in_its_row(page: Page, app: Flask) -> None:  # WL-1 WL-2 WL-3
    steps.let_in(page, app)
    steps.go(page, "/")
    with steps.no_page_load(page):
        manners = steps.row(steps.part(page, "Waitlists"), "Puppy Manners")
        manners.get_by_role("button", name="Remove Puppy Manners").click()
        expect(manners).to_contain_text("Removed from your waitlists.")
        nose_work = steps.row(steps.part(page, "Upcoming Bookings"), "Nose Work Drop-in")
        nose_work.get_by_role("button", name="Remove Nose Work Drop-in").click()
        expect(nose_work).to_contain_text("Removed from your waitlists.")
        nose_work.get_by_role("button", name="Undo").click()
        expect(nose_work).to_contain_text("Waitlisted")
    steps.go(page, "/")
    expect(page.get_by_role("button", name="Remove Puppy Manners")).to_have_count(0)
    expect(page.get_by_role("button", name="Remove Nose Work Drop-in")).to_have_count(1)


@steps.without_javascript
def test_a_waitlist_entry_is_removed_without_javascript(page: Page, app: Flask) -> None:  # WL-3 NAV-7
    steps.let_in(page, app)
    steps.go(page, "/")
    steps.press(page, "Remove Puppy Manners for Juno from your waitlists")
    steps.says(page, "Puppy Manners is removed from your waitlists.")
    expect(page.get_by_role("button", name="Remove Puppy Manners")).to_have_count(0)
    expect(page.get_by_role("button", name="Remove Holiday Cat Boarding")).to_have_count(1)
    steps.press(page, "Undo")
    steps.says(page, "Puppy Manners is back on your waitlists.")
    expect(page.get_by_role("button", name="Remove Puppy Manners")).to_have_count(1)
