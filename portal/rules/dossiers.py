"""Dossiers: a client as the front desk sees them, in few queries."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, and_, bindparam, func, or_, select, tuple_

from portal.db import AnySelect, db, rows_of
from portal.models import (
    Attendance,
    Booking,
    BookingAddOn,
    Cancellation,
    Client,
    Decision,
    History,
    Location,
    Thread,
)
from portal.rules import inboxes, pet_profiles
from portal.rules.agendas import LONG, Stretch, cursor, stretch
from portal.rules.customers import is_new
from portal.rules.pet_profiles import Profile
from portal.rules.standing import STANDING, Standing, as_standing

CLIENT = bindparam("client_id", type_=Integer)
WILL_BE = and_(
    Cancellation.id.is_(None), or_(Decision.id.is_(None), Decision.confirmed.is_(True)), Attendance.missed_at.is_(None)
)
EXTRAS = (
    select(func.coalesce(func.sum(BookingAddOn.price), 0))
    .where(BookingAddOn.booking_id == Booking.id)
    .scalar_subquery()
)
AHEAD = (
    select(func.coalesce(func.sum(Booking.price + EXTRAS), 0))
    .select_from(Booking)
    .outerjoin(Cancellation, Cancellation.booking_id == Booking.id)
    .outerjoin(Decision, Decision.booking_id == Booking.id)
    .outerjoin(Attendance, Attendance.booking_id == Booking.id)
    .where(Booking.client_id == CLIENT, Booking.ends_at >= bindparam("at", type_=Booking.ends_at.type), WILL_BE)
    .scalar_subquery()
)
BOOKINGS = select(func.count()).select_from(Booking).where(Booking.client_id == CLIENT).scalar_subquery()
USED = select(Booking.location_id).where(Booking.client_id == CLIENT)
FIGURES: AnySelect = (
    select(AHEAD, BOOKINGS, select(func.count()).select_from(Location).scalar_subquery(), Location.name)
    .select_from(select(1).subquery())
    .outerjoin(Location, Location.id.in_(USED))
    .order_by(Location.name)
)


@dataclass(slots=True)
class Dossier:
    """What stands on the head and at the side of a profile, whatever tab is open."""

    client: Client
    pets: list[Profile]
    upcoming_value: int
    bookings: int
    locations: list[str]
    is_new: bool

    @property
    def missing(self) -> bool:
        return any(pet.missing for pet in self.pets)

    @property
    def due(self) -> bool:
        return any(pet.due for pet in self.pets)


def dossier(client: Client, *, today: date, days: int, at: datetime) -> Dossier:
    """Locations are told where the business has more than one."""
    figures = [tuple(row) for row in rows_of(FIGURES, {"client_id": client.id, "at": at})]
    value, bookings, places, _ = figures[0]
    names = [row[3] for row in figures if row[3]] if places > 1 else []
    pets = pet_profiles.profiles(client.id, today=today, days=days)
    return Dossier(client, pets, value, bookings, names, is_new(client.created_at, at))


LISTED = STANDING.add_columns(EXTRAS).where(Booking.client_id == CLIENT)


def bookings_page(client_id: int, *, past: bool, at: datetime, after: tuple[datetime, int, int] | None) -> Stretch:
    """Upcoming ones soonest first, past ones latest first; the price is that of everything in it."""
    key, order = (Booking.ends_at, Booking.id), (Booking.ends_at.desc(), Booking.id.desc())
    rows = LISTED.where(Booking.ends_at < at).order_by(*order)
    if not past:
        key = (Booking.starts_at, Booking.id)
        rows = LISTED.where(Booking.ends_at >= at).order_by(*key)
    if after:
        seen = tuple_(after[0], after[2])
        rows = rows.where(tuple_(*key) < seen if past else tuple_(*key) > seen)
    found = [with_extras(tuple(row)) for row in rows_of(rows.limit(LONG + 1), {"client_id": client_id})]
    return stretch(found, lambda row: cursor(row.ends_at if past else row.starts_at, 0, row.id))


def with_extras(row: tuple[Any, ...]) -> Standing:
    booking = as_standing(row)
    booking.price += row[-1]
    return booking


CONVERSATIONS = inboxes.THREADS.where(Thread.client_id == CLIENT)
SINCE = tuple_(bindparam("at", type_=Thread.last_message_at.type), bindparam("id", type_=Integer))
NEWEST = inboxes.listed(CONVERSATIONS)
OLDER = inboxes.listed(CONVERSATIONS.where(tuple_(Thread.last_message_at, Thread.id) < SINCE))


def messages_page(client_id: int, *, after: tuple[datetime, int, int] | None) -> Stretch:
    """A client's conversations as the inbox lists them, the newest activity first."""
    names = {"client_id": client_id} | ({"at": after[0], "id": after[2]} if after else {})
    rows = [inboxes.inbox_row(tuple(row)) for row in rows_of(OLDER if after else NEWEST, names)]
    return stretch(rows, lambda row: cursor(row.last_message_at, 0, row.id))


def history_page(client_id: int, *, after: tuple[datetime, int, int] | None) -> Stretch:
    """Every change to a client and their pets, the latest first."""
    rows = select(History).where(History.client_id == client_id)
    if after:
        rows = rows.where(or_(History.at < after[0], and_(History.at == after[0], History.id < after[2])))
    latest = rows.order_by(History.at.desc(), History.id.desc()).limit(LONG + 1)
    found = list(db.session.scalars(latest))
    return stretch(found, lambda row: cursor(row.at, 0, row.id))
