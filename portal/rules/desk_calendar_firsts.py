"""The first of what is on: of days that are full only a stretch of each is looked at."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Integer, and_, bindparam, func, literal_column, select, union_all

from portal.db import AnySelect, written
from portal.models import Booking, Location, ServiceSession, VisitDay
from portal.rules.desk_calendar_days import (
    APPOINTMENT,
    CLASS,
    GIVEN_ALONE,
    appointments,
    at,
    classes,
    classes_on,
    kept_on,
    moment,
    on_day,
    word,
)
from portal.rules.states import STAND, STANDS

MOST = bindparam("most", type_=Integer)
STATES: Any = union_all(*(select(written(state).label("state")) for state in STAND)).cte("states")


def first_rows(tables: Sequence[Any], days: int, of_provider: bool) -> Any:
    """So many of each day, and how many there are in all. Few are of one provider: they are counted as they come."""
    firsts = [] if of_provider else [first_of(span, table) for span, table in enumerate(tables)]
    on = [
        row
        for span in range(len(tables))
        for number in range(days)
        for row in on_first(span, number, None if of_provider else firsts[span])
    ]
    every: Any = union_all(*on).subquery("every")
    number = every.c.number
    rank = func.row_number().over(partition_by=number, order_by=(every.c.starts_at, every.c.kind, every.c.id))
    ranked: Any = select(*every.c, rank.label("rank"))
    if of_provider:
        ranked = ranked.add_columns(func.count().over(partition_by=number).label("rows")).subquery("ranked")
        return select(ranked).where(ranked.c.rank <= MOST).cte("shown")
    ranked = ranked.subquery("ranked")
    rows: Any = union_all(*(select(first.c.number, first.c.rows) for first in firsts)).subquery("rows")
    in_all = select(rows.c.number, func.sum(rows.c.rows).label("rows")).group_by(rows.c.number).subquery("in_all")
    shown = select(ranked, in_all.c.rows).join(in_all, in_all.c.number == ranked.c.number)
    return shown.where(ranked.c.rank <= MOST).cte("shown")


def first_of(span: int, days: Any) -> Any:
    """Of each day the moment by which enough have begun, and how many there are in all."""
    enough = select(func.min(nth(days))).select_from(Location).join(STATES, at(Location.id, span))
    latest = func.coalesce(enough.correlate(days).scalar_subquery(), days.c.ends)
    appointments = kept_on(days, span, VisitDay.bookings, VisitDay.service_id.in_(GIVEN_ALONE))
    rows = classes_on(days, span, of_provider=False) + appointments
    return select(days.c.number, latest.label("latest"), rows.label("rows")).cte(f"first_{span}")


def nth(days: Any) -> Any:
    """When so many of one location and state have begun, the first of all are among those until then."""
    one = Booking.location_id == Location.id, Booking.state == STATES.c.state
    rows = select(Booking.starts_at).where(*one, on_day(Booking, days), appointments(of_provider=False))
    rows = rows.order_by(Booking.starts_at).limit(1).offset(MOST - 1)
    return rows.correlate(days, Location, STATES).scalar_subquery()


def on_first(span: int, number: int, first: Any) -> list[AnySelect]:
    """Day by day: beside a table of the days SQLite would make an index of its own of all bookings there ever were."""
    begins, ends = moment(f"edge_{span}_{number}"), moment(f"edge_{span}_{number + 1}")
    day: Any = literal_column(str(number), Integer)
    found = []
    for kind, row, where in (
        (CLASS, ServiceSession, classes(first is None)),
        (APPOINTMENT, Booking, and_(appointments(first is None), STANDS)),
    ):
        columns = word(kind).label("kind"), day.label("number"), row.id.label("id"), row.starts_at.label("starts_at")
        rows = select(*columns).where(at(row.location_id, span), row.starts_at >= begins, where)
        if first is None:
            found.append(rows.where(row.starts_at < ends))
        else:
            # As it is told, or SQLite would look through all of the day.
            told: Any = func.coalesce(row.starts_at, row.ends_at)
            latest = select(first.c.latest).where(first.c.number == number).scalar_subquery()
            soonest = rows.where(row.starts_at <= latest, told < ends).order_by(row.starts_at, row.id).limit(MOST)
            found.append(select(soonest.subquery()))
    return found
