"""What is on a day: which classes and appointments, and how many pets in day care and boarding."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, and_, bindparam, func, literal_column, select, union_all

from portal.db import AnySelect, Instant
from portal.models import (
    Booking,
    BookingPet,
    BookingProvider,
    Cancellation,
    Decision,
    Service,
    ServiceKind,
    ServiceSession,
    SessionProvider,
)
from portal.rules.occupancy import HOUSED

# A stay that is in the house on a day began at most so long before.
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


def in_span(row: Any, span: int, days: int) -> tuple[Any, ...]:
    """By its index: between the first midnight and the last."""
    at = row.starts_at
    return row.location_id.in_(places_of(span)), at >= moment(f"edge_{span}_0"), at < moment(f"edge_{span}_{days}")


def on_day(row: Any, table: Any) -> Any:
    return and_(row.starts_at >= table.c.begins, row.starts_at < table.c.ends)


def classes(span: int, days: int, table: Any, of_provider: bool) -> AnySelect:
    found = select(
        literal_column(f"'{CLASS}'").label("kind"),
        table.c.number.label("number"),
        ServiceSession.id.label("id"),
        ServiceSession.starts_at.label("starts_at"),
    )
    found = (
        found.select_from(ServiceSession)
        .join(table, on_day(ServiceSession, table))
        .where(*in_span(ServiceSession, span, days))
    )
    if of_provider:
        given = select(SessionProvider.service_session_id).where(SessionProvider.provider_id == PROVIDER)
        found = found.where(ServiceSession.id.in_(given))
    return found


def on(found: AnySelect) -> AnySelect:
    """Of bookings: those that are neither cancelled nor declined."""
    return (
        found.join(Service, Service.id == Booking.service_id)
        .outerjoin(Cancellation, Cancellation.booking_id == Booking.id)
        .outerjoin(Decision, Decision.booking_id == Booking.id)
        .where(Cancellation.id.is_(None), func.coalesce(Decision.confirmed, True).is_(True))
    )


def appointments(span: int, days: int, table: Any, of_provider: bool) -> AnySelect:
    found = select(
        literal_column(f"'{APPOINTMENT}'").label("kind"),
        table.c.number.label("number"),
        Booking.id.label("id"),
        Booking.starts_at.label("starts_at"),
    ).select_from(Booking)
    found = on(found.join(table, on_day(Booking, table))).where(
        *in_span(Booking, span, days), Booking.service_session_id.is_(None), Service.kind.not_in(HOUSED)
    )
    if of_provider:
        given = select(BookingProvider.booking_id).where(BookingProvider.provider_id == PROVIDER)
        found = found.where(Booking.id.in_(given))
    return found


def day_care(span: int, days: int, table: Any, name: Any) -> AnySelect:
    found = select(table.c.number.label("number"), name.label("name"), func.count().label("pets")).select_from(Booking)
    found = on(found.join(table, on_day(Booking, table)).join(BookingPet, BookingPet.booking_id == Booking.id))
    return found.where(*in_span(Booking, span, days), Service.kind == ServiceKind.DAY).group_by(table.c.number, name)


def stays(span: int, days: int, table: Any, name: Any) -> AnySelect:
    """Each night from the day of arrival to the one before leaving."""
    found = (
        select(Booking.id, Booking.starts_at, Booking.ends_at, name.label("name"), func.count().label("pets"))
        .select_from(Booking)
        .join(BookingPet, BookingPet.booking_id == Booking.id)
    )
    staying = on(found).where(
        Booking.location_id.in_(places_of(span)),
        Booking.starts_at >= moment(f"longest_{span}"),
        Booking.starts_at < moment(f"edge_{span}_{days}"),
        Booking.ends_at >= moment(f"edge_{span}_1"),
        Service.kind == ServiceKind.STAY,
    )
    rows = staying.group_by(Booking.id, Booking.starts_at, Booking.ends_at, name).cte(f"stays_{span}")
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
            every = rows.subquery()
            found.append(select(every.c.number, literal_column(f"'{word}'"), func.count()).group_by(every.c.number))
    for rule in () if of_provider else (day_care, stays):
        found += [select(rule(span, days, table, Service.kind).subquery()) for span, table in tables]
    return union_all(*found)


def named(spans: Sequence[Span]) -> dict[str, Any]:
    names: dict[str, Any] = {}
    for number, span in enumerate(spans):
        names |= {f"places_{number}": span.places, f"longest_{number}": span.edges[0] - LONGEST}
        names |= {f"edge_{number}_{edge}": moment for edge, moment in enumerate(span.edges)}
    return names
