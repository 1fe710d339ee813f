"""A day at the door: one tap in, one tap out, Undo, two tablets, and the same without JavaScript."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from portal.db import db, now
from portal.models import Attendance, Client, Location, Pet, Service
from portal.rules import bookings
from portal.rules.actors import as_client
from portal.rules.desk_lanes import SHOWN
from tests import cast
from tests.browser import steps


def board(page: Page, app: Flask, email: str = "nina@example.com") -> None:
    steps.let_in(page, app, email)
    steps.go(page, "/desk/")


def lane(page: Page, title: str) -> Locator:
    return steps.part(page, title)


def count(page: Page, title: str) -> int:
    return int(lane(page, title).locator(".board__count").inner_text())


@steps.on("tablet", "desk", "phone")
def test_every_lane_is_in_view_and_everything_can_be_reached(page: Page, app: Flask, screen: str) -> None:  # FD-1
    board(page, app)
    for title in ("Arrivals", "In the house", "Departures", "Classes"):
        if screen == "phone":
            expect(lane(page, title)).to_be_visible()
        else:
            expect(lane(page, title)).to_be_in_viewport(ratio=1)
    steps.looks_well(page)
    steps.no_small_targets(page)


@steps.on("tablet")
def test_one_tap_in_one_tap_out_and_back(page: Page, app: Flask) -> None:  # FD-1
    board(page, app)
    arriving, leaving = count(page, "Arrivals"), count(page, "Departures")
    with steps.no_page_load(page):
        page.get_by_role("button", name="Check In Waffles").tap()
        steps.says(page, "Checked in: Waffles")
        expect(steps.row(lane(page, "Arrivals"), "Waffles")).to_have_count(0)
        here = steps.row(page, "Waffles")
        expect(here).to_be_focused()
        expect(page.get_by_label("Counters")).to_contain_text(f"{arriving - 1}to arrive")
        page.get_by_role("status").get_by_role("button", name="Undo").tap()
        expect(steps.row(lane(page, "Arrivals"), "Waffles")).to_have_count(1)
        page.get_by_role("button", name="Check Out Ruby").tap()
        steps.says(page, "Checked out: Ruby")
        ruby = steps.row(lane(page, "Departures"), "Ruby")
        expect(ruby).to_contain_text("Checked out")
        assert count(page, "Departures") == leaving - 1
        steps.looks_well(page)
        ruby.get_by_role("button", name="Undo").tap()
        expect(page.get_by_role("button", name="Check Out Ruby")).to_be_visible()
    assert (count(page, "Arrivals"), count(page, "Departures")) == (arriving, leaving)


@steps.refusals
@steps.on("tablet")
def test_two_tablets_follow_each_other(page: Page, another: Page, app: Flask) -> None:  # FD-1
    board(page, app)
    board(another, app, "theo@example.com")
    arriving = count(page, "Arrivals")
    page.route("**/desk/?since=*", lambda asked: asked.fulfill(status=204))
    with steps.no_page_load(page):
        another.get_by_role("button", name="Check In Bear").click()
        steps.says(another, "Checked in: Bear")
        page.get_by_role("button", name="Check In Bear").click()
        steps.says(page, "Bear is already checked in: Theo Brandt did that today")
        page.unroute("**/desk/?since=*")
        expect(steps.row(lane(page, "Arrivals"), "Bear")).to_have_count(0, timeout=12_000)
        assert count(page, "Arrivals") == arriving - 1
    with app.app_context():
        assert db.session.query(Attendance).filter_by(checked_in_by="Nina Park").count() == 0


@steps.on("desk")
def test_a_lane_keeps_its_place_when_it_is_renewed(page: Page, app: Flask) -> None:
    board(page, app)
    scroller = page.locator("#arrivals-rows")
    scroller.evaluate("lane => { lane.scrollTop = 120 }")
    page.get_by_role("button", name="Check Out Nala").click()
    steps.says(page, "Checked out: Nala")
    assert scroller.evaluate("lane => lane.scrollTop") == pytest.approx(120, abs=2)


def fill(app: Flask) -> None:
    """More guests than a lane shows by itself."""
    with app.app_context():
        rosa = db.session.query(Client).filter_by(email="rosa@example.com").one()
        groom = db.session.query(Service).filter_by(name="Full Groom").one()
        biscuit = db.session.query(Pet).filter_by(client_id=rosa.id, name="Biscuit").one()
        place = db.session.query(Location).filter_by(name="Maple Street").one()
        at = now()
        for number in range(2 * SHOWN):
            pet = cast.pet(rosa, f"Puppy {number}", biscuit.animal)
            starts = at + timedelta(seconds=number)
            bookings.book(rosa, groom, [pet], location=place, starts_at=starts, by=as_client(rosa), at=at)


@steps.both_ways
@steps.on("desk")
def test_a_full_lane_opens_and_stays_open(page: Page, app: Flask, scripts: bool) -> None:  # FD-1
    fill(app)
    board(page, app)
    rows = lane(page, "Arrivals").locator(".visit")
    shown = rows.count()
    # Just after midnight somebody was missed a moment ago, and stays in view below the others.
    assert shown - lane(page, "Arrivals").locator(".row--gone").count() == SHOWN
    more = page.get_by_role("link", name="Show all")
    more.scroll_into_view_if_needed()
    top = page.locator("#arrivals-rows").evaluate("lane => lane.scrollTop")
    more.click()
    expect(page).to_have_url(re.compile(r"\?all=arrivals$"))
    expect(rows).not_to_have_count(shown)
    everybody = rows.count()
    assert everybody >= 2 * SHOWN
    if scripts:
        expect(rows.nth(SHOWN)).to_be_focused()
        assert page.locator("#arrivals-rows").evaluate("lane => lane.scrollTop") == pytest.approx(top, abs=2)
        steps.looks_well(page)
    page.get_by_role("button", name="Check In Waffles").click()
    steps.says(page, "Checked in: Waffles")
    expect(rows).to_have_count(everybody - 1)
    page.get_by_role("link", name="Show fewer").click()
    expect(rows).to_have_count(shown)
    if scripts:
        expect(page.get_by_role("link", name="Show all")).to_be_focused()


@steps.on("desk")
def test_the_slash_leads_to_a_customer(page: Page, app: Flask) -> None:  # FD-1 CP-1
    board(page, app)
    page.keyboard.press("/")
    expect(page.get_by_label("Search customers and pets")).to_be_focused()
    page.keyboard.type("waff")
    with steps.another_page(page):
        page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Hannah Oduya")


@steps.without_javascript
@steps.on("tablet")
def test_the_day_goes_on_without_javascript(page: Page, app: Flask) -> None:  # FD-1 NAV-7
    board(page, app)
    steps.press(page, "Check In Waffles")
    steps.says(page, "Checked in: Waffles")
    expect(steps.row(lane(page, "Arrivals"), "Waffles")).to_have_count(0)
    steps.row(page, "Waffles").get_by_role("button", name="Undo").click()
    steps.says(page, "Not checked in any more: Waffles")
    steps.follow(page, "reload")
    expect(steps.row(lane(page, "Arrivals"), "Waffles")).to_have_count(1)
    page.get_by_role("button", name="All locations").click()
    steps.follow(page, "Riverside")
    expect(steps.row(page, "Hazel")).to_have_count(1)
    expect(steps.row(page, "Waffles")).to_have_count(0)
