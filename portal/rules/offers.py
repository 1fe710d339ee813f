"""Offers: a free place is held for somebody who waits, until they take it, decline it, or their time is over."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select

from portal import wording
from portal.db import atomic, db, lock
from portal.links import public
from portal.models import Booking, Client, Location, Offer, Outcome, Series, WaitlistEntry
from portal.rules import bookings, chances, history, message_templates, places, series_offers
from portal.rules.actors import SYSTEM, Actor
from portal.rules.chances import Chance
from portal.rules.queues import freed
from portal.rules.refused import Refused
from portal.rules.turns import everybody, together, waiting


@atomic
def offer(entry: WaitlistEntry, chance: Chance | None = None, *, by: Actor, at: datetime) -> Offer:
    """By hand, out of turn if need be."""
    entries = together(entry)
    if entry not in entries:
        raise Refused("This entry is not on the waitlist any more. Reload the page to see who waits.")
    if held(entry):
        raise Refused("A place is being held for them already.")
    chance = chance or chances.of_entry(entry).chance()
    if chance is None:
        raise Refused("They wait for any date. Choose which one to offer them.")
    reasons = chances.why_not(entries, chance, by=by, at=at) or places.guard(chance.wanted(len(entries)), at=at)
    if reasons:
        raise Refused(" ".join(reasons))
    return hold(entries, chance, by=by, at=at)


def hold(entries: Sequence[WaitlistEntry], chance: Chance, *, by: Actor, at: datetime) -> Offer:
    """The places have been counted, and nobody else gets them: they are kept for these, who are told."""
    first = entries[0]
    row = Offer(
        client_id=first.client_id,
        waitlist_entry_id=first.party_id or first.id,
        service_id=chance.service.id,
        location_id=chance.location.id,
        service_session_id=chance.session.id if chance.session else None,
        provider_id=chance.provider.id if chance.provider else None,
        starts_at=chance.starts_at,
        ends_at=chance.ends_at,
        places=len(entries),
        until=chances.until(chance, by=by, at=at),
        at=at,
        **by.signed,
    )
    db.session.add(row)
    db.session.flush()
    held_until = wording.moment_with_zone(row.until, chance.location.time_zone, at)
    told = {"OFFER_UNTIL": wording.midway(held_until), "OFFER_LINK": public(f"/waitlists/{first.id}/offer")}
    client = db.session.get_one(Client, first.client_id)
    message_templates.tell("offered", client, chances.occasion(chance, entries), at=at, more=told)
    for entry in entries:
        note(entry, "Waiting", f"Offered until {held_until}", by=by, at=at)
    return row


def party(entry: WaitlistEntry) -> list[WaitlistEntry]:
    """Those of them who still wait."""
    return [one for one in everybody(entry) if one.removed_at is None]


def offer_series(entries: Sequence[WaitlistEntry], series: Series, *, by: Actor, at: datetime) -> Offer | None:
    """On all of its dates, if there is a place on each of them for all who are served together."""
    dates = [] if held(entries[0]) else series_offers.free_dates(series, len(entries), at)
    if not dates or not series_offers.may_come(entries, series, at):
        return None
    row = series_offers.hold(entries, series, dates, by=by, at=at)
    held_until = wording.moment_with_zone(row.until, dates[0].location.time_zone, at)
    series_offers.tell(entries, series, dates, held_until=wording.midway(held_until), at=at)
    for entry in entries:
        note(entry, "Waiting", f"Offered until {held_until}", by=by, at=at)
    return row


def offers_of(entry: WaitlistEntry) -> Select[Offer]:
    """Of a series the first date, in whose name it is offered."""
    return select(Offer).where(Offer.waitlist_entry_id == (entry.party_id or entry.id), Offer.with_id.is_(None))


def held(entry: WaitlistEntry) -> Offer | None:
    """The place that is held for this entry and its party now."""
    return db.session.scalar(offers_of(entry).where(Offer.ended_at.is_(None)))


def latest(entry: WaitlistEntry) -> Offer | None:
    return db.session.scalar(offers_of(entry).order_by(Offer.id.desc()).limit(1))


@atomic
def accept(offer: Offer, *, by: Actor, at: datetime) -> Booking:
    """The place is theirs, and the waiting is over."""
    first = db.session.get_one(WaitlistEntry, offer.waitlist_entry_id)
    entries = together(first)
    lock(offer)
    if offer.outcome == Outcome.ACCEPTED:
        return booked(offer)
    must_be_open(offer, at)
    series = series_offers.series_of(offer)
    booking = series_offers.register(offer, series, entries, by=by, at=at) if series else book(offer, entries, by, at)
    close(offer, entries, Outcome.ACCEPTED, "Booked", by=by, at=at)
    for entry in entries:
        entry.booking_id = booking.id
    return booking


def book(offer: Offer, entries: Sequence[WaitlistEntry], by: Actor, at: datetime) -> Booking:
    chance = chances.in_offer(offer)
    offered_by = Actor(offer.by_kind, offer.by_id, offer.by_name)
    reasons = chances.why_not(entries, chance, taking=True, by=offered_by, at=at) if entries else []
    if reasons:
        raise Refused(" ".join(reasons))
    return bookings.book(
        db.session.get_one(Client, offer.client_id),
        chance.service,
        [entry.pet for entry in entries],
        location=chance.location,
        starts_at=chance.starts_at,
        ends_at=chance.ends_at,
        session=chance.session,
        providers=[chance.provider] if chance.provider else [],
        needs_approval=False if offer.by_kind == "member" else None,
        offer=offer,
        by=by,
        at=at,
    )


def booked(offer: Offer) -> Booking:
    entry = select(WaitlistEntry).where(WaitlistEntry.id == offer.waitlist_entry_id)
    return db.session.get_one(Booking, db.session.scalars(entry).one().booking_id)


def must_be_open(offer: Offer, at: datetime) -> None:
    reason = why_not_open(offer, at)
    if reason:
        raise Refused(reason)


def why_not_open(offer: Offer, at: datetime) -> str | None:
    """The one judge of an offer being still good: a reason against it, or None."""
    if offer.outcome == Outcome.DECLINED:
        return "You have let this place go."
    if offer.outcome == Outcome.WITHDRAWN:
        return "This place is not held any more."
    if offer.outcome == Outcome.LAPSED or offer.until <= at:
        zone = db.session.get_one(Location, offer.location_id).time_zone
        over = wording.midway(wording.moment_with_zone(offer.until, zone, at))
        return f"This place was held until {over}, and has gone to whoever is next in line."
    return None


@atomic
def decline(offer: Offer, *, by: Actor, at: datetime) -> None:
    """They let it go, and wait no more: the next in line is asked."""
    entries = together(db.session.get_one(WaitlistEntry, offer.waitlist_entry_id))
    lock(offer)
    if offer.outcome == Outcome.ACCEPTED:
        raise Refused("This place is yours already. If you cannot come, cancel the booking.")
    must_be_open(offer, at)
    close(offer, entries, Outcome.DECLINED, "Declined", by=by, at=at, due_at=at)


def close(
    offer: Offer,
    entries: Sequence[WaitlistEntry],
    outcome: Outcome,
    word: str,
    *,
    by: Actor,
    at: datetime,
    due_at: datetime | None = None,
) -> None:
    """From the due moment on whoever is next has the place, if it was not taken."""
    let_go(offer, outcome, at, due_at)
    for entry in entries:
        entry.removed_at, entry.outcome = at, outcome
        note(entry, "Offered", word, by=by, at=at)


def let_go(offer: Offer, outcome: Outcome, at: datetime, due_at: datetime | None) -> None:
    for row in series_offers.held_together(offer):
        row.ended_at, row.outcome = at, outcome
        if due_at:
            freed(row, due_at=due_at)


def end(entry: WaitlistEntry, outcome: Outcome, *, at: datetime, due_at: datetime | None = None) -> None:
    """They wait no more, and hold no place any more: who is next has it, at once or from the due moment on."""
    offer = held(entry)
    if offer:
        lock(offer)
        let_go(offer, Outcome.WITHDRAWN, at, due_at or at)
    entry.removed_at, entry.outcome = at, outcome


def lapse(at: datetime) -> None:
    """Those who have not answered in time lose their turn, and are told."""
    over = select(Offer.id).where(Offer.ended_at.is_(None), Offer.with_id.is_(None), Offer.until <= at)
    over = over.order_by(Offer.until)
    for offer_id in list(db.session.scalars(over)):
        lapse_one(offer_id, at)


@atomic
def lapse_one(offer_id: int, at: datetime) -> None:
    row = db.session.get_one(Offer, offer_id)
    entries = together(db.session.get_one(WaitlistEntry, row.waitlist_entry_id))
    lock(row)
    if row.ended_at:
        return
    close(row, entries, Outcome.LAPSED, "Not answered in time", by=SYSTEM, at=at, due_at=at)
    if entries:
        tell_too_late(row, entries, at)


def tell_too_late(offer: Offer, entries: Sequence[WaitlistEntry], at: datetime) -> None:
    chance = chances.in_offer(offer)
    held_until = wording.moment_with_zone(offer.until, chance.location.time_zone, at)
    told = {"OFFER_UNTIL": wording.midway(held_until), "OFFER_LINK": public("/waitlists")}
    client = db.session.get_one(Client, offer.client_id)
    message_templates.tell("lapsed", client, chances.occasion(chance, entries), at=at, more=told)


def note(entry: WaitlistEntry, old: str, new: str, *, by: Actor, at: datetime) -> None:
    turn = waiting(entry.id)
    subject, client_id, pet_id = f"{turn.service}, {turn.pet.name}", entry.client_id, entry.pet_id
    history.note(client_id, "Waitlist", old, new, subject=subject, by=by, at=at, pet_id=pet_id)
