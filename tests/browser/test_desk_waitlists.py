"""The waitlists at the desk: looked at, and a place offered by hand."""

from flask import Flask
from playwright.sync_api import Page, expect

from portal.db import db
from portal.models import Service, ServiceSession, WaitlistEntry
from tests.browser import steps


def make_room(app: Flask) -> None:
    """In every class that somebody waits for, and for whoever it is."""
    with app.app_context():
        waited_for = db.session.query(WaitlistEntry.service_session_id).filter(WaitlistEntry.removed_at.is_(None))
        for session in db.session.query(ServiceSession).filter(ServiceSession.id.in_(waited_for)):
            session.capacity += 2
        db.session.query(Service).update({Service.notice_minutes: 0})
        db.session.commit()


@steps.on("tablet", "phone")
@steps.both_ways
def test_a_place_is_offered_by_hand(page: Page, app: Flask, scripts: bool) -> None:  # FD-3 WL-5
    make_room(app)
    steps.let_in(page, app, "theo@example.com")
    steps.go(page, "/desk/waitlists")
    expect(page.get_by_role("heading", level=1)).to_have_text("Waitlists")
    if scripts:
        steps.looks_well(page)
    with steps.another_page(page):
        page.get_by_role("link", name="Nose Work Drop-in").first.click()
    if scripts:
        steps.looks_well(page)
    with steps.another_page(page):
        page.get_by_role("button", name="Offer a Place to Rosa Delgado").first.click()
    expect(page.get_by_role("main")).to_contain_text("held until")
    steps.says(page, "The place is held, and Rosa Delgado is told.")
    with steps.another_page(page):
        page.get_by_role("link", name="Remove").first.click()
    steps.press(page, "Remove")
    steps.says(page, "is off the waitlist.")
