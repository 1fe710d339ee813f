"""The business’s own documents in the settings, and sending them, as the browser asks for it."""

import re
from io import BytesIO

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.db import db, now
from portal.models import Client, Delivery, Document, File, Member, Role, StoredDocument
from portal.rules import files, storage
from portal.rules.actors import as_member
from tests import samples
from tests.conftest import Browse, Browser
from tests.house.test_speed import queries

LIST = "/desk/settings/documents"


@pytest.fixture
def rules(nina: Member) -> StoredDocument:
    file = files.keep(BytesIO(samples.pdf("rules")), "House rules.pdf", at=now())
    return storage.store(file, by=as_member(nina), at=now())


def test_they_are_stored_by_who_is_in_charge(app: Flask, browse: Browse, nina: Member, theo: Member) -> None:  # CP-8
    browser = browse(nina)
    assert "Nothing is stored yet" in browser.get(LIST).text
    assert "data-uploads" in browser.swap(f"{LIST}/new", "get").text
    assert browser.get(f"{LIST}/new").status_code == 200
    part = browser.swap(LIST, data={"files": [(BytesIO(samples.pdf()), "Prices.pdf")]})
    assert (part.status_code, 'id="stored_list"' in part.text) == (200, True)
    answer = browser.post(LIST, data={"files": [(BytesIO(samples.pdf("b")), "Agreement.pdf")]})
    assert (answer.status_code, answer.location) == (303, LIST)
    page = browser.get(LIST).text
    assert page.index("Agreement") < page.index("Prices")
    with queries(app) as said:
        browser.get(LIST)
    assert len(said) <= 4, said
    helper = browse(theo)
    assert "Add Documents" not in helper.get(LIST).text
    assert helper.post(LIST, data={"files": [(BytesIO(samples.pdf()), "Mine.pdf")]}).status_code == 403
    theo.role = Role.MANAGER
    db.session.commit()
    assert "Add Documents" in helper.get(LIST).text


def test_what_is_refused_says_why(browse: Browse, nina: Member) -> None:  # DOC-4
    browser = browse(nina)
    answer = browser.post(LIST, data={"files": [(BytesIO(b"MZ" + bytes(900)), "two.exe")]})
    assert (answer.status_code, "Not added:" in answer.text) == (422, True)
    assert browser.swap(LIST, data={}).status_code == 422
    assert db.session.query(StoredDocument).count() == 0


def test_all_files_together_have_a_limit(
    app: Flask, browse: Browse, nina: Member, rosa: Client, rules: StoredDocument
) -> None:  # DOC-4
    """Whoever sends one hears why, and what next; none of what is there is lost, and a setting gives more room."""
    object.__setattr__(app.extensions["portal-settings"], "files_gb", 1)
    rules.file.size = 1_000_000_000 - 1
    db.session.commit()
    browser, hers = browse(nina), browse(rosa)
    ways = (
        (browser, LIST, "files"),
        (browser, f"/desk/customers/{rosa.id}/documents", "files"),
        (browser, f"/desk/customers/{rosa.id}/notes", "attachments"),
        (hers, "/documents", "files"),
    )

    def sent(by: Browser, path: str, field: str) -> TestResponse:
        more = {"text": "Shy.", "key": "1" * 32, "visible": "no", field: [(BytesIO(samples.pdf(path)), "New.pdf")]}
        return by.post(path, data=more)

    assert sent(*ways[0]).status_code == 303, "one octet is left"
    there = db.session.query(File).count()
    for way in ways:
        answer = sent(*way)
        assert answer.status_code == 422, way
        assert "There is no room for more files: all of them together may take 1 GB." in answer.text
        assert "ask whoever looks after this portal for more room" in answer.text
    assert db.session.query(File).count() == there
    assert browser.get(f"/desk/settings/documents/{rules.id}").status_code == 200
    for most in (2, 0):
        object.__setattr__(app.extensions["portal-settings"], "files_gb", most)
        assert sent(*ways[0]).status_code == 303


