"""The inbox in the hand: a question is found, answered, given to somebody; what failed is tried again."""

from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser import steps

NINA = "nina@example.com"


def unread(page: Page, many: int) -> None:
    inbox = page.get_by_role("navigation", name="Front desk").get_by_role("link", name="Inbox")
    expect(inbox).to_have_accessible_name(f"Inbox {many} unread" if many else "Inbox")


@steps.on("tablet", "desk")
def test_a_question_is_answered_and_given_to_somebody(page: Page, app: Flask, screen: str) -> None:  # FD-3 MSG-2 MSG-4
    steps.let_in(page, app, NINA)
    steps.go(page, "/desk/inbox")
    steps.looks_well(page)
    unread(page, 2)
    steps.follow(page, "Unread", page.get_by_role("navigation", name="Filter"))
    steps.follow(page, "Dana Whitfield")
    unread(page, 1)
    expect(page.get_by_role("article")).to_contain_text("from the portal")
    listed = page.get_by_role("list", name="Unread")
    expect(listed).to_be_visible() if screen == "desk" else expect(listed).to_be_hidden()
    with steps.no_page_load(page):
        page.get_by_label("Reply").fill("At noon, from the blue box.")
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("article").last).to_contain_text("At noon, from the blue box.")
        expect(page.get_by_role("article").last).to_contain_text("On its way to dana.whitfield@example.com")
        expect(page.get_by_label("Reply")).to_have_value("")
        page.get_by_label("Taken care of by").select_option("Theo Brandt")
        page.get_by_role("button", name="Assign").click()
        steps.says(page, "Theo Brandt takes care of it.")
    steps.looks_well(page)
    steps.no_small_targets(page)


@steps.on("tablet")
def test_what_did_not_arrive_is_tried_again(page: Page, app: Flask) -> None:  # FD-3 MSG-4
    steps.let_in(page, app, NINA)
    steps.go(page, "/desk/inbox?show=failed")
    steps.follow(page, "Carla Núñez")
    lost = page.get_by_role("article").last
    expect(lost).to_contain_text("No such user here")
    steps.looks_well(page)
    with steps.no_page_load(page):
        lost.get_by_role("button", name="Try again").click()
        expect(lost).to_contain_text("On its way to")
    steps.go(page, "/desk/inbox?show=failed")
    expect(page.get_by_text("Everything has been delivered.")).to_be_visible()


@steps.on("tablet")
def test_a_new_message_is_written_to_whoever_is_found(page: Page, app: Flask) -> None:  # FD-3 MSG-3
    steps.let_in(page, app, NINA)
    steps.go(page, "/desk/inbox")
    steps.follow(page, "New Message")
    page.get_by_label("Who is it for?").fill("rub")
    found = page.get_by_role("list", name="Customers").get_by_role("link", name="Sam Okafor")
    expect(found).to_be_visible()
    steps.looks_well(page)
    steps.follow(page, "Sam Okafor")
    steps.looks_well(page)
    page.get_by_label("Text message to").check()
    page.get_by_label("Subject").fill("Ruby’s blanket")
    page.get_by_role("textbox", name="Message").fill("It stayed with us.")
    steps.press(page, "Send")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ruby’s blanket")
    expect(page.get_by_role("article")).to_contain_text("On its way to (212) 555-0135")


@steps.on("tablet")
@steps.without_javascript
def test_a_question_is_answered_without_javascript(page: Page, app: Flask) -> None:  # FD-3 MSG-4 NAV-7
    steps.let_in(page, app, NINA)
    steps.go(page, "/desk/inbox")
    steps.follow(page, "Jim Kowalczyk Bear’s rabies certificate")
    page.get_by_label("Reply").fill("Early enough.")
    steps.press(page, "Send")
    steps.says(page, "On its way.")
    expect(page.get_by_role("article").last).to_contain_text("Early enough.")
    page.get_by_label("Taken care of by").select_option("Nobody")
    steps.press(page, "Assign")
    steps.says(page, "Nobody in particular takes care of it.")
