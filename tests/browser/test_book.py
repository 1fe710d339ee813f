"""Booking on a phone, with and without JavaScript: a class, an appointment, a stay, a series, days, somebody new."""

import re
from datetime import date, datetime, time, timedelta

from flask import Flask
from playwright.sync_api import Page, expect

from portal import wording
from portal.db import db, now
from portal.demo.catalogue import ZONE
from portal.models import Booking, Client, Location, Offering, Pet, Service, VaccineCheck
from portal.rules import bookings, occupancy
from portal.rules.actors import as_client
from tests.browser import steps


def service(name: str) -> Service:
    return db.session.query(Service).filter_by(name=name).one()


def today() -> date:
    return wording.local(now(), ZONE).date()


def clock_change() -> date:
    """The next day of 23 or 25 hours."""
    day = today() + timedelta(days=3)
    while (
        occupancy.midnight(day + timedelta(days=1), ZONE).timestamp() - occupancy.midnight(day, ZONE).timestamp()
        == 86_400
    ):
        day += timedelta(days=1)
    return day


def step(page: Page, title: str) -> None:
    """The step is there, and whoever cannot see it is told."""
    heading = page.get_by_role("heading", name=title)
    expect(heading).to_be_visible()
    if page.context not in steps.without_scripts and "hx" in page.evaluate("document.activeElement.id || ''"):
        expect(heading).to_be_focused()


def begin(page: Page, app: Flask, name: str) -> None:
    steps.let_in(page, app)
    steps.go(page, "/")
    page.get_by_role("main").get_by_role("link", name="Book Now").click()
    step(page, "What can we do for you?")
    steps.ready(page)
    page.get_by_role("link", name=name, exact=True).click()


def choose(page: Page, *names: str) -> None:
    step(page, "Who is coming?")
    for name in names:
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("button", name="Continue").click()


def confirm(page: Page, title: str = "You are booked") -> None:
    step(page, "Look it over")
    if page.context not in steps.without_scripts:
        steps.looks_well(page)
    page.get_by_role("button", name="Book Now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


@steps.both_ways
def test_a_class_for_two_dogs(page: Page, app: Flask) -> None:  # SB-1 SB-2 SB-5 NAV-7
    begin(page, app, "Agility for Beginners")
    choose(page, "Biscuit", "Juno")
    step(page, "When?")
    page.get_by_role("listitem").filter(has_text="6 places left").last.get_by_role("link").click()
    step(page, "Look it over")
    expect(page.get_by_role("main")).to_contain_text("$30.00 × 2 pets")
    page.get_by_role("link", name="Change for").click()
    step(page, "Who is coming?")
    expect(page.get_by_role("checkbox", name="Juno")).to_be_checked()
    page.get_by_role("button", name="Continue").click()
    confirm(page)
    expect(page.get_by_role("link", name="Add to calendar").last).to_be_visible()


@steps.both_ways
def test_a_grooming_appointment_with_an_add_on(page: Page, app: Flask) -> None:  # SB-1 SB-3
    begin(page, app, "Full Groom")
    choose(page, "Biscuit")
    step(page, "Anything else?")
    page.get_by_role("checkbox", name="Teeth cleaning").check()
    page.get_by_role("button", name="Continue").click()
    step(page, "With whom?")
    page.get_by_role("link", name="Anyone").click()
    step(page, "When?")
    if page.context not in steps.without_scripts:
        steps.looks_well(page)
    last = page.get_by_role("button", name=re.compile(r"day \d+ \w+ \d{4}, ")).last
    expect(last).to_have_attribute("aria-label", re.compile(r"^\w+day \d+ \w+ \d{4}, \d+:\d\d.[AP]M E[SD]T$"))
    last.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Teeth cleaning")
    confirm(page)


@steps.both_ways
def test_a_stay_over_the_clock_change(page: Page, app: Flask) -> None:  # SB-2
    change = clock_change()
    with app.app_context():
        boarding = service("Boarding")
        boarding.ahead_days, boarding.vaccine_check = 365, VaccineCheck.NONE
        db.session.commit()
    begin(page, app, "Boarding")
    step(page, "At which location?")
    page.get_by_role("link", name="Maple Street").click()
    choose(page, "Miso")
    step(page, "When?")
    page.get_by_label("Arriving").fill((change - timedelta(days=1)).isoformat())
    page.get_by_label("Leaving").fill((change + timedelta(days=1)).isoformat())
    page.get_by_role("button", name="Show the nights").click()
    expect(page.get_by_role("list", name="Nights").get_by_role("listitem")).to_have_count(3)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("main")).to_contain_text("× 2 nights")
    expect(page.get_by_role("main")).to_contain_text(", then E")
    confirm(page)


