"""A month of the desk's calendar: only how much there is on each day."""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from typing import Any

from sqlalchemy import Date, Integer, bindparam, func, literal_column, select, union_all

from portal.among import among
from portal.db import AnySelect, rows_of
from portal.models import Booking, ClassDay, Service, ServiceKind, ServiceSession, VisitDay
from portal.rules.desk_calendar_days import (
    Span,
    appointments,
    at,
    classes_on,
    days_of,
    inside,
    named,
    on_day,
)
from portal.rules.occupancy import HOUSED

WORDS = "classes", "appointments", "in day care", "overnight"
FIRST, LAST = bindparam("first", type_=Date), bindparam("last", type_=Date)
NONE: Any = literal_column("0", Integer)


def month(spans: Sequence[Span], provider_id: int | None) -> Iterator[dict[str, int]]:
    """Day by day. Of one provider the rows themselves are counted: what is kept knows of nobody's in particular."""
    days = spans[0].days
    asked, names = (len(spans), len(days)), named(spans) | {"provider_id": provider_id or 0}
    if provider_id is None:
        places = [id for span in spans for id in span.places]
        rows = rows_of(every(len(spans)), names | {"first": days[0], "last": days[-1], "places": places})
    else:
        rows = rows_of(of_provider(*asked), names)
    found = {day: [0] * len(WORDS) for day in days}
    for day, *counts in rows.all():
        found[day] = [*map(sum, zip(found[day], counts, strict=True))]
    nights = accumulate(night for *_, night in found.values())
    for counts, night in zip(found.values(), nights, strict=True):
        yield {word: count for word, count in zip(WORDS, (*counts[:3], night), strict=True) if count}


@cache
def every(spans: int) -> Any:
    """Of those who stay, how many are there in the first night, and how many more or fewer in each of the others."""
    here = VisitDay.day.between(FIRST, LAST), among(VisitDay.location_id, "places")
    nights = total(VisitDay.arriving - VisitDay.leaving, Service.kind == ServiceKind.STAY, VisitDay.day > FIRST)
    care = total(VisitDay.arriving, Service.kind == ServiceKind.DAY)
    visits = select(VisitDay.day, NONE, total(VisitDay.bookings, Service.kind.not_in(HOUSED)), care, nights)
    classes = select(ClassDay.day, func.sum(ClassDay.sessions), NONE, NONE, NONE).where(
        ClassDay.day.between(FIRST, LAST), among(ClassDay.location_id, "places")
    )
    first = [
        select(FIRST, NONE, NONE, NONE, func.coalesce(func.sum(inside(span)), 0)).where(
            Service.kind == ServiceKind.STAY
        )
        for span in range(spans)
    ]
    by_day = visits.join(Service, Service.id == VisitDay.service_id).where(*here).group_by(VisitDay.day)
    return union_all(by_day, classes.group_by(ClassDay.day), *first)


def total(what: Any, *where: Any) -> Any:
    return func.coalesce(func.sum(what).filter(*where), 0)


@cache
def of_provider(spans: int, days: int) -> Any:
    found: list[AnySelect] = []
    for span in range(spans):
        table = days_of(span, days)
        classes = classes_on(table, span, True, ServiceSession.called_off_at.is_(None))
        found.append(select(table.c.day, classes, appointments_on(table, span), NONE, NONE))
    return union_all(*found)


def appointments_on(table: Any, span: int) -> Any:
    """Service by service, each a stretch of the index in which there is nothing else."""
    of_service = (Booking.service_id == Service.id) & Service.kind.not_in(HOUSED)
    found = select(func.count()).where(
        at(Booking.location_id, span), on_day(Booking, table), appointments(True, of_service)
    )
    return found.correlate(table).scalar_subquery()
