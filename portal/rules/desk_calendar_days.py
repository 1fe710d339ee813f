"""What is counted of the days of a calendar: how many pets come to day care and stay, of each service."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import accumulate
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, and_, bindparam, case, func, literal_column, select, true, union_all

from portal.among import one_of
from portal.db import NONE, AnySelect, Instant
from portal.models import (
    Booking,
    BookingProvider,
    Service,
    ServiceKind,
    ServiceSession,
    SessionProvider,
    VisitDay,
)
from portal.rules.occupancy import IS_HOUSED, IS_NOT_HOUSED, IS_STAY
from portal.rules.packing import Listed, lists
from portal.rules.states import IS_STANDING
from portal.rules.stretches import stretched, stretches, there

PROVIDER = bindparam("provider_id", type_=Integer)
FIRST, LAST = bindparam("first", type_=Date), bindparam("last", type_=Date)
GIVEN_ALONE = select(Service.id).where(IS_NOT_HOUSED)


class Span(NamedTuple):
    """Locations of one zone, the days, and the midnights there, one more than there are days."""

    places: list[int]
    zone: str
    days: Sequence[date]
    edges: list[datetime]


class Asked(NamedTuple):
    """A span as a query names it: by its number, with so many locations."""

    number: int
    places: int

    def named(self) -> list[Any]:
        return [bindparam(f"place_{self.number}_{place}", type_=Integer) for place in range(self.places)]

    def edge(self, day: int) -> Any:
        return bindparam(f"edge_{self.number}_{day}", type_=Instant)

    def here(self, place: Any) -> Any:
        return one_of(place, self.named())


Spans = tuple[Asked, ...]


def days_of(span: Asked, days: int) -> Any:
    rows = [
        select(
            literal_column(str(day), Integer).label("number"),
            span.edge(day).label("begins"),
            span.edge(day + 1).label("ends"),
        )
        for day in range(days)
    ]
    return union_all(*rows).cte(f"days_{span.number}")


def on_day(row: Any, table: Any) -> Any:
    return and_(row.starts_at >= table.c.begins, row.starts_at < table.c.ends)


def gives(given: Any, id: Any, of: Any) -> Any:
    """Counted for each, or a database begins with all that somebody ever gave."""
    count = select(func.count()).select_from(given).where(id == of.id, given.provider_id == PROVIDER)
    return count.correlate(of).scalar_subquery() > NONE


def classes(of_provider: bool) -> Any:
    return gives(SessionProvider, SessionProvider.service_session_id, ServiceSession) if of_provider else true()


def appointments(of_provider: bool) -> Any:
    """Whoever comes to a class stands in it, not beside it."""
    alone = Booking.service_session_id.is_(None)
    return and_(alone, gives(BookingProvider, BookingProvider.booking_id, Booking)) if of_provider else alone


def kept_here(kept: Any, spans: Spans) -> Any:
    """Of what is kept day by day: these days, at all of the locations."""
    places = [place for span in spans for place in span.named()]
    return and_(kept.day.between(FIRST, LAST), one_of(kept.location_id, places))


PETS = Listed(VisitDay.day, VisitDay.service_id, VisitDay.arriving, VisitDay.leaving)


def visits(spans: Spans) -> Any:
    return select(PETS).where(kept_here(VisitDay, spans)).scalar_subquery()


def housed(span: Asked) -> AnySelect:
    """The services that house pets, and how many are there in the first night."""
    pets = case((IS_STAY, inside(span)), else_=NONE)
    return select(Service.kind, Service.id, Service.name, pets).where(IS_HOUSED)


def inside(span: Asked) -> Any:
    """Pets of the service that is looked at who are there in the first night."""
    stretch, midnight = stretches(f"over_{span.number}"), span.edge(1)
    count = select(func.coalesce(func.sum(Booking.pet_count), NONE)).where(
        Booking.service_id == Service.id,
        span.here(Booking.location_id),
        IS_STANDING,
        *there(stretch, midnight, midnight),
    )
    return count.correlate(Service).scalar_subquery()


def counted(days: Sequence[date], services: Iterable[Any], visits: str | None) -> list[dict[str, int]]:
    """What `housed` and `visits` tell, day by day. A stay is there from the day of arrival to the night before it
    leaves: each night has those of the night before, but for who left, and who came."""
    found: dict[int, tuple[str, str, list[int]]] = {}
    for kind, id, name, inside in services:
        found.setdefault(id, (name, kind, [0] * len(days)))[2][0] += inside
    numbers = {str(day): number for number, day in enumerate(days)}
    for day, id, arriving, leaving in lists(visits):
        _, kind, counts = found[id]
        if kind == ServiceKind.DAY:
            counts[numbers[day]] += arriving
        elif numbers[day]:
            counts[numbers[day]] += arriving - leaving
    told: list[dict[str, int]] = [{} for _ in days]
    for name, kind, counts in sorted(found.values()):
        for of_day, count in zip(told, counts if kind == ServiceKind.DAY else accumulate(counts), strict=True):
            if count:
                of_day[name] = of_day.get(name, 0) + count
    return told


def named(spans: Sequence[Span]) -> dict[str, Any]:
    """What every query of a calendar is told: its locations, its days, and who might still be there in the first."""
    days = spans[0].days
    names: dict[str, Any] = {"first": days[0], "last": days[-1]}
    for number, span in enumerate(spans):
        names |= {f"place_{number}_{place}": id for place, id in enumerate(span.places)}
        names |= {f"edge_{number}_1": span.edges[1]} | stretched(f"over_{number}", span.edges[1])
    return names


def asked(spans: Sequence[Span]) -> Spans:
    return tuple(Asked(number, len(span.places)) for number, span in enumerate(spans))


def edges(spans: Sequence[Span]) -> dict[str, datetime]:
    return {
        f"edge_{number}_{edge}": moment for number, span in enumerate(spans) for edge, moment in enumerate(span.edges)
    }
