"""Availability: the times, days and nights at which a service can still be booked."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import islice, pairwise
from operator import itemgetter
from typing import Any, NamedTuple

from portal import wording
from portal.models import Location, Pet, Service
from portal.rules import frames, glances, hours, occupancy, places
from portal.rules.frames import Frame, Weekly
from portal.rules.hours import Dial, Opening, Span

FULL, CLOSED, PAST, TOO_SOON, TOO_FAR = "Full", "Closed", "Past", "Too soon", "Too far ahead"
LOOK = 2  # days at first: mostly they are enough, and nobody has asked for the others yet
EVENING = 120  # with no more minutes than these a day does not count as one


class Slot(NamedTuple):
    """An appointment could be here, from one minute to another, with any of these providers; 0 is the house."""

    start: int
    end: int
    given_by: list[int]

    @property
    def starts_at(self) -> datetime:
        return hours.moment(self.start)

    @property
    def ends_at(self) -> datetime:
        return hours.moment(self.end)

    @property
    def provider_ids(self) -> tuple[int, ...]:
        return tuple(filter(None, self.given_by))


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
    coming: Sequence[Pet] = (),
    frame: Frame | None = None,
) -> list[Slot]:
    """Six queries at most. A service that nobody gives is given by the house, whenever it is open.

    With `most` the search ends after the day on which it has found as many. The pets that are `coming` cannot come
    while they are elsewhere; staff are held up by this service alone.
    """
    _, shifts, house, limit, buffers = frame or frames.frame(service.id, location.id)
    if provider_id is not None:
        shifts = {provider_id: shifts.get(provider_id, {})}
    length = places.minutes_of(service, pets, extra_minutes)
    left = {}
    if limit is not None:
        left = places.days_left(service, location, first, days, at, of_service=limit, except_booking=except_booking)
    earliest = soonest(service, at, for_staff)
    in_days = in_time(service, location, first, days, at=at, for_staff=for_staff)
    closing = {day: closes(house, location.time_zone, day) for day in in_days}
    open_days = [day for day in in_days if closing[day] >= earliest + length]
    late = sum(closing[day] < earliest + length + EVENING for day in open_days[:1])
    of_service, found = service.id if for_staff else None, list[Slot]()
    for since, until in pairwise((0, LOOK + late, days) if most else (0, days)):
        if not (stretch := open_days[since:until]):
            break
        whole = (occupancy.midnight(day, location.time_zone) for day in (stretch[0], stretch[-1] + timedelta(days=1)))
        apart: dict[str, Any] = {"at": at, "except_booking": except_booking, "of_service": of_service}
        taken, elsewhere = glances.seen(shifts, *whole, buffers=buffers, pets=coming, **apart)
        for day in stretch:
            if not enough(left.get(day), pets):
                continue
            free = free_on(day, location.time_zone, shifts, taken, service, length)
            times = sorted(free)
            del times[: bisect_left(times, earliest)]
            for gone, back in elsewhere:
                del times[bisect_right(times, gone - length) : bisect_left(times, back)]
            found += [Slot(start, start + length, free[start]) for start in times]
            if most and len(found) >= most:
                return found
    return found


def closes(house: Opening, zone: str, day: date) -> int:
    """The last minute of that day; none where it is closed."""
    spans = house.on(day)
    return hours.dial(zone, day).reaches(spans[-1][1]) if spans else 0


def free_on(
    day: date, zone: str, shifts: dict[int, Weekly], taken: dict[int, list[Span]], service: Service, length: int
) -> dict[int, list[int]]:
    """Who is free from each minute on."""
    dial, every = hours.dial(zone, day), service.every_minutes
    around = service.buffer_before, length + service.buffer_after
    free: dict[int, list[int]] = defaultdict(list)
    for provider, weekly in shifts.items():
        for span in weekly.get(day.weekday(), ()):
            for grid in grids(*span, dial, every, length):
                for start in starts(grid, taken[provider], *around):
                    free[start].append(provider)
    return free


def starts(grid: range, taken: list[Span], before: int, after: int) -> Iterator[int]:
    """Where nothing is taken from so long before to so long after."""
    start, every = grid.start, grid.step
    number = bisect_left(taken, start - before, key=itemgetter(1))
    for since, until in islice(taken, number, None):
        last = since - after
        if last >= grid.stop:
            break
        while start <= last:
            yield start
            start += every
        free = until + before
        if start < free:
            start = free + (start - free) % every
    yield from range(start, grid.stop, every)


@lru_cache(1_024)
def grids(since: int, until: int, dial: Dial, every: int, length: int) -> list[range]:
    """Wall times from the first of the span on, as long as there is time enough: until the clock jumps, and after it.
    A time that comes twice is meant when it comes first; one that is skipped never comes."""
    jump, end = dial.begins + dial.jump, dial.reaches(until) - length + 1
    later = max(since, dial.jump + max(dial.by, 0))
    later += (since - later) % every
    found = range(dial.begins + since, min(jump, end), every), range(dial.begins + later - dial.by, end, every)
    return [grid for grid in found if grid]


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
    since, until = max(first, today), min(first + timedelta(days=days - 1), last)
    return occupancy.following(since, (until - since).days + 1)


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
