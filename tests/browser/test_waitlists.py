"""A client waits for a full class, and takes the place that becomes free; and finds the way through the calendar."""

from datetime import date, timedelta

from flask import Flask
from playwright.sync_api import Page, expect

from portal import wording
from portal.db import db, now
from portal.models import Booking, Client, Service, ServiceSession
from portal.rules import bookings
from portal.rules.actors import as_client
from tests import stage
from tests.browser import steps


def full_class(app: Flask) -> tuple[int, date]:
    """In ten days, with a single place that is Omar's: its id and its day."""
    with app.app_context():
        agility = db.session.query(Service).filter_by(name="Agility for Beginners").one()
        omar = db.session.query(Client).filter_by(first_name="Omar").one()
        agility.cancel_hours, agility.cancel_day_before_at = 0, None
        like = db.session.query(ServiceSession).filter_by(service_id=agility.id).first()
        starts = now() + timedelta(days=10)
        session = ServiceSession(
            service_id=agility.id,
            location_id=like.location_id,
            starts_at=starts,
            ends_at=starts + timedelta(minutes=45),
            capacity=1,
        )
        db.session.add(session)
        db.session.flush()
        times = {"starts_at": starts, "session": session, "by": as_client(omar), "at": now()}
        bookings.book(omar, agility, omar.pets[:1], location=like.location, **times)
        db.session.commit()
        return session.id, wording.local(starts, like.location.time_zone).date()


def it_is_cancelled(app: Flask, session_id: int) -> None:
    """Omar cancels, and a moment later the worker does its round."""
    with app.app_context():
        booking = db.session.query(Booking).filter_by(service_session_id=session_id).one()
        bookings.cancel(booking, by=as_client(booking.client), at=now() - timedelta(seconds=20))
    stage.command(app, "worker", "--once")


@steps.refusals
def test_a_full_class_is_waited_for_in_the_calendar_and_its_place_is_taken(
    page: Page, app: Flask
) -> None:  # CAL-4 WL-4 WL-5
    session_id, day = full_class(app)
    steps.let_in(page, app)
    steps.go(page, f"/calendar?view=day&day={day}")
    slot = page.locator(f"#slot-{session_id}")
    expect(slot).to_contain_text("Full, join waitlist")
    steps.looks_well(page)
    with steps.no_page_load(page):
        slot.click()
        expect(page.get_by_role("dialog")).to_contain_text("You would be first in line.")
        steps.looks_well(page)
        page.get_by_role("button", name="Join Waitlist").click()
        steps.says(page, "Choose who is to come.")
        page.get_by_label("Biscuit").check()
        page.get_by_role("button", name="Join Waitlist").click()
        expect(slot).to_contain_text("Waitlisted")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(slot).to_be_focused()
    it_is_cancelled(app, session_id)
    steps.read_letter(page, app, "A place is free: Agility for Beginners")
    steps.go(page, "/")
    expect(steps.part(page, "At a glance")).to_contain_text("A place is free")
    steps.looks_well(page)
    steps.follow(page, "A place is free")
    expect(page.get_by_role("main")).to_contain_text("It is held for you until")
    steps.looks_well(page)
    steps.press(page, "Take the Place")
    steps.says(page, "The place is yours.")
    expect(page.get_by_role("main")).to_contain_text("Biscuit")
    steps.go(page, f"/calendar?view=day&day={day}")
    expect(page.get_by_role("main")).to_contain_text("Registered")


@steps.without_javascript
def test_a_place_is_waited_for_and_let_go_without_javascript(page: Page, app: Flask) -> None:  # WL-4 WL-5 NAV-7
    session_id, day = full_class(app)
    steps.sign_in(page)
    steps.go(page, f"/calendar?view=day&day={day}")
    page.locator(f"#slot-{session_id}").click()
    page.get_by_label("Biscuit").check()
    steps.press(page, "Join Waitlist")
    steps.says(page, "Biscuit: on the waitlist for Agility for Beginners.")
    it_is_cancelled(app, session_id)
    steps.go(page, "/bookings/upcoming")
    steps.follow(page, "Agility for Beginners", steps.row(page, "Agility for Beginners", "A place is free"))
    steps.press(page, "Let It Go")
    steps.says(page, "You have let the place go, and are off this waitlist.")


@steps.every_screen
def test_the_calendar_is_walked_through(page: Page, app: Flask) -> None:  # CAL-2
    _, day = full_class(app)
    steps.let_in(page, app)
    steps.go(page, "/")
    steps.follow(page, "Calendar", page.get_by_role("navigation", name="Main"))
    with steps.no_page_load(page):
        for view in ("Month", "Day", "Week"):
            page.get_by_role("link", name=view, exact=True).click()
            expect(page.get_by_role("link", name=view, exact=True)).to_have_attribute("aria-current", "true")
            steps.looks_well(page)
        title = page.locator("#calendar-title")
        this_week = (title.text_content() or "").strip()
        page.get_by_role("link", name="Week after").click()
        expect(title).not_to_have_text(this_week)
        expect(page.get_by_role("link", name="Week after")).to_be_focused()
        page.get_by_role("link", name="Today", exact=True).click()
        expect(title).to_have_text(this_week)
    page.get_by_role("button", name="choose a day").click()
    page.get_by_label("Go to a day").fill(day.isoformat())
    steps.press(page, "Go")
    expect(page.get_by_role("main")).to_contain_text("Full, join waitlist")
