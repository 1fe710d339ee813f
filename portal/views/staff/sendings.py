"""Sending documents out of the business’s storage, and the link to the portal, to a customer."""

from portal.answers import Answer, go, show
from portal.db import now
from portal.inputs.documents import SendDocuments
from portal.models import Channel, Client, Message, StoredDocument
from portal.rules import addresses, sendings, storage
from portal.rules.refused import Refused
from portal.views.staff.room import me, room, the


@room.get("/customers/<int:client_id>/sending")
def choose_to_send(client_id: int) -> Answer:
    client, stored = the(Client, client_id), storage.choices()
    return written(client, sending_form(client, stored), stored)


@room.post("/customers/<int:client_id>/sending")
def send_documents(client_id: int) -> Answer:
    client, stored = the(Client, client_id), storage.choices()
    form = sending_form(client, stored)
    if not form.validate():
        return written(client, form, stored, 422)
    try:
        sent = send(client, form)
    except Refused as no:
        form.text.errors = [str(no)]
        return written(client, form, stored, 422)
    return go(f"/desk/inbox/{sent.thread_id}#newest", "On its way.")


def sending_form(client: Client, stored: list[storage.Kept]) -> SendDocuments:
    form = SendDocuments()
    form.offer(document.id for document in stored)
    form.offer_ways(addresses.named_ways(client))
    return form


def send(client: Client, form: SendDocuments) -> Message:
    return sendings.send(
        client,
        [the(StoredDocument, id) for id in form.documents.data or []],
        form.text.data or "",
        portal_link=form.portal_link.data,
        channel=Channel(form.channel.data),
        key=form.key.data or "",
        by=me().actor,
        at=now(),
    )


def written(client: Client, form: SendDocuments, stored: list[storage.Kept], status: int = 200) -> Answer:
    names = {"client": client, "form": form, "stored": stored, "latest": sendings.latest(client.id), "at": now()}
    return show("staff/sending", "staff/sending_form", status, **names)
