"""The lanes of Today as the database tells them: the first who stand in each, and how many there are in all."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    Integer,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    union,
    union_all,
)

from portal.db import NONE, AnySelect, first_of, rows_of
from portal.models import Attendance, Booking, State
from portal.rules import desk_spans
from portal.rules.bookings import UNDO_STAFF as UNDO
from portal.rules.desk_spans import Asked, Span, moment, of_state, today
from portal.rules.packing import or_nothing, packed, unpacked
from portal.rules.stretches import LASTS_LONG
from portal.rules.visits import IS_INSIDE, LATE_AFTER, TODAYS_VISIT, Visit, as_visit

# A guest who is expected to stay may come this late and is still expected.
LATE_DAYS = 2
ONE = literal_column("1", Integer)
NEVER, NOTHING = cast(null(), Booking.starts_at.type), literal_column("''", String)
# So many rows a lane shows by itself, and the four of them no more than any list; and so many more with each stretch.
SHOWN, STRETCH = 6, 200
LANES = ARRIVALS, HOUSE, DEPARTURES, CLASSES = "arrivals", "house", "departures", "classes"


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


Sums = tuple[int, int, int, tuple[datetime, str] | None]
NOBODY = Lane([], 0, 0, 0, None)
AT, JUST, LATE, FIRST = (moment(name) for name in ("at", "just", "late", "first"))
FRESH = bindparam("fresh", type_=Integer)
# Of a column itself SQLite tries to read a number whenever it is compared with something that is not in an index.
begins_as_told = func.coalesce(Booking.starts_at, Booking.ends_at)
ends_as_told = func.coalesce(Booking.ends_at, Booking.starts_at)


def word(lane: str) -> Any:
    return literal_column(f"'{lane}'")


def done_at(when: Any) -> Any:
    return select(when).where(Attendance.booking_id == Booking.id).scalar_subquery()


def row(zone: Any, lane: Any, due: Any, gone: Any = NONE, late: Any = NONE, done: Any = NEVER) -> AnySelect:
    columns = {"id": Booking.id, "zone": zone, "lane": lane, "due": due, "until": Booking.ends_at}
    return labelled(columns | {"gone": gone, "late": late, "done_at": done})


def labelled(columns: Mapping[str, Any]) -> AnySelect:
    return select(*(column.label(name) for name, column in columns.items()))


def few(span: Asked) -> list[AnySelect]:
    """All but those who are booked for today, of whom there may be thousands."""
    arrivals, departures = word(ARRIVALS), word(DEPARTURES)
    leaves, can_come = ends_as_told < span.ends, ends_as_told > AT
    here = row(
        span.zone,
        case((leaves, departures), else_=word(HOUSE)),
        case((leaves, Booking.ends_at), else_=Booking.starts_at),
        late=case((ends_as_told <= LATE, ONE), else_=NONE),
        done=done_at(Attendance.checked_in_at),
    )
    left = row(span.zone, departures, Booking.ends_at, ONE, done=Attendance.checked_out_at)
    missed = row(span.zone, arrivals, Booking.starts_at, ONE, done=done_at(Attendance.missed_at))
    asking = row(span.zone, arrivals, Booking.starts_at)
    overdue = row(span.zone, arrivals, Booking.starts_at, late=case((begins_as_told <= LATE, ONE), else_=NONE))
    former = Booking.starts_at >= FIRST, Booking.starts_at < span.recent, LASTS_LONG
    recent = Booking.starts_at >= span.recent, Booking.starts_at < span.begins
    dated = Booking.starts_at >= FIRST, Booking.starts_at < span.ends
    return [
        of_state(here, span, State.HERE),
        # Their class was called off while they were here, and they have not gone home yet.
        of_state(here, span, State.CANCELLED, *today(span), IS_INSIDE),
        # Who has left stays in view as long as that can be undone. Plus nothing: no index of bookings is of use here.
        left.select_from(Attendance)
        .join(Booking, Booking.id == Attendance.booking_id)
        .where(Attendance.checked_out_at >= JUST, span.here(Booking.location_id + NONE)),
        of_state(missed, span, State.MISSED, *today(span)),
        of_state(asking, span, State.REQUESTED, *dated, or_(Booking.starts_at >= span.begins, can_come)),
        # What should have begun, and still can. The day before had many, and hardly any of them lasts until now.
        of_state(overdue, span, State.BOOKED, *former, can_come),
        of_state(overdue, span, State.BOOKED, *recent, can_come),
    ]


def booked(span: Asked) -> list[AnySelect]:
    """Who is booked for today, of each location the first, as its index has them one after the other."""
    most = bindparam(f"most_{ARRIVALS}", type_=Integer)
    ordered = (expected(one).order_by(Booking.starts_at, Booking.ends_at, Booking.id) for one in span.each())
    return [select(first_of(rows, most).subquery()) for rows in ordered]


def expected(span: Asked) -> AnySelect:
    return of_state(row(span.zone, word(ARRIVALS), Booking.starts_at), span, State.BOOKED, *today(span))


def told(lane: Any, zone: Any, rows: Any, due: Any, late: Any, next: Any = NEVER) -> AnySelect:
    return labelled({"lane": lane, "zone": zone, "rows": rows, "due": due, "late": late, "next": next})


def counted_booked(span: Asked) -> list[AnySelect]:
    arrivals, count, soonest = word(ARRIVALS), func.count(), func.min(Booking.starts_at)
    late = Booking.starts_at >= span.begins, Booking.starts_at < span.late
    in_time = Booking.starts_at >= span.late, Booking.starts_at < span.ends
    to_come = Booking.starts_at > AT, Booking.starts_at < span.ends
    return [
        of_state(told(arrivals, span.zone, count, count, count), span, State.BOOKED, *late),
        of_state(told(arrivals, span.zone, count, count, NONE), span, State.BOOKED, *in_time),
        of_state(told(arrivals, span.zone, NONE, NONE, NONE, soonest), span, State.BOOKED, *to_come),
    ]


def counted_few(few: CTE) -> AnySelect:
    to_come = case((and_(few.c.gone == NONE, few.c.due > AT), few.c.due))
    return told(few.c.lane, few.c.zone, ONE, ONE - few.c.gone, few.c.late, to_come)


def counts(every: Any) -> Any:
    """By lane and zone, packed into one value, which stands beside each row."""
    sums = (func.sum(column).label(column.name) for column in (every.c.rows, every.c.due, every.c.late))
    next = func.min(every.c.next).label("next")
    found = select(every.c.lane, every.c.zone, *sums, next).group_by(every.c.lane, every.c.zone).subquery()
    *known, soonest = found.c
    return select(packed(*known, or_nothing(soonest))).scalar_subquery()


def in_lane(rows: Any, lane: str) -> Any:
    """Plus nothing, or SQLite makes an index of its own to find a handful of rows."""
    return rows.c.lane.concat(NOTHING) == word(lane)


def first(rows: Any, lane: str) -> AnySelect:
    ordered = select(rows.c.id).where(in_lane(rows, lane)).order_by(*in_order(rows))
    return select(first_of(ordered, bindparam(f"most_{lane}")).subquery())


def in_order(rows: Any) -> tuple[Any, ...]:
    """As the index has them: of those who come at one time, who leaves first."""
    return rows.c.gone, rows.c.due, rows.c.until, rows.c.id


def done(few: CTE, *where: Any) -> AnySelect:
    """What was done just now and can be undone."""
    just = select(few.c.id).where(few.c.done_at >= JUST, *where).order_by(few.c.done_at.desc(), few.c.id)
    return select(first_of(just, SHOWN).subquery())


@cache
def board(zones: tuple[int, ...], is_changed: bool) -> AnySelect:
    """The rows to show with all that stands on them, and beside each what is counted of its lane."""
    spans = desk_spans.asked(zones)
    some = union_all(*(rows for span in spans for rows in few(span))).cte("few")
    to_come = [rows for span in spans for rows in booked(span)]
    if is_changed:  # the row that a tap has changed stands on the board wherever its place is
        to_come = [select(union(*to_come, *(expected(span).where(Booking.id == FRESH) for span in spans)).subquery())]
    every = union_all(select(some), *to_come).cte("every_row")
    counted = union_all(counted_few(some), *(rows for span in spans for rows in counted_booked(span)))
    shown = union_all(
        first(every, ARRIVALS),
        first(some, HOUSE),
        first(some, DEPARTURES),
        done(some, in_lane(some, ARRIVALS)),
        done(some, ~in_lane(some, ARRIVALS)),
    )
    # Plus nothing, or SQLite begins with the bookings of these ids, and makes an index of the rows to find them there.
    is_shown = (every.c.id + NONE).in_(shown)
    rows = select(every).where(is_shown | (every.c.id == FRESH) if is_changed else is_shown).subquery("rows")
    return (
        TODAYS_VISIT.add_columns(rows.c.lane, counts(counted.subquery()))
        .join(rows, rows.c.id == Booking.id)
        .order_by(rows.c.lane, *in_order(rows))
        .execution_options(one_plan=True)
    )


def lanes(spans: Sequence[Span], opened: Opened, *, fresh: int, at: datetime) -> dict[str, Lane]:
    """One query. A lane where nobody stands is left out."""
    first = min(span.begins for span in spans) - timedelta(days=LATE_DAYS)
    names: dict[str, Any] = {"at": at, "just": at - UNDO, "late": at - LATE_AFTER, "first": first}
    names |= {"fresh": fresh} if fresh else {}
    names |= {f"most_{lane}": opened.most(lane) for lane in (ARRIVALS, HOUSE, DEPARTURES)}
    zones = desk_spans.zones(spans)
    rows = [tuple(row) for row in rows_of(board(zones, fresh > 0), names | desk_spans.named(spans, at)).all()]
    visits: dict[str, list[Visit]] = {lane: [] for lane in LANES}
    for *visit, lane, _ in rows:
        visits[lane].append(as_visit(visit))
    counted = rows[0][-1] if rows else None
    by_lane = sums(counted, dict(zip(zones, (span.zone for span in spans), strict=True)))
    return {lane: Lane(visits[lane], *found) for lane, found in by_lane.items()}


def sums(counted: str | None, zones: Mapping[int, str]) -> dict[str, Sums]:
    """Of each lane, over all zones."""
    found: dict[str, Sums] = {}
    for lane, zone, *counts, next in unpacked(counted, 6):
        rows, due, late, former = found.get(lane, (0, 0, 0, None))
        # PostgreSQL tells the zone too, and that is UTC.
        soonest = (datetime.fromisoformat(next).replace(tzinfo=UTC), zones[int(zone)]) if next else None
        more = [int(count) for count in counts]
        next_due = min(filter(None, (former, soonest)), default=None)
        found[lane] = (rows + more[0], due + more[1], late + more[2], next_due)
    return found
