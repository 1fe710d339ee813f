"""Message templates and reminders, in the settings."""

from flask import abort, url_for

from portal.answers import Answer, go, show
from portal.db import now
from portal.inputs.message_templates import MessageTemplateInput, ReminderInput
from portal.rules import clients, merge_codes, message_templates, reminders
from portal.rules.message_templates import KINDS, Words
from portal.rules.refused import Refused
from portal.views.staff.room import me, room


@room.get("/settings/messages")
def list_message_templates() -> Answer:
    return listed(ReminderInput(formdata=None))


def listed(form: ReminderInput, within: int | None = None, status: int = 200) -> Answer:
    names = {"templates": message_templates.every(), "times": reminders.times(), "spoken": reminders.spoken}
    page, part = "staff/settings/message_templates", "staff/reminder_times"
    return show(page, part, status, form=form, within=within, **names)


@room.get("/settings/messages/<kind>")
def edit_message_template(kind: str) -> Answer:
    words = message_templates.words(known(kind))
    return written(kind, MessageTemplateInput(formdata=None, data=words._asdict()))


def known(kind: str) -> str:
    return kind if kind in KINDS else abort(404)


@room.post("/settings/messages/<kind>")
def change_message_template(kind: str) -> Answer:
    form = MessageTemplateInput()
    if not well_written(known(kind), form):
        return written(kind, form, 422)
    message_templates.write(kind, form.subject.data or "", form.text.data or "", by=me().actor, at=now())
    return go(url_for(".list_message_templates"), said=f"{KINDS[kind].name}: saved.")


@room.post("/settings/messages/<kind>/preview")
def preview_message_template(kind: str) -> Answer:
    """As it would go out, with a real client and booking; nothing is saved."""
    form = MessageTemplateInput()
    return written(kind, form, 200 if well_written(known(kind), form) else 422)


def well_written(kind: str, form: MessageTemplateInput) -> bool:
    if not form.validate():
        return False
    for field in (form.subject, form.text):
        if wrong := merge_codes.unknown(field.data or "", KINDS[kind].more):
            field.errors = [wrong]
    return not form.errors


def written(kind: str, form: MessageTemplateInput, status: int = 200) -> Answer:
    asked = form.client.data if not form.client.errors else ""
    client = clients.with_login(asked) if asked else None
    if asked and client is None:
        form.client.errors = ["Nobody has this e-mail or account number."]
        status = 422
    example = message_templates.example(client.id if client else None)
    if example:
        example.more = {code: f"[{meaning}]" for code, meaning in KINDS[kind].more.items()}
    words = Words(form.subject.data or "", form.text.data or "")
    names = {
        "kind": kind,
        "told": KINDS[kind],
        "codes": {**{code: meaning for code, (meaning, _) in merge_codes.CODES.items()}, **KINDS[kind].more},
        "example": example,
        "shown": message_templates.filled(words, example) if example else None,
    }
    return show("staff/settings/message_template", "staff/message_template_form", status, form=form, **names)


@room.post("/settings/messages/<kind>/return")
def put_message_template_back(kind: str) -> Answer:
    message_templates.put_back(known(kind))
    return go(url_for(".list_message_templates"), said=f"{KINDS[kind].name}: as it was at first.")


@room.post("/settings/reminders")
def add_reminder() -> Answer:
    """Turning a reminder on mails nobody who is booked already, unless that is said."""
    form, at = ReminderInput(), now()
    if not form.validate():
        return listed(form, status=422)
    within = reminders.within(form.minutes, at)
    if within and form.also.data not in ("now", "later"):
        return listed(form, within)
    try:
        reminders.add(form.minutes, also_now=form.also.data == "now", at=at)
    except Refused as no:
        form.amount.errors = [str(no)]
        return listed(form, status=422)
    return go(url_for(".list_message_templates"), said=f"A reminder goes out {reminders.spoken(form.minutes)} before.")


@room.post("/settings/reminders/<int:minutes>/removal")
def remove_reminder(minutes: int) -> Answer:
    reminders.remove(minutes)
    return go(url_for(".list_message_templates"), said="That reminder goes out no more.")
