"""Many days: what was booked for several days at once is told of once, to the client and to staff."""

from collections.abc import Sequence
from datetime import datetime

from portal import wording
from portal.models import Booking, Client, NoticeKind
from portal.rules import bookings, message_templates, notices
from portal.rules.actors import Actor
from portal.rules.bookings import in_full
from portal.rules.merge_codes import day_and_time, guests
from portal.rules.standing import STANDING, Standing, is_request, standings


def announce(client: Client, booked: Sequence[Booking], *, tell: bool, by: Actor, at: datetime) -> None:
    """A single day as any booking, several with one letter and one notice."""
    of = STANDING.where(Booking.id.in_([booking.id for booking in booked]))
    days = standings(of.order_by(Booking.starts_at, Booking.id), {}) if booked else []
    if len(days) == 1:
        bookings.announce(client, days[0], tell=tell, by=by, at=at)
    elif days:
        announce_together(client, days, tell=tell, by=by, at=at)


def announce_together(client: Client, days: Sequence[Standing], *, tell: bool, by: Actor, at: datetime) -> None:
    first, requested, count = days[0], is_request(days[0]), wording.counted(len(days), "day")
    if tell:
        happened = "We have your request for" if requested else "You are booked for"
        then = "We will tell you as soon as it is confirmed." if requested else f"We look forward to {guests(first)}."
        told = {
            "WHAT_HAPPENED": f"{happened} {first.service}, {count}.",
            "DATES": "\n".join(day_and_time(wording.local(day.starts_at, day.zone)) for day in days),
            "WHAT_FOLLOWS": then,
        }
        message_templates.tell("days", client, first, at=at, more=told)
    if by.kind == "client":
        kind, verb = (NoticeKind.REQUEST, "requested") if requested else (NoticeKind.BOOKING, "booked")
        words = f"{client.name} {verb} {count}, from {in_full(first, at)}"
        notices.tell(kind, words, client_id=client.id, booking_id=first.id, at=at)
