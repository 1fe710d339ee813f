"""Turns: an entry of a waitlist as lists show it, its place in line, and who is served together with it."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, case, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from portal import wording
from portal.db import AnySelect, db, rows_of
from portal.models import (
    Animal,
    Location,
    Offer,
    Pet,
    Series,
    Service,
    ServiceKind,
    ServiceSession,
    WaitlistEntry,
)
from portal.rules import hours
from portal.rules.standing import PetMark


@dataclass(slots=True)
class Waiting:
    """An entry as lists show it; without a date it is a general one."""

    pet: PetMark
    starts_at: datetime | None
    ends_at: datetime | None
    id: int
    service: str
    kind: ServiceKind
    location: str
    zone: str
    first_day: date | None
    last_day: date | None
    removed_at: datetime | None
    place: int  # in line
    offered_until: datetime | None


OfSession, OfEntry, OfOffer = aliased(Location), aliased(Location), aliased(Location)
Ahead = aliased(WaitlistEntry)


def line_of(entry: Any) -> Any:
    """Those who are served together stand in line as one: an offer hangs on the first of them."""
    return func.coalesce(entry.party_id, entry.id)


DAYS_IN_COMMON = and_(
    Ahead.location_id == WaitlistEntry.location_id,
    Ahead.first_day <= WaitlistEntry.last_day,
    Ahead.last_day >= WaitlistEntry.first_day,
)
SAME_THING = case(
    (WaitlistEntry.service_session_id.is_not(None), Ahead.service_session_id == WaitlistEntry.service_session_id),
    (WaitlistEntry.first_day.is_not(None), DAYS_IN_COMMON),
    else_=and_(
        Ahead.service_session_id.is_(None),
        Ahead.first_day.is_(None),
        Ahead.series_id.is_not_distinct_from(WaitlistEntry.series_id),
        Ahead.location_id.is_not_distinct_from(WaitlistEntry.location_id),
    ),
)
AHEAD = (
    select(func.count(line_of(Ahead).distinct()))
    .where(
        Ahead.service_id == WaitlistEntry.service_id,
        Ahead.removed_at.is_(None),
        tuple_(Ahead.joined_at, Ahead.id) < tuple_(WaitlistEntry.joined_at, WaitlistEntry.id),
        line_of(Ahead) != line_of(WaitlistEntry),
        SAME_THING,
    )
    .correlate(WaitlistEntry)
    .scalar_subquery()
)
# Of a series, on whose dates places are held together, in the name of the first of them.
IS_HELD = and_(Offer.waitlist_entry_id == line_of(WaitlistEntry), Offer.ended_at.is_(None), Offer.with_id.is_(None))
WAITING: AnySelect = (
    select(
        WaitlistEntry.id,
        func.coalesce(Series.name, Service.name),
        Service.kind,
        func.coalesce(OfSession.name, OfEntry.name, ""),
        func.coalesce(OfSession.time_zone, OfEntry.time_zone, OfOffer.time_zone, ""),
        WaitlistEntry.first_day,
        WaitlistEntry.last_day,
        WaitlistEntry.removed_at,
        AHEAD + 1,
        Offer.until,
        Pet.id,
        Animal.drawing,
        Pet.photo_id,
        Pet.name,
        ServiceSession.starts_at,
        ServiceSession.ends_at,
        Service.arrives_at,
        Service.leaves_at,
    )
    .join(Service, Service.id == WaitlistEntry.service_id)
    .join(Pet, Pet.id == WaitlistEntry.pet_id)
    .join(Animal, Animal.id == Pet.animal_id)
    .outerjoin(Series, Series.id == WaitlistEntry.series_id)
    .outerjoin(ServiceSession, ServiceSession.id == WaitlistEntry.service_session_id)
    .outerjoin(OfSession, OfSession.id == ServiceSession.location_id)
    .outerjoin(OfEntry, OfEntry.id == WaitlistEntry.location_id)
    .outerjoin(Offer, IS_HELD)
    .outerjoin(OfOffer, OfOffer.id == Offer.location_id)
)
ONE = WAITING.where(WaitlistEntry.id == bindparam("entry_id", type_=Integer))


def as_waiting(row: tuple[Any, ...]) -> Waiting:
    starts, ends, arrives, leaves = row[14:18]
    zone, first, last = row[4:7]
    if first and last and zone:
        starts, ends = wall(first, arrives, zone), wall(last, leaves, zone)
    return Waiting(PetMark(*row[10:14]), starts, ends, *row[:10])


def wall(day: date, at: time, zone: str) -> datetime:
    return hours.moment(hours.dial(zone, day).reaches(hours.wall(at)))


def waiting(entry_id: int) -> Waiting:
    db.session.flush()
    return as_waiting(tuple(rows_of(ONE, {"entry_id": entry_id}).one()))


def when(turn: Waiting) -> str:
    """Tue 24 Nov 2026, 9:00 AM EST; of a stay its days; of a general entry nothing."""
    if turn.first_day and turn.last_day:
        days = [wording.full_day(turn.first_day), wording.full_day(turn.last_day)]
        return days[0] if turn.first_day == turn.last_day else " to ".join(days)
    if turn.starts_at is None:
        return ""
    here = wording.local(turn.starts_at, turn.zone)
    return f"{wording.full_day(here.date())}, {wording.clock(here)} {here.tzname()}"


def in_full(turn: Waiting) -> str:
    return ", ".join(filter(None, (turn.service, when(turn))))


def party_of(entry: WaitlistEntry) -> Select[WaitlistEntry]:
    line = entry.party_id or entry.id
    return select(WaitlistEntry).where(or_(WaitlistEntry.id == line, WaitlistEntry.party_id == line))


def everybody(entry: WaitlistEntry) -> list[WaitlistEntry]:
    """Those who were to be served together, whether they still wait or not."""
    return list(db.session.scalars(party_of(entry).order_by(WaitlistEntry.id)))


def together(entry: WaitlistEntry) -> list[WaitlistEntry]:
    """Those who still wait and are served with this one, itself among them; nobody else changes them meanwhile."""
    rows = party_of(entry).where(WaitlistEntry.removed_at.is_(None)).order_by(WaitlistEntry.id)
    return list(db.session.scalars(rows.with_for_update().execution_options(populate_existing=True)))
