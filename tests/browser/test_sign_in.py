"""The doors, for those who hold the phone: a first password, a code, a new profile, the desk, and leaving."""

import re

from flask import Flask
from playwright.sync_api import Page, expect

from portal.db import db
from portal.models import SignIn
from tests.browser import steps

PASSWORD = "three words and more"


def set_password(page: Page) -> None:
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password again").fill(PASSWORD)
    steps.press(page, "Set Password & Login")


@steps.both_ways
@steps.allow_console("status of 410")
def test_omar_sets_his_password_by_the_mailed_link(page: Page, another: Page, app: Flask) -> None:  # SI-4 SI-5
    page.goto("/")
    steps.follow(page, "My Account")
    steps.follow(page, "Set/Reset Password")
    page.get_by_label("E-mail").fill("Omar@Example.com ")
    steps.press(page, "Send Link")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your mail")
    steps.read_letter(page, app, "Set your password")
    steps.follow(page, "/password/")
    link = page.url
    set_password(page)
    steps.says(page, "Your password is set, and you are signed in.")
    expect(page.get_by_role("heading", level=1)).to_have_text("My Bookings")
    expect(page.get_by_role("button", name="Account of Omar Haddad")).to_be_visible()
    another.goto(link)
    expect(another.get_by_role("heading", level=1)).to_have_text("This link does not work any more")
    steps.follow(another, "Get a New Link")
    expect(another.get_by_label("E-mail")).to_be_visible()


@steps.both_ways
def test_a_code_signs_zoe_in(page: Page, app: Flask) -> None:  # SI-6
    page.goto("/sign-in")
    steps.follow(page, "Sign in with a code")
    page.get_by_label("E-mail or account number").fill("zoe@example.com")
    steps.press(page, "Send Code")
    expect(page.get_by_role("main")).to_contain_text("We have sent six digits by e-mail to z")
    expect(page.get_by_role("main")).not_to_contain_text("zoe@example.com")
    mailbox = page.context.new_page()
    steps.read_letter(mailbox, app, "Your code")
    digits = re.search(r"\b\d{6}\b", mailbox.get_by_role("article").inner_text())
    assert digits
    assert page.get_by_label("Code", exact=True).get_attribute("autocomplete") == "one-time-code"
    page.get_by_label("Code", exact=True).fill(digits[0])
    steps.press(page, "Sign In")
    expect(page.get_by_role("button", name="Account of Zoë Łukaszewska")).to_be_visible()


@steps.refusals
@steps.both_ways
def test_a_new_person_registers_and_is_in(page: Page, app: Flask) -> None:  # SI-9
    page.goto("/")
    steps.follow(page, "Register")
    typed = {"First name": "Ada", "Last name": "Okoro", "E-mail": "ada@example.net", "Phone": "845 331 22"}
    for label, words in typed.items():
        page.get_by_label(label).fill(words)
    steps.press(page, "Register")
    expect(page.get_by_role("alert")).to_contain_text("2 things to mend")
    expect(page.get_by_label("First name")).to_have_value("Ada")
    page.get_by_label("Phone").fill("845 331 2200")
    page.get_by_label("Name of your pet").fill("Olive")
    page.get_by_label("Kind of animal").select_option("Cat")
    steps.press(page, "Register")
    steps.read_letter(page, app, "Welcome to Maple & Paw")
    steps.follow(page, "/password/")
    set_password(page)
    expect(page.get_by_role("button", name="Account of Ada Okoro")).to_be_visible()
    steps.go(page, "/pets")
    expect(page.get_by_role("heading", name="Olive")).to_be_visible()


def test_after_signing_out_the_way_back_shows_nothing_private(page: Page) -> None:  # SI-12
    steps.sign_in(page)
    steps.follow(page, "Documents", page.get_by_role("navigation", name="Main"))
    left_open = page.context.new_page()
    steps.go(left_open, "/messages")
    steps.sign_out(page)
    steps.says(page, "You are signed out.")
    for _ in range(2):
        page.go_back()
        expect(page).to_have_url(re.compile("/(sign-in.*)?$"))
        expect(page.get_by_text("Rosa")).to_have_count(0)
        expect(page.get_by_text("Boarding agreement")).to_have_count(0)
    left_open.get_by_role("link", name="Biscuit’s stay over the holidays").click()
    expect(left_open).to_have_url(re.compile("/sign-in"))


@steps.without_javascript
def test_signing_out_without_javascript(page: Page) -> None:  # SI-12 NAV-7
    steps.sign_in(page)
    steps.sign_out(page)
    page.go_back()
    expect(page.get_by_role("link", name="My Account")).to_be_visible()
    expect(page.get_by_text("Rosa")).to_have_count(0)


