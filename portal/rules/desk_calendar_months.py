"""A month of the desk's calendar: only how much there is on each day."""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from operator import add
from typing import Any

from sqlalchemy import func, select, union_all

from portal.db import NONE, AnySelect, rows_of
from portal.models import AppointmentDay, Booking, ClassDay, Service, ServiceSession, VisitDay
from portal.rules.desk_calendar_days import (
    FIRST,
    Asked,
    Span,
    Spans,
    appointments,
    asked,
    classes,
    days_of,
    edges,
    inside,
    kept_here,
    named,
    on_day,
)
from portal.rules.occupancy import IS_DAY_CARE, IS_NOT_HOUSED, IS_STAY
from portal.rules.states import IS_STANDING

WORDS = "classes", "appointments", "in day care", "overnight"


def month(spans: Sequence[Span], provider_id: int | None) -> Iterator[dict[str, int]]:
    """Day by day. Of one provider the rows themselves are counted: what is kept knows of nobody's in particular."""
    days = spans[0].days
    found = {day: [0] * len(WORDS) for day in days}
    if provider_id is None:
        rows = rows_of(every(asked(spans)), named(spans))
    else:
        names = named(spans) | edges(spans) | {"provider_id": provider_id}
        rows = rows_of(of_provider(asked(spans), len(days)), names)
    for when, *counts in rows.all():
        day = when if provider_id is None else days[when]
        found[day] = [*map(add, found[day], counts)]
    nights = accumulate(night for *_, night in found.values())
    for counts, night in zip(found.values(), nights, strict=True):
        yield {word: count for word, count in zip(WORDS, (*counts[:3], night), strict=True) if count}


@cache
def every(spans: Spans) -> Any:
    """Of those who stay, how many are there in the first night, and how many more or fewer in each of the others."""
    nights = total(VisitDay.arriving - VisitDay.leaving, IS_STAY, VisitDay.day > FIRST)
    care = total(VisitDay.arriving, IS_DAY_CARE)
    visits = select(VisitDay.day, NONE, NONE, care, nights).join(Service, Service.id == VisitDay.service_id)
    classes = select(ClassDay.day, func.sum(ClassDay.sessions), NONE, NONE, NONE)
    appointments = select(AppointmentDay.day, NONE, func.sum(AppointmentDay.bookings), NONE, NONE)
    by_day = ((visits, VisitDay), (classes, ClassDay), (appointments, AppointmentDay))
    first = [
        select(FIRST, NONE, NONE, NONE, func.coalesce(func.sum(inside(span)), NONE)).where(IS_STAY) for span in spans
    ]
    return union_all(*(rows.where(kept_here(kept, spans)).group_by(kept.day) for rows, kept in by_day), *first)


def total(what: Any, *where: Any) -> Any:
    return func.coalesce(func.sum(what).filter(*where), NONE)


@cache
def of_provider(spans: Spans, days: int) -> Any:
    found: list[AnySelect] = []
    for span in spans:
        table = days_of(span, days)
        found.append(select(table.c.number, classes_on(table, span), appointments_on(table, span), NONE, NONE))
    return union_all(*found)


def classes_on(table: Any, span: Asked) -> Any:
    here = span.here(ServiceSession.location_id), on_day(ServiceSession, table)
    found = select(func.count()).select_from(ServiceSession).where(*here, ServiceSession.called_off_at.is_(None))
    return found.where(classes(True)).correlate(table).scalar_subquery()


def appointments_on(table: Any, span: Asked) -> Any:
    """Service by service, each a stretch of the index in which there is nothing else."""
    of_service = Booking.service_id == Service.id, IS_NOT_HOUSED, span.here(Booking.location_id), IS_STANDING
    found = select(func.count()).where(*of_service, on_day(Booking, table), appointments(of_provider=True))
    return found.correlate(table).scalar_subquery()
