"""My Profile: facts and a photo, a new e-mail, a new password, signing out elsewhere."""

from flask import Flask
from playwright.sync_api import Page, expect

from tests import samples
from tests.browser import steps

PHOTO = steps.file("me.jpg", "image/jpeg", samples.jpeg(width=900, height=900))
NEW = "rosa.delgado@new.example.com"
PASSWORD = "three quiet otters"


@steps.both_ways
def test_rosa_changes_what_is_known_about_her(page: Page, app: Flask) -> None:  # PRO-1 NAV-7
    steps.let_in(page, app)
    steps.go(page, "/profile")
    steps.follow(page, "Edit Your Profile")
    page.locator("input[name=photo]").set_input_files(PHOTO)
    page.get_by_label("Phone").fill("(212) 555-0199")
    page.get_by_label("Street").fill("14 Birch Lane")
    steps.press(page, "Save")
    steps.says(page, "Saved.")
    expect(page.get_by_role("main")).to_contain_text("(212) 555-0199")
    expect(page.get_by_role("main")).to_contain_text("14 Birch Lane")
    assert page.locator("main img").evaluate("image => image.naturalWidth") == 512


@steps.refusals
def test_what_is_wrong_stands_beside_its_field(page: Page, app: Flask) -> None:  # PRO-1
    steps.let_in(page, app)
    steps.go(page, "/profile/edit")
    with steps.no_page_load(page):
        page.get_by_label("First name").fill("")
        page.get_by_label("Phone").fill("12")
        page.get_by_label("City").fill("Rhinebeck")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("alert")).to_contain_text("2 things to mend")
        expect(page.get_by_label("City")).to_have_value("Rhinebeck")
        expect(page.locator("[aria-invalid=true]")).to_have_count(2)
        steps.looks_well(page)


@steps.both_ways
def test_a_new_email_takes_effect_from_itself(page: Page, another: Page, app: Flask) -> None:  # PRO-2 NAV-7
    steps.let_in(page, app)
    steps.go(page, "/profile/edit")
    page.get_by_label("E-mail").fill(NEW)
    steps.press(page, "Save")
    expect(page.get_by_text(f"{NEW} waits to be confirmed")).to_be_visible()
    steps.read_letter(another, app, "Confirm your new e-mail")
    steps.follow(another, "/email/")
    expect(another.get_by_role("main")).to_contain_text(NEW)
    steps.press(another, "Confirm E-mail")
    expect(another.get_by_label("E-mail")).to_be_visible()
    steps.go(page, "/profile")
    expect(page.get_by_role("main")).to_contain_text(NEW)
    expect(page.get_by_text("waits to be confirmed")).to_have_count(0)


@steps.refusals
def test_a_new_password_signs_out_every_other_device(page: Page, another: Page, app: Flask) -> None:  # PRO-2 SI-12
    for device in (page, another):
        steps.let_in(device, app)
    steps.go(another, "/profile")
    steps.go(page, "/profile")
    steps.follow(page, "Change Password")
    page.get_by_label("Current password").fill("biscuit-and-you")
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password again").fill(PASSWORD)
    page.get_by_role("button", name="Change Password").click()
    expect(page.get_by_text("This is not your current password.")).to_be_visible()
    page.get_by_label("Current password").fill("biscuit-and-me")
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password again").fill(PASSWORD)
    steps.press(page, "Change Password")
    steps.says(page, "Your password is changed.")
    steps.go(another, "/profile")
    expect(another.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_signing_out_elsewhere(page: Page, another: Page, app: Flask) -> None:  # PRO-2
    for device in (page, another):
        steps.let_in(device, app)
    steps.go(page, "/profile")
    with steps.no_page_load(page):
        page.get_by_role("button", name="Sign out everywhere else").click()
        steps.says(page, "Signed out everywhere else.")
        expect(page.get_by_role("button", name="Sign out")).to_have_count(0)
        expect(page.get_by_role("heading", name="Where you are signed in")).to_be_focused()
    steps.go(another, "/profile")
    expect(another.get_by_role("heading", level=1)).to_have_text("Sign in")
