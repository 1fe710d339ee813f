"""The mailbox: in development, what would be sent. Elsewhere there is none."""

from flask import abort

from portal import post
from portal.answers import Answer, show
from portal.db import now
from portal.inputs import number
from portal.models import Channel
from portal.rules import deliveries
from portal.settings import settings
from portal.views.public.room import room


@room.get("/mailbox")
def list_mailbox() -> Answer:
    only_in_development()
    return show("public/mailbox", at=now(), kept=kept(), outbox=deliveries.newest(before=number("before")))


@room.get("/mailbox/<int:delivery_id>")
def show_letter(delivery_id: int) -> Answer:
    only_in_development()
    delivery = deliveries.find(delivery_id) or abort(404)
    parcel = deliveries.parcel(delivery)
    text = post.text_message(parcel) if parcel.channel == Channel.SMS else post.letter(parcel).text
    return show("public/letter", at=now(), kept=kept(), delivery=delivery, text=text)


def only_in_development() -> None:
    if not settings().development:
        abort(404)


def kept() -> set[Channel]:
    """What is not sent anywhere from here."""
    ways = {Channel.EMAIL: settings().smtp_url, Channel.SMS: settings().sms_url}
    return {channel for channel, url in ways.items() if not url}
