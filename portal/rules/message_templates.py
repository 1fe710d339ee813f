"""Message templates: the words of each automatic message about a booking, ours until the business writes its own."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from portal.db import atomic, db
from portal.models import Booking, Cancellation, Client, Message, MessageTemplate
from portal.rules import merge_codes, messages
from portal.rules.actors import Actor
from portal.rules.merge_codes import Occasion, Told, of_booking
from portal.rules.refused import Refused
from portal.rules.standing import Standing, standing

WHAT = "{SERVICE_NAME}, {BOOKING_WHEN}\nFor {PET_NAMES}, at {LOCATION_NAME}."
REASON = {"REASON": "The reason, as staff wrote it"}
OFFER = {"OFFER_UNTIL": "Until when the place is held", "OFFER_LINK": "Where to answer"}


class Kind(NamedTuple):
    """One kind of automatic message: when it goes out, our words for it, and the codes that only it knows."""

    name: str
    when: str
    subject: str
    text: str
    more: Mapping[str, str] = {}


KINDS = {
    "booked": Kind(
        "Booking made",
        "When a booking is made.",
        "You are booked: {SERVICE_NAME}",
        f"{WHAT}\n\nWe look forward to {{PET_NAMES}}.",
    ),
    "requested": Kind(
        "Request received",
        "When a client asks for something that you confirm first.",
        "We have your request: {SERVICE_NAME}",
        f"{WHAT}\n\nWe will tell you as soon as it is confirmed.",
    ),
    "confirmed": Kind(
        "Request confirmed",
        "When you confirm a request.",
        "Confirmed: {SERVICE_NAME}",
        f"{WHAT}\n\nWe look forward to {{PET_NAMES}}.",
    ),
    "declined": Kind(
        "Request declined",
        "When you decline a request.",
        "We cannot confirm: {SERVICE_NAME}",
        f"{WHAT}\n\n{{REASON}}\n\nNothing has been charged.",
        REASON,
    ),
    "moved": Kind(
        "Booking moved",
        "When a booking gets another time.",
        "Moved: {SERVICE_NAME}",
        f"{WHAT}\n\nIt was {{OLD_TIME}} before.",
        {"OLD_TIME": "Day and time before"},
    ),
    "cancelled": Kind(
        "Booking cancelled",
        "When a booking is cancelled.",
        "Cancelled: {SERVICE_NAME}",
        f"{WHAT}\n\n{{WHAT_FOLLOWS}}",
        {"WHAT_FOLLOWS": "What becomes of the place and the money"},
    ),
    "withdrawn": Kind(
        "Request withdrawn",
        "When a client withdraws a request.",
        "Withdrawn: {SERVICE_NAME}",
        f"{WHAT}\n\n{{WHAT_FOLLOWS}}",
        {"WHAT_FOLLOWS": "What becomes of the place and the money"},
    ),
    "restored": Kind(
        "Booked again",
        "When a cancellation is taken back after its message went out.",
        "Booked again: {SERVICE_NAME}",
        "{SERVICE_NAME}, {BOOKING_WHEN}",
    ),
    "rearranged": Kind(
        "Class moved",
        "When you change the time or place of a class. One letter for each client, with all of their dates.",
        "New time: {SERVICE_NAME}",
        "{CHANGES}\n\nDoes it not suit you? {CONTACT}",
        {"CHANGES": "Each date, as it is now and as it was"},
    ),
    "called off": Kind(
        "Class called off",
        "When you call a class off. One letter for each client, with all of their dates.",
        "Called off: {SERVICE_NAME}",
        "{DATES}\n\nWe are sorry: this had to be called off. {REASON}\n\nNothing has been charged. {CONTACT}",
        {"DATES": "Each date", **REASON},
    ),
    "offered": Kind(
        "Place offered",
        "When a place becomes free for a client who waits.",
        "A place is free: {SERVICE_NAME}",
        "A place is free for {PET_NAMES}: {SERVICE_NAME}, {BOOKING_WHEN} at {LOCATION_NAME}.\n\n"
        "It is held for you until {OFFER_UNTIL}. Take it, or let it go, here:\n{OFFER_LINK}\n\n"
        "After that it goes to whoever is next in line.",
        OFFER,
    ),
    "lapsed": Kind(
        "Offered place gone",
        "When a client did not answer in time.",
        "The place is gone: {SERVICE_NAME}",
        "A place was held for {PET_NAMES} until {OFFER_UNTIL}: {SERVICE_NAME}, {BOOKING_WHEN}.\n\n"
        "We have not heard from you, so it has gone to whoever is next in line, and you are not on this waitlist any "
        "more. You can join it again, at its end:\n{OFFER_LINK}",
        OFFER,
    ),
    "series offered": Kind(
        "Places in a series offered",
        "When places become free on all dates of a series for a client who waits for it.",
        "A place is free: {SERIES_NAME}",
        "A place is free for {PET_NAMES} on all dates of {SERIES_NAME} at {LOCATION_NAME}:\n\n{DATES}\n\n"
        "It is held for you until {OFFER_UNTIL}. Take it, or let it go, here:\n{OFFER_LINK}\n\n"
        "After that it goes to whoever is next in line.",
        {"SERIES_NAME": "The series", "DATES": "Each date", **OFFER},
    ),
    "series": Kind(
        "Series",
        "When a client books a series, calls it off, or hears if it is confirmed. One letter with all dates.",
        "Your dates: {SERIES_NAME}",
        "{WHAT_HAPPENED}\n\n{DATES}\nFor {PET_NAMES}, at {LOCATION_NAME}.\n\n{WHAT_FOLLOWS}",
        {
            "SERIES_NAME": "The series",
            "WHAT_HAPPENED": "Booked, requested, confirmed, declined or cancelled",
            "DATES": "Each date",
            "WHAT_FOLLOWS": "What comes next",
        },
    ),
    "days": Kind(
        "Several days",
        "When several days are booked or requested at once. One letter with all of them.",
        "Your days: {SERVICE_NAME}",
        "{WHAT_HAPPENED}\n\n{DATES}\nFor {PET_NAMES}, at {LOCATION_NAME}.\n\n{WHAT_FOLLOWS}",
        {
            "WHAT_HAPPENED": "Booked or requested, and how many days",
            "DATES": "Each day",
            "WHAT_FOLLOWS": "What comes next",
        },
    ),
    "reminder": Kind(
        "Reminder",
        "Before a booking, at the times below.",
        "See you soon: {SERVICE_NAME}",
        f"{WHAT}\n\nWe look forward to {{PET_NAMES}}. If something has come up, please tell us soon: {{BOOKING_LINK}}",
    ),
}


class Words(NamedTuple):
    subject: str
    text: str


class Listed(NamedTuple):
    kind: str
    told: Kind
    own: MessageTemplate | None


def every() -> list[Listed]:
    own = {row.kind: row for row in db.session.scalars(select(MessageTemplate))}
    return [Listed(name, told, own.get(name)) for name, told in KINDS.items()]


def words(kind: str) -> Words:
    """The business's own, or ours."""
    own, ours = db.session.get(MessageTemplate, kind), KINDS[kind]
    return Words(own.subject, own.text) if own else Words(ours.subject, ours.text)


