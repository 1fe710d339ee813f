"""The first of what is on each day: of days that are full only so many of each location and state are looked at."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Integer, String, bindparam, cast, func, null, select, true, union_all

from portal.db import NONE, AnySelect, first_of, rows_of, written
from portal.models import AppointmentDay, Booking, Location, ServiceSession
from portal.rules import desk_calendar_days
from portal.rules.desk_calendar_days import (
    GIVEN_ALONE,
    Asked,
    Span,
    Spans,
    appointments,
    asked,
    classes,
    counted,
    days_of,
    housed,
    kept_here,
    on_day,
    visits,
)
from portal.rules.packing import UNITS, Listed, lists, packed, unpacked
from portal.rules.states import STAND

CLASS, APPOINTMENT, ON, KEPT = "class", "appointment", "on", "kept"
MOST = bindparam("most", type_=Integer)
STATES: Any = union_all(*(select(written(state).label("state")) for state in STAND)).cte("states")
# What the parts of the query tell: of which kind, of which day or service, its name, a count, and two lists: of
# appointments, and of classes or of visits.
NO_NUMBER, NO_WORD = cast(null(), Integer), cast(null(), String)
APPOINTMENTS = Listed(AppointmentDay.day, AppointmentDay.bookings)


class First(NamedTuple):
    kind: str
    id: int


class Outline(NamedTuple):
    """Of each day the first, how many there are in all, and by service how many pets come to day care and stay."""

    firsts: list[list[First]]
    rows: list[int]
    counts: list[dict[str, int]]


def outline(spans: Sequence[Span], most: int, provider_id: int | None) -> Outline:
    """Few are of one provider: all of them are told."""
    days = spans[0].days
    names = desk_calendar_days.named(spans) | desk_calendar_days.edges(spans)
    names |= {"most": most, "provider_id": provider_id or 0}
    told = rows_of(days_on(asked(spans), len(days), provider_id is not None), names)
    found: list[list[tuple[str, str, str]]] = [[] for _ in days]
    rows, services, pets = [0] * len(days), [], None
    for kind, number, name, count, booked, others in told.all():
        if kind == ON:
            rows[number] += count
            found[number] += [(starts, APPOINTMENT, id) for starts, id in unpacked(booked, 2)]
            found[number] += [(starts, CLASS, id) for starts, id in unpacked(others, 2)]
        elif kind == KEPT:
            pets = others
            for day, bookings in lists(booked):
                rows[(date.fromisoformat(day) - days[0]).days] += bookings
        else:
            services.append((kind, number, name, count))
    if provider_id is not None:
        rows = [len(of_day) for of_day in found]
    firsts = [[First(kind, int(id)) for _, kind, id in in_order(of_day)[:most]] for of_day in found]
    return Outline(firsts, rows, counted(days, services, pets))


def in_order(rows: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Of time. Moments are compared as the database writes them, all in one way and in UTC."""
    return sorted(rows, key=itemgetter(0, 1))


@cache
def days_on(spans: Spans, days: int, of_provider: bool) -> Any:
    parts = [first(span, days_of(span, days), of_provider) for span in spans]
    if not of_provider:
        bookings = select(APPOINTMENTS).where(kept_here(AppointmentDay, spans)).scalar_subquery()
        parts.append(select(written(KEPT), NO_NUMBER, NO_WORD, NONE, bookings, visits(spans)))
        parts += [housed(span).add_columns(NO_WORD, NO_WORD) for span in spans]
    return union_all(*parts)


def first(span: Asked, days: Any, of_provider: bool) -> AnySelect:
    """Day by day; beside the classes how many there are, also of those that are called off."""
    places = select(Location.id).where(span.here(Location.id))
    session = ServiceSession.location_id == Location.id, on_day(ServiceSession, days), classes(of_provider)
    booking = Booking.location_id == Location.id, Booking.state == STATES.c.state, on_day(Booking, days)
    sessions = soonest(ServiceSession, ServiceSession.id).where(*session)
    # As the index of bookings by location and state has them in their order.
    bookings = soonest(Booking, Booking.ends_at, Booking.service_id, Booking.pet_count)
    bookings = bookings.where(*booking, appointments(of_provider), Booking.service_id.in_(GIVEN_ALONE))
    if not of_provider:
        sessions, bookings = first_of(sessions, MOST), first_of(bookings, MOST)
    count = select(func.count()).select_from(ServiceSession)
    count = count.where(span.here(ServiceSession.location_id), on_day(ServiceSession, days)).correlate(days)
    return select(
        written(ON),
        days.c.number,
        NO_WORD,
        NONE if of_provider else count.scalar_subquery(),
        gathered(places.join(STATES, true()), bookings, days),
        gathered(places, sessions, days),
    )


def soonest(row: Any, *then: Any) -> AnySelect:
    return select(row.starts_at, row.id).order_by(row.starts_at, *then)


def gathered(places: AnySelect, rows: AnySelect, days: Any) -> Any:
    """Of each place so many, all in one value."""
    of_one = rows.correlate(days, Location, STATES).subquery()
    each = select(packed(*of_one.c)).scalar_subquery().label("told")
    told = places.with_only_columns(each, maintain_column_froms=True).correlate(days).subquery()
    return select(func.aggregate_strings(told.c.told, UNITS)).scalar_subquery()
