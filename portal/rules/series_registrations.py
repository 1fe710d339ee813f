"""Registrations: a series booked as a whole, each of its dates a booking, all of them for one price."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from portal import wording
from portal.db import atomic, db
from portal.models import (
    Booking,
    Client,
    NoticeKind,
    Offer,
    Pet,
    Registration,
    Series,
    Service,
    ServiceSession,
)
from portal.rules import bookings, business, message_templates, notices, obstacles, places
from portal.rules.actors import Actor
from portal.rules.bookings import in_full
from portal.rules.merge_codes import guests
from portal.rules.obstacles import Obstacle
from portal.rules.places import Taken
from portal.rules.refused import Refused
from portal.rules.standing import STANDING, Standing, is_request, standings

FIRST_ONLY = {"too-far"}  # who starts in time goes on to the end


def sessions_of(series: Series, at: datetime) -> list[ServiceSession]:
    """The dates that are still to come."""
    ahead = select(ServiceSession).where(
        ServiceSession.series_id == series.id, ServiceSession.called_off_at.is_(None), ServiceSession.starts_at > at
    )
    return list(db.session.scalars(ahead.order_by(ServiceSession.starts_at, ServiceSession.id)))


def has_begun(series: Series, at: datetime) -> bool:
    begun = select(ServiceSession.id).where(
        ServiceSession.series_id == series.id, ServiceSession.called_off_at.is_(None), ServiceSession.starts_at <= at
    )
    return db.session.scalar(begun.limit(1)) is not None


def price_of(series: Series, service: Service, dates: int, pets: int) -> int:
    return pets * (service.price * dates if series.price is None else series.price)


def shared_out(total: int, count: int) -> list[int]:
    """Not a cent more or less than the whole."""
    each, over = divmod(total, count)
    return [each + (number < over) for number in range(count)]


def judged(
    client: Client | None, series: Series, pets: Sequence[Pet], *, back: str = "", at: datetime
) -> list[Obstacle]:
    """What stands against any of its dates, each reason once."""
    dates = sessions_of(series, at)
    if series.retired_at or not dates or has_begun(series, at):
        words = f"{series.name} has begun" if dates and not series.retired_at else f"{series.name} is not open any more"
        return [Obstacle("past", f"{words}. {business.contact()}")]
    found: dict[str, Obstacle] = {}
    for session in dates:
        for one in obstacles.obstacles(
            client, session.service, pets=pets, session=session, by_link=True, back=back, at=at
        ):
            if session is dates[0] or one.kind not in FIRST_ONLY:
                found.setdefault(one.words, one)
    return list(found.values())


@atomic
def register(
    client: Client,
    series: Series,
    pets: Sequence[Pet],
    *,
    key: str | None,
    tell: bool = True,
    overbook: bool = False,
    offers: Mapping[int | None, Offer] | None = None,
    by: Actor,
    at: datetime,
) -> Registration:
    """All dates or none; by date the offers into whose places it goes. With a key it is booked once. Staff may let
    somebody in late, or beyond the places."""
    places.lock_client(client.id)
    first = bookings.made_with(client, key) if key else None
    if first and first.registration_id:
        return db.session.get_one(Registration, first.registration_id)
    dates = sessions_of(series, at)
    if not pets or not dates:
        raise Refused("Choose who is to come." if dates else f"{series.name} is over.")
    if by.kind == "client":
        found = judged(client, series, pets, at=at)
        obstacles.must_be_free_of(one for one in found if one.kind != "full")
    total = price_of(series, dates[0].service, len(dates), len(pets))
    registration = Registration(client_id=client.id, series_id=series.id, price=total, made_at=at)
    db.session.add(registration)
    db.session.flush()
    prices = dict(zip([date.id for date in dates], shared_out(total, len(dates)), strict=True))
    try:
        for date in sorted(dates, key=lambda date: date.id):
            bookings.book(
                client,
                date.service,
                pets,
                location=date.location,
                starts_at=date.starts_at,
                ends_at=date.ends_at,
                session=date,
                providers=date.providers,
                overbook=overbook,
                key=key if date is dates[0] else None,
                registration=registration,
                keep_price=prices[date.id],
                offer=(offers or {}).get(date.id),
                tell=False,
                by=by,
                at=at,
            )
    except Taken as no:
        raise Taken(f"{series.name} is full.", dates[0].service) from no
    announce(registration, tell=tell, by=by, at=at)
    return registration


def announce(registration: Registration, *, tell: bool, by: Actor, at: datetime) -> None:
    """One letter with all dates, and one notice."""
    made = dates_of(registration.id)
    requested = is_request(made[0])
    name, client = registration.series.name, db.session.get_one(Client, registration.client_id)
    if tell:
        happened = f"We have your request for {name}." if requested else f"You are booked for {name}."
        then = "We will tell you as soon as it is confirmed." if requested else f"We look forward to {guests(made[0])}."
        write(registration, made, happened, then, at=at)
    if by.kind == "client":
        kind, verb = (NoticeKind.REQUEST, "requested") if requested else (NoticeKind.BOOKING, "booked")
        words = f"{client.name} {verb} {name}, {wording.counted(len(made), 'date')} from {in_full(made[0], at)}"
        notices.tell(kind, words, client_id=client.id, booking_id=made[0].id, at=at)


def write(
    registration: Registration,
    dates: Sequence[Standing],
    happened: str,
    then: str,
    *,
    due_at: datetime | None = None,
    at: datetime,
) -> int:
    told = {
        "SERIES_NAME": registration.series.name,
        "WHAT_HAPPENED": happened,
        "DATES": "\n".join(in_full(one, at) for one in dates),
        "WHAT_FOLLOWS": then,
    }
    client = db.session.get_one(Client, registration.client_id)
    return message_templates.tell("series", client, dates[0], at=at, due_at=due_at, more=told).id


def bookings_of(registration: Registration) -> list[Booking]:
    """In the order of their dates."""
    own = select(Booking).where(Booking.registration_id == registration.id)
    return list(db.session.scalars(own.order_by(Booking.starts_at, Booking.id)))


def dates_of(registration_id: int) -> list[Standing]:
    own = STANDING.where(Booking.registration_id == registration_id).order_by(Booking.starts_at, Booking.id)
    return standings(own, {})
