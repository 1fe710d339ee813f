"""The business’s own documents: kept once, sent to whoever needs them."""

from typing import Any

from flask import url_for

from portal.answers import Answer, done, show
from portal.db import now
from portal.inputs.documents import DocumentName, ShareDocuments
from portal.models import StoredDocument
from portal.rules import shelves, storage
from portal.views.files import attachment
from portal.views.staff.room import me, room, the
from portal.wording import counted


@room.get("/settings/documents")
def list_stored() -> Answer:
    at = now()
    return show("staff/settings/documents", at=at, stored=storage.kept_documents(at=at), form=ShareDocuments())


@room.post("/settings/documents")
def store_documents() -> Answer:
    form, at = ShareDocuments(), now()
    if not form.validate_on_submit():
        return show("staff/settings/document_new", "staff/upload_outcomes", 422, form=form)
    outcomes = storage.store_each(form.sent(), by=me().actor, at=at)
    if any(outcome.why for outcome in outcomes):
        return show("staff/settings/document_new", "staff/upload_outcomes", 422, form=form, outcomes=outcomes)
    fresh = {outcome.document.id for outcome in outcomes if outcome.document}
    names: dict[str, Any] = {"stored": storage.kept_documents(at=at), "fresh": fresh, "at": at}
    return done(
        "staff/stored_list", then=url_for(".list_stored"), said=f"{counted(len(fresh), 'document')} added.", **names
    )


@room.get("/settings/documents/new")
def choose_stored() -> Answer:
    return show("staff/settings/document_new", "staff/stored_dialog", form=ShareDocuments())


@room.get("/settings/documents/<int:stored_document_id>")
def open_stored(stored_document_id: int) -> Answer:
    document = there(stored_document_id)
    return attachment(document.file, name=document.name, inline=shelves.opens_in_tab(document.file.type))


@room.get("/settings/documents/<int:stored_document_id>/download")
def download_stored(stored_document_id: int) -> Answer:
    document = there(stored_document_id)
    return attachment(document.file, name=document.name)


def there(stored_document_id: int) -> StoredDocument:
    return the(StoredDocument, stored_document_id, StoredDocument.removed_at.is_(None))


@room.get("/settings/documents/<int:stored_document_id>/name")
def write_stored_name(stored_document_id: int) -> Answer:
    kept = storage.kept(there(stored_document_id))
    return named(kept, DocumentName(name=kept.title))


@room.post("/settings/documents/<int:stored_document_id>/name")
def rename_stored(stored_document_id: int) -> Answer:
    document, form = the(StoredDocument, stored_document_id), DocumentName()
    if not form.validate():
        return named(storage.kept(document), form, 422)
    kept = storage.rename(document, form.name.data or "")
    return changed(kept, f"It is called {kept.title} now.")


def named(kept: storage.Kept, form: DocumentName, status: int = 200) -> Answer:
    return show("staff/settings/document_name", "staff/stored_row", status, document=kept, form=form, at=now())


@room.post("/settings/documents/<int:stored_document_id>/removal")
def remove_stored(stored_document_id: int) -> Answer:
    kept = storage.remove(the(StoredDocument, stored_document_id), at=now())
    return changed(kept, f"{kept.title} is removed. You can undo this for 10 minutes.")


@room.delete("/settings/documents/<int:stored_document_id>/removal")
@room.post("/settings/documents/<int:stored_document_id>/return")
def restore_stored(stored_document_id: int) -> Answer:
    kept = storage.restore(the(StoredDocument, stored_document_id), at=now())
    return changed(kept, f"{kept.title} is back.")


def changed(kept: storage.Kept, said: str) -> Answer:
    then = url_for(".list_stored", _anchor=f"stored_row-{kept.id}")
    return done("staff/stored_row", then=then, said=said, document=kept, at=now(), focus=True)
