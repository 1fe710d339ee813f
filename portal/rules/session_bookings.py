"""What becomes of the bookings of a session, and of those who wait for it, when it moves, is called off or added."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select, update

from portal.db import db
from portal.models import (
    Booking,
    Cancellation,
    Client,
    Offer,
    Outcome,
    Provider,
    ServiceSession,
    WaitlistEntry,
)
from portal.rules import bookings, history, message_templates, offers, series_offers, standing
from portal.rules.actors import Actor
from portal.rules.merge_codes import Occasion, guests
from portal.rules.occupancy import holding
from portal.rules.standing import STANDING, Standing, status


def held(rows: Sequence[ServiceSession], at: datetime) -> list[Booking]:
    """The bookings that hold places there, locked in the order of their ids."""
    statement = (
        holding(Booking)
        .where(Booking.service_session_id.in_([row.id for row in rows]))
        .order_by(Booking.id)
        .with_for_update(of=Booking, key_share=True)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(statement, {"at": at, "except_booking": 0}))


def stand(rows: Sequence[Booking]) -> dict[int, Standing]:
    """Those of them that are not cancelled, by their ids."""
    found = standing.standings(STANDING.where(Booking.id.in_([row.id for row in rows])), {}) if rows else []
    return {booking.id: booking for booking in found if not booking.cancelled_at}


@contextmanager
def moving(rows: Sequence[ServiceSession], *, tell: bool, by: Actor, at: datetime) -> Iterator[list[Standing]]:
    """What is set on the sessions inside is set on their bookings after. Given out: those with a new time or place."""
    found = held(rows, at)
    before = stand(found)
    gave = {row.id: set(row.providers) for row in rows}
    moved: list[Standing] = []
    yield moved
    sessions = {row.id: row for row in rows}
    for booking in found:
        follow(booking, sessions[booking.service_session_id or 0], gave)
    for row in rows:
        span = {"starts_at": row.starts_at, "ends_at": row.ends_at, "location_id": row.location_id}
        open_offers = Offer.service_session_id == row.id, Offer.ended_at.is_(None)
        db.session.execute(update(Offer).where(*open_offers).values(**span))
    db.session.flush()
    after = stand(found)
    changed = [(old, after[id]) for id, old in before.items() if place_and_time(old) != place_and_time(after[id])]
    moved += [new for _, new in changed]
    for old, new in changed:
        when, then = (f"{bookings.in_full(one, at)}, {one.location}" for one in (old, new))
        history.note(new.client_id, "Time", when, then, subject=bookings.in_full(old, at), by=by, at=at)
    if tell:
        tell_moved(changed, at)


def follow(booking: Booking, session: ServiceSession, gave: dict[int, set[Provider]]) -> None:
    """With the session's provider, unless it has one of its own."""
    booking.starts_at, booking.ends_at = session.starts_at, session.ends_at
    booking.location_id = session.location_id
    if booking.providers and set(booking.providers) == gave[session.id]:
        booking.providers = list(session.providers)


def place_and_time(booking: Standing) -> tuple[object, ...]:
    return booking.starts_at, booking.ends_at, booking.location, booking.zone


def tell_moved(changed: Sequence[tuple[Standing, Standing]], at: datetime) -> None:
    """One letter for each client, however many of their dates have moved."""
    for client_id, pairs in by_client(changed).items():
        lines = [
            f"{bookings.in_full(new, at)}\nFor {guests(new)}, at {new.location}.\n"
            f"Before: {bookings.in_full(old, at)}, at {old.location}."
            for old, new in pairs
        ]
        client = db.session.get_one(Client, client_id)
        message_templates.tell("rearranged", client, pairs[0][1], at=at, more={"CHANGES": "\n\n".join(lines)})


def by_client(changed: Sequence[tuple[Standing, Standing]]) -> dict[int, list[tuple[Standing, Standing]]]:
    found: dict[int, list[tuple[Standing, Standing]]] = {}
    for pair in sorted(changed, key=lambda pair: pair[1].starts_at):
        found.setdefault(pair[1].client_id, []).append(pair)
    return found


def cancel(rows: Sequence[ServiceSession], reason: str, *, tell: bool, by: Actor, at: datetime) -> int:
    """All that hold a place, and nobody waits any more. A cancellation that could be undone no longer can."""
    found = held(rows, at)
    stands = stand(found)
    for booking in found:
        if booking.id in stands:
            db.session.add(Cancellation(booking_id=booking.id, at=at, undo_until=at, reason=reason, **by.signed))
            bookings.note(stands[booking.id], status(stands[booking.id], at), "Cancelled", by=by, at=at)
        elif booking.cancellation:
            booking.cancellation.undo_until = at
    waiting = leave_queue(rows, by=by, at=at)
    if tell:
        tell_cancelled([*stands.values()], waiting, rows[0], reason, at)
    return len(stands)


def leave_queue(rows: Sequence[ServiceSession], *, by: Actor, at: datetime) -> set[int]:
    """Whoever waits for these dates, and whoever has just been offered a place: their clients. An entry that is being
    changed right now is ended by the worker: who holds one waits for the class, so nobody here waits for them."""
    ids = [row.id for row in rows]
    entries = select(WaitlistEntry).where(WaitlistEntry.service_session_id.in_(ids), WaitlistEntry.removed_at.is_(None))
    clients = set()
    for entry in db.session.scalars(
        entries.order_by(WaitlistEntry.id).with_for_update(key_share=True, skip_locked=True)
    ).all():
        entry.removed_at, entry.outcome = at, Outcome.EXPIRED
        offers.note(entry, "Waiting", "Called off", by=by, at=at)
        clients.add(entry.client_id)
    offered = Offer.service_session_id.in_(ids), Offer.ended_at.is_(None)
    for offer in db.session.scalars(
        select(Offer).where(*offered).order_by(Offer.id).with_for_update(key_share=True, skip_locked=True)
    ):
        if series_offers.series_of(offer):
            series_offers.give_up(offer, at)
            continue
        offer.ended_at, offer.outcome = at, Outcome.WITHDRAWN
        clients.add(offer.client_id)
    return clients


def tell_cancelled(
    stands: Sequence[Standing], waiting: set[int], session: ServiceSession, reason: str, at: datetime
) -> None:
    booked = by_client([(booking, booking) for booking in stands])
    for client_id, pairs in booked.items():
        dates = [f"{bookings.in_full(one, at)}\nFor {guests(one)}, at {one.location}." for _, one in pairs]
        told = {"DATES": "\n\n".join(dates), "REASON": reason}
        message_templates.tell("called off", db.session.get_one(Client, client_id), pairs[0][1], at=at, more=told)
    for client_id in sorted(waiting - set(booked)):
        about = occasion(session, client_id)
        told = {"DATES": f"{about.in_full}: you do not wait for it any more.", "REASON": reason}
        message_templates.tell("called off", db.session.get_one(Client, client_id), about, at=at, more=told)


def occasion(session: ServiceSession, client_id: int) -> Occasion:
    """For somebody who is not booked into it."""
    return Occasion(
        service=session.series.name if session.series else session.service.name,
        location=session.location.name,
        zone=session.location.time_zone,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        pets="your pet",
        client_id=client_id,
    )
