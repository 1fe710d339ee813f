"""What is on a day: which classes and appointments, and how many pets in day care and boarding."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, and_, bindparam, func, literal_column, select, true, union_all

from portal.db import AnySelect, Instant
from portal.models import (
    Booking,
    BookingProvider,
    Service,
    ServiceKind,
    ServiceSession,
    SessionProvider,
)
from portal.rules.occupancy import HOUSED
from portal.rules.states import IS_STANDING
from portal.rules.stretches import OF_ANY_LENGTH, stretched, stretches, there

CLASS, APPOINTMENT, DAY, STAY = "class", "appointment", "day", "stay"
PROVIDER = bindparam("provider_id", type_=Integer)
NO_NAME: Any = literal_column("''")
# Whoever comes to a class stands in it, not beside it.
ALONE = and_(Booking.service_session_id.is_(None), IS_STANDING)
GIVEN_ALONE = select(Service.id).where(Service.kind.not_in(HOUSED))


class Span(NamedTuple):
    """Locations of one zone, and the midnights there, one more than there are days."""

    places: list[int]
    zone: str
    edges: list[datetime]


def moment(name: str) -> Any:
    return bindparam(name, type_=Instant)


def word(kind: str) -> Any:
    return literal_column(f"'{kind}'")


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
    return place.in_(bindparam(f"places_{span}", type_=Integer, expanding=True))


def gives(given: Any, id: Any, of: Any) -> Any:
    """Counted for each, or a database begins with all that somebody ever gave."""
    count = select(func.count()).select_from(given).where(id == of.id, given.provider_id == PROVIDER)
    return count.correlate(of).scalar_subquery() > literal_column("0", Integer)


def classes(of_provider: bool) -> Any:
    return gives(SessionProvider, SessionProvider.service_session_id, ServiceSession) if of_provider else true()


def appointments(of_provider: bool, given_alone: Any = None) -> Any:
    here = and_(ALONE, Booking.service_id.in_(GIVEN_ALONE) if given_alone is None else given_alone)
    return and_(here, gives(BookingProvider, BookingProvider.booking_id, Booking)) if of_provider else here


def classes_on(table: Any, span: int, of_provider: bool, *where: Any) -> Any:
    found = (
        select(func.count())
        .select_from(ServiceSession)
        .where(at(ServiceSession.location_id, span), on_day(ServiceSession, table))
    )
    return found.where(classes(of_provider), *where).correlate(table).scalar_subquery()


def appointments_on(table: Any, span: int, of_provider: bool) -> Any:
    """Service by service, each a stretch of the index in which there is nothing else."""
    of_service = and_(Booking.service_id == Service.id, Service.kind.not_in(HOUSED))
    found = select(func.count()).where(
        at(Booking.location_id, span), on_day(Booking, table), appointments(of_provider, of_service)
    )
    return found.correlate(table).scalar_subquery()


def pets(*where: Any, on: Any = ()) -> Any:
    """Of the service that is looked at."""
    count = select(func.coalesce(func.sum(Booking.pet_count), 0)).where(Booking.service_id == Service.id, *where)
    return count.correlate(Service, *on).scalar_subquery()


def of_each(kind: ServiceKind, number: Any, name: str, count: Any) -> AnySelect:
    told = number.label("number"), word(name).label("kind"), Service.name, count.label("count")
    return select(*told).where(Service.kind == kind)


@cache
def counts(spans: int, days: int, of_provider: bool) -> Any:
    """Of a month only how much there is."""
    found: list[Any] = []
    for span in range(spans):
        table = days_of(span, days)
        on = classes_on(table, span, of_provider, ServiceSession.called_off_at.is_(None))
        found.append(select(table.c.number, word(CLASS), NO_NAME, on))
        found.append(select(table.c.number, word(APPOINTMENT), NO_NAME, appointments_on(table, span, of_provider)))
        found += [] if of_provider else housed(span, days, table)
    return union_all(*found)


def housed(span: int, days: int, table: Any) -> list[AnySelect]:
    """Pets in day care; and of those who stay how many are there in the first night, and how many more or fewer in each
    of the others. A stay is there from the day of arrival to the night before it leaves."""
    stretch, midnight = stretches(f"over_{span}"), moment(f"edge_{span}_1")
    here, stay = at(Booking.location_id, span), ServiceKind.STAY
    inside = pets(here, IS_STANDING, *there(stretch, midnight, midnight))
    come = pets(here, ALONE, on_day(Booking, table), on=[table])
    gone = Booking.ends_at >= table.c.begins, Booking.ends_at < table.c.ends
    leave = pets(here, IS_STANDING, OF_ANY_LENGTH, *gone, on=[table])
    found = [
        of_each(ServiceKind.DAY, table.c.number, DAY, come).join(table, true()),
        of_each(stay, literal_column("0", Integer), STAY, inside),
        of_each(stay, table.c.number, STAY, come - leave).join(table, table.c.number > 0),
    ]
    return found[: 3 if days > 1 else 2]


def named(spans: Sequence[Span]) -> dict[str, Any]:
    names: dict[str, Any] = {}
    for number, span in enumerate(spans):
        names[f"places_{number}"] = span.places
        names |= stretched(f"over_{number}", span.edges[1])
        names |= {f"edge_{number}_{edge}": moment for edge, moment in enumerate(span.edges)}
    return names
