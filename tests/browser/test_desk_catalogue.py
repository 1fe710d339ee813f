"""A manager says what can be booked, by whom and when, and what clients do by themselves."""

from datetime import date, timedelta

from flask import Flask
from playwright.sync_api import Page, expect

from portal import wording
from portal.db import db, now
from portal.demo.catalogue import ZONE
from portal.models import Booking, BookingProvider, Provider, Service
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
    without_scripts,
)


def look(page: Page) -> None:
    """What looks at a page is a script itself."""
    if page.context not in without_scripts:
        looks_well(page)
        no_small_targets(page)


@on("tablet", "phone")
@both_ways
@refusals
def test_a_service_of_its_kind_is_added(page: Page, app: Flask) -> None:  # POR-2, SB-2
    let_in(page, app, "nina@example.com")
    go(page, "/desk/settings/services")
    look(page)
    follow(page, "Add Service")
    expect(page.get_by_label("Kept free before")).to_be_visible()
    expect(page.get_by_label("Nights at least")).to_be_hidden()
    page.get_by_label("Kind", exact=True).select_option("Stay")
    expect(page.get_by_label("Kept free before")).to_be_hidden()
    look(page)
    page.get_by_label("Name", exact=True).fill("Winter Camp")
    page.get_by_label("Price", exact=True).fill("1.250,00")
    page.get_by_label("Arriving from").fill("15:00")
    page.get_by_label("Leaving until").fill("11:00")
    page.get_by_label("Pets a day at Maple Street").fill("6")
    page.get_by_role("button", name="Add Service").click()
    expect(page.get_by_text("Write the amount with figures")).to_be_visible()
    page.get_by_label("Price", exact=True).fill("70")
    press(page, "Add Service")
    says(page, "Winter Camp is added.")
    expect(page.get_by_role("textbox", name="Direct link")).to_have_value(
        f"{app.extensions['portal-settings'].url}{link(page)}"
    )
    expect(page.get_by_label("Pets a day at Maple Street")).to_have_value("6")
    look(page)


def link(page: Page) -> str:
    """The address of the service whose page this is."""
    return f"/book-online?service={page.url.rpartition('/')[2]}"


def groomed_by(name: str) -> date:
    """Rosa’s next full groom, which is tomorrow, is theirs: something to find in their time off at whatever hour."""
    upcoming = db.session.query(Booking).join(Service).filter(Service.name == "Full Groom", Booking.starts_at > now())
    booking = upcoming.order_by(Booking.starts_at.desc()).first()
    assert booking
    theirs = db.session.query(Provider).filter_by(name=name).one()
    for given in db.session.query(BookingProvider).filter_by(booking_id=booking.id):
        db.session.delete(given)
    db.session.add(BookingProvider(booking_id=booking.id, provider_id=theirs.id))
    db.session.commit()
    return wording.local(booking.starts_at, ZONE).date()


@on("tablet", "phone")
@both_ways
@refusals
def test_hours_and_time_off_are_set(page: Page, app: Flask) -> None:  # SB-3
    let_in(page, app, "nina@example.com")
    go(page, "/desk/settings/providers")
    look(page)
    follow(page, "Ana Silva")
    follow(page, "Riverside")
    look(page)
    page.get_by_label("Sunday from", exact=True).fill("09:00")
    page.get_by_label("Sunday to", exact=True).fill("08:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The end lies before the beginning.")).to_be_visible()
    page.get_by_label("Sunday to", exact=True).fill("12:00")
    page.get_by_label("Sunday from, 2").fill("13:00")
    page.get_by_label("Sunday to, 2").fill("15:00")
    press(page, "Save")
    says(page, "Saved.")
    expect(page.locator(".row__small", has_text="Sun 9:00")).to_contain_text("and 1:00")
    follow(page, "Add Time Off")
    look(page)
    with app.app_context():
        day = groomed_by("Ana Silva")
    page.get_by_label("First day").fill(f"{day}")
    page.get_by_label("Last day").fill(f"{day + timedelta(days=60)}")
    page.get_by_label("Reason").fill("A long journey")
    press(page, "Add Time Off")
    says(page, "Ana Silva is away then.")
    expect(page.get_by_text("A long journey")).to_be_visible()
    expect(page.get_by_text("in this time")).to_be_visible()
    look(page)


@on("tablet")
@both_ways
def test_a_membership_is_given_and_ended(page: Page, app: Flask) -> None:  # CP-6
    let_in(page, app, "theo@example.com")
    go(page, "/desk/customers?q=omar")
    follow(page, "Omar Haddad")
    go(page, f"{page.url}/memberships")
    follow(page, "Add Membership")
    look(page)
    press(page, "Add Membership")
    expect(page.get_by_text("Active", exact=True)).to_be_visible()
    look(page)
    press(page, "End Paw Club")
    says(page, "Paw Club is ended.")
    expect(page.get_by_role("button", name="End Paw Club")).to_be_hidden()


@on("phone")
@both_ways
def test_what_clients_do_themselves_is_closed(page: Page, another: Page, app: Flask) -> None:  # POR-3
    let_in(page, app, "nina@example.com")
    go(page, "/desk/settings/self-booking")
    look(page)
    page.get_by_label("Clients add and change their pets").uncheck()
    page.get_by_role("button", name="Save").click()
    says(page, "Saved.")
    let_in(another, app)
    go(another, "/pets")
    expect(another.get_by_role("heading", name="My Pets")).to_be_visible()
    expect(another.get_by_role("link", name="Add Pet")).to_have_count(0)
