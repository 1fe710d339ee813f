"""What is counted of the days of a calendar: how many pets come to day care and stay, of each service."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import accumulate
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, and_, bindparam, case, func, literal_column, select, true, union_all

from portal.among import among
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


def moment(name: str) -> Any:
    return bindparam(name, type_=Instant)


def days_of(span: int, days: int) -> Any:
    rows = [
        select(
            literal_column(str(number), Integer).label("number"),
            moment(f"edge_{span}_{number}").label("begins"),
            moment(f"edge_{span}_{number + 1}").label("ends"),
        )
        for number in range(days)
    ]
    return union_all(*rows).cte(f"days_{span}")


def on_day(row: Any, table: Any) -> Any:
    return and_(row.starts_at >= table.c.begins, row.starts_at < table.c.ends)


def at(place: Any, span: int) -> Any:
    return among(place, f"places_{span}")


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


def kept_here(kept: Any) -> Any:
    """Of what is kept day by day: these days, at all of the locations."""
    return and_(kept.day.between(FIRST, LAST), among(kept.location_id, "places"))


PETS = Listed(VisitDay.day, VisitDay.service_id, VisitDay.arriving, VisitDay.leaving)
VISITS = select(PETS).where(kept_here(VisitDay)).scalar_subquery()


def housed(span: int) -> AnySelect:
    """The services that house pets, and how many are there in the first night."""
    pets = case((IS_STAY, inside(span)), else_=NONE)
    return select(Service.kind, Service.id, Service.name, pets).where(IS_HOUSED)


def inside(span: int) -> Any:
    """Pets of the service that is looked at who are there in the first night."""
    stretch, midnight = stretches(f"over_{span}"), moment(f"edge_{span}_1")
    count = select(func.coalesce(func.sum(Booking.pet_count), NONE)).where(
        Booking.service_id == Service.id,
        at(Booking.location_id, span),
        IS_STANDING,
        *there(stretch, midnight, midnight),
    )
    return count.correlate(Service).scalar_subquery()


def counted(days: Sequence[date], services: Iterable[Any], visits: str | None) -> list[dict[str, int]]:
    """What `housed` and VISITS tell, day by day. A stay is there from the day of arrival to the night before it leaves:
    each night has those of the night before, but for who left, and who came."""
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
    places = [id for span in spans for id in span.places]
    names: dict[str, Any] = {"places": places, "first": days[0], "last": days[-1]}
    for number, span in enumerate(spans):
        names |= {f"places_{number}": span.places, f"edge_{number}_1": span.edges[1]}
        names |= stretched(f"over_{number}", span.edges[1])
    return names


def edges(spans: Sequence[Span]) -> dict[str, datetime]:
    return {
        f"edge_{number}_{edge}": moment for number, span in enumerate(spans) for edge, moment in enumerate(span.edges)
    }