def test_one_is_renamed_removed_and_comes_back(browse: Browse, nina: Member, rules: StoredDocument) -> None:  # CP-8
    browser, page = browse(nina), f"{LIST}/{rules.id}"
    assert 'value="House rules"' in browser.swap(f"{page}/name", "get").text
    assert browser.get(f"{page}/name").status_code == 200
    assert browser.swap(f"{page}/name", data={"name": ""}).status_code == 422
    assert ">Rules<" in browser.swap(f"{page}/name", data={"name": "Rules"}).text
    assert browser.get(page).headers["Content-Disposition"].startswith("inline")
    assert browser.get(f"{page}/download").headers["Content-Disposition"].startswith("attachment")
    assert "Undo" in browser.swap(f"{page}/removal").text
    assert browser.get(page).status_code == 404
    assert browser.swap(f"{page}/removal").status_code == 422
    assert "Removed." in browser.get(LIST).text
    assert browser.post(f"{page}/return").status_code == 303
    assert browser.post(f"{page}/removal").location == f"{LIST}#stored_row-{rules.id}"
    assert browser.post(f"{LIST}/999999/removal").status_code == 404


def chosen(page: str, *documents: StoredDocument, **more: str) -> dict[str, object]:
    key = re.search(r'name="key" type="hidden" value="(\w+)"', page) or re.search(r'name="key"[^>]*value="(\w+)"', page)
    assert key
    return {"documents": [document.id for document in documents], "channel": "email", "key": key[1], **more}


def test_a_document_is_sent_with_a_message(  # CP-8, MSG-4
    app: Flask, browse: Browse, theo: Member, rosa: Client, rules: StoredDocument
) -> None:
    browser, path = browse(theo), f"/desk/customers/{rosa.id}/sending"
    assert f'href="{path}"' in browser.get(f"/desk/customers/{rosa.id}").text
    page = browser.get(path).text
    assert "House rules" in page
    with queries(app) as said:
        browser.get(path)
    assert len(said) <= 4, said
    form = chosen(page, rules, text="Please read this.")
    answer = browser.post(path, data=form)
    assert (answer.status_code, answer.location.startswith("/desk/inbox/")) == (303, True)
    assert "Please read this." in browser.get(answer.location).text
    assert "House rules" in browse(rosa).get("/documents").text
    assert browser.swap(path, data=form).headers["HX-Redirect"] == answer.location, "sent twice it is sent once"
    assert (db.session.query(Document).count(), db.session.query(Delivery).count()) == (1, 1)
    assert ", sent today" in browser.get(path).text


def test_a_form_that_says_too_little_keeps_what_was_typed(  # CP-8
    browse: Browse, theo: Member, rosa: Client, rules: StoredDocument
) -> None:
    browser, path = browse(theo), f"/desk/customers/{rosa.id}/sending"
    page = browser.get(path).text
    answer = browser.swap(path, data=chosen(page, text="Hello Rosa"))
    assert answer.status_code == 422
    assert "Choose a document, or the link to the portal." in answer.text
    assert "Hello Rosa" in answer.text
    assert browser.post(path, data={**chosen(page, rules), "documents": [999]}).status_code == 422
    assert browser.post(path, data={**chosen(page, rules), "channel": "sms"}).status_code == 422, "there is no number"
    rosa.deactivated_at = now()
    db.session.commit()
    assert "Reactivate the profile" in browser.get(path).text
    late = browser.swap(path, data=chosen(page, rules))
    assert (late.status_code, "deactivated and has no portal" in late.text) == (422, True)
    assert db.session.query(Document).count() == 0


def test_without_an_address_it_says_what_to_do(browse: Browse, theo: Member, rosa: Client) -> None:  # MSG-4
    rosa.email, rosa.phone = None, ""
    db.session.commit()
    assert "Add one to the profile" in browse(theo).get(f"/desk/customers/{rosa.id}/sending").text


def test_sending_belongs_to_staff(browse: Browse, theo: Member, rosa: Client, rules: StoredDocument) -> None:  # SI-1
    assert browse(rosa).post(f"/desk/customers/{rosa.id}/sending", data={"documents": [rules.id]}).status_code == 302
    assert browse(rosa).get(f"{LIST}/{rules.id}").status_code == 302
    assert browse(theo).post("/desk/customers/999999/sending").status_code == 404
    assert db.session.query(Document).count() == 0
