"""The page that confirms a new e-mail. Its address came to that e-mail; only its button changes anything."""

from flask import url_for

from portal.answers import Answer, go, show
from portal.db import now
from portal.rules import email_changes
from portal.views.public.room import room


@room.get("/email/<token>")
def show_email_change(token: str) -> Answer:
    return show("public/email_change", change=email_changes.opened(token, at=now()))


@room.post("/email/<token>")
def confirm_email(token: str) -> Answer:
    client = email_changes.confirm(token, at=now())
    return go(url_for("client.show_profile"), said=f"{client.email} is the e-mail of your profile now.")


@room.errorhandler(email_changes.DeadChange)
def dead_email_change(no: email_changes.DeadChange) -> Answer:
    return show("public/dead_email_change", status=410, no=no)
