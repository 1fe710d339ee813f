"""A customer’s documents at the desk, as the browser asks for them."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from portal.db import db, now
from portal.models import Client, Delivery, Document, History, Member
from portal.rules import documents, handouts
from portal.rules.actors import as_client, as_member
from tests import samples
from tests.conftest import Browse
from tests.house.test_speed import queries


@pytest.fixture
def own(rosa: Client) -> Document:
    plan = BytesIO(samples.pdf("plan"))
    return documents.share(rosa, plan, "Feeding plan.pdf", by=as_client(rosa), at=now())


@pytest.fixture
def kept(rosa: Client, nina: Member) -> Document:
    page = BytesIO(samples.pdf("kept"))
    return handouts.add(rosa, page, "Evaluation.pdf", visible=False, by=as_member(nina), at=now())


def files(*sent: tuple[bytes, str], visible: str = "no") -> dict[str, Any]:
    return {"files": [(BytesIO(content), name) for content, name in sent], "visible": visible}


def test_the_tab_shows_both_folders(  # CP-7
    app: Flask, browse: Browse, theo: Member, rosa: Client, own: Document, kept: Document
) -> None:
    browser, path = browse(theo), f"/desk/customers/{rosa.id}/documents"
    page = browser.get(path).text
    customer, shared = page.split('id="folder-1"')[1].split('id="folder-2"')
    assert "Feeding plan" in customer
    assert "visibility" not in customer, "what the client sent the client sees"
    assert "Evaluation" in shared
    assert "Only staff" in shared
    assert page.index('aria-current="page">Documents') > page.index('class="tabs__list"')
    with queries(app) as said:
        browser.get(path)
    assert len(said) <= 4, said


def test_a_long_folder_comes_in_pages(browse: Browse, theo: Member, rosa: Client) -> None:  # CP-7
    for number in range(27):
        documents.share(rosa, BytesIO(b"a scan"), f"Scan {number}.txt", by=as_client(rosa), at=now())
    browser = browse(theo)
    page = browser.get(f"/desk/customers/{rosa.id}/documents").text
    assert page.count('id="document_row-') == 25
    more = page.split('class="button button--wide" href="')[1].split('"')[0]
    assert browser.swap(more, "get").text.count('id="document_row-') == 2
    assert browser.get(more).text.count('id="document_row-') == 2
    for wrong in ("x", "-1", "999999"):
        assert browser.get(f"/desk/customers/{rosa.id}/documents?after={wrong}").status_code == 404


def test_files_are_added_for_staff_or_for_the_client_too(browse: Browse, theo: Member, rosa: Client) -> None:  # CP-7
    browser, path = browse(theo), f"/desk/customers/{rosa.id}/documents"
    assert "Only staff" in browser.swap(f"{path}/new", "get").text
    assert "<h1>Add Documents</h1>" in browser.get(f"{path}/new").text
    part = browser.swap(path, data=files((samples.pdf(), "One.pdf")))
    assert part.status_code == 200
    assert 'id="document_folders"' in part.text
    assert "row--fresh" in part.text
    answer = browser.post(path, data=files((samples.pdf(), "Two.pdf"), (b"words", "Three.txt"), visible="yes"))
    assert (answer.status_code, answer.location) == (303, path)
    assert "2 documents added." in browser.get(path).text
    told = {document.name: document.visible for document in db.session.query(Document)}
    assert told == {"One.pdf": False, "Two.pdf": True, "Three.txt": True}
    assert db.session.query(Delivery).count() == 1, "one letter for both"
    assert db.session.query(History).filter_by(by_name="Theo Brandt", new="Shared").count() == 3


def test_a_file_that_is_refused_says_why_and_the_others_stay(browse: Browse, theo: Member, rosa: Client) -> None:
    browser, path = browse(theo), f"/desk/customers/{rosa.id}/documents"  # DOC-4
    answer = browser.post(path, data=files((samples.pdf(), "One.pdf"), (b"MZ" + bytes(900), "two.exe")))
    assert answer.status_code == 422
    assert "Not added:" in answer.text
    assert db.session.query(Document).one().name == "One.pdf"
    empty = browser.post(path, data={"visible": "no"})
    assert (empty.status_code, "Choose at least one file." in empty.text) == (422, True)


def test_the_eye_is_one_tap_in_place(browse: Browse, theo: Member, rosa: Client, kept: Document) -> None:  # CP-7
    browser, page = browse(theo), f"/desk/documents/{kept.id}"
    assert "Evaluation" not in browse(rosa).get("/documents").text
    shown = browser.swap(f"{page}/visibility").text
    assert shown.startswith(f'<li class="row paper row--fresh" id="document_row-{kept.id}"')
    for words in ("Rosa sees it", "Rosa is told in a moment", "Don’t Tell"):
        assert words in shown
    assert "Evaluation" in browse(rosa).get("/documents").text
    assert "Don’t Tell" not in browser.swap(f"{page}/letter/removal").text
    assert db.session.query(Delivery).count() == 0
    answer = browser.swap(f"{page}/letter/removal")
    assert (answer.status_code, "gone out already" in answer.text) == (422, True)
    hidden = browser.post(f"{page}/visibility/removal")
    assert (hidden.status_code, hidden.location) == (
        303,
        f"/desk/customers/{rosa.id}/documents#document_row-{kept.id}",
    )
    assert "Evaluation" not in browse(rosa).get("/documents").text
    token = {"X-CSRFToken": browser.csrf("/desk/sign-in")}
    assert browser.open(f"{page}/visibility", method="DELETE", headers=token).status_code == 303


def test_what_the_client_sent_is_not_hidden(browse: Browse, theo: Member, own: Document) -> None:  # DOC-3
    answer = browse(theo).swap(f"/desk/documents/{own.id}/visibility/removal")
    assert (answer.status_code, "The client sent this" in answer.text) == (422, True)


def test_it_is_renamed_in_its_row(browse: Browse, theo: Member, kept: Document) -> None:  # CP-7
    browser, page = browse(theo), f"/desk/documents/{kept.id}/name"
    assert 'value="Evaluation"' in browser.swap(page, "get").text
    assert 'value="Evaluation"' in browser.get(page).text
    wrong = browser.swap(page, data={"name": " "})
    assert (wrong.status_code, "Type a name." in wrong.text) == (422, True)
    long = browser.swap(page, data={"name": "x" * 101})
    assert (long.status_code, "x" * 101 in long.text) == (422, True)
    assert ">Trial day<" in browser.swap(page, data={"name": "Trial day"}).text
    assert browser.post(page, data={"name": "First day"}).status_code == 303
    assert db.session.get_one(Document, kept.id).name == "First day.pdf"


def test_it_is_removed_and_comes_back(browse: Browse, theo: Member, rosa: Client, kept: Document) -> None:  # CP-7
    browser, page = browse(theo), f"/desk/documents/{kept.id}"
    gone = browser.swap(f"{page}/removal").text
    assert 'data-expires="' in gone
    assert "Undo" in gone
    assert browser.get(page).status_code == browser.get(f"{page}/name").status_code == 404
    assert browser.swap(f"{page}/removal").status_code == 422
    assert "Removed." in browser.get(f"/desk/customers/{rosa.id}/documents").text, "also without JavaScript"
    assert browser.post(f"{page}/return").status_code == 303
    assert browser.get(page).status_code == 200
    assert browser.swap(f"{page}/return").status_code == 422


def test_it_opens_and_downloads_and_stays_new_for_the_client(  # DOC-1
    browse: Browse, theo: Member, rosa: Client, nina: Member
) -> None:
    page = BytesIO(samples.pdf("x"))
    document = handouts.add(rosa, page, "Plan.pdf", visible=True, by=as_member(nina), at=now())
    browser = browse(theo)
    answer = browser.get(f"/desk/documents/{document.id}")
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    saved = browser.get(f"/desk/documents/{document.id}/download").headers["Content-Disposition"]
    assert saved.startswith("attachment")
    assert db.session.get_one(Document, document.id).seen_at is None
    browse(rosa).get(f"/documents/{document.id}")
    assert ", opened" in browser.get(f"/desk/customers/{rosa.id}/documents").text


def test_nobody_else_gets_at_them(browse: Browse, rosa: Client, theo: Member, kept: Document) -> None:  # SI-1
    client, staff = browse(rosa), browse(theo)
    for path in ("visibility", "removal", "name"):
        assert client.post(f"/desk/documents/{kept.id}/{path}").status_code == 302
        assert staff.post(f"/desk/documents/999999/{path}").status_code == 404
    assert client.post(f"/desk/customers/{rosa.id}/documents", data=files((samples.pdf(), "a.pdf"))).status_code == 302
    assert db.session.get_one(Document, kept.id).visible is False


def test_a_removed_document_is_no_way_in_for_the_client(
    browse: Browse, rosa: Client, theo: Member, kept: Document
) -> None:
    browse(theo).post(f"/desk/documents/{kept.id}/removal")  # DOC-3
    answer = browse(rosa).swap(f"/documents/{kept.id}/return")
    assert (answer.status_code, "Evaluation" in answer.text) == (404, False)
