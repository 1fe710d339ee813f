"""Offers of a series: a place on each of its dates, held together and answered as one."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, or_, select

from portal import wording
from portal.db import db
from portal.links import public
from portal.models import Booking, Client, Offer, Outcome, Series, ServiceSession, WaitlistEntry
from portal.rules import chances, message_templates, obstacles, places, queues, series_registrations
from portal.rules.actors import Actor
from portal.rules.merge_codes import Occasion, day_and_time
from portal.rules.places import Wanted
from portal.wording import listed

# There is a place on each date, and what they have booked meanwhile they can give up for it.
NO_MATTER = {"full", "too-far", "pet-elsewhere"}


def held_together(offer: Offer) -> list[Offer]:
    """The first date of the series, in whose name all of it is offered, and its other dates; any other offer alone."""
    return list(db.session.scalars(together(offer.id).with_for_update(key_share=True)))


def together(id: int) -> Select[Offer]:
    return select(Offer).where(or_(Offer.id == id, Offer.with_id == id)).order_by(Offer.id)


def series_of(offer: Offer) -> Series | None:
    session = db.session.get(ServiceSession, offer.service_session_id) if offer.service_session_id else None
    return session.series if session else None


def until(series: Series, dates: Sequence[ServiceSession], at: datetime) -> datetime:
    notice = timedelta(minutes=dates[0].service.notice_minutes)
    return chances.held_until(dates[0].location, dates[0].starts_at - notice, at)


def free_dates(series: Series, pets: int, at: datetime) -> list[ServiceSession]:
    """All of its dates, if it has not begun and there are places on each of them; none, if not. The places are locked
    in the order of the dates' ids."""
    dates = series_registrations.sessions_of(series, at)
    if series.retired_at or not dates or series_registrations.has_begun(series, at) or until(series, dates, at) <= at:
        return []
    for date in sorted(dates, key=lambda date: date.id):
        wanted = Wanted(date.service, date.location, pets, date.starts_at, date.ends_at, date)
        if places.guard(wanted, at=at):
            return []
    return dates


def may_come(entries: Sequence[WaitlistEntry], series: Series, at: datetime) -> bool:
    """So far as the judge says, apart from the places."""
    client, pets = db.session.get_one(Client, entries[0].client_id), [entry.pet for entry in entries]
    if chances.why_not_asked(*chances.reach(client)):
        return False
    found = obstacles.stopping(series_registrations.judged(client, series, pets, at=at))
    return all(one.kind in NO_MATTER for one in found)


def hold(
    entries: Sequence[WaitlistEntry], series: Series, dates: Sequence[ServiceSession], *, by: Actor, at: datetime
) -> Offer:
    first = entries[0]
    rows = [
        Offer(
            client_id=first.client_id,
            waitlist_entry_id=first.party_id or first.id,
            service_id=date.service_id,
            location_id=date.location_id,
            service_session_id=date.id,
            starts_at=date.starts_at,
            ends_at=date.ends_at,
            places=len(entries),
            until=until(series, dates, at),
            at=at,
            **by.signed,
        )
        for date in dates
    ]
    db.session.add(rows[0])
    db.session.flush()
    for row in rows[1:]:
        row.with_id = rows[0].id
    db.session.add_all(rows[1:])
    db.session.flush()
    return rows[0]


def tell(
    entries: Sequence[WaitlistEntry],
    series: Series,
    dates: Sequence[ServiceSession],
    *,
    held_until: str,
    at: datetime,
) -> None:
    first, date = entries[0], dates[0]
    about = Occasion(
        service=series.name,
        location=date.location.name,
        zone=date.location.time_zone,
        starts_at=date.starts_at,
        ends_at=date.ends_at,
        pets=listed([entry.pet.name for entry in entries]),
        client_id=first.client_id,
    )
    told = {
        "SERIES_NAME": series.name,
        "DATES": "\n".join(day_and_time(wording.local(one.starts_at, one.location.time_zone)) for one in dates),
        "OFFER_UNTIL": held_until,
        "OFFER_LINK": public(f"/waitlists/{first.id}/offer"),
    }
    message_templates.tell("series offered", db.session.get_one(Client, first.client_id), about, at=at, more=told)


def register(offer: Offer, series: Series, entries: Sequence[WaitlistEntry], *, by: Actor, at: datetime) -> Booking:
    """Into the places that are held. Given out: the first of its dates."""
    held = {row.service_session_id: row for row in held_together(offer)}
    client, pets = db.session.get_one(Client, offer.client_id), [entry.pet for entry in entries]
    made = series_registrations.register(client, series, pets, key=None, offers=held, by=by, at=at)
    return series_registrations.bookings_of(made)[0]


def give_up_of(client: Client, at: datetime) -> None:
    """Whatever is held for a client who cannot answer any more goes to who is next."""
    held = select(Offer).where(Offer.client_id == client.id, Offer.ended_at.is_(None), Offer.with_id.is_(None))
    for offer in db.session.scalars(held.order_by(Offer.id)).all():
        give_up(offer, at)


def give_up(offer: Offer, at: datetime) -> None:
    """One of its dates does not take place: who waits is asked anew, for the others. Nobody here waits for somebody who
    is answering it right now."""
    leader_id = offer.with_id or offer.id
    rows = together(leader_id).with_for_update(key_share=True, skip_locked=True)
    held = [row for row in db.session.scalars(rows) if row.ended_at is None]
    for row in held if leader_id in {row.id for row in held} else []:
        row.ended_at, row.outcome = at, Outcome.WITHDRAWN
        queues.freed(row, due_at=at)
