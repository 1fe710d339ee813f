"""Chances: a certain time at which somebody who waits may be served, and what the judge has against it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from portal import wording
from portal.db import db
from portal.models import (
    Client,
    Location,
    Offer,
    Provider,
    QueueCheck,
    Series,
    Service,
    ServiceKind,
    ServiceSession,
    WaitlistEntry,
)
from portal.rules import availability, obstacles, places
from portal.rules.actors import Actor
from portal.rules.business import the_business
from portal.rules.merge_codes import Occasion
from portal.rules.turns import wall

MORNING, EVENING = time(9), time(21)
# Their place is held, being late for the limits is what the offer itself looks after, and what they have booked
# meanwhile they can give up for it.
NOT_FOR_OFFERS = {"full", "too-late", "too-far", "pet-elsewhere"}
NOT_FOR_STAFF = NOT_FOR_OFFERS | {"access", "animal", "age", "vaccine", "closed", "blocked", "offering"}


@dataclass(frozen=True, slots=True)
class Chance:
    """A certain time of a service, at which there may be a place for somebody who waits."""

    service: Service
    location: Location
    starts_at: datetime
    ends_at: datetime
    session: ServiceSession | None = None
    provider: Provider | None = None

    @property
    def name(self) -> str:
        return self.session.series.name if self.session and self.session.series else self.service.name

    def wanted(self, pets: int) -> places.Wanted:
        providers = (self.provider,) if self.provider else ()
        return places.Wanted(self.service, self.location, pets, self.starts_at, self.ends_at, self.session, providers)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody waits for: a session, days, or any date."""

    service: Service
    session: ServiceSession | None = None
    location: Location | None = None
    first_day: date | None = None
    last_day: date | None = None
    series: Series | None = None

    @property
    def at_place(self) -> Location | None:
        return self.session.location if self.session else self.location

    @property
    def class_id(self) -> int | None:
        return self.session.id if self.session else None

    def chance(self) -> Chance | None:
        """Of a dated one the time; any date has none yet."""
        service, place, session = self.service, self.at_place, self.session
        if session:
            return Chance(service, session.location, session.starts_at, session.ends_at, session)
        if not (self.first_day and place):
            return None
        starts = wall(self.first_day, service.arrives_at, place.time_zone)
        ends = wall(self.last_day or self.first_day, service.leaves_at, place.time_zone)
        return Chance(service, place, starts, ends)


def of_entry(entry: WaitlistEntry) -> Wish:
    days = entry.first_day, entry.last_day
    return Wish(entry.service, entry.service_session, entry.location, *days, entry.series)


def in_offer(offer: Offer) -> Chance:
    session = db.session.get(ServiceSession, offer.service_session_id) if offer.service_session_id else None
    provider = db.session.get(Provider, offer.provider_id) if offer.provider_id else None
    service = db.session.get_one(Service, offer.service_id)
    place = db.session.get_one(Location, offer.location_id)
    return Chance(service, place, offer.starts_at, offer.ends_at, session, provider)


def for_any(row: QueueCheck, pets: int, at: datetime) -> Chance | None:
    """What became free, for those who wait for any date."""
    session = db.session.get(ServiceSession, row.service_session_id) if row.service_session_id else None
    service, place = db.session.get_one(Service, row.service_id), db.session.get_one(Location, row.location_id)
    return on(Wish(service, session, place, row.first_day, row.last_day), pets, at)


def on(wish: Wish, pets: int, at: datetime) -> Chance | None:
    """Of an appointment's days it is the first time that is free."""
    service, place, day = wish.service, wish.location, wish.first_day
    if service.kind == ServiceKind.INDIVIDUAL and not wish.session:
        days = ((wish.last_day or day) - day).days + 1 if day else 0
        return first_free(service, place, day, days, pets, at) if place and day else None
    if service.kind == ServiceKind.STAY and day and wish.last_day and wish.last_day <= day:
        return None
    return wish.chance()


def first_free(service: Service, place: Location, day: date, days: int, pets: int, at: datetime) -> Chance | None:
    times = availability.free_times(service, place, pets=pets, first=day, days=days, most=1, at=at)
    if not times:
        return None
    given = times[0].provider_ids
    provider = db.session.get_one(Provider, given[0]) if given else None
    return Chance(service, place, times[0].starts_at, times[0].ends_at, provider=provider)


def why_not(
    entries: Sequence[WaitlistEntry], chance: Chance, *, taking: bool = False, by: Actor, at: datetime
) -> list[str]:
    """What the judge has against it, apart from the places. Staff who offer by hand know what they do."""
    passed = NOT_FOR_STAFF if by.kind == "member" else NOT_FOR_OFFERS
    client = db.session.get_one(Client, entries[0].client_id)
    if by.kind != "member" and until(chance, by=by, at=at) <= at:
        return [f"It is too late to offer {chance.service.name}."]
    if by.kind != "member" and not taking and (unheard := why_not_asked(*reach(client))):
        return [unheard]
    found = obstacles.obstacles(
        client,
        chance.service,
        location=chance.location,
        pets=[entry.pet for entry in entries],
        starts_at=chance.starts_at,
        ends_at=chance.ends_at,
        session=chance.session,
        by_link=True,
        at=at,
    )
    passed = passed - {"pet-elsewhere"} if taking else passed
    return [one.words for one in obstacles.stopping(found) if one.kind not in passed]


def reach(client: Client) -> tuple[str | None, bool, datetime | None]:
    return client.email, client.no_automatic_email, client.deactivated_at


def why_not_asked(email: str | None, stopped: bool, deactivated_at: datetime | None) -> str | None:
    """No offer goes by itself to who would not hear of it, or could not answer: it is a letter with a link into the
    portal. Staff who offer by hand call them."""
    if deactivated_at:
        return "Deactivated, so no place is offered by itself. Activate the profile, or offer one by hand."
    if email and stopped:
        return "Automated e-mail is stopped, so no place is offered by itself. Offer one by hand, and call them."
    return None if email else "No e-mail, so no place is offered by itself. Add one to the profile, or offer by hand."


def until(chance: Chance, *, by: Actor, at: datetime) -> datetime:
    notice = timedelta(minutes=0 if by.kind == "member" else chance.service.notice_minutes)
    return held_until(chance.location, chance.starts_at - notice, at)


def held_until(location: Location, last: datetime, at: datetime) -> datetime:
    """As long as the business holds a place, and over the night, in which nobody reads their letters. Not beyond the
    last moment at which it could be booked; where that comes before the morning does, nobody sleeps on it."""
    ends, zone = at + timedelta(minutes=the_business().offer_minutes), location.time_zone
    there = wording.local(ends, zone)
    if MORNING <= there.time() < EVENING:
        return min(ends, last)
    day = there.date() + timedelta(days=there.time() >= EVENING)
    morning = wall(day, MORNING, zone)
    return morning if morning <= last else min(ends, last)


def occasion(chance: Chance, entries: Sequence[WaitlistEntry]) -> Occasion:
    """As messages about it tell it."""
    return Occasion(
        service=chance.name,
        location=chance.location.name,
        zone=chance.location.time_zone,
        starts_at=chance.starts_at,
        ends_at=chance.ends_at,
        pets=wording.listed([entry.pet.name for entry in entries]),
        client_id=entries[0].client_id,
    )
