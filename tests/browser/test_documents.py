"""Documents: shared by choosing and by dropping, opened in a tab, taken back."""

import re
from base64 import b64encode
from collections.abc import Iterable

from flask import Flask
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests import samples
from tests.browser import steps

LICENCE = steps.file(
    "Licence.pdf", "application/pdf", samples.pdf(*["A page of words, to have something to send."] * 400)
)
DIET = steps.file(
    "Diet.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", samples.docx()
)
PHOTO = steps.file("Biscuit asleep.jpg", "image/jpeg", samples.jpeg(width=900, height=600))
FAKE = steps.file("Invoice.pdf", "application/pdf", samples.exe())

# Every state of every bar, as it goes by.
WATCH_BARS = """list => {
  window.bars = {}
  new MutationObserver(() => list.querySelectorAll("progress:not([hidden])").forEach(bar => {
    (window.bars[bar.ariaLabel] ??= []).push(bar.value)
  })).observe(list, {subtree: true, childList: true, attributes: true})
}"""
DROP = """files => {
  const box = new DataTransfer()
  for (const {name, type, text} of files) {
    box.items.add(new File([Uint8Array.from(atob(text), letter => letter.charCodeAt(0))], name, {type}))
  }
  return box
}"""


def drop(onto: Locator, files: Iterable[FilePayload]) -> None:
    """As if they were dragged from another window."""
    told = [{"name": f["name"], "type": f["mimeType"], "text": b64encode(f["buffer"]).decode()} for f in files]
    box = onto.page.evaluate_handle(DROP, told)
    onto.dispatch_event("dragover", {"dataTransfer": box})
    onto.dispatch_event("drop", {"dataTransfer": box})


def open_the_dialog(page: Page, app: Flask) -> Locator:
    steps.let_in(page, app)
    steps.go(page, "/documents")
    page.get_by_role("link", name="Share Document").click()
    dialog = page.get_by_role("dialog", name="Share Document with Provider")
    expect(dialog).to_be_visible()
    return dialog


def test_two_documents_are_chosen_and_shared(page: Page, app: Flask) -> None:  # DOC-1 DOC-2
    dialog = open_the_dialog(page, app)
    sent = dialog.get_by_role("list", name="Chosen files")
    with steps.no_page_load(page), steps.slow(page, delay=20):
        dialog.get_by_label("Choose files").set_input_files([LICENCE, DIET])
        sent.evaluate(WATCH_BARS)
        dialog.get_by_role("button", name="Upload").click()
        expect(sent.get_by_text("shared")).to_have_count(2)
        assert page.evaluate("Object.keys(window.bars)") == ["Licence.pdf", "Diet.docx"], "a bar for each file"
        expect(dialog.get_by_role("button", name="Cancel")).to_be_hidden()
        dialog.get_by_role("button", name="Done").click()
        expect(dialog).to_have_count(0)
        for title in ("Licence", "Diet"):
            expect(steps.row(page, title)).to_contain_text("You shared this")


@steps.refusals
def test_what_is_dropped_and_refused_says_why_and_the_other_goes_through(page: Page, app: Flask) -> None:  # DOC-2 DOC-4
    dialog = open_the_dialog(page, app)
    sent = dialog.get_by_role("list", name="Chosen files")
    with steps.no_page_load(page):
        drop(dialog.get_by_text("Choose files"), [FAKE, PHOTO])
        dialog.get_by_role("button", name="Upload").click()
        refused, gone = (sent.get_by_role("listitem").filter(has_text=f["name"]) for f in (FAKE, PHOTO))
        expect(gone).to_contain_text("shared")
        expect(refused).to_contain_text("Not shared: This says it is a PDF, but it is a program.")
        steps.looks_well(page)
        dialog.get_by_role("button", name="Done").click()
        expect(steps.row(page, "Biscuit asleep")).to_contain_text("You shared this")
        expect(steps.row(page, "Invoice")).to_have_count(0)


def test_a_document_opens_in_a_new_tab_and_is_taken_back(page: Page, app: Flask) -> None:  # DOC-1 DOC-3
    steps.let_in(page, app)
    steps.go(page, "/documents")
    photo = steps.row(page, "Juno at the vet")
    with page.context.expect_page() as opened:
        photo.get_by_role("link", name=re.compile("^Juno at the vet")).click()
    expect(opened.value.locator("img")).to_be_visible()
    opened.value.close()
    with page.expect_download() as download:
        photo.get_by_role("link", name="Download Juno at the vet").click()
    assert download.value.suggested_filename == "Juno at the vet.jpg"
    expect(steps.row(page, "Boarding agreement").get_by_role("link", name="Remove")).to_have_count(0)
    with steps.no_page_load(page):
        photo.get_by_role("link", name="Remove Juno at the vet").click()
        page.get_by_role("dialog").get_by_role("button", name="Remove Document").click()
        expect(photo).to_contain_text("Removed.")
        photo.get_by_role("button", name="Undo").click()
        expect(photo).to_contain_text("You shared this")
        photo.get_by_role("link", name="Remove Juno at the vet").click()
        page.get_by_role("dialog").get_by_role("button", name="Remove Document").click()
        expect(photo).to_contain_text("Removed.")
    steps.go(page, "/documents")
    expect(photo.get_by_role("link")).to_have_count(0)


@steps.refusals
@steps.without_javascript
def test_documents_without_javascript(page: Page, app: Flask) -> None:  # DOC-2 DOC-3 DOC-4 NAV-7
    steps.let_in(page, app)
    steps.go(page, "/documents")
    steps.follow(page, "Share Document")
    page.get_by_label("Choose files").set_input_files([FAKE, PHOTO])
    steps.press(page, "Upload")
    sent = page.get_by_role("list", name="Sent files").get_by_role("listitem")
    expect(sent.filter(has_text="Invoice.pdf")).to_contain_text("Not shared:")
    expect(sent.filter(has_text="Biscuit asleep.jpg")).to_contain_text("Shared")
    page.get_by_label("Choose files").set_input_files([LICENCE, DIET])
    steps.press(page, "Upload")
    steps.says(page, "2 documents shared.")
    steps.follow(page, "Remove Biscuit asleep")
    steps.press(page, "Remove Document")
    steps.says(page, "Biscuit asleep is removed. You can undo this for 10 seconds.")
    expect(steps.row(page, "Licence")).to_be_visible()


@steps.on("tablet", "desk")
def test_documents_on_a_tablet(page: Page, app: Flask) -> None:
    dialog = open_the_dialog(page, app)
    dialog.get_by_label("Choose files").set_input_files([LICENCE, FAKE])
    expect(dialog.get_by_role("list", name="Chosen files").get_by_role("listitem")).to_have_count(2)
    steps.looks_well(page)
