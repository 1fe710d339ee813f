"""Bookings: what may be done with one, and what follows."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic

from sqlalchemy import delete, select

from portal import wording
from portal.db import atomic, db, lock
from portal.models import (
    AddOn,
    Booking,
    BookingAddOn,
    BookingPet,
    Cancellation,
    Client,
    Location,
    Notice,
    NoticeKind,
    Offer,
    Pet,
    Provider,
    Registration,
    Service,
    ServiceSession,
)
from portal.rules import business, clients, history, message_templates, messages, notices, obstacles, places, queues
from portal.rules.actors import Actor
from portal.rules.cancelling import after_cancelling, restorable, why_not_cancel
from portal.rules.occupancy import days_of
from portal.rules.places import Taken, Wanted
from portal.rules.refused import Refused, stale
from portal.rules.standing import OPEN, Standing, is_request, pet_names, standing, status

UNDO_CLIENT, UNDO_STAFF = timedelta(seconds=10), timedelta(minutes=10)
FROZEN = (
    "cancel_allowed",
    "cancel_hours",
    "cancel_day_before_at",
    "move_allowed",
    "move_hours",
    "move_day_before_at",
)


@atomic
def book(
    client: Client,
    service: Service,
    pets: Iterable[Pet],
    *,
    location: Location,
    starts_at: datetime,
    ends_at: datetime | None = None,
    session: ServiceSession | None = None,
    providers: Iterable[Provider] = (),
    add_ons: Iterable[AddOn] = (),
    needs_approval: bool | None = None,
    overbook: bool = False,
    notes: str = "",
    key: str | None = None,
    registration: Registration | None = None,
    keep_price: int | None = None,
    offer: Offer | None = None,
    tell: bool = True,
    alone: bool = True,
    by: Actor,
    at: datetime,
) -> Booking:
    """Book or, where the business must agree first, request. The rules and the price are frozen as they are now.

    With a key it is booked once, with an offer into the place that it holds. Staff may take more places than there are.
    What is not booked `alone` is told of with the others.
    """
    pets, add_ons, providers = list(pets), list(add_ons), tuple(providers)
    places.lock_client(client.id)
    if key and (first := made_with(client, key)):
        return first
    extra_minutes = sum(extra.minutes for extra in add_ons)
    ends_at = ends_at or starts_at + timedelta(minutes=places.minutes_of(service, len(pets), extra_minutes))
    wanted = Wanted(service, location, len(pets), starts_at, ends_at, session, providers)
    full = places.guard(wanted, at=at, except_offer=offer.id if offer else None)
    if full and not (overbook and by.kind == "member"):
        raise Taken(" ".join(full), service)
    obstacles.must_be_free_then(pets, wanted, by=by, at=at)
    nights = len(days_of(service.kind, starts_at, ends_at, location.time_zone))
    if needs_approval is None:
        needs_approval = service.needs_approval and by.kind == "client"
    booking = Booking(
        client_id=client.id,
        service_id=service.id,
        service_session_id=session.id if session else None,
        location_id=location.id,
        starts_at=starts_at,
        ends_at=ends_at,
        price=service.price * len(pets) * nights if keep_price is None else keep_price,
        needs_approval=needs_approval,
        overbooked=bool(full),
        notes=notes,
        registration_id=registration.id if registration else None,
        key=key,
        made_at=at,
        **{name: getattr(service, name) for name in FROZEN},
    )
    booking.providers = list(providers)
    booking.add_ons = [
        BookingAddOn(add_on_id=extra.id, name=extra.name, price=extra.price * len(pets)) for extra in add_ons
    ]
    db.session.add(booking)
    db.session.flush()
    db.session.add_all(BookingPet(booking_id=booking.id, pet_id=pet.id, client_id=client.id) for pet in pets)
    db.session.flush()
    clients.welcome(client, by=by, at=at)
    stands = standing(booking.id)
    note(stands, "", status(stands, at), by=by, at=at)
    if alone:
        announce(client, stands, tell=tell, by=by, at=at)
    if full:
        history.note(client.id, "Overbooked", "", " ".join(full), subject=in_full(stands, at), by=by, at=at)
    return booking


def made_with(client: Client, key: str) -> Booking | None:
    """What the same form booked when it was sent before. Once that is cancelled, the form is used up."""
    first = db.session.scalar(select(Booking).where(Booking.client_id == client.id, Booking.key == key))
    if first and first.cancellation:
        raise Refused("What this form booked was cancelled since. To book it again, begin anew.")
    return first


def announce(client: Client, booking: Standing, *, tell: bool, by: Actor, at: datetime) -> None:
    requested = is_request(booking)
    if tell:
        message_templates.tell("requested" if requested else "booked", client, booking, at=at)
    if by.kind == "client" and not booking.registration_id:
        kind, verb = (NoticeKind.REQUEST, "requested") if requested else (NoticeKind.BOOKING, "booked")
        words = f"{client.name} {verb} {in_full(booking, at)}"
        notices.tell(kind, words, client_id=client.id, booking_id=booking.id, at=at)


def must_be_cancellable(booking: Standing, *, by: Actor, at: datetime) -> None:
    """Refuse with the reason and the next step. Staff have no cut-off; but what is over, or here, is not called off."""
    if by.kind == "client":
        if reason := why_not_cancel(booking, at):
            raise Refused(reason if booking.cancelled_at else f"{reason} {business.contact()}")
    elif status(booking, at) not in OPEN:
        raise stale(f"This cannot be cancelled: it is marked “{status(booking, at)}”.")


@atomic
def cancel(booking: Booking, *, reason: str = "", tell: bool = True, by: Actor, at: datetime) -> Standing:
    """Call a booking off, or withdraw a request. Its place is held while it can be undone."""
    lock(booking)
    stands = standing(booking.id)
    must_be_cancellable(stands, by=by, at=at)
    undo_until = at + (UNDO_CLIENT if by.kind == "client" else UNDO_STAFF)
    client = booking.client
    was = status(stands, at)
    word, verb = ("withdrawn", "withdrew") if is_request(stands) else ("cancelled", "cancelled")
    follows = {"WHAT_FOLLOWS": " ".join(filter(None, [reason, *after_cancelling(stands)]))}
    told = message_templates.tell(word, client, stands, at=at, due_at=undo_until, more=follows) if tell else None
    db.session.add(
        Cancellation(
            booking_id=booking.id,
            at=at,
            undo_until=undo_until,
            reason=reason,
            message_id=told.id if told else None,
            **by.signed,
        )
    )
    notices.tell(
        NoticeKind.CANCELLATION,
        f"{by.name} {verb} {in_full(stands, at)} for {pet_names(stands)}",
        client_id=client.id,
        booking_id=booking.id,
        by=by,
        mailed_at=undo_until,
        at=at,
    )
    note(stands, was, "Cancelled", by=by, at=at)
    queues.freed(booking, due_at=undo_until)
    db.session.flush()
    return replace(stands, cancelled_at=at, undo_until=undo_until, cancelled_by_kind=by.kind)


@atomic
def restore(booking: Booking, *, by: Actor, at: datetime) -> Standing:
    """Take a cancellation back, as if it had not been, while its place is held."""
    began = monotonic()
    places.lock_client(booking.client_id)
    full = places.guard(places.wanted_by(booking), at=at, except_booking=booking.id)
    lock(booking)
    at_last = at + timedelta(seconds=monotonic() - began)
    stands = standing(booking.id)
    cancellation = booking.cancellation
    if cancellation is None:
        raise Refused("This booking is not cancelled.")
    # Whoever had to wait for others may find the place given up by now. Until then it is held, however full it is.
    given_up = bool(full) and by.kind == "client" and not booking.overbooked and not restorable(stands, by, at_last)
    if by.kind == "client" and cancellation.by_kind != by.kind:
        raise Refused(f"{business.the_business().name} has cancelled this booking. {business.contact()}")
    if given_up or not restorable(stands, by, at):
        raise Refused(f"The time to undo is over, and the place has been given up. {business.contact()}")
    told = cancellation.message_id
    db.session.delete(cancellation)
    take_notice_back(booking.id, cancellation.at)
    db.session.flush()
    if told and not messages.take_back(told):
        message_templates.tell("restored", booking.client, stands, at=at)
    db.session.flush()
    db.session.expire(booking, ["cancellation"])
    stands = replace(stands, cancelled_at=None, undo_until=None, cancelled_by_kind=None)
    note(stands, "Cancelled", status(stands, at), by=by, at=at)
    return stands


def take_notice_back(booking_id: int, cancelled_at: datetime) -> None:
    about = Notice.booking_id == booking_id, Notice.kind == NoticeKind.CANCELLATION, Notice.at == cancelled_at
    db.session.execute(delete(Notice).where(*about))


def note(booking: Standing, old: str, new: str, *, by: Actor, at: datetime) -> None:
    history.note(booking.client_id, "Status", old, new, subject=in_full(booking, at), by=by, at=at)


def in_full(booking: Standing, at: datetime) -> str:
    """Service and time with the zone's name, for words that stay: Full Groom, Tue 24 Nov 2026, 9:00 AM EST."""
    starts = wording.local(booking.starts_at, booking.zone)
    return f"{booking.service}, {wording.full_day(starts.date())}, {wording.clock(starts)} {starts.tzname()}"
