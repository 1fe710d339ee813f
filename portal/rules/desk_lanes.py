"""The lanes of Today as the database tells them: the first who stand in each, and how many there are in all."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, and_, bindparam, case, cast, func, literal_column, null, or_, select, union, union_all

from portal.db import AnySelect, rows_of
from portal.models import Attendance, Booking, State
from portal.rules.bookings import UNDO_STAFF as UNDO
from portal.rules.states import is_in
from portal.rules.visits import VISIT, Visit, as_visit

# A guest who is expected to stay may come this late and is still expected.
LATE_DAYS = 2
NONE, NEVER = literal_column("0", Integer), cast(null(), Booking.starts_at.type)
EXPECTED = State.BOOKED, State.REQUESTED
# So many rows a lane shows by itself, and so many more with each stretch that is asked for.
SHOWN, STRETCH = 7, 200
LANES = ARRIVALS, HOUSE, DEPARTURES, CLASSES = "arrivals", "house", "departures", "classes"


class Span(NamedTuple):
    """A location, its zone, and from when until when it is today there: 23, 24 or 25 hours."""

    place: int
    zone: str
    begins: datetime
    ends: datetime


class Opened(NamedTuple):
    """The lane of which more is shown than its first rows, and how many stretches of it."""

    lane: str = ""
    stretch: int = 0

    def most(self, lane: str) -> int:
        return SHOWN + (self.stretch * STRETCH if lane == self.lane else 0)

    @property
    def before(self) -> int:
        """How many rows were shown before the newest stretch."""
        return SHOWN + (self.stretch - 1) * STRETCH

    def further(self, lane: str) -> "Opened":
        return Opened(lane, self.stretch + 1 if lane == self.lane else 1)


CLOSED = Opened()


class Lane(NamedTuple):
    """Rows in hand, and what is counted of all of them."""

    visits: list[Visit]
    rows: int
    due: int  # without those who have left and those who did not come
    late: int
    next: tuple[datetime, str] | None  # when the next one is due, and the zone there


NOBODY = Lane([], 0, 0, 0, None)


def moment(name: str) -> Any:
    return bindparam(name, type_=Booking.starts_at.type)


def at_place(span: int) -> Any:
    return bindparam(f"place_{span}", type_=Integer)


AT, JUST, LATE, FIRST = (moment(name) for name in ("at", "just", "late", "first"))
FRESH = bindparam("fresh", type_=Integer)
MISSED_AT = select(Attendance.missed_at).where(Attendance.booking_id == Booking.id).scalar_subquery()


def row(span: int, lane: Any, due: Any, gone: Any, late: Any, done_at: Any) -> AnySelect:
    return select(
        Booking.id.label("id"),
        literal_column(str(span), Integer).label("span"),
        lane.label("lane"),
        due.label("due"),
        case((gone, 1), else_=0).label("gone"),
        case((late, 1), else_=0).label("late"),
        done_at.label("done_at"),
    )


def coming(span: int, *where: Any) -> AnySelect:
    """Not here yet. No-shows stay at the end."""
    starts, is_missed = Booking.starts_at, is_in(State.MISSED)
    late = and_(is_in(State.BOOKED), starts <= LATE)
    missed_at = case((is_missed, MISSED_AT))
    lane: Any = literal_column(f"'{ARRIVALS}'")
    return row(span, lane, starts, is_missed, late, missed_at).where(Booking.location_id == at_place(span), *where)


def due_today(span: int, *states: State) -> AnySelect:
    today = Booking.starts_at >= moment(f"begins_{span}"), Booking.starts_at < moment(f"ends_{span}")
    return coming(span, *today, is_in(*states))


def overdue(span: int, *states: State) -> AnySelect:
    """Stays that should have begun, and can still."""
    before = Booking.starts_at >= FIRST, Booking.starts_at < moment(f"begins_{span}")
    return coming(span, *before, Booking.ends_at > AT, is_in(*states))


def soonest_arrivals(span: int) -> list[AnySelect]:
    """Those among whom the first are, as the index has them one after the other, because a day may have thousands;
    and the row that a tap has changed."""
    first = bindparam(f"most_{ARRIVALS}", type_=Integer)
    soon = [
        select(rows.order_by(Booking.starts_at, Booking.id).limit(first).subquery())
        for state in EXPECTED
        for rows in (due_today(span, state), overdue(span, state))
    ]
    fresh = (due_today(span, *EXPECTED, State.MISSED), overdue(span, *EXPECTED))
    return [*soon, due_today(span, State.MISSED), *(rows.where(Booking.id == FRESH) for rows in fresh)]


def counted_arrivals(span: int, spans: int) -> list[AnySelect]:
    """What is to be added up, each part of it one stretch of the index."""

    def count(found: AnySelect, *columns: str) -> AnySelect:
        counts = [(func.count() if name in columns else NONE).label(name) for name in ("rows", "due", "late")]
        is_next = [func.min(Booking.starts_at) if "next" in columns and one == span else NEVER for one in range(spans)]
        return found.with_only_columns(*counts, *(when.label(f"next_{one}") for one, when in enumerate(is_next)))

    booked = due_today(span, State.BOOKED)
    return [
        count(booked.where(Booking.starts_at <= LATE), "rows", "due", "late"),
        count(booked.where(Booking.starts_at > LATE), "rows", "due"),
        count(due_today(span, State.REQUESTED), "rows", "due"),
        count(due_today(span, State.MISSED), "rows"),
        count(overdue(span, State.BOOKED), "rows", "due", "late"),
        count(overdue(span, State.REQUESTED), "rows", "due"),
        *(count(due_today(span, state).where(Booking.starts_at > AT), "next") for state in EXPECTED),
    ]


def inside(span: int, *where: Any) -> AnySelect:
    """Here, to stay on or to leave today. Who has left stays in view as long as that can be undone."""
    came, left = Attendance.checked_in_at, Attendance.checked_out_at
    leaves = or_(Booking.ends_at < moment(f"ends_{span}"), left.is_not(None))
    lane = case((leaves, literal_column(f"'{DEPARTURES}'")), else_=literal_column(f"'{HOUSE}'"))
    due = case((leaves, Booking.ends_at), else_=Booking.starts_at)
    late = and_(left.is_(None), Booking.ends_at <= LATE)
    return (
        row(span, lane, due, left.is_not(None), late, func.coalesce(left, came))
        .select_from(Attendance)
        .join(Booking, Booking.id == Attendance.booking_id)
        # Plus nothing: no index of bookings is of use here, those who are in the house are few.
        .where(came.is_not(None), Booking.location_id + 0 == at_place(span), *where)
    )


def arrivals(spans: int) -> AnySelect:
    every = union_all(*(count for span in range(spans) for count in counted_arrivals(span, spans))).subquery("every")
    _, _, _, *nexts = every.c
    sums = (func.sum(column).label(column.name) for column in (every.c.rows, every.c.due, every.c.late))
    lane: Any = literal_column(f"'{ARRIVALS}'").label("lane")
    return select(lane, *sums, *(func.min(when).label(when.name) for when in nexts)).having(func.sum(every.c.rows) > 0)


def counted(rows: Any, spans: int) -> AnySelect:
    is_next = and_(rows.c.gone == 0, rows.c.due > AT)
    return select(
        rows.c.lane,
        func.count().label("rows"),
        func.sum(1 - rows.c.gone).label("due"),
        func.sum(rows.c.late).label("late"),
        *(
            func.min(case((and_(is_next, rows.c.span == span), rows.c.due))).label(f"next_{span}")
            for span in range(spans)
        ),
    ).group_by(rows.c.lane)


def first(rows: Any, lane: str, *where: Any) -> AnySelect:
    ordered = select(rows.c.id).where(*where).order_by(rows.c.gone, rows.c.due, rows.c.id)
    return select(ordered.limit(bindparam(f"most_{lane}")).subquery())


def shown(rows: Any, *firsts: AnySelect) -> AnySelect:
    """The first of each lane, what was done just now and can be undone, and the row that a tap has changed."""
    done = select(rows.c.id).where(rows.c.done_at >= JUST).order_by(rows.c.done_at.desc(), rows.c.id).limit(SHOWN)
    return select(rows).where(or_(rows.c.id == FRESH, rows.c.id.in_(union_all(*firsts, select(done.subquery())))))


@cache
def board(spans: int) -> AnySelect:
    """The rows to show with all that stands on them, and beside each what is counted of its lane."""
    come = union(*(rows for span in range(spans) for rows in soonest_arrivals(span))).cte("come")
    stay = [inside(span, Attendance.checked_out_at.is_(None)) for span in range(spans)]
    left = [inside(span, Attendance.checked_out_at >= JUST) for span in range(spans)]
    here = union_all(*stay, *left).cte("here")
    counts = union_all(
        arrivals(spans),
        counted(here, spans),
    ).subquery("counts")
    rows = union_all(
        shown(come, first(come, ARRIVALS)),
        shown(here, *(first(here, lane, here.c.lane == lane) for lane in (HOUSE, DEPARTURES))),
    ).subquery("rows")
    return (
        VISIT.add_columns(*counts.c)
        .join(rows, rows.c.id == Booking.id)
        .join(counts, counts.c.lane == rows.c.lane)
        .order_by(rows.c.lane, rows.c.gone, rows.c.due, rows.c.id)
    )


def lanes(spans: Sequence[Span], opened: Opened, *, fresh: int, at: datetime) -> dict[str, Lane]:
    """One query. A lane where nobody stands is left out."""
    names: dict[str, Any] = {"at": at, "just": at - UNDO, "late": at - timedelta(minutes=1), "fresh": fresh}
    names["first"] = min(span.begins for span in spans) - timedelta(days=LATE_DAYS)
    names |= {f"most_{lane}": opened.most(lane) for lane in (ARRIVALS, HOUSE, DEPARTURES)}
    found: dict[str, Lane] = {}
    for told in rows_of(board(len(spans)), names | named(spans)):
        *visit, lane, rows, due, late = told[: -len(spans)]
        if lane not in found:
            found[lane] = Lane([], rows, due, late, soonest(told[-len(spans) :], spans))
        found[lane].visits.append(as_visit(tuple(visit)))
    return found


def named(spans: Sequence[Span]) -> dict[str, Any]:
    names: dict[str, Any] = {}
    for number, span in enumerate(spans):
        names |= {f"place_{number}": span.place, f"begins_{number}": span.begins, f"ends_{number}": span.ends}
    return names


def soonest(moments: Sequence[datetime | None], spans: Sequence[Span]) -> tuple[datetime, str] | None:
    return min(((when, span.zone) for when, span in zip(moments, spans, strict=True) if when), default=None)
