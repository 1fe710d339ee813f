"""Availability: the times, days and nights at which a service can still be booked."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice, pairwise
from operator import itemgetter
from typing import NamedTuple

from portal import wording
from portal.models import Location, Service
from portal.rules import engagements, frames, hours, occupancy, places
from portal.rules.frames import Frame
from portal.rules.hours import Dial, Opening, Span, common

FULL, CLOSED, PAST, TOO_SOON, TOO_FAR = "Full", "Closed", "Past", "Too soon", "Too far ahead"
EVER = -(1 << 62), 1 << 62
LOOKS = 0, 2  # days at first: mostly they are enough, and nobody has asked for the others yet


class Slot(NamedTuple):
    """An appointment could be here, with any of these providers."""

    starts_at: datetime
    ends_at: datetime
    provider_ids: tuple[int, ...]


@dataclass(slots=True)
class Day:
    """Of a day or a night: how many places are left (none: no limit), and why it cannot be booked; "" if it can."""

    day: date
    left: int | None
    why: str = ""


def free_times(
    service: Service,
    location: Location,
    *,
    pets: int,
    extra_minutes: int = 0,
    provider_id: int | None = None,
    first: date,
    days: int,
    at: datetime,
    except_booking: int | None = None,
    for_staff: bool = False,
    most: int | None = None,
    elsewhere: Sequence[Span] = (),
    frame: Frame | None = None,
) -> list[Slot]:
    """Six queries at most. A service that nobody gives is given by the house, whenever it is open.

    With `most` the search ends after the day on which it has found as many. The pets are `elsewhere` in these minutes.
    """
    _, shifts, house, limit, buffers = frame or frames.frame(service.id, location.id)
    if provider_id is not None:
        shifts = {provider_id: shifts.get(provider_id, {})}
    length = places.minutes_of(service, pets, extra_minutes)
    open_days = in_time(service, location, first, days, at=at, for_staff=for_staff)
    left = {}
    if limit is not None:
        left = places.days_left(service, location, first, days, at, of_service=limit, except_booking=except_booking)
    earliest = soonest(service, at, for_staff)
    around = service.buffer_before, length + service.buffer_after
    found: list[Slot] = []
    for since, until in pairwise((*(LOOKS if most else LOOKS[:1]), days)):
        if not (stretch := open_days[since:until]):
            break
        whole = (occupancy.midnight(day, location.time_zone) for day in (stretch[0], stretch[-1] + timedelta(days=1)))
        taken = engagements.taken(shifts, *whole, buffers=buffers, at=at, except_booking=except_booking)
        gaps = {provider: between(spans) for provider, spans in taken.items()}
        for day in stretch:
            if not enough(left.get(day), pets):
                continue
            free: dict[int, list[int]] = {}
            dial, is_open = hours.dial(location.time_zone, day), house.on(day)
            for provider, weekly in shifts.items():
                spans = common(is_open, weekly.get(day.weekday(), [])) if provider else is_open
                for start in starts(spans, gaps[provider], dial, service.every_minutes, length, *around):
                    free.setdefault(start, []).append(provider)
            can_come = (start for start in sorted(free) if start >= earliest and apart(start, length, elsewhere))
            found += [slot(start, length, free[start]) for start in can_come]
            if most and len(found) >= most:
                return found
    return found


def apart(start: int, length: int, elsewhere: Sequence[Span]) -> bool:
    return all(start + length <= since or start >= until for since, until in elsewhere)


def slot(start: int, length: int, providers: list[int]) -> Slot:
    return Slot(hours.moment(start), hours.moment(start + length), tuple(filter(None, providers)))


def between(taken: list[Span]) -> list[Span]:
    """The time that is left around these, which are in order."""
    edges = [EVER[0], *(edge for span in taken for edge in span), EVER[1]]
    return list(zip(edges[::2], edges[1::2], strict=True))


def starts(
    spans: list[Span], gaps: list[Span], dial: Dial, every: int, length: int, before: int, after: int
) -> Iterator[int]:
    """On a grid of wall times that begins with each span; free from so long before to so long after. Of each gap only
    what lies in it is looked at: where everything is taken, nothing is."""
    for since, until in spans:
        grid, last = on_grid(since, until, dial, every), dial.reaches(until) - length
        number = bisect_left(gaps, dial.reaches(since), key=itemgetter(1))
        for free, taken in islice(gaps, number, None):
            if free > last:
                break
            yield from grid[bisect_left(grid, free + before) : bisect_right(grid, min(last, taken - after))]


def on_grid(since: int, until: int, dial: Dial, every: int) -> Sequence[int]:
    """In order. A time that comes twice is meant when it comes first; one that is skipped never comes."""
    if not dial.by:
        return range(dial.begins + since, dial.begins + until, every)
    return [dial.reaches(wall) for wall in range(since, until, every) if dial.shows(wall)]


def soonest(service: Service, at: datetime, for_staff: bool) -> int:
    """The first minute that is not past and leaves the notice that the service asks for."""
    notice = timedelta() if for_staff else timedelta(minutes=service.notice_minutes)
    return max(hours.minute(at) + 1, hours.minute_after(at + notice))


def in_time(
    service: Service, location: Location, first: date, days: int, *, at: datetime, for_staff: bool
) -> list[date]:
    """The days that are not past, and not too far ahead."""
    today = wording.today_in(location.time_zone, at)
    last = date.max if for_staff else today + timedelta(days=service.ahead_days)
    return [day for day in occupancy.following(first, days) if today <= day <= last]


def enough(left: int | None, pets: int) -> bool:
    return left is None or left >= pets


def free_days(
    service: Service,
    location: Location,
    *,
    pets: int,
    first: date,
    days: int,
    at: datetime,
    except_booking: int | None = None,
    for_staff: bool = False,
    frame: Frame | None = None,
) -> list[Day]:
    """Two queries, one within a frame. A pet can come in the morning of each of these days, where nothing is said
    against it."""
    told = frame or frames.frame(service.id, location.id)
    apart = {"of_service": told.places, "except_booking": except_booking}
    left = places.days_left(service, location, first, days, at, **apart)
    limits = Limits(service, location, told.house, at, for_staff)
    return [Day(day, left[day], limits.why_not(day) or lack(left[day], pets)) for day in left]


def free_stay(
    service: Service,
    location: Location,
    *,
    pets: int,
    first_day: date,
    last_day: date,
    at: datetime,
    except_booking: int | None = None,
    for_staff: bool = False,
    frame: Frame | None = None,
) -> list[Day]:
    """Each night from the day of arriving on, and at the end the day of leaving, which needs an open door and no place.
    On the nights between the door may be closed."""
    nights = max((last_day - first_day).days, 1)
    known = frame or frames.frame(service.id, location.id)
    apart = {"of_service": known.places, "except_booking": except_booking}
    left = places.days_left(service, location, first_day, nights, at, **apart)
    limits = Limits(service, location, known.house, at, for_staff)
    told = [Day(night, places_left, lack(places_left, pets)) for night, places_left in left.items()]
    told[0].why = limits.why_not(first_day) or told[0].why
    return [*told, Day(last_day, None, "" if known.house.on(last_day) else CLOSED)]


def lack(left: int | None, pets: int) -> str:
    return "" if enough(left, pets) else FULL


class Limits(NamedTuple):
    """What is said against arriving on a day, apart from places."""

    service: Service
    location: Location
    house: Opening
    at: datetime
    for_staff: bool

    def why_not(self, day: date) -> str:
        today = wording.today_in(self.location.time_zone, self.at)
        arrives = hours.dial(self.location.time_zone, day).reaches(hours.wall(self.service.arrives_at))
        if day < today or (arrives <= hours.minute(self.at) and not self.for_staff):
            return PAST
        if not self.house.on(day):
            return CLOSED
        if self.for_staff:
            return ""
        if day > today + timedelta(days=self.service.ahead_days):
            return TOO_FAR
        return TOO_SOON if arrives < soonest(self.service, self.at, False) else ""
