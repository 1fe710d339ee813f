"""Documents: the list, opening one, sharing and removing."""

from datetime import datetime

from flask import url_for

from portal.answers import Answer, done, show
from portal.db import now
from portal.inputs import number
from portal.inputs.documents import ShareDocuments
from portal.models import Document
from portal.rules import documents, shelves
from portal.views.client.room import me, mine, myself, room
from portal.views.files import attachment
from portal.wording import counted


@room.get("/documents")
def list_documents() -> Answer:
    last, at = number("after"), now()
    shelf = shelves.stretch(me().id, at=at, after=mine(Document, last) if last else None)
    return show("client/documents", "client/document_rows", at=at, shelf=shelf)


@room.get("/documents/<int:document_id>")
def open_document(document_id: int) -> Answer:
    document = opened(document_id)
    return attachment(document.file, name=document.name, inline=shelves.opens_in_tab(document.file.type))


@room.get("/documents/<int:document_id>/download")
def download_document(document_id: int) -> Answer:
    document = opened(document_id)
    return attachment(document.file, name=document.name)


def opened(document_id: int) -> Document:
    document = mine(Document, document_id, *shelves.SHOWN)
    if not me().viewer:
        documents.see(document, at=now())
    return document


@room.get("/documents/share")
def ask_to_share() -> Answer:
    documents.must_be_open()
    return show("client/share", "client/share_dialog", form=ShareDocuments())


@room.post("/documents")
def share_documents() -> Answer:
    form, at = ShareDocuments(), now()
    if not form.validate_on_submit():
        return show("client/share", "client/share_outcomes", 422, form=form)
    outcomes = documents.share_each(myself(), form.sent(), by=me().actor, at=at)
    if any(outcome.why for outcome in outcomes):
        return show("client/share", "client/share_outcomes", 422, form=form, outcomes=outcomes)
    return shared([outcome.document for outcome in outcomes if outcome.document], at)


def shared(new: list[Document], at: datetime) -> Answer:
    last = max(new, key=lambda document: (document.sort_name, document.id))
    shelf = shelves.stretch(me().id, at=at, through=last)
    fresh, said = {document.id for document in new}, f"{counted(len(new), 'document')} shared."
    return done("client/document_list", then=url_for(".list_documents"), said=said, shelf=shelf, at=at, fresh=fresh)


@room.get("/documents/<int:document_id>/removal")
def ask_to_remove_document(document_id: int) -> Answer:
    document = mine(Document, document_id, *shelves.SHOWN)
    documents.must_be_own(document)
    return show("client/document_removal", "client/remove_document", document=shelves.listed(document))


@room.post("/documents/<int:document_id>/removal")
def remove_document(document_id: int) -> Answer:
    at = now()
    document = documents.remove(mine(Document, document_id, Document.visible.is_(True)), by=me().actor, at=at)
    return changed(document, at, f"{document.title} is removed. You can undo this for 10 seconds.")


@room.delete("/documents/<int:document_id>/removal")
@room.post("/documents/<int:document_id>/return")
def restore_document(document_id: int) -> Answer:
    at = now()
    document = documents.restore(mine(Document, document_id, Document.from_client.is_(True)), by=me().actor, at=at)
    return changed(document, at, f"{document.title} is back.")


def changed(document: shelves.Listed, at: datetime, said: str) -> Answer:
    then = url_for(".list_documents", _anchor=f"document_row-{document.id}")
    return done("client/document_row", then=then, said=said, document=document, at=at, focus=True)
