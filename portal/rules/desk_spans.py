"""Where and when it is today: every location that is looked at, from midnight to midnight there."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, literal_column

from portal.among import one_of
from portal.db import AnySelect, Instant
from portal.models import Booking, State
from portal.models.lengths import LENGTHS
from portal.rules.states import is_in
from portal.rules.visits import LATE_AFTER

TICK = timedelta(microseconds=1)


class Span(NamedTuple):
    """A location, its zone, and from when until when it is today there: 23, 24 or 25 hours."""

    place: int
    zone: str
    begins: datetime
    ends: datetime


def moment(name: str) -> Any:
    return bindparam(name, type_=Instant)


def zones(spans: Sequence[Span]) -> tuple[int, ...]:
    """Of each the number of its zone: locations in one zone have one day."""
    names = list(dict.fromkeys(span.zone for span in spans))
    return tuple(names.index(span.zone) for span in spans)


class Asked(NamedTuple):
    """The values of one zone, as a query names them, and its locations. Each has its index only where it is named."""

    places: list[Any]
    zone: Any
    begins: Any
    recent: Any
    late: Any
    ends: Any

    def each(self) -> "list[Asked]":
        """Place by place, for rows that the index of one location tells in their order."""
        return [self._replace(places=[place]) for place in self.places]

    def here(self, location_id: Any) -> Any:
        return one_of(location_id, self.places)


def asked(zones: Sequence[int]) -> list[Asked]:
    places: dict[int, list[Any]] = {}
    for number, zone in enumerate(zones):
        places.setdefault(zone, []).append(bindparam(f"place_{number}", type_=Integer))
    return [
        Asked(
            named,
            literal_column(str(zone), Integer),
            *(moment(f"{edge}_{zone}") for edge in ("begins", "recent", "late", "ends")),
        )
        for zone, named in places.items()
    ]


def named(spans: Sequence[Span], at: datetime) -> dict[str, Any]:
    """Whoever is due from `late` on is not late. What has begun before `recent` and is not over lasts long."""
    names: dict[str, Any] = {f"place_{number}": span.place for number, span in enumerate(spans)}
    for span, zone in zip(spans, zones(spans), strict=True):
        late = min(max(at - LATE_AFTER + TICK, span.begins), span.ends)
        names |= {f"begins_{zone}": span.begins, f"late_{zone}": late, f"ends_{zone}": span.ends}
        names[f"recent_{zone}"] = min(at - LENGTHS[0], span.begins)
    return names


def of_state(rows: AnySelect, span: Asked, state: State, *where: Any) -> AnySelect:
    """Those at these locations: stretches of the index of bookings by location, state and beginning."""
    return rows.where(span.here(Booking.location_id), is_in(state), *where)


def today(span: Asked) -> tuple[Any, Any]:
    return Booking.starts_at >= span.begins, Booking.starts_at < span.ends
