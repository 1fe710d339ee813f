"""The inbox: everybody's threads, one of them opened, answering, and who takes care of it."""

from datetime import datetime
from typing import Any

from flask import Response, abort

from portal.answers import Answer, done, go, show, wants_part
from portal.db import now
from portal.inputs import asked, number
from portal.inputs.cursors import after
from portal.inputs.inbox import Care, Letter, which
from portal.inputs.messages import Reply
from portal.models import Attachment, Channel, Client, Message, Thread
from portal.rules import addresses, conversations, deliveries, inboxes, messages, notice_lists
from portal.rules.refused import Refused
from portal.views.files import attachment
from portal.views.staff.customers import looked_up
from portal.views.staff.room import look_again, me, room, the
from portal.views.uploads import enclosed


@room.get("/inbox")
def list_inbox() -> Answer:
    """The newest, unless older ones are asked for; a page that stays open asks whether they are still the newest."""
    chosen, since = which(inboxes.FILTERS), after()
    if asked("known") and wants_part() and asked("known") == mark(inboxes.newest()):
        return Response(status=204)
    stretch, newest = inboxes.page(chosen, me().id, after=since)
    names: dict[str, Any] = {"stretch": stretch, "which": chosen, "filters": inboxes.FILTERS, "at": now()}
    part = "staff/thread_rows" if since else "staff/inbox_rows"
    return show("staff/inbox", part, mark="" if since else mark(newest), **names)


def mark(newest: int) -> str:
    """It differs as soon as there is news: for a part of the inbox, or all of it."""
    return f"{newest}-{me().inbox}"


@room.get("/inbox/<int:thread_id>")
def show_inbox_thread(thread_id: int) -> Answer:
    names = around(thread_id, before=number("before"))
    if names["opened"].first_unread:
        inboxes.read(names["thread"], at=now())
        notice_lists.read_thread(thread_id, me().id, at=now())
        look_again()
    return show("staff/thread", "staff/thread_messages", **names, form=Reply())


@room.get("/inbox/<int:thread_id>/newer")
def show_newer_inbox_messages(thread_id: int) -> Answer:
    """For a thread that stays open: what was said since, unless the page has it already. It stays unread: a tablet may
    lie there with nobody in front of it."""
    thread, after, chosen = the(Thread, thread_id), number("after") or 0, which(inboxes.FILTERS)
    if not wants_part():
        return go(f"/desk/inbox/{thread.id}#newest")
    newer = conversations.newer(thread.id, after=after)
    if asked("known") == mark(newer[-1].id if newer else after):
        return Response(status=204)
    names: dict[str, Any] = {"thread": thread, "after": after, "newer": newer, "news": True, "at": now()}
    names |= {"stretch": inboxes.beside(chosen, me().id), "which": chosen, "filters": inboxes.FILTERS}
    return show("staff/thread", "staff/newer", **names)


def around(thread_id: int, before: int | None = None) -> dict[str, Any]:
    """What stands about a thread: the newest others, whose it is, where an answer goes, who takes care of it."""
    chosen, at = which(inboxes.FILTERS), now()
    thread, opened, people = conversations.opened(thread_id, before=before) or abort(404)
    to, missing = addresses.of(thread.client, thread.channel), addresses.missing(thread.client, thread.channel)
    beside = {"stretch": inboxes.beside(chosen, me().id), "which": chosen, "filters": inboxes.FILTERS, "at": at}
    about = {"thread": thread, "client": thread.client, "opened": opened, "people": people}
    return {**beside, **about, "to": to, "missing": missing}


@room.post("/inbox/<int:thread_id>/replies")
def answer(thread_id: int) -> Answer:
    thread, form, at = the(Thread, thread_id), Reply(), now()
    files = enclosed(form, at=at) if form.validate() else []
    written = None
    if not form.errors:
        try:
            written = messages.answer(
                thread, form.text.data or "", files=files, key=form.key.data, by=me().actor, at=at
            )
        except Refused as no:
            form.text.errors = [str(no)]
    if written is None:
        return show("staff/thread", "staff/thread_composer", 422, **around(thread.id), form=form)
    inboxes.read(thread, at=at)
    look_again()
    return answered(thread, written)


def answered(thread: Thread, written: Message) -> Answer:
    names = {**around(thread.id), "message": conversations.said(written), "form": Reply(formdata=None)}
    parts = "staff/thread_composer", "staff/message", "staff/thread_list", "staff/inbox_link"
    return done(*parts, then=f"/desk/inbox/{thread.id}#newest", said="On its way.", **names)


@room.post("/inbox/<int:thread_id>/care")
def assign_thread(thread_id: int) -> Answer:
    thread, form = the(Thread, thread_id), Care()
    people = {colleague.id: colleague.name for colleague in conversations.colleagues()}
    form.offer([*people.items()])
    if not form.validate():
        raise Refused("This member of staff is no longer here. Reload the page and choose somebody else.")
    inboxes.assign(thread, form.member.data or None)
    said = f"{people.get(form.member.data, 'Nobody in particular')} takes care of it."
    parts = "staff/thread_care", "staff/thread_list"
    return done(*parts, then=f"/desk/inbox/{thread.id}", said=said, toast=True, **around(thread.id))


@room.post("/inbox/messages/<int:message_id>/tries")
def try_message_again(message_id: int) -> Answer:
    message = the(Message, message_id)
    deliveries.try_again(message.delivery or abort(404), at=now())
    names = {**around(message.thread_id), "message": conversations.said(message)}
    parts, then = ("staff/message_fate", "staff/thread_list"), f"/desk/inbox/{message.thread_id}#message-{message.id}"
    return done(*parts, then=then, said="It is tried again now.", toast=True, **names)


@room.get("/inbox/new")
def choose_client() -> Answer:
    return show("staff/new_message_to", "staff/for_whom_rows", **looked_up(), onward="messages/new")


@room.get("/customers/<int:client_id>/messages/new")
def write_to_client(client_id: int) -> Answer:
    client, form = the(Client, client_id), Letter()
    offer(client, form)
    return show("staff/new_message", client=client, form=form)


@room.post("/customers/<int:client_id>/messages")
def send_to_client(client_id: int) -> Answer:
    client, form, at = the(Client, client_id), Letter(), now()
    offer(client, form)
    files = enclosed(form, at=at) if form.validate() else []
    try:
        if not form.errors:
            return go(f"/desk/inbox/{begun(client, form, files, at).thread_id}", "On its way.")
    except Refused as no:
        form.text.errors = [str(no)]
    return show("staff/new_message", "staff/new_message_form", 422, client=client, form=form)


def offer(client: Client, form: Letter) -> None:
    form.offer_ways(addresses.named_ways(client))


def begun(client: Client, form: Letter, files: list[Any], at: datetime) -> Message:
    return messages.begin(
        client,
        form.subject.data or "",
        form.text.data or "",
        channel=Channel(form.channel.data),
        files=files,
        key=form.key.data,
        by=me().actor,
        at=at,
    )


@room.get("/attachments/<int:attachment_id>")
def open_attachment(attachment_id: int) -> Answer:
    return attachment(the(Attachment, attachment_id).file, inline=True)
