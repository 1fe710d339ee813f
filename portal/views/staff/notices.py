"""Notices: what clients did that staff want to know of, and in which ways each of the staff hears of it."""

from typing import Any

from flask import url_for

from portal.answers import Answer, done, go, show
from portal.db import now
from portal.inputs.cursors import after
from portal.inputs.inbox import which
from portal.inputs.notices import seen_until, ways
from portal.models import Notice
from portal.rules import notice_choices, notice_lists
from portal.views.staff.room import look_again, me, room, the


@room.get("/notices")
def list_notices() -> Answer:
    chosen = which(notice_lists.FILTERS)
    stretch = notice_lists.page(chosen, me().id, after=after())
    names: dict[str, Any] = {"which": chosen, "filters": notice_lists.FILTERS, "newest": notice_lists.newest()}
    return show("staff/notices", "staff/notice_rows", stretch=stretch, at=now(), **names)


@room.get("/notices/<int:notice_id>")
def open_notice(notice_id: int) -> Answer:
    """On to what it is about; with that it is read."""
    notice = the(Notice, notice_id)
    notice_lists.read(notice, me().id, at=now())
    return go(subject(notice))


def subject(notice: Notice) -> str:
    if notice.thread_id:
        return url_for(".show_inbox_thread", thread_id=notice.thread_id, _anchor="newest")
    if notice.pet_id:
        return url_for(".show_pet", pet_id=notice.pet_id)
    if notice.document_id:
        return url_for(".list_customer_documents", client_id=notice.client_id)
    return url_for(".show_customer", client_id=notice.client_id)


@room.post("/notices/reading")
def read_notices() -> Answer:
    notice_lists.read_all(me().id, until=seen_until(), at=now())
    look_again()
    return go(url_for(".list_notices"), said="All notices are read.")


@room.get("/settings/notifications")
def show_notifications() -> Answer:
    return show("staff/settings/notifications", choices=notice_choices.choices(me().id))


@room.post("/settings/notifications")
def choose_notifications() -> Answer:
    notice_choices.choose(me().id, ways(notice_choices.WHEN))
    names = {"choices": notice_choices.choices(me().id)}
    then = url_for(".show_notifications")
    return done("staff/settings_notifications", then=then, said="Saved.", toast=True, **names)
