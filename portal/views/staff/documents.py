"""A customer’s documents at the desk: adding, opening, naming, showing or hiding, and removing them."""

from datetime import datetime
from typing import Any

from flask import url_for

from portal.answers import Answer, done, show
from portal.db import now
from portal.inputs import number
from portal.inputs.documents import AddDocuments, DocumentName
from portal.models import Client, Document
from portal.rules import folders, handouts, shelves
from portal.views.files import attachment
from portal.views.staff.customer import opened
from portal.views.staff.room import me, room, the
from portal.wording import counted


@room.get("/customers/<int:client_id>/documents")
def list_customer_documents(client_id: int) -> Answer:
    at, last = now(), number("after")
    if last:
        return opened(client_id, "staff/customer_documents", "staff/document_rows", at, **going_on(client_id, last, at))
    return opened(client_id, "staff/customer_documents", "staff/document_folders", at, **both(client_id, at))


def both(client_id: int, at: datetime) -> dict[str, Any]:
    customer, shared = folders.first(client_id, at=at)
    return {"shelves": [("Customer", customer), ("Shared", shared)]}


def going_on(client_id: int, last: int, at: datetime) -> dict[str, Any]:
    document = the(Document, last, Document.client_id == client_id)
    folder = folders.further(document, at=at)
    return {"shelves": [("Customer" if document.from_client else "Shared", folder)], "folder": folder}


@room.get("/customers/<int:client_id>/documents/new")
def choose_documents(client_id: int) -> Answer:
    return show("staff/document_new", "staff/document_dialog", client=the(Client, client_id), form=AddDocuments())


@room.post("/customers/<int:client_id>/documents")
def add_documents(client_id: int) -> Answer:
    client, form, at = the(Client, client_id), AddDocuments(), now()
    if not form.validate_on_submit():
        return show("staff/document_new", "staff/upload_outcomes", 422, client=client, form=form)
    outcomes = handouts.add_each(client, form.sent(), visible=form.visible.data == "yes", by=me().actor, at=at)
    if any(outcome.why for outcome in outcomes):
        return show("staff/document_new", "staff/upload_outcomes", 422, client=client, form=form, outcomes=outcomes)
    fresh = {outcome.document.id for outcome in outcomes if outcome.document}
    then, said = url_for(".list_customer_documents", client_id=client.id), f"{counted(len(fresh), 'document')} added."
    return done(
        "staff/document_folders", then=then, said=said, client=client, at=at, fresh=fresh, **both(client.id, at)
    )


@room.get("/documents/<int:document_id>")
def open_document(document_id: int) -> Answer:
    document = there(document_id)
    return attachment(document.file, name=document.name, inline=shelves.opens_in_tab(document.file.type))


@room.get("/documents/<int:document_id>/download")
def download_document(document_id: int) -> Answer:
    document = there(document_id)
    return attachment(document.file, name=document.name)


def there(document_id: int) -> Document:
    return the(Document, document_id, Document.removed_at.is_(None))


@room.get("/documents/<int:document_id>/name")
def write_document_name(document_id: int) -> Answer:
    paper = folders.paper(there(document_id))
    return named(paper, DocumentName(name=paper.title))


@room.post("/documents/<int:document_id>/name")
def rename_document(document_id: int) -> Answer:
    document, form = the(Document, document_id), DocumentName()
    if not form.validate():
        return named(folders.paper(document), form, 422)
    paper = handouts.rename(document, form.name.data or "", by=me().actor, at=now())
    return changed(paper, f"It is called {paper.title} now.")


def named(paper: folders.Paper, form: DocumentName, status: int = 200) -> Answer:
    names = {"client": the(Client, paper.client_id), "document": paper, "form": form, "at": now()}
    return show("staff/document_name", "staff/document_row", status, **names)


@room.post("/documents/<int:document_id>/visibility")
def show_document(document_id: int) -> Answer:
    paper = handouts.show(the(Document, document_id), by=me().actor, at=now())
    return changed(paper, f"The client sees {paper.title} now.")


@room.delete("/documents/<int:document_id>/visibility")
@room.post("/documents/<int:document_id>/visibility/removal")
def hide_document(document_id: int) -> Answer:
    paper = handouts.hide(the(Document, document_id), by=me().actor, at=now())
    return changed(paper, f"Only staff see {paper.title} now.")


@room.post("/documents/<int:document_id>/letter/removal")
def leave_document_unsaid(document_id: int) -> Answer:
    paper = handouts.leave_unsaid(the(Document, document_id), at=now())
    return changed(paper, f"No message goes out about {paper.title}.")


@room.post("/documents/<int:document_id>/removal")
def remove_document(document_id: int) -> Answer:
    paper = handouts.remove(the(Document, document_id), by=me().actor, at=now())
    return changed(paper, f"{paper.title} is removed. You can undo this for 10 minutes.")


@room.delete("/documents/<int:document_id>/removal")
@room.post("/documents/<int:document_id>/return")
def restore_document(document_id: int) -> Answer:
    paper = handouts.restore(the(Document, document_id), by=me().actor, at=now())
    return changed(paper, f"{paper.title} is back.")


def changed(paper: folders.Paper, said: str) -> Answer:
    then = url_for(".list_customer_documents", client_id=paper.client_id, _anchor=f"document_row-{paper.id}")
    client = the(Client, paper.client_id)
    return done("staff/document_row", then=then, said=said, client=client, document=paper, at=now(), focus=True)