def filled(chosen: Words, told: Told) -> Words:
    return Words(merge_codes.fill(chosen.subject, told), merge_codes.fill(chosen.text, told))


def tell(
    kind: str,
    client: Client,
    about: Standing | Occasion,
    *,
    at: datetime,
    due_at: datetime | None = None,
    more: Mapping[str, str] | None = None,
) -> Message:
    """Write the automatic message of this kind, about a booking as it stands now or a place that may become one."""
    occasion = about if isinstance(about, Occasion) else of_booking(about)
    said = filled(words(kind), Told(client, occasion, at, more or {}))
    return messages.tell_client(client, said.subject, said.text, booking_id=occasion.booking_id, at=at, due_at=due_at)


@atomic
def write(kind: str, subject: str, text: str, *, by: Actor, at: datetime) -> None:
    """The business's own words. A code that nobody knows is refused, before a client reads it."""
    for said in (subject, text):
        if wrong := merge_codes.unknown(said, KINDS[kind].more):
            raise Refused(wrong)
    row = db.session.get(MessageTemplate, kind) or MessageTemplate(kind=kind)
    row.subject, row.text, row.edited_at, row.edited_by = subject, text, at, by.name
    db.session.add(row)


@atomic
def put_back(kind: str) -> None:
    """Ours again."""
    if row := db.session.get(MessageTemplate, kind):
        db.session.delete(row)


def example(client_id: int | None = None) -> Told | None:
    """A real booking to show a template with: the newest of this client, or of anybody."""
    newest = select(Booking).outerjoin(Cancellation).where(Cancellation.id.is_(None)).order_by(Booking.id.desc())
    if client_id:
        newest = newest.where(Booking.client_id == client_id)
    booking = db.session.scalar(newest.limit(1))
    return Told(booking.client, of_booking(standing(booking.id)), booking.made_at) if booking else None
