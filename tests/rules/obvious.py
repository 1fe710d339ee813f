"""Availability once more, slowly and plainly: minute by minute, as one would do it with a pencil."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
Walls = set[int]


def minutes_of(day: date, zone: str) -> Iterator[datetime]:
    """Every real minute that belongs to a local day."""
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=30)
    for _ in range(90 * 60):
        if at.astimezone(ZoneInfo(zone)).date() == day:
            yield at
        at += MINUTE


def shown(at: datetime, zone: str) -> int:
    """What the clock shows, in minutes after midnight."""
    here = at.astimezone(ZoneInfo(zone))
    return here.hour * 60 + here.minute


def painted(spans: list[tuple[int, int]]) -> Walls:
    return {wall for since, until in spans for wall in range(since, until)}


def stretches(walls: Walls) -> list[tuple[int, int]]:
    begins = sorted(wall for wall in walls if wall - 1 not in walls)
    ends = sorted(wall + 1 for wall in walls if wall + 1 not in walls)
    return list(zip(begins, ends, strict=True))


def starts_on(
    day: date, zone: str, walls: Walls, *, every: int, lasts: int, before: int, after: int, taken: set[datetime]
) -> set[datetime]:
    """When an appointment can begin: on the grid of its stretch, done before the stretch is over, nobody in between."""
    clock = [(at, shown(at, zone)) for at in minutes_of(day, zone)]
    midnight = clock[-1][0] + MINUTE
    found = set()
    for begin, end in stretches(walls):
        closes = next((at for at, wall in clock if wall >= end), midnight)
        seen: Walls = set()
        for at, wall in clock:
            if not begin <= wall < end or wall in seen:
                continue
            seen.add(wall)
            around = (at + number * MINUTE for number in range(-before, lasts + after))
            if (wall - begin) % every == 0 and at + lasts * MINUTE <= closes and taken.isdisjoint(around):
                found.add(at)
    return found
