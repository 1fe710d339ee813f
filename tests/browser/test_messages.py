"""Messages in the hand: reading, answering with a PDF, and two panes where there is room."""

from flask import Flask
from playwright.sync_api import Page, expect

from tests import samples
from tests.browser import steps

STAY = "Biscuit’s stay over the holidays"
PLAN = steps.file("feeding plan.pdf", "application/pdf", samples.pdf("One cup, soaked."))


def open_the_stay(page: Page) -> None:
    steps.follow(page, "Messages", page.get_by_role("navigation", name="Main"))
    steps.follow(page, STAY)


def test_a_message_is_answered_with_a_pdf_in_place(page: Page, app: Flask) -> None:  # MSG-1 MSG-2 MSG-3
    steps.let_in(page, app)
    steps.go(page, "/")
    unread = page.get_by_role("navigation", name="Main").get_by_role("link", name="Messages 3 unread")
    expect(unread).to_be_visible()
    open_the_stay(page)
    expect(unread).to_have_count(0)
    said = page.get_by_role("log", name="Messages")
    with steps.no_page_load(page):
        page.get_by_label("Reply").fill("Then the window side it is.")
        page.get_by_label("Attach photos or PDF").set_input_files(PLAN)
        chosen = page.get_by_role("list", name="Chosen files")
        expect(chosen).to_contain_text("feeding plan.pdf")
        page.get_by_role("button", name="Send").click()
        mine = said.get_by_role("article").last
        expect(mine).to_contain_text("Then the window side it is.")
        expect(mine.get_by_role("link", name="feeding plan.pdf")).to_be_visible()
        expect(page.get_by_label("Reply")).to_have_value("")
        expect(page.get_by_label("Reply")).to_be_focused()
        expect(chosen.get_by_role("listitem")).to_have_count(0)
    steps.go(page, "/messages")
    expect(page.get_by_role("listitem").filter(has=page.get_by_role("heading")).first).to_contain_text(STAY)


@steps.without_javascript
def test_a_message_is_answered_without_javascript(page: Page, app: Flask) -> None:  # MSG-2 MSG-3 NAV-7
    steps.let_in(page, app)
    steps.go(page, "/")
    open_the_stay(page)
    page.get_by_label("Reply").fill("Then the window side it is.")
    page.get_by_label("Attach photos or PDF").set_input_files(PLAN)
    steps.press(page, "Send")
    steps.says(page, "Sent.")
    expect(page.get_by_role("article").last).to_contain_text("Then the window side it is.")
    expect(page.get_by_role("article").last).to_contain_text("feeding plan.pdf")


@steps.refusals
def test_a_refused_attachment_loses_no_words(page: Page, app: Flask) -> None:  # MSG-3
    steps.let_in(page, app)
    steps.go(page, "/messages")
    steps.follow(page, STAY)
    page.get_by_label("Reply").fill("Here is the list.")
    fake = steps.file("list.pdf", "application/pdf", samples.exe())
    page.get_by_label("Attach photos or PDF").set_input_files([PLAN, fake])
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was sent yet")
    expect(page.get_by_role("alert")).to_contain_text("list.pdf")
    expect(page.get_by_label("Reply")).to_have_value("Here is the list.")
    expect(page.get_by_role("list", name="Chosen files")).to_contain_text("feeding plan.pdf")
    steps.looks_well(page)
    page.get_by_role("button", name="Remove list.pdf").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("article").last).to_contain_text("feeding plan.pdf")
    expect(page.get_by_role("article").last).not_to_contain_text("list.pdf")


@steps.refusals
@steps.both_ways
def test_a_new_message_is_written(page: Page, app: Flask) -> None:  # MSG-3
    steps.let_in(page, app)
    steps.go(page, "/messages")
    steps.follow(page, "New Message")
    page.get_by_label("Subject").fill("A blanket")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_label("Subject")).to_have_value("A blanket")
    expect(page.get_by_role("textbox", name="Message")).to_have_attribute("aria-invalid", "true")
    page.get_by_role("textbox", name="Message").fill("Juno’s blanket stayed with you. Could you keep it?")
    steps.press(page, "Send")
    steps.says(page, "Sent.")
    expect(page.get_by_role("heading", level=1)).to_have_text("A blanket")


@steps.on("tablet", "desk")
def test_a_thread_stands_beside_the_list_where_there_is_room(page: Page, app: Flask, screen: str) -> None:  # MSG-2
    steps.let_in(page, app)
    steps.go(page, "/messages")
    steps.follow(page, STAY)
    beside = page.get_by_role("main").get_by_role("listitem").get_by_role("link").filter(has_not_text=STAY).first
    expect(beside).to_be_visible() if screen == "desk" else expect(page.get_by_role("log")).to_be_visible()
    steps.looks_well(page)
