"""Papers at the desk: vaccines checked one by one, a document shown, one sent, a note written and taken back."""

from flask import Flask
from playwright.sync_api import Page, expect

from tests import samples
from tests.browser import steps

NINA, THEO = "nina@example.com", "theo@example.com"
PLAN = steps.file("Care plan.pdf", "application/pdf", samples.pdf("Care plan"))
PHOTO = steps.file("Rash.jpg", "image/jpeg", samples.jpeg(width=300, height=200))


def waiting(page: Page, many: int) -> None:
    link = page.get_by_role("navigation", name="Front desk").get_by_role("link", name="Vaccines")
    expect(link).to_have_accessible_name(f"Vaccines {many} to check")


@steps.on("tablet", "desk")
def test_vaccines_are_checked_one_after_the_other(page: Page, app: Flask) -> None:  # VAX-3
    steps.let_in(page, app, THEO)
    steps.go(page, "/desk/")
    steps.follow(page, "Vaccines")
    waiting(page, 5)
    steps.looks_well(page)
    with steps.no_page_load(page):
        expect(page.get_by_role("heading", name="Bordetella, Biscuit")).to_be_visible()
        page.get_by_role("button", name="Checked").click()
        second = page.get_by_role("heading", name="Rabies, Bear")
        expect(second).to_be_focused()
        expect(page.get_by_role("img", name="Certificate of Bear, Rabies")).to_be_visible()
        waiting(page, 4)
        page.get_by_label("Expiry Date").fill("2028-02-03")
        page.get_by_role("button", name="Checked").click()
        expect(page.get_by_role("heading", name="Bordetella, Hazel", level=2)).to_be_focused()
        steps.looks_well(page)
        page.get_by_role("button", name="Undo").click()
        expect(second).to_be_focused()
        expect(page.get_by_label("Expiry Date")).not_to_have_value("2028-02-03")
        waiting(page, 4)


@steps.on("tablet", "phone")
def test_a_certificate_that_cannot_be_read_is_asked_for_again(page: Page, app: Flask) -> None:  # VAX-3
    steps.let_in(page, app, THEO)
    steps.go(page, "/desk/vaccines")
    page.get_by_role("link", name="Leptospirosis, Duke").click()
    expect(page.get_by_text("No certificate came with it")).to_be_visible()
    page.get_by_role("link", name="Ask Again").click()
    dialog = page.get_by_role("dialog", name="Ask Ben again?")
    expect(dialog.get_by_label("Message")).to_contain_text("there is no certificate with it")
    steps.looks_well(page)
    steps.press(page, "Send")
    steps.says(page, "Ben is asked again.")
    waiting(page, 4)


@steps.on("tablet")
def test_a_document_is_added_and_shown_with_one_tap(page: Page, app: Flask) -> None:  # CP-7
    steps.let_in(page, app, THEO)
    steps.go(page, "/desk/customers/1/documents")
    steps.looks_well(page)
    with steps.no_page_load(page):
        page.get_by_role("link", name="Add Documents").click()
        dialog = page.get_by_role("dialog", name="Add Documents")
        expect(dialog.get_by_label("Only staff")).to_be_checked()
        dialog.get_by_label("Choose files").set_input_files([PLAN])
        steps.looks_well(page)
        dialog.get_by_role("button", name="Upload").click()
        dialog.get_by_role("button", name="Done").click()
        plan = steps.row(page, "Care plan")
        plan.get_by_role("button", name="Only staff").click()
        expect(plan.get_by_role("button", name="Rosa sees it")).to_be_visible()
        expect(plan).to_contain_text("Rosa is told in a moment")
        steps.looks_well(page)
        plan.get_by_role("button", name="Don’t Tell").click()
        expect(plan).not_to_contain_text("told in a moment")
        plan.get_by_role("link", name="Rename Care plan").click()
        plan.get_by_label("Name", exact=True).fill("Plan of Biscuit")
        page.get_by_role("button", name="Rename").click()
        renamed = steps.row(page, "Plan of Biscuit")
        renamed.get_by_role("button", name="Remove Plan of Biscuit").click()
        renamed.get_by_role("button", name="Undo").click()
        expect(renamed.get_by_role("button", name="Rosa sees it")).to_be_visible()
    steps.let_in(page, app, "rosa@example.com")
    steps.go(page, "/documents")
    expect(page.get_by_role("heading", name="Plan of Biscuit")).to_be_visible()
    expect(page.get_by_text("Evaluation of Biscuit")).to_have_count(0)


@steps.on("tablet")
@steps.both_ways
def test_a_document_is_sent_out_of_the_storage(page: Page, app: Flask) -> None:  # CP-8
    steps.let_in(page, app, THEO)
    steps.go(page, "/desk/customers/1")
    steps.follow(page, "Send Documents")
    page.get_by_label("Welcome booklet").check()
    page.get_by_label("Message", exact=True).fill("Welcome to Maple & Paw!")
    if page.context not in steps.without_scripts:
        steps.looks_well(page)
    steps.press(page, "Send")
    expect(page.get_by_role("article").last).to_contain_text("Welcome to Maple & Paw!")
    steps.go(page, "/desk/customers/1/documents")
    expect(steps.row(page, "Welcome booklet")).to_contain_text("Maple & Paw, sent")


@steps.on("tablet")
@steps.both_ways
def test_a_note_is_written_and_taken_back(page: Page, app: Flask) -> None:  # CP-7
    steps.let_in(page, app, THEO)
    steps.go(page, "/desk/customers/1/notes")
    scripted = page.context not in steps.without_scripts
    if scripted:
        steps.looks_well(page)
    page.get_by_label("Note", exact=True).fill("A rash on the left ear. Look again on Friday.")
    page.get_by_label("About").select_option("Biscuit")
    page.get_by_label("Attach files").set_input_files([PHOTO])
    page.get_by_role("button", name="Add Note").click()
    note = page.get_by_role("article").first
    expect(note).to_contain_text("A rash on the left ear")
    expect(note).to_contain_text("Rash.jpg")
    note.get_by_role("button", name="Remove the note").click()
    gone = page.get_by_role("article").first
    expect(gone).to_contain_text("Removed.")
    if scripted:
        steps.looks_well(page)
    gone.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("article").first).to_contain_text("A rash on the left ear")


@steps.on("desk")
def test_the_storage_is_kept_in_the_settings(page: Page, app: Flask) -> None:  # CP-8
    steps.let_in(page, app, NINA)
    steps.go(page, "/desk/settings")
    steps.follow(page, "Documents")
    steps.looks_well(page)
    page.get_by_role("link", name="Add Documents").click()
    dialog = page.get_by_role("dialog", name="Add Documents")
    dialog.get_by_label("Choose files").set_input_files([PLAN])
    dialog.get_by_role("button", name="Upload").click()
    dialog.get_by_role("button", name="Done").click()
    expect(steps.row(page, "Care plan")).to_be_visible()
