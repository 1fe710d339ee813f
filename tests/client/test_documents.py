"""Documents, as the browser asks for them."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from portal.db import db, now
from portal.models import Business, Client, Document, History, Member, Notice
from portal.rules import documents, files
from portal.rules.actors import as_client, as_member
from tests import samples
from tests.conftest import Browse

Given = Callable[..., Document]


def upload(*sent: tuple[bytes, str]) -> dict[str, Any]:
    return {"data": {"files": [(BytesIO(content), name) for content, name in sent]}}


def plan(name: str = "Feeding plan.pdf") -> tuple[bytes, str]:
    return samples.pdf(name), name


def share(of: Client, content: bytes, name: str) -> Document:
    return documents.share(of, BytesIO(content), name, by=as_client(of), at=now())


@pytest.fixture
def own(rosa: Client) -> Document:
    return share(rosa, *plan())


@pytest.fixture
def given(rosa: Client, nina: Member) -> Given:
    def give(name: str = "Invoice.pdf", content: bytes = b"", **more: Any) -> Document:
        file = files.keep(BytesIO(content or samples.pdf(name)), name, at=now())
        return documents.give(rosa, file, by=as_member(nina), at=now(), **more)

    return give


def all_documents() -> list[Document]:
    return list(db.session.scalars(select(Document).order_by(Document.id)))


def test_without_report_cards_it_is_called_documents(browse: Browse, rosa: Client) -> None:  # RC-1
    page = browse(rosa).get("/documents").text
    assert "<h1>Documents</h1>" in page
    assert "Report Cards" not in page
    assert re.search(r'href="/documents" aria-current="page">.*?<span class="nav__word">Documents</span>', page)


def test_the_list_tells_what_it_is_and_where_it_is_from(  # DOC-1, DOC-3
    browse: Browse, rosa: Client, own: Document, given: Given
) -> None:
    invoice, hidden = given(), given("Hidden.pdf", visible=False)
    page = browse(rosa).get("/documents").text
    page = page[page.index("<main") :]
    assert page.index("Feeding plan") < page.index("Invoice")
    assert page.count("You shared this") == 1
    assert "From Nina Park, Today" in page
    assert page.count("New</span></div>") == 1
    assert f'href="/documents/{own.id}/removal"' in page
    assert f'href="/documents/{invoice.id}/removal"' not in page
    assert f"/documents/{hidden.id}" not in page
    assert f'href="/documents/{invoice.id}" target="_blank" rel="noopener"' in page


def test_an_empty_list_says_the_next_step(browse: Browse, rosa: Client) -> None:  # DOC-1
    page = browse(rosa).get("/documents").text
    assert "Nothing here yet" in page
    assert page.count('href="/documents/share"') == 2


def test_a_long_list_comes_in_pages_of_25(browse: Browse, rosa: Client) -> None:  # DOC-1
    for number in range(30):
        share(rosa, b"a scan", f"Scan {number}.txt")
    browser = browse(rosa)
    page = browser.get("/documents").text
    assert page.count('id="document_row-') == 25
    more = re.search(r'hx-get="(/documents\?after=\d+)"', page)
    assert more
    assert browser.get(more[1]).text.count('id="document_row-') == 5
    part = browser.swap(more[1], "get").text
    assert part.count('id="document_row-') == 5
    assert "<html" not in part
    assert "Show more" not in part


def test_a_list_takes_two_queries(app: Flask, browse: Browse, rosa: Client) -> None:  # DOC-1
    for number in range(30):
        share(rosa, b"a scan", f"Scan {number}.txt")
    browser = browse(rosa)
    browser.get("/documents")
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    browser.get("/documents")
    assert len([words for words in asked if words.startswith("SELECT")]) == 2


@pytest.mark.parametrize("after", ["", "x", "-1", "٣", "9" * 30, "2147483648", "1; DROP TABLE"])
def test_a_list_goes_on_after_no_such_place(browse: Browse, rosa: Client, after: str) -> None:  # DOC-1
    assert browse(rosa).get("/documents", query_string={"after": after}).status_code == 404


def test_a_list_goes_on_after_nobody_elses(browse: Browse, omar: Client, own: Document) -> None:  # DOC-1
    assert browse(omar).get(f"/documents?after={own.id}").status_code == 404


def test_a_pdf_opens_in_the_browser_in_a_box(browse: Browse, rosa: Client, given: Given) -> None:  # DOC-1
    document = given("Rosa’s “plan” 100%.pdf", samples.pdf("Plan"))
    browser = browse(rosa)
    answer = browser.get(f"/documents/{document.id}")
    assert answer.data == samples.pdf("Plan")
    assert answer.headers["Content-Disposition"].startswith("inline; ")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    policy = answer.headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "frame-ancestors 'none'", "sandbox"} <= set(policy)
    assert "script" not in answer.headers["Content-Security-Policy"]
    db.session.refresh(document)
    assert document.seen_at is not None
    assert "New</span></div>" not in browser.get("/documents").text


def test_what_browsers_do_not_show_is_saved(browse: Browse, rosa: Client, given: Given) -> None:  # DOC-1
    for name, content in (("notes.txt", samples.txt()), ("list.csv", samples.csv()), ("letter.docx", samples.docx())):
        answer = browse(rosa).get(f"/documents/{given(name, content).id}")
        assert answer.headers["Content-Disposition"].startswith("attachment; ")
    page = browse(rosa).get("/documents").text
    assert "_blank" not in page


def test_download_saves_under_its_name(browse: Browse, rosa: Client, own: Document, given: Given) -> None:  # DOC-1
    answer = browse(rosa).get(f"/documents/{own.id}/download")
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"Feeding plan.pdf\"; filename*=UTF-8''Feeding%20plan.pdf"
    )
    document = given()
    browse(rosa).get(f"/documents/{document.id}/download")
    db.session.refresh(document)
    assert document.seen_at is not None


@pytest.mark.parametrize("end", ["", "/download", "/removal"])
def test_what_is_not_theirs_hidden_or_removed_is_not_there(  # DOC-1, DOC-3
    browse: Browse, rosa: Client, omar: Client, own: Document, given: Given, end: str
) -> None:
    hidden = given("Hidden.pdf", visible=False)
    assert browse(omar).get(f"/documents/{own.id}{end}").status_code == 404
    assert browse(rosa).get(f"/documents/{hidden.id}{end}").status_code == 404
    documents.remove(own, by=as_client(rosa), at=now())
    assert browse(rosa).get(f"/documents/{own.id}{end}").status_code == 404


def test_the_dialog_and_the_page_to_share(browse: Browse, rosa: Client) -> None:  # DOC-2
    browser = browse(rosa)
    dialog = browser.swap("/documents/share", "get").text
    assert "Share Document with Provider" in dialog
    assert 'data-uploads="shared" hx-target="#document_list"' in dialog
    assert "<html" not in dialog
    page = browser.get("/documents/share").text
    assert '<input type="file" name="files" multiple' in page
    assert 'enctype="multipart/form-data"' in page
    assert "data-uploads" not in page


def test_a_shared_file_comes_back_in_the_list(browse: Browse, rosa: Client, own: Document) -> None:  # DOC-2
    share(rosa, *plan("Zebra.pdf"))
    answer = browse(rosa).swap("/documents", **upload(plan("Rabies.pdf")))
    assert answer.status_code == 200
    assert answer.text.startswith('<div id="document_list">')
    places = [answer.text.index(name) for name in ("Feeding plan", "Rabies", "Zebra")]
    assert places == sorted(places)
    assert answer.text.count("row--fresh") == 1
    assert "data-focus" not in answer.text


def test_sharing_without_javascript(browse: Browse, rosa: Client) -> None:  # DOC-2
    browser = browse(rosa)
    answer = browser.post("/documents", **upload(plan("a.pdf"), plan("b.pdf")))
    assert (answer.status_code, answer.location) == (303, "/documents")
    page = browser.get("/documents").text
    assert "2 documents shared." in page
    assert page.count("You shared this") == 2
    assert db.session.query(Notice).count() == 2
    assert db.session.query(History).count() == 2


def test_one_refused_file_says_why(browse: Browse, rosa: Client) -> None:  # DOC-4
    answer = browse(rosa).swap("/documents", **upload((samples.svg(), "drawing.pdf")))
    assert answer.status_code == 422
    assert re.search(r'<p class="file__why">Not shared: This .+</p>', answer.text)
    assert "<html" not in answer.text
    assert all_documents() == []


def test_without_javascript_a_page_tells_what_became_of_each(browse: Browse, rosa: Client) -> None:  # DOC-4
    sent = upload(plan("a.pdf"), (samples.exe(), "b.pdf"), (b"", "c.txt"), plan("<b>d</b>.pdf"))
    answer = browse(rosa).post("/documents", **sent)
    assert answer.status_code == 422
    assert answer.text.count("Not shared: ") == 2
    assert "This file is empty" in answer.text
    assert answer.text.count("<p>Shared</p>") == 2
    assert "&lt;b&gt;d&lt;/b&gt;.pdf" in answer.text
    assert "Back to Documents" in answer.text
    assert len(all_documents()) == 2


def test_nothing_chosen_is_said(browse: Browse, rosa: Client) -> None:  # DOC-2
    for data in ({}, {"files": "words"}, {"files": (BytesIO(b""), "")}):
        answer = browse(rosa).post("/documents", data=data, content_type="multipart/form-data")
        assert answer.status_code == 422
        assert "Choose at least one file." in answer.text


def test_pressed_twice_is_one_document(browse: Browse, rosa: Client) -> None:  # DOC-4
    browser = browse(rosa)
    for _ in range(2):
        assert browser.swap("/documents", **upload(plan())).status_code == 200
    assert len(all_documents()) == 1
    assert db.session.query(Notice).count() == 1


def test_sent_many_times_at_once_is_one_document(app: Flask, browse: Browse, rosa: Client) -> None:  # DOC-4
    start, browsers = Barrier(6), [browse(rosa) for _ in range(6)]
    tokens = [browser.csrf() for browser in browsers]
    db.session.commit()

    def send(n: int) -> int:
        with app.app_context():
            start.wait()
            return browsers[n].post("/documents", token=tokens[n], **upload(plan())).status_code

    with ThreadPoolExecutor(6) as threads:
        assert list(threads.map(send, range(6))) == [303] * 6
    assert len(all_documents()) == 1
    assert db.session.query(Notice).count() == 1


def test_no_more_room_is_said(browse: Browse, rosa: Client, monkeypatch: pytest.MonkeyPatch) -> None:  # DOC-4
    monkeypatch.setattr(documents, "MOST_FILES", 1)
    answer = browse(rosa).post("/documents", **upload(plan("a.pdf"), plan("b.pdf")))
    assert answer.status_code == 422
    assert "You have shared 1 documents, which is as much as we keep." in answer.text
    assert len(all_documents()) == 1


def test_a_business_that_takes_none(browse: Browse, rosa: Client) -> None:  # DOC-2
    db.session.query(Business).one().uploads_open = False
    db.session.commit()
    browser = browse(rosa)
    assert "/documents/share" not in browser.get("/documents").text
    for answer in (browser.get("/documents/share"), browser.post("/documents", **upload(plan()))):
        assert answer.status_code == 422
        assert "Documents cannot be shared here at the moment." in answer.text
    assert all_documents() == []


def test_removing_asks_once(browse: Browse, rosa: Client, own: Document, given: Given) -> None:  # DOC-3
    browser = browse(rosa)
    dialog = browser.swap(f"/documents/{own.id}/removal", "get").text
    assert "Remove this document?" in dialog
    assert f'hx-target="#document_row-{own.id}"' in dialog
    assert "Remove this document?" in browser.get(f"/documents/{own.id}/removal").text
    refused = browser.get(f"/documents/{given().id}/removal")
    assert refused.status_code == 422
    assert "Only what you shared yourself" in refused.text


def test_removing_swaps_the_row_and_can_be_undone(browse: Browse, rosa: Client, own: Document) -> None:  # DOC-3
    browser = browse(rosa)
    row = browser.swap(f"/documents/{own.id}/removal").text
    assert row.startswith(f'<li class="row row--gone row--fresh" id="document_row-{own.id}"')
    assert 'data-expires="10"' in row
    assert f'hx-post="/documents/{own.id}/return"' in row
    assert own.removed_at is not None
    back = browser.swap(f"/documents/{own.id}/return").text
    assert "You shared this" in back
    assert own.removed_at is None
    browser.swap(f"/documents/{own.id}/removal")
    assert (
        browser.swap(f"/documents/{own.id}/removal", "delete", headers={"X-CSRFToken": browser.csrf()}).status_code
        == 200
    )
    assert own.removed_at is None


def test_removing_without_javascript(browse: Browse, rosa: Client, own: Document) -> None:  # DOC-3
    browser = browse(rosa)
    answer = browser.post(f"/documents/{own.id}/removal")
    assert (answer.status_code, answer.location) == (303, f"/documents#document_row-{own.id}")
    page = browser.get("/documents").text
    assert "Feeding plan is removed. You can undo this for 10 seconds." in page
    assert f'action="/documents/{own.id}/return"' in page
    assert browser.post(f"/documents/{own.id}/return").status_code == 303
    assert own.removed_at is None
    assert [line.new for line in db.session.query(History).order_by(History.id)] == ["Shared", "Removed", "Shared"]


def test_removing_what_cannot_be(browse: Browse, rosa: Client, own: Document, given: Given) -> None:  # DOC-3
    browser, invoice = browse(rosa), given()
    refused = browser.swap(f"/documents/{invoice.id}/removal")
    assert refused.status_code == 422
    assert "Only what you shared yourself can be removed here." in refused.text
    assert browser.swap(f"/documents/{own.id}/return").status_code == 422
    browser.post(f"/documents/{own.id}/removal")
    assert "already been removed" in browser.post(f"/documents/{own.id}/removal").text
    assert invoice.removed_at is None


def test_a_stranger_finds_nothing_to_change(browse: Browse, omar: Client, own: Document) -> None:  # DOC-3
    for end in ("removal", "return"):
        assert browse(omar).post(f"/documents/{own.id}/{end}").status_code == 404
    assert own.removed_at is None


def test_the_other_room_is_turned_away(browse: Browse, nina: Member, own: Document) -> None:  # DOC-2, DOC-3
    for path in ("/documents", f"/documents/{own.id}/removal", f"/documents/{own.id}/return"):
        for person in (nina, None):
            answer = browse(person).post(path)
            assert answer.status_code == 302
            assert answer.location.startswith("/sign-in")
    assert len(all_documents()) == 1
    assert own.removed_at is None
