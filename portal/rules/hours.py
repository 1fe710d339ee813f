"""Hours: wall times of a location as minutes since the epoch, on days of 23, 24 and 25 hours, and when it is open."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, Time, cast, null, select, union_all

from portal import wording
from portal.db import rows_of
from portal.models import Closure, OpeningHours
from portal.rules.occupancy import LOCATION

DAY = 24 * 60
Span = tuple[int, int]
NO_DAY, NO_TIME = cast(null(), Date), cast(null(), Time)
OPENING: Any = union_all(
    select(OpeningHours.weekday, OpeningHours.opens_at, OpeningHours.closes_at, NO_DAY, NO_DAY).where(
        OpeningHours.location_id == LOCATION
    ),
    select(cast(null(), Integer), NO_TIME, NO_TIME, Closure.first_day, Closure.last_day).where(
        Closure.location_id == LOCATION
    ),
)


class Dial(NamedTuple):
    """The clock of one local day. Where it jumps, it does so `jump` minutes after the day began, by so many minutes."""

    begins: int
    jump: int
    by: int

    def reaches(self, wall: int) -> int:
        """The first moment at which the clock shows so many minutes after midnight, or more."""
        if wall < self.jump:
            return self.begins + wall
        return self.begins + max(self.jump, wall - self.by)

    def shows(self, wall: int) -> bool:
        """Not where the clock jumps over it."""
        return not self.jump <= wall < self.jump + self.by


@lru_cache(4096)
def dial(zone: str, day: date) -> Dial:
    midnight = datetime.combine(day, time(), wording.zone_of(zone))
    begins = minute(midnight)
    length = minute(datetime.combine(day + timedelta(days=1), time(), wording.zone_of(zone))) - begins
    if length == DAY:
        return Dial(begins, DAY, 0)
    before, low, high = midnight.utcoffset(), 0, length
    while low < high:
        middle = (low + high) // 2
        changed = wording.local(moment(begins + middle), zone).utcoffset() != before
        low, high = (low, middle) if changed else (middle + 1, high)
    return Dial(begins, low, DAY - length)


def minute(at: datetime) -> int:
    return int(at.timestamp() // 60)


def minute_after(at: datetime) -> int:
    """The same, begun ones counted."""
    return -int(-at.timestamp() // 60)


def moment(minute: int) -> datetime:
    return datetime.fromtimestamp(minute * 60, UTC)


def wall(at: time) -> int:
    """Minutes after midnight. A day that ends at 23:59 ends at midnight, for which a clock has no later time."""
    minutes = at.hour * 60 + at.minute
    return DAY if minutes == DAY - 1 else minutes


class Opening(NamedTuple):
    """When a location is open: spans of wall time by weekday, and the days on which it is closed all the same."""

    weekly: dict[int, list[Span]]
    closures: list[tuple[date, date]]

    def is_closed(self, day: date) -> bool:
        """By a closure, whatever the weekday."""
        return any(first <= day <= last for first, last in self.closures)

    def on(self, day: date) -> list[Span]:
        return [] if self.is_closed(day) else self.usual(day.weekday())

    def usual(self, weekday: int) -> list[Span]:
        return self.weekly.get(weekday, []) if self.weekly else [(0, DAY)]


def opening(location_id: int) -> Opening:
    weekly: dict[int, list[Span]] = {}
    closures = []
    for weekday, opens, closes, first, last in rows_of(OPENING, {"location_id": location_id}):
        if weekday is None:
            closures.append((first, last))
        else:
            weekly.setdefault(weekday, []).append((wall(opens), wall(closes)))
    return Opening({weekday: joined(spans) for weekday, spans in weekly.items()}, closures)


def joined(spans: Iterable[Span]) -> list[Span]:
    """In order, and those that touch as one."""
    whole: list[Span] = []
    reached = 0
    for span in sorted(spans):
        since, until = span
        if not whole or since > reached:
            whole.append(span)
            reached = until
        elif until > reached:
            whole[-1] = whole[-1][0], until
            reached = until
    return whole


def common(some: list[Span], others: list[Span]) -> list[Span]:
    return [
        (max(since, start), min(until, end))
        for since, until in some
        for start, end in others
        if max(since, start) < min(until, end)
    ]
