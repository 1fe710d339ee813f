"""Dossiers: a client as the front desk sees them, in few queries."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, bindparam, func, select, true, tuple_

from portal.db import rows_of
from portal.models import (
    Booking,
    BookingAddOn,
    Client,
    History,
    Location,
    Thread,
)
from portal.rules import inboxes, pet_profiles
from portal.rules.agendas import LONG, Stretch, cursor, stretch
from portal.rules.customers import is_new
from portal.rules.packing import packed, units
from portal.rules.pet_profiles import Profile
from portal.rules.standing import STANDING, Standing, as_standing
from portal.rules.states import COUNTS

CLIENT, AT = bindparam("client_id", type_=Integer), bindparam("at", type_=Booking.ends_at.type)
EXTRAS = (
    select(func.coalesce(func.sum(BookingAddOn.price), 0))
    .where(BookingAddOn.booking_id == Booking.id)
    .scalar_subquery()
)
AHEAD = (
    select(func.coalesce(func.sum(Booking.price + EXTRAS), 0))
    .select_from(Booking)
    .where(Booking.client_id == CLIENT, Booking.ends_at >= AT, COUNTS)
    .scalar_subquery()
)
BOOKINGS = select(func.count()).select_from(Booking).where(Booking.client_id == CLIENT).scalar_subquery()
USED = select(Booking.location_id).where(Booking.client_id == CLIENT)
PLACES = select(func.count()).select_from(Location).scalar_subquery()
NAMES = select(packed(Location.name)).where(Location.id.in_(USED)).scalar_subquery()


@dataclass(slots=True)
class Card:
    """A client as a profile tells of them."""

    id: int
    account_number: str
    first_name: str
    last_name: str
    email: str | None
    phone: str
    street: str
    city: str
    region: str
    postcode: str
    photo_id: int | None
    password_hash: str | None
    no_automatic_email: bool
    no_automatic_text: bool
    created_at: datetime
    deactivated_at: datetime | None
    prospect: bool
    blocked_online: bool
    marketing_since: datetime | None

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass(slots=True)
class Dossier:
    """What stands on the head and at the side of a profile, whatever tab is open."""

    client: Card
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


CARD = [getattr(Client, column.name) for column in fields(Card)]
ONE = select(AHEAD, BOOKINGS, PLACES, NAMES, *CARD).where(Client.id == CLIENT).subquery()
PETS = pet_profiles.PROFILES.subquery()
DOSSIER = select(ONE, PETS).select_from(ONE).outerjoin(PETS, true())


def dossier(client_id: int, *, today: date, days: int, at: datetime) -> Dossier | None:
    """In one query; None where there is no such client. Locations are told where the business has more than one."""
    names = {"client_id": client_id, "at": at, **pet_profiles.as_of(today, days)}
    rows = [tuple(row) for row in rows_of(DOSSIER, names)]
    if not rows:
        return None
    (value, bookings, places, used), card = rows[0][:4], Card(*rows[0][4 : 4 + len(CARD)])
    locations = sorted(units(used)) if places > 1 else []
    pets = pet_profiles.in_order(today, (row[4 + len(CARD) :] for row in rows if row[-1]))
    return Dossier(card, pets, value, bookings, locations, is_new(card.created_at, at))


FROM, ID = bindparam("from", type_=Booking.ends_at.type), bindparam("id", type_=Integer)
LISTED = STANDING.add_columns(EXTRAS).where(Booking.client_id == CLIENT).limit(LONG + 1)
COMING = LISTED.where(Booking.ends_at >= AT).order_by(Booking.starts_at, Booking.id)
MORE_COMING = COMING.where(tuple_(Booking.starts_at, Booking.id) > tuple_(FROM, ID))
OVER = LISTED.where(Booking.ends_at < AT).order_by(Booking.ends_at.desc(), Booking.id.desc())
MORE_OVER = OVER.where(tuple_(Booking.ends_at, Booking.id) < tuple_(FROM, ID))


def bookings_page(client_id: int, *, past: bool, at: datetime, after: tuple[datetime, int, int] | None) -> Stretch:
    """Upcoming ones soonest first, past ones latest first; the price is that of everything in it."""
    first, further = (OVER, MORE_OVER) if past else (COMING, MORE_COMING)
    names = {"client_id": client_id, "at": at} | since(after)
    found = [with_extras(tuple(row)) for row in rows_of(further if after else first, names)]
    return stretch(found, lambda row: cursor(row.ends_at if past else row.starts_at, 0, row.id))


def since(after: tuple[datetime, int, int] | None) -> dict[str, Any]:
    return {"from": after[0], "id": after[2]} if after else {}


def with_extras(row: tuple[Any, ...]) -> Standing:
    booking = as_standing(row)
    booking.price += row[-1]
    return booking


CONVERSATIONS = inboxes.THREADS.where(Thread.client_id == CLIENT)
NEWEST = inboxes.listed(CONVERSATIONS)
OLDER = inboxes.listed(CONVERSATIONS.where(tuple_(Thread.last_message_at, Thread.id) < tuple_(FROM, ID)))


def messages_page(client_id: int, *, after: tuple[datetime, int, int] | None) -> Stretch:
    """A client's conversations as the inbox lists them, the newest activity first."""
    names = {"client_id": client_id} | since(after)
    rows = [inboxes.inbox_row(tuple(row)) for row in rows_of(OLDER if after else NEWEST, names)]
    return stretch(rows, lambda row: cursor(row.last_message_at, 0, row.id))


@dataclass(slots=True)
class Change:
    """A line of the history."""

    id: int
    at: datetime
    by_kind: str
    by_name: str
    subject: str
    field: str
    old: str
    new: str


CHANGES = (
    select(*(getattr(History, column.name) for column in fields(Change)))
    .where(History.client_id == CLIENT)
    .order_by(History.at.desc(), History.id.desc())
    .limit(LONG + 1)
)
MORE_CHANGES = CHANGES.where(tuple_(History.at, History.id) < tuple_(FROM, ID))


def history_page(client_id: int, *, after: tuple[datetime, int, int] | None) -> Stretch:
    """Every change to a client and their pets, the latest first."""
    names = {"client_id": client_id} | since(after)
    found = [Change(*row) for row in rows_of(MORE_CHANGES if after else CHANGES, names)]
    return stretch(found, lambda row: cursor(row.at, 0, row.id))
