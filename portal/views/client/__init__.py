"""The client's room. Every route here belongs to the signed-in client."""

from portal.views.client import (
    access,
    book,
    bookings,
    calendar,
    documents,
    feeds,
    messages,
    moves,
    pets,
    profile,
    registrations,
    sign_out,
    vaccines,
    waitlists,
)
from portal.views.client.room import room

__all__ = [
    "access",
    "book",
    "bookings",
    "calendar",
    "documents",
    "feeds",
    "messages",
    "moves",
    "pets",
    "profile",
    "registrations",
    "room",
    "sign_out",
    "vaccines",
    "waitlists",
]
