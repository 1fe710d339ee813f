"""What is on a day: which classes and appointments, and how many pets in day care and boarding."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, and_, bindparam, func, literal_column, or_, select, union_all

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
from portal.rules.states import STANDS

# A stay that is in the house on a day is over at most so long after.
LONGEST = timedelta(days=366)
CLASS, APPOINTMENT = "class", "appointment"
HOUSED_WORDS = {ServiceKind.DAY.value: "in day care", ServiceKind.STAY.value: "overnight"}
PROVIDER = bindparam("provider_id", type_=Integer)


class Span(NamedTuple):
    """Locations of one zone, and the midnights there, one more than there are days."""

    places: list[int]
    zone: str
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


def places_of(span: int) -> Any:
    return bindparam(f"places_{span}", type_=Integer, expanding=True)


def on_day(row: Any, table: Any) -> Any:
    return and_(row.starts_at >= table.c.begins, row.starts_at < table.c.ends)


def booked(table: Any, span: int, kinds: Any) -> Any:
    """Bookings of these kinds of services on a day, found by their state and time."""
    of_kind = Booking.service_id.in_(select(Service.id).where(kinds))
    return and_(Booking.location_id.in_(places_of(span)), STANDS, on_day(Booking, table), of_kind)


def classes(span: int, days: int, table: Any, of_provider: bool) -> AnySelect:
    found = select(
        literal_column(f"'{CLASS}'").label("kind"),
        table.c.number.label("number"),
        ServiceSession.id.label("id"),
        ServiceSession.starts_at.label("starts_at"),
    )
    found = found.where(ServiceSession.location_id.in_(places_of(span)), on_day(ServiceSession, table))
    if of_provider:
        given = select(SessionProvider.service_session_id).where(SessionProvider.provider_id == PROVIDER)
        found = found.where(ServiceSession.id.in_(given))
    return found


def appointments(span: int, days: int, table: Any, of_provider: bool) -> AnySelect:
    found = select(
        literal_column(f"'{APPOINTMENT}'").label("kind"),
        table.c.number.label("number"),
        Booking.id.label("id"),
        Booking.starts_at.label("starts_at"),
    ).where(booked(table, span, Service.kind.not_in(HOUSED)))
    # Only what is given in classes can belong to one.
    alone = select(Service.id).where(Service.kind == ServiceKind.INDIVIDUAL)
    found = found.where(or_(Booking.service_id.in_(alone), Booking.service_session_id.is_(None)))
    if of_provider:
        given = select(BookingProvider.booking_id).where(BookingProvider.provider_id == PROVIDER)
        found = found.where(Booking.id.in_(given))
    return found


def named_by(name: Any) -> Any:
    """The service's, looked up where its bookings are counted already."""
    return select(name).where(Service.id == Booking.service_id).correlate(Booking).scalar_subquery().label("name")


def day_care(span: int, days: int, table: Any, name: Any) -> AnySelect:
    pets = func.sum(Booking.pet_count).label("pets")
    found = select(table.c.number.label("number"), named_by(name), pets).select_from(table)
    found = found.join(Booking, booked(table, span, Service.kind == ServiceKind.DAY))
    return found.group_by(table.c.number, Booking.service_id)


def stays(span: int, days: int, table: Any, name: Any) -> AnySelect:
    """Each night from the day of arrival to the one before leaving."""
    pets = func.sum(Booking.pet_count).label("pets")
    staying = select(Booking.starts_at, Booking.ends_at, named_by(name), pets).where(
        STANDS,
        Booking.location_id.in_(places_of(span)),
        Booking.service_id.in_(select(Service.id).where(Service.kind == ServiceKind.STAY)),
        func.coalesce(Booking.starts_at, moment(f"edge_{span}_0")) < moment(f"edge_{span}_{days}"),
        Booking.ends_at >= moment(f"edge_{span}_1"),
        Booking.ends_at < moment(f"longest_{span}"),
    )
    # Added up, so that they are found once and not once for every night.
    rows = staying.group_by(Booking.starts_at, Booking.ends_at, Booking.service_id).cte(f"stays_{span}")
    night = and_(rows.c.starts_at < table.c.ends, rows.c.ends_at >= table.c.ends)
    counted = (
        select(table.c.number, rows.c.name, func.sum(rows.c.pets).label("pets")).select_from(table).join(rows, night)
    )
    return counted.group_by(table.c.number, rows.c.name)


@cache
def counts(spans: int, days: int, of_provider: bool) -> Any:
    """Of a month only how much there is."""
    tables = list(enumerate(days_of(span, days) for span in range(spans)))
    found: list[Any] = []
    for span, table in tables:
        on = classes(span, days, table, of_provider).where(ServiceSession.called_off_at.is_(None))
        for word, rows in (("classes", on), ("appointments", appointments(span, days, table, of_provider))):
            count = rows.with_only_columns(func.count()).correlate(table).scalar_subquery()
            found.append(select(table.c.number, literal_column(f"'{word}'"), count))
    for rule in () if of_provider else (day_care, stays):
        found += [select(rule(span, days, table, Service.kind).subquery()) for span, table in tables]
    return union_all(*found)


def named(spans: Sequence[Span]) -> dict[str, Any]:
    names: dict[str, Any] = {}
    for number, span in enumerate(spans):
        names |= {f"places_{number}": span.places, f"longest_{number}": span.edges[-1] + LONGEST}
        names |= edges_of(number, span.edges)
    return names


def edges_of(number: int, edges: Sequence[datetime]) -> dict[str, datetime]:
    return {f"edge_{number}_{edge}": moment for edge, moment in enumerate(edges)}
