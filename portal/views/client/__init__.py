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
    service_requests,
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
    "service_requests",
    "sign_out",
    "vaccines",
    "waitlists",
]