@steps.both_ways
def test_a_series(page: Page, app: Flask) -> None:  # SB-2
    begin(page, app, "Puppy Manners")
    choose(page, "Biscuit")
    step(page, "When?")
    page.get_by_role("link", name="Puppy Manners, next series").click()
    expect(page.get_by_role("main")).to_contain_text("4 dates")
    confirm(page)
    expect(page.get_by_role("main")).to_contain_text("4 bookings")


def fill_a_day(day: date) -> None:
    """Omar's dog takes the only place of that day."""
    daycare, maple = service("Daycare, full day"), db.session.query(Location).filter_by(name="Maple Street").one()
    db.session.query(Offering).filter_by(service_id=daycare.id, location_id=maple.id).one().places = 1
    omar = db.session.query(Client).filter_by(first_name="Omar").one()
    pet = db.session.query(Pet).filter_by(client_id=omar.id).first()
    starts = datetime.combine(day, time(9), wording.zone_of(ZONE))
    bookings.book(omar, daycare, [pet], location=maple, starts_at=starts, by=as_client(omar), at=now())


@steps.both_ways
def test_daycare_on_several_dates_with_one_full(page: Page, app: Flask) -> None:  # SB-2
    month = (today().replace(day=1) + timedelta(days=70)).replace(day=1)
    days = [month.replace(day=number) for number in (10, 11, 12)]
    with app.app_context():
        fill_a_day(days[1])
    begin(page, app, "Daycare, full day")
    step(page, "At which location?")
    page.get_by_role("link", name="Maple Street").click()
    choose(page, "Biscuit")
    step(page, "When?")
    for _ in range(2):
        later = page.get_by_role("button", name=re.compile(r"^\w+ \d{4}$")).last
        name = later.inner_text()
        later.click()
        expect(page.get_by_role("group", name=name)).to_be_visible()
    if page.context not in steps.without_scripts:
        steps.looks_well(page)
    for day in days:
        page.get_by_role("checkbox", name=wording.spoken_day(day)).check()
    page.get_by_role("button", name="Continue").click()
    step(page, "Look it over")
    page.get_by_role("checkbox", name="Wait for it").check()
    confirm(page)
    expect(page.get_by_role("main")).to_contain_text("2 bookings")
    expect(page.get_by_role("main")).to_contain_text(f"You are on the waitlist for {wording.full_day(days[1])}.")


@steps.refusals
@steps.both_ways
def test_somebody_new_books_through_a_direct_link(page: Page, app: Flask) -> None:  # SB-9 SB-4 NAV-8 CP-13
    with app.app_context():
        link = f"/book-online?service={service('Meet & Greet').id}"
    steps.go(page, "/")
    expect(page.get_by_role("link", name="My Account")).to_be_visible()
    steps.go(page, link)
    step(page, "Who is coming?")
    page.get_by_label("First name").fill("Ada")
    page.get_by_label("Last name").fill("Nwosu")
    page.get_by_label("E-mail").fill("rosa@example.com")
    page.get_by_label("Name", exact=True).fill("Otis")
    page.get_by_role("button", name="Add Another Pet").click()
    page.get_by_role("group", name="Pet 2").get_by_label("Name", exact=True).fill("Nala")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a profile with this e-mail already.")
    page.get_by_label("E-mail").fill("ada.nwosu@example.com")
    page.get_by_role("button", name="Continue").click()
    step(page, "With whom?")
    steps.ready(page)
    page.get_by_role("link", name="Anyone").click()
    step(page, "When?")
    page.get_by_role("button", name=re.compile(r"day \d+ \w+ \d{4}, ")).last.click()
    confirm(page)
    with app.app_context():
        ada = db.session.query(Client).filter_by(email="ada.nwosu@example.com").one()
        assert not ada.prospect
        assert [len(one.pets) for one in db.session.query(Booking).filter_by(client_id=ada.id)] == [2]
    steps.go(page, "/book")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


@steps.refusals
def test_the_form_of_somebody_new_looks_well(page: Page) -> None:  # SB-9, NAV-7
    steps.go(page, "/book-online")
    steps.looks_well(page)
    page.get_by_role("link", name="Full Groom", exact=True).click()
    step(page, "Who is coming?")
    steps.looks_well(page)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_be_visible()
    steps.looks_well(page)
    steps.go(page, "/")
    steps.looks_well(page)
