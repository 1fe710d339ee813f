"""Allowances: how much one client may send us, so that nobody fills the outbox of the staff, or the disk."""

from datetime import datetime

from sqlalchemy import func, select

from portal.db import db
from portal.models import Attachment, Author, File, Message
from portal.rules import business, throttles
from portal.rules.refused import Refused

MESSAGES = throttles.Limit(
    "messages of one client", 60, throttles.HOUR, "These are many messages. Please wait {wait}, then send this one."
)
FILES = throttles.Limit(
    "files of one client", 300, throttles.HOUR, "These are many files. Please wait {wait}, then send this one."
)
LETTERS = throttles.Limit("letters to staff about one client", 60, throttles.HOUR)
MOST_OCTETS = 2_000_000_000


def take_message(client_id: int, *, at: datetime) -> None:
    """Before anything is kept of it."""
    throttles.take((MESSAGES, f"client {client_id}"), at=at)


def take_file(client_id: int, *, at: datetime) -> None:
    """What is replaced or removed at once lies on the disk for a while, too."""
    throttles.take((FILES, f"client {client_id}"), at=at)


def must_have_room(client_id: int) -> None:
    """For files that go with messages: as much as for documents."""
    sent = select(func.coalesce(func.sum(File.size), 0)).select_from(Attachment)
    sent = sent.join(File, File.id == Attachment.file_id).join(Message, Message.id == Attachment.message_id)
    theirs = sent.where(Attachment.client_id == client_id, Message.author == Author.CLIENT)
    if db.session.execute(theirs).scalar_one() > MOST_OCTETS:
        raise Refused(f"You have sent 2 GB of files, which is as much as we keep. {business.contact()}")


def may_mail_staff(client_id: int, *, at: datetime) -> bool:
    """Whoever does very much in an hour is told of in the app alone."""
    return throttles.count(LETTERS, f"client {client_id}", at=at) <= LETTERS.most
