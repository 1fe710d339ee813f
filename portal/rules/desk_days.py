"""The day at the front desk: arrivals, who is in the house, departures and classes, at one location or at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select

from portal import wording
from portal.db import NONE, AnySelect, rows_of
from portal.models import History, Location, Note, ServiceSession
from portal.rules.desk_classes import Lesson, lessons
from portal.rules.desk_lanes import ARRIVALS, CLASSES, CLOSED, DEPARTURES, HOUSE, NOBODY, Lane, Opened, lanes
from portal.rules.desk_spans import Span
from portal.rules.occupancy import midnight


class Place(NamedTuple):
    id: int
    name: str
    address: str
    zone: str


@dataclass(slots=True)
class Day:
    """The lanes: the rows to show, with the counts of all there are."""

    arrivals: Lane
    house: Lane
    departures: Lane
    classes: list[Lesson]
    class_count: int
    opened: Opened

    @property
    def inside(self) -> int:
        """Everybody who is here, whenever they leave."""
        return self.house.due + self.departures.due


def newest(model: Any) -> Any:
    return select(func.coalesce(func.max(model.id), NONE)).scalar_subquery()


PLACES: AnySelect = (
    select(
        Location.id,
        Location.name,
        Location.address,
        Location.time_zone,
        newest(History),
        newest(Note),
        newest(ServiceSession),
    )
    .where(Location.deactivated_at.is_(None))
    .order_by(Location.name, Location.id)
)


def places() -> tuple[list[Place], str]:
    """Every location, and a mark that differs as soon as anything on the board may: each change leaves a newer row."""
    rows = [tuple(row) for row in rows_of(PLACES)]
    return [Place(*row[:4]) for row in rows], "-".join(map(str, rows[0][4:])) if rows else ""


def day(at_places: Sequence[Place], *, at: datetime, opened: Opened = CLOSED, fresh: int = 0) -> Day:
    """Two queries. The row of the booking `fresh` is shown wherever it stands."""
    spans = spans_of(at_places, at)
    found = lanes(spans, opened, fresh=fresh, at=at)
    classes, class_count = lessons(spans, opened.most(CLASSES), at=at)
    arrivals, house, departures = (found.get(lane, NOBODY) for lane in (ARRIVALS, HOUSE, DEPARTURES))
    return Day(arrivals, house, departures, classes, class_count, opened)


def spans_of(at_places: Sequence[Place], at: datetime) -> list[Span]:
    """Locations may lie in several zones, and each has its own today."""
    somewhere = [(place.id, place.zone) for place in at_places] or [(0, "UTC")]
    return [Span(id, zone, *today(zone, at)) for id, zone in somewhere]


def today(zone: str, at: datetime) -> tuple[datetime, datetime]:
    """From one midnight to the next: 23, 24 or 25 hours."""
    when = wording.today_in(zone, at)
    first, next = (midnight(when + timedelta(days=days), zone).astimezone(UTC) for days in (0, 1))
    return first, next
