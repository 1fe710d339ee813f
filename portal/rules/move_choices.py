"""Where a booking can be moved to: other times of the same service, and what each of them would be."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import select, true

from portal import wording
from portal.db import db
from portal.models import Booking, Provider, ServiceKind, ServiceSession
from portal.rules import availability, hours, occupancy, pet_engagements, places
from portal.rules.moves import price_of
from portal.rules.pet_engagements import Engaged, meets
from portal.rules.place_obstacles import LONGEST_STAY
from portal.rules.places import Wanted
from portal.rules.refused import Refused

__all__ = ["GONE", "STRETCH", "Wanted", "choices", "earliest", "latest", "review", "wanted", "words"]
STRETCH = 14
GONE = "That time cannot be chosen. Choose one from the list."


@dataclass(frozen=True, slots=True)
class Choice:
    """A time as the page lists it: `query` chooses it, `why` says that it cannot be chosen."""

    query: str
    day: date
    label: str
    hint: str = ""
    why: str = ""


def choices(booking: Booking, *, first: date, at: datetime) -> list[tuple[date, list[Choice]]]:
    """Two weeks from that day on, day by day. A stay has none: its days are typed."""
    kind = booking.service.kind
    if kind == ServiceKind.STAY:
        return []
    if kind == ServiceKind.DAY:
        found = days(booking, first, at)
    elif kind == ServiceKind.INDIVIDUAL:
        found = times(booking, first, at)
    else:
        found = classes(booking, first, at)
    return [(day, list(group)) for day, group in groupby(found, attrgetter("day"))]


def engaged(booking: Booking, first: date, at: datetime) -> list[Engaged]:
    """What else its pets are booked for in these two weeks."""
    zone, after = booking.location.time_zone, first + timedelta(days=STRETCH)
    span = occupancy.midnight(first, zone), occupancy.midnight(after, zone)
    return pet_engagements.engaged(booking.pets, *span, at=at, except_booking=booking.id)


def there_already(booking: Booking, known: list[Engaged], starts_at: datetime, ends_at: datetime) -> str:
    kind, zone = booking.service.kind, booking.location.time_zone
    return "Booked" if any(meets(one, kind, starts_at, ends_at, zone) for one in known) else ""


def day_of(booking: Booking, moment: datetime) -> date:
    return wording.local(moment, booking.location.time_zone).date()


def days(booking: Booking, first: date, at: datetime) -> list[Choice]:
    found = availability.free_days(
        booking.service,
        booking.location,
        pets=len(booking.pets),
        first=first,
        days=STRETCH,
        at=at,
        except_booking=booking.id,
    )
    now, known, today = day_of(booking, booking.starts_at), engaged(booking, first, at), earliest(booking, at)
    listed = []
    for one in found:
        span = of_day(booking, one.day)
        why = one.why or there_already(booking, known, *span)
        if one.day != now and one.why != availability.PAST:
            listed.append(Choice(f"day={one.day}", one.day, wording.day(one.day, today), "", why))
    return listed


def of_day(booking: Booking, first: date, last: date | None = None) -> tuple[datetime, datetime]:
    """From arriving to leaving, by the clocks of the location."""
    zone, service = booking.location.time_zone, booking.service
    since = hours.dial(zone, first).reaches(hours.wall(service.arrives_at))
    until = hours.dial(zone, last or first).reaches(hours.wall(service.leaves_at))
    return hours.moment(since), hours.moment(until)


def times(booking: Booking, first: date, at: datetime) -> list[Choice]:
    """With whoever it is booked with where they are free, else with somebody who is."""
    own = {one.id for one in booking.providers}
    names = {one.id: one.name for one in db.session.scalars(select(Provider))}
    found = availability.free_times(
        booking.service,
        booking.location,
        pets=len(booking.pets),
        extra_minutes=extra_minutes(booking),
        first=first,
        days=STRETCH,
        at=at,
        except_booking=booking.id,
        coming=booking.pets,
    )
    listed = []
    for slot in found:
        provider_id = best(slot.provider_ids, own)
        hint = f"with {names[provider_id]}" if own and provider_id and provider_id not in own else ""
        query = f"at={slot.starts_at:%Y-%m-%dT%H:%MZ}"
        if slot.starts_at != booking.starts_at:
            here = wording.local(slot.starts_at, booking.location.time_zone)
            listed.append(Choice(query, here.date(), wording.clock(here), hint))
    return listed


def best(provider_ids: Iterable[int], own: set[int]) -> int | None:
    return next((id for id in provider_ids if id in own), next(iter(provider_ids), None))


def extra_minutes(booking: Booking) -> int:
    """It takes as long as it does now, add-ons with it."""
    whole = (booking.ends_at - booking.starts_at) // timedelta(minutes=1)
    return (whole if booking.service.together else whole // len(booking.pets)) - booking.service.minutes


def classes(booking: Booking, first: date, at: datetime) -> list[Choice]:
    """Other dates of the class, by the clocks of wherever each is. One date of a course may be made up for in another
    course."""
    zone, count = booking.location.time_zone, len(booking.pets)
    since = max(hours.moment(hours.dial(zone, first).begins), at)
    until = hours.moment(hours.dial(zone, first + timedelta(days=STRETCH)).begins)
    single = ServiceSession.series_id.is_(None) if booking.registration_id is None else true()
    found = db.session.scalars(
        select(ServiceSession)
        .where(
            single,
            ServiceSession.service_id == booking.service_id,
            ServiceSession.starts_at >= since,
            ServiceSession.starts_at < until,
            ServiceSession.called_off_at.is_(None),
            ServiceSession.id != (booking.service_session_id or 0),
        )
        .order_by(ServiceSession.starts_at, ServiceSession.id)
    ).all()
    left, known = places.sessions_left([one.id for one in found], at), engaged(booking, first, at)
    listed = []
    for one in found:
        there = wording.local(one.starts_at, one.location.time_zone)
        label = wording.clock(there) if one.location.time_zone == zone else f"{wording.clock(there)} {there.tzname()}"
        hint = "" if one.location_id == booking.location_id else f"at {one.location.name}"
        why = there_already(booking, known, one.starts_at, one.ends_at) or ("Full" if left[one.id] < count else "")
        listed.append(Choice(f"session={one.id}", there.date(), label, hint, why))
    return sorted(listed, key=attrgetter("day"))


def wanted(
    booking: Booking,
    *,
    session_id: int = 0,
    starts_at: datetime | None = None,
    day: date | None = None,
    last: date | None = None,
    at: datetime,
) -> Wanted:
    """What was chosen, whatever stands against it."""
    service, location, pets = booking.service, booking.location, len(booking.pets)
    if service.kind in (ServiceKind.DAY, ServiceKind.STAY):
        if day is None or (service.kind == ServiceKind.STAY and (last is None or last <= day)):
            raise Refused(GONE)
        if last and (last - day).days > LONGEST_STAY:
            raise Refused(GONE)
        begin, end = of_day(booking, day, last if service.kind == ServiceKind.STAY else None)
        return Wanted(service, location, pets, begin, end, None, tuple(booking.providers))
    if service.kind == ServiceKind.INDIVIDUAL:
        if starts_at is None:
            raise Refused(GONE)
        ends_at = starts_at + (booking.ends_at - booking.starts_at)
        return Wanted(service, location, pets, starts_at, ends_at, None, provider_for(booking, starts_at, at))
    session = db.session.get(ServiceSession, session_id)
    if session is None or session.service_id != service.id:
        raise Refused(GONE)
    return Wanted(
        service, session.location, pets, session.starts_at, session.ends_at, session, tuple(session.providers)
    )


def provider_for(booking: Booking, starts_at: datetime, at: datetime) -> tuple[Provider, ...]:
    """Whoever it is booked with, if they are free; else the first who is."""
    own = {one.id for one in booking.providers}
    found = availability.free_times(
        booking.service,
        booking.location,
        pets=len(booking.pets),
        extra_minutes=extra_minutes(booking),
        first=day_of(booking, starts_at),
        days=1,
        at=at,
        except_booking=booking.id,
        for_staff=True,
    )
    slot = next((one for one in found if one.starts_at == starts_at), None)
    provider_id = best(slot.provider_ids, own) if slot else None
    return (db.session.get_one(Provider, provider_id),) if provider_id else tuple(booking.providers)


def earliest(booking: Booking, at: datetime) -> date:
    return wording.today_in(booking.location.time_zone, at)


def latest(booking: Booking, at: datetime) -> date:
    return earliest(booking, at) + timedelta(days=booking.service.ahead_days)


@dataclass(frozen=True, slots=True)
class Review:
    """A move as it would be: what the pages of a booking know how to say of one."""

    starts_at: datetime
    ends_at: datetime
    zone: str
    location: str
    providers: str
    price: int


def review(booking: Booking, to: Wanted) -> Review:
    names = wording.listed([one.name for one in to.providers])
    return Review(to.starts_at, to.ends_at, to.location.time_zone, to.location.name, names, price_of(booking, to))


def words(to: Wanted) -> dict[str, Any]:
    """As the verb wants to be told."""
    return {
        "starts_at": to.starts_at,
        "ends_at": to.ends_at,
        "session": to.session,
        "location": to.location,
        "providers": to.providers,
    }
