"""What staff keep for themselves never reaches a client: words planted there show up on no page of the portal."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from portal.db import db, now
from portal.models import Client, Document, Member, Pet
from portal.rules import documents, files, handouts, notes, storage
from portal.rules.actors import as_client, as_member
from tests import cast, samples
from tests.conftest import Browse
from tests.house import crawl
from tests.house.test_ownership import address, routes, sample

MARK = "zebrafinch"


def planted(rosa: Client, biscuit: Pet, nina: Member) -> None:
    """In a note and its file, in what is hidden, removed or only stored, with and without a pet."""
    by, at = as_member(nina), now()
    kept = files.keep(BytesIO(samples.pdf(MARK)), f"{MARK}-note.pdf", at=at)
    notes.write(rosa, f"{MARK}-words", files=[kept], by=by, at=at)
    notes.remove(notes.write(rosa, f"{MARK}-gone", pet=biscuit, by=by, at=at), by=by, at=at)
    handouts.add(rosa, BytesIO(samples.pdf(MARK)), f"{MARK}-hidden.pdf", visible=False, by=by, at=at)
    shown = handouts.add(rosa, BytesIO(samples.pdf(MARK)), f"{MARK}-shown.pdf", visible=True, by=by, at=at)
    handouts.hide(shown, by=by, at=at)
    gone = handouts.add(rosa, BytesIO(samples.pdf(MARK)), f"{MARK}-removed.pdf", visible=True, by=by, at=at)
    handouts.remove(gone, by=by, at=at)
    stored = files.keep(BytesIO(samples.pdf(MARK)), f"{MARK}-stored.pdf", at=at)
    storage.store(stored, by=by, at=at)


def furnish(rosa: Client) -> None:
    documents.share(rosa, BytesIO(samples.pdf()), "Plan.pdf", by=as_client(rosa), at=now())
    cast.booking(rosa, rosa.pets, "Daycare", cast.NOON, made_at=cast.NOON)


def test_nothing_that_staff_keep_for_themselves_reaches_a_client(  # CP-7, DOC-1
    app: Flask, browse: Browse, rosa: Client, biscuit: Pet, nina: Member
) -> None:
    furnish(rosa)
    planted(rosa, biscuit, nina)
    browser, pages = browse(rosa), 0
    for page in crawl.walk(browser, "/"):
        assert MARK not in page.text.lower(), page.address
        assert MARK not in browser.swap(page.address, "get").text.lower(), page.address
        pages += 1
    assert pages > 15
    assert "Plan" in browser.get("/documents").text, "the walk sees what it should"


def test_what_no_page_links_to_is_not_there_either(  # DOC-1
    app: Flask, browse: Browse, rosa: Client, biscuit: Pet, nina: Member
) -> None:
    furnish(rosa)
    planted(rosa, biscuit, nina)
    browser = browse(rosa)
    for rule in routes(app, "client"):
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        for values in every_row(app, rule, rosa):
            for method in methods if "document_id" in rule.arguments else ["GET"] if "GET" in methods else []:
                headers = {"X-CSRFToken": browser.csrf(), "HX-Request": "true"}
                answer = browser.open(address(rule, values), method=method, headers=headers)
                assert MARK.encode() not in answer.data.lower() + str(answer.headers).lower().encode(), rule.rule


def every_row(app: Flask, rule: Rule, rosa: Client) -> list[dict[str, Any]]:
    """The address with each document that there is, or with one row of each other table."""
    if "document_id" in rule.arguments:
        return [{"document_id": id} for (id,) in db.session.query(Document.id).order_by(Document.id)]
    return [sample(app, rule, rosa)]


def test_staff_do_see_them(browse: Browse, rosa: Client, biscuit: Pet, nina: Member) -> None:  # CP-7
    planted(rosa, biscuit, nina)
    browser = browse(nina)
    notes_page = browser.get(f"/desk/customers/{rosa.id}/notes").text
    papers = browser.get(f"/desk/customers/{rosa.id}/documents").text
    for words, page in (("words", notes_page), ("note.pdf", notes_page), ("hidden", papers), ("shown", papers)):
        assert f"{MARK}-{words}" in page
    assert f"{MARK}-stored" in browser.get("/desk/settings/documents").text


def test_no_view_of_the_client_room_knows_notes() -> None:  # CP-7
    for path in Path("portal/views/client").glob("*.py"):
        assert not re.search(r"\b(notes|Note|NoteFile|StoredDocument|storage|folders|handouts)\b", path.read_text()), (
            path
        )
