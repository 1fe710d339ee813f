"""Why there is no place for a booking: not offered there, closed, not so many nights, or full."""

from datetime import datetime, timedelta

from portal import wording
from portal.business_here import House
from portal.models import Location, Service, ServiceKind, ServiceSession
from portal.rules import availability, hours, occupancy, places
from portal.rules.pet_obstacles import Obstacle
from portal.rules.time_obstacles import OF_TIME, other_time, without

ANOTHER_TIME = "Choose another time"
LONGEST_STAY = 365  # nights, where the service says nothing else


def of_the_place(
    service: Service, location: Location | None, session: ServiceSession | None, offered: bool, back: str
) -> list[Obstacle]:
    if session and session.called_off_at:
        words = f"{service.name} does not take place then: it was called off."
        return [Obstacle("closed", words, other_time(service, back), "Choose another time")]
    if location is None:
        return []
    if location.deactivated_at or not (session or offered):
        words = f"{service.name} is not offered at {location.name}."
        return [Obstacle("offering", words, without(back, OF_TIME | {"location"}, service), "Choose another location")]
    return []


def of_the_days(
    service: Service, location: Location, starts_at: datetime, ends_at: datetime, back: str
) -> list[Obstacle]:
    """Who comes and who leaves needs an open door; between the two it may be closed. Classes and appointments have
    times of their own, and only a closure is in their way."""
    first, last = (wording.local(moment, location.time_zone).date() for moment in (starts_at, ends_at))
    house, other = hours.opening(location.id), (other_time(service, back), ANOTHER_TIME)
    housed = service.kind in occupancy.HOUSED
    found = [
        Obstacle("closed", f"{location.name} is closed on {wording.full_day(day)}.", *other)
        for day in dict.fromkeys([first, last])
        if (not house.on(day) if housed else house.is_closed(day))
    ]
    nights, least = (last - first).days, service.least_nights
    most = LONGEST_STAY if service.most_nights is None else service.most_nights
    if service.kind == ServiceKind.STAY and nights < least:
        words = f"{service.name} is for at least {wording.counted(least, 'night')}."
        found.append(Obstacle("nights", words, *other))
    if service.kind == ServiceKind.STAY and nights > most:
        found.append(Obstacle("nights", f"{service.name} is for at most {wording.counted(most, 'night')}.", *other))
    return found


def of_the_room(
    wanted: places.Wanted,
    house: House,
    *,
    except_booking: int | None,
    except_offer: int | None,
    at: datetime,
    back: str,
) -> list[Obstacle]:
    """Of an appointment the time must be one of those that are offered, with this provider or with anybody."""
    service, other = wanted.service, other_time(wanted.service, back)
    if service.kind == ServiceKind.INDIVIDUAL:
        free = is_offered(wanted, except_booking, at)
        return [] if free else [Obstacle("full", "That time is not free.", other, ANOTHER_TIME)]
    waitlist = service.waitlist_open and house.waitlist_open
    full = places.full(wanted, at=at, except_booking=except_booking, except_offer=except_offer)
    return [Obstacle("full", words, other, ANOTHER_TIME, waitlist) for words in full]


def is_offered(wanted: places.Wanted, except_booking: int | None, at: datetime) -> bool:
    """So long as it is to take, add-ons with it."""
    whole = (wanted.ends_at - wanted.starts_at) // timedelta(minutes=1)
    each = whole if wanted.service.together else whole // wanted.pets
    times = availability.free_times(
        wanted.service,
        wanted.location,
        pets=wanted.pets,
        extra_minutes=each - wanted.service.minutes,
        provider_id=wanted.providers[0].id if wanted.providers else None,
        first=wording.local(wanted.starts_at, wanted.location.time_zone).date(),
        days=1,
        at=at,
        except_booking=except_booking,
    )
    return any(slot.starts_at == wanted.starts_at for slot in times)