@steps.on("tablet", "desk")
def test_the_desk_knows_nina_and_nobody_elses_key(page: Page, another: Page) -> None:  # SI-1
    steps.sign_in(page, "nina@example.com", "/desk/")
    expect(page.get_by_role("main")).to_contain_text("Nina Park")
    expect(page.get_by_role("main")).to_contain_text("Owner")
    steps.looks_well(page)
    page.goto("/pets")
    expect(page).to_have_url(re.compile("/sign-in"))
    steps.sign_in(another)
    another.goto("/desk/")
    expect(another).to_have_url(re.compile("/desk/sign-in"))
    client = next(cookie for cookie in another.context.cookies() if "client" in cookie["name"])
    another.context.add_cookies([{**client, "name": client["name"].replace("client", "staff")}])
    another.goto("/desk/")
    expect(another).to_have_url(re.compile("/desk/sign-in"))


def end_every_sign_in(app: Flask) -> None:
    with app.app_context():
        db.session.query(SignIn).delete()
        db.session.commit()


@steps.allow_console("status of 401")
def test_a_sign_in_that_ran_out_leads_back_to_where_one_was(page: Page, app: Flask) -> None:  # SI-14
    steps.let_in(page, app)
    steps.go(page, "/bookings/upcoming")
    end_every_sign_in(app)
    steps.row(page, "Agility for Beginners").get_by_role("button", name="More for").click()
    page.get_by_role("link", name="Cancel Booking").click()
    expect(page).to_have_url(re.compile("/sign-in"))
    page.get_by_label("E-mail").fill("rosa@example.com")
    page.get_by_label("Password", exact=True).fill(steps.PASSWORDS["rosa@example.com"])
    steps.press(page, "Sign In")
    expect(page).to_have_url(re.compile("/bookings/upcoming$"))
    expect(steps.row(page, "Agility for Beginners")).to_be_visible()


@steps.both_ways
@steps.allow_console("status of 401")
def test_what_was_not_saved_any_more_is_said(page: Page, app: Flask, scripts: bool) -> None:  # SI-14
    """And with JavaScript it stands there again for whoever had written it, once they are back."""
    thread = cut_off(page, app)
    back_in(page, "rosa@example.com")
    expect(page).to_have_url(thread.partition("#")[0])
    expect(page.get_by_role("article").filter(has_text="Is anybody there?")).to_have_count(0)
    if scripts:
        steps.says(page, "What you had written is here again, and not sent yet.")
        expect(page.get_by_label("Reply")).to_have_value("Is anybody there?")
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("article").last).to_contain_text("Is anybody there?")
        page.reload()
        steps.ready(page)
        assert page.evaluate("sessionStorage.draft") is None
    expect(page.get_by_label("Reply")).to_have_value("")


@steps.allow_console("status of 401")
def test_what_rosa_had_written_nobody_else_reads(page: Page, app: Flask) -> None:  # SI-14
    thread = cut_off(page, app)
    steps.let_in(page, app, "omar@example.com")
    steps.go(page, "/messages")
    assert page.evaluate("sessionStorage.draft") is None
    steps.let_in(page, app)
    steps.go(page, thread)
    expect(page.get_by_label("Reply")).to_have_value("")


@steps.allow_console("status of 401")
def test_what_was_written_in_a_dialog_is_there_when_it_is_opened_again(page: Page, app: Flask) -> None:  # SI-14
    steps.let_in(page, app, "theo@example.com")
    steps.go(page, "/desk/customers/1")
    contact = page.get_by_role("link", name="Emergency contact")
    contact.click()
    page.get_by_role("dialog").get_by_label("Emergency contact").fill("Her sister, next door")
    end_every_sign_in(app)
    steps.press(page, "Update")
    back_in(page, "theo@example.com")
    contact.click()
    expect(page.get_by_role("dialog").get_by_label("Emergency contact")).to_have_value("Her sister, next door")
    page.get_by_role("button", name="Update").click()
    expect(page.get_by_text("Her sister, next door")).to_be_visible()


def cut_off(page: Page, app: Flask) -> str:
    """In the middle of an answer the sign-in ends. Given out: where that was."""
    steps.let_in(page, app)
    steps.go(page, "/messages")
    steps.follow(page, "Biscuit’s stay over the holidays")
    thread = page.url
    end_every_sign_in(app)
    page.get_by_label("Reply").fill("Is anybody there?")
    steps.press(page, "Send")
    steps.says(page, "You were signed out, so nothing was changed.")
    return thread


def back_in(page: Page, email: str) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(steps.PASSWORDS[email])
    steps.press(page, "Sign In")


@steps.refusals
def test_what_is_typed_at_the_door_can_be_seen_and_pasted(page: Page) -> None:  # SI-2
    page.goto("/sign-in")
    steps.ready(page)
    password = page.get_by_label("Password", exact=True)
    assert page.get_by_label("E-mail").get_attribute("autocomplete") == "username"
    assert password.get_attribute("autocomplete") == "current-password"
    page.get_by_label("E-mail").fill("rosa@example.com")
    password.focus()
    page.keyboard.insert_text("not her password")
    page.get_by_role("button", name="Show password").click()
    expect(password).to_have_attribute("type", "text")
    steps.press(page, "Sign In")
    expect(password).to_have_attribute("type", "password")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("E-mail")).to_have_value("rosa@example.com")
