"""The calendar of the desk, and a class from the first tap to the last date that is called off."""

from datetime import date, timedelta

from flask import Flask
from playwright.sync_api import Page, expect

from portal import wording
from portal.db import db, now
from portal.models import Delivery, ServiceSession
from tests.browser import steps

ZONE = "America/New_York"


def a_week_ahead() -> date:
    return wording.today_in(ZONE, now()) + timedelta(days=7)


def looks_well(page: Page, scripts: bool) -> None:
    """Whatever looks is a script itself."""
    if scripts:
        steps.looks_well(page)


def first_line(page: Page) -> list[float]:
    """Where the days of a month begin that stand beside the first of them."""
    boxes = [day.bounding_box() for day in page.locator(".calendar__day:visible").all()]
    return [box["x"] for box in boxes if box and boxes[0] and box["y"] == boxes[0]["y"]]


@steps.every_screen
def test_a_day_a_week_and_a_month_can_be_read_and_reached(page: Page, app: Flask, screen: str) -> None:  # FD-2
    steps.let_in(page, app, "theo@example.com")
    steps.go(page, "/desk/calendar")
    with steps.no_page_load(page):
        for view in ("Day", "Month", "Week"):
            page.get_by_role("link", name=view, exact=True).click()
            expect(page.get_by_role("link", name=view, exact=True)).to_have_attribute("aria-current", "true")
            assert f"view={view.lower()}" in page.url
            steps.looks_well(page)
            steps.no_small_targets(page)
            if view == "Month":
                assert len(first_line(page)) == (1 if screen == "phone" else 7)
        title = page.locator("#calendar-title").text_content() or ""
        page.get_by_role("link", name="Week after").click()
        expect(page.locator("#calendar-title")).not_to_have_text(title)
        expect(page.get_by_role("link", name="Week after")).to_be_focused()
    page.go_back()
    expect(page.locator("#calendar-title")).to_have_text(title)


@steps.both_ways
@steps.on("tablet")
def test_a_class_from_the_first_tap_to_the_last(page: Page, app: Flask, scripts: bool) -> None:  # FD-2, POR-2
    first = a_week_ahead()
    steps.let_in(page, app, "theo@example.com")
    steps.go(page, f"/desk/calendar?day={first}")
    steps.follow(page, "Add Class")
    expect(page.get_by_label("Day", exact=True)).to_have_value(str(first))
    page.get_by_label("Class", exact=True).select_option("Nose Work Drop-in")
    page.get_by_label("Starts at").fill("04:10")
    page.get_by_label("Places").fill("3")
    page.get_by_label("By the week, on the weekdays below").check()
    page.get_by_label("After so many dates").check()
    page.get_by_label("Number of dates").fill("4")
    page.get_by_role("button", name="Show Dates").click()
    expect(page.get_by_role("heading", name="4 dates")).to_be_visible()
    expect(page.get_by_role("region", name="Dates")).to_contain_text(wording.full_day(first + timedelta(days=21)))
    looks_well(page, scripts)
    steps.press(page, "Add Class")
    steps.says(page, "4 classes are added.")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nose Work Drop-in")
    looks_well(page, scripts)
    steps.follow(page, "Change")
    page.get_by_label("Starts at").fill("05:20")
    page.get_by_label("This and following dates").check()
    steps.press(page, "Save")
    steps.says(page, "4 dates are changed.")
    page.get_by_role("link", name="Call Off").click()
    page.get_by_label("Reason, for the clients to read").fill("The field is under water")
    looks_well(page, scripts)
    steps.press(page, "Call Off")
    steps.says(page, "1 date is called off.")
    expect(page.get_by_text("The field is under water")).to_be_visible()
    with app.app_context():
        made = db.session.query(ServiceSession).order_by(ServiceSession.id.desc()).limit(4).all()[::-1]
        assert [f"{wording.local(row.starts_at, ZONE):%H:%M}" for row in made] == ["05:20"] * 4
        assert [bool(row.called_off_at) for row in made] == [True, False, False, False]
        assert db.session.query(Delivery).filter(Delivery.subject.startswith("Called off")).count() == 0
    steps.go(page, f"/desk/calendar?view=day&day={first}")
    gone = page.get_by_role("link", name="5:20").first
    expect(gone).to_contain_text("Called off")
