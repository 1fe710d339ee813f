"""A day of the calendar as columns: one for each provider who has something on, and the hours down the side."""

from collections.abc import Mapping
from datetime import time
from typing import NamedTuple

from portal import wording
from portal.rules.desk_calendar import Away, Day
from portal.rules.desk_calendar_rows import Item

# So many columns the style sheet knows; whoever comes after shares the last.
MOST = 8


class Column(NamedTuple):
    provider_id: int  # 0: nobody
    name: str


class Hour(NamedTuple):
    """What begins in it, each with the number of its column."""

    name: str
    items: list[tuple[int, Item]]
    away: list[tuple[int, Away]]


class Columns(NamedTuple):
    columns: list[Column]
    hours: list[Hour]


def columns(day: Day, providers: Mapping[int, str], only: int | None) -> Columns:
    """Rows of hours, from the first in which something begins to the last."""
    taken = {owner(item, only) for item in day.items} | {away.provider_id for away in day.away}
    named = [Column(id, name) for id, name in providers.items() if id in taken]
    named += [Column(0, "Nobody yet")] if 0 in taken else []
    if len(named) > MOST:
        named = [*named[: MOST - 1], Column(-1, "Others")]
    places = {column.provider_id: number for number, column in enumerate(named, 1)}
    found: dict[int, Hour] = {}
    for item in day.items:
        hour_at(found, item.starts_at.hour).items.append((places.get(owner(item, only), len(named)), item))
    opening = min(found, default=8)
    for away in day.away:
        begins = wording.local(away.starts_at, away.zone).hour if away.starts_at else opening
        hour_at(found, begins).away.append((places.get(away.provider_id, len(named)), away))
    return Columns(named, [found[hour] for hour in sorted(found)])


def owner(item: Item, only: int | None) -> int:
    """Whoever is asked for, else the first of those who give it."""
    ids = [id for id, _ in item.providers]
    return only if only in ids and only else next(iter(ids), 0)


def hour_at(found: dict[int, Hour], hour: int) -> Hour:
    return found.setdefault(hour, Hour(wording.clock(time(hour)).replace(":00", ""), [], []))
