"""Messages: the threads, one of them opened, writing."""

from datetime import datetime
from functools import partial
from typing import Any

from flask import Response, abort

from portal.answers import Answer, done, go, show, wants_part
from portal.db import now
from portal.inputs import number
from portal.inputs.cursors import after
from portal.inputs.messages import NewMessage, Reply
from portal.models import Attachment, Booking, File, Thread
from portal.rules import allowances, messages, standing, thread_lists, threads
from portal.views.client.room import look_again, me, mine, myself, room
from portal.views.files import attachment
from portal.views.uploads import enclosed


@room.get("/messages")
def list_threads() -> Answer:
    return show("client/messages", "client/thread_rows", at=now(), stretch=thread_lists.page(me().id, after=after()))


@room.get("/messages/<int:thread_id>")
def show_thread(thread_id: int) -> Answer:
    at = now()
    thread, opened = spoken_in(thread_id)
    if opened.first_unread and not me().viewer:
        threads.see(thread, at=at)
        look_again()
    return show("client/thread", "client/thread_messages", **around(thread, opened, at), form=Reply())


@room.get("/messages/<int:thread_id>/newer")
def show_newer_messages(thread_id: int) -> Answer:
    """For a thread that stays open: what was said since, unless the page has it already."""
    thread, after, at = mine(Thread, thread_id), number("after") or 0, now()
    if not wants_part():
        return go(f"/messages/{thread.id}#newest")
    newer = threads.newer(thread.id, me().id, after=after)
    if not newer or newer[-1].id == number("known"):
        return Response(status=204)
    if any(map(threads.is_unread, newer)) and not me().viewer:
        threads.see(thread, at=at)
    return show("client/thread", "client/newer", thread=thread, after=after, newer=newer, at=at)


def spoken_in(thread_id: int) -> tuple[threads.Topic, threads.Opened]:
    """The signed-in client's own thread and what was said in it; to anyone else it does not exist."""
    return threads.opened(thread_id, me().id, before=number("before")) or abort(404)


def around(thread: threads.Topic, opened: threads.Opened, at: datetime) -> dict[str, Any]:
    newest = partial(thread_lists.beside, me().id)
    return {"thread": thread, "opened": opened, "newest": newest, "at": at}


@room.post("/messages/<int:thread_id>/replies")
def reply(thread_id: int) -> Answer:
    thread, form, at = mine(Thread, thread_id), Reply(), now()
    files = allowed(form, at)
    if form.errors:
        return show("client/thread", "client/composer", 422, **around(*spoken_in(thread_id), at), form=form)
    written = messages.reply(thread, form.text.data or "", files=files, key=form.key.data, by=me().actor, at=at)
    then = f"/messages/{thread.id}#newest"
    names: dict[str, Any] = {"message": threads.said(written), "form": Reply(formdata=None)}
    return done("client/composer", "client/message", then=then, said="Sent.", thread=thread, at=at, **names)


@room.get("/messages/new")
def write_thread() -> Answer:
    booking = about()
    form = NewMessage(subject=standing.named(booking) if booking else "")
    return show("client/new_message", form=form, booking=booking, at=now())


@room.post("/messages")
def start_thread() -> Answer:
    booking, form, at = about(), NewMessage(), now()
    files = allowed(form, at)
    if form.errors:
        return show("client/new_message", "client/new_message_form", 422, form=form, booking=booking, at=at)
    written = messages.start(
        myself(),
        form.subject.data or "",
        form.text.data or "",
        files=files,
        booking_id=booking.id if booking else None,
        key=form.key.data,
        by=me().actor,
        at=at,
    )
    return go(f"/messages/{written.thread_id}", "Sent. We answer here, and by e-mail.")


def about() -> standing.Standing | None:
    """The booking that the address names, if it names one."""
    booking_id = number("booking")
    return standing.standing(mine(Booking, booking_id).id) if booking_id is not None else None


def allowed(form: Reply, at: datetime) -> list[File]:
    """The files of a well-formed form, kept, as far as clients may write and send so many."""
    if not form.validate():
        return []
    allowances.take_message(me().id, at=at)
    if form.sent():
        allowances.must_have_room(me().id)
    return enclosed(form, at=at)


@room.get("/attachments/<int:attachment_id>")
def open_attachment(attachment_id: int) -> Answer:
    return attachment(mine(Attachment, attachment_id).file, inline=True)
