"""What is on a day: which classes and appointments, and how many pets in day care and boarding."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, and_, bindparam, func, literal_column, select, true, union_all

from portal.among import among
from portal.db import AnySelect, Instant
from portal.models import (
    Booking,
    BookingProvider,
    Service,
    ServiceKind,
    ServiceSession,
    SessionProvider,
    VisitDay,
)
from portal.rules.occupancy import HOUSED
from portal.rules.states import IS_STANDING
from portal.rules.stretches import stretched, stretches, there

CLASS, APPOINTMENT, DAY, STAY = "class", "appointment", "day", "stay"
PROVIDER = bindparam("provider_id", type_=Integer)
NO_NAME: Any = literal_column("''")
# Whoever comes to a class stands in it, not beside it.
ALONE = and_(Booking.service_session_id.is_(None), IS_STANDING)
GIVEN_ALONE = select(Service.id).where(Service.kind.not_in(HOUSED))


class Span(NamedTuple):
    """Locations of one zone, the days, and the midnights there, one more than there are days."""

    places: list[int]
    zone: str
    days: Sequence[date]
    edges: list[datetime]


def moment(name: str) -> Any:
    return bindparam(name, type_=Instant)


def word(kind: str) -> Any:
    return literal_column(f"'{kind}'")


def days_of(span: int, days: int) -> Any:
    rows = [
        select(
            literal_column(str(number), Integer).label("number"),
            bindparam(f"day_{number}", type_=Date).label("day"),
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


def kept_on(table: Any, span: int, what: Any, *where: Any) -> Any:
    """Of what is kept of each service and location."""
    found = select(func.coalesce(func.sum(what), 0))
    here = VisitDay.day == table.c.day, at(VisitDay.location_id, span), *where
    return found.where(*here).correlate(table, Service).scalar_subquery()


def inside(span: int) -> Any:
    """Pets of the service that is looked at who are there in the first night."""
    stretch, midnight = stretches(f"over_{span}"), moment(f"edge_{span}_1")
    count = select(func.coalesce(func.sum(Booking.pet_count), 0)).where(
        Booking.service_id == Service.id,
        at(Booking.location_id, span),
        IS_STANDING,
        *there(stretch, midnight, midnight),
    )
    return count.correlate(Service).scalar_subquery()


def of_each(kind: ServiceKind, number: Any, name: str, count: Any) -> AnySelect:
    told = number.label("number"), word(name).label("kind"), Service.name, count.label("count")
    return select(*told).where(Service.kind == kind)


def housed(span: int, days: int, table: Any) -> list[AnySelect]:
    """Pets in day care; and of those who stay how many are there in the first night, and how many more or fewer in each
    of the others. A stay is there from the day of arrival to the night before it leaves.

    Asked for each day and service: beside a table of the days SQLite would look through all days there ever were."""
    stay, this, number = ServiceKind.STAY, VisitDay.service_id == Service.id, table.c.number
    come = kept_on(table, span, VisitDay.arriving, this)
    more = kept_on(table, span, VisitDay.arriving - VisitDay.leaving, this)
    found = [
        of_each(ServiceKind.DAY, number, DAY, come).join(table, true()),
        of_each(stay, literal_column("0", Integer), STAY, inside(span)),
        of_each(stay, number, STAY, more).join(table, number > 0),
    ]
    return found[: 3 if days > 1 else 2]


def named(spans: Sequence[Span]) -> dict[str, Any]:
    names: dict[str, Any] = {}
    for number, span in enumerate(spans):
        names[f"places_{number}"] = span.places
        names |= stretched(f"over_{number}", span.edges[1])
        names |= {f"edge_{number}_{edge}": moment for edge, moment in enumerate(span.edges)}
        names |= {f"day_{day}": date for day, date in enumerate(span.days)}
    return names
