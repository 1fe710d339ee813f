"""The open room."""

from portal.views.public import book, codes, email_change, feed, frame, handoff, mailbox, passwords, register, sign_in
from portal.views.public.room import room

__all__ = [
    "book",
    "codes",
    "email_change",
    "feed",
    "frame",
    "handoff",
    "mailbox",
    "passwords",
    "register",
    "room",
    "sign_in",
]
