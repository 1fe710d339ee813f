"""The rows of Today: each visit in the words of its lane, at one moment; the page has only to write them down."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from portal import wording
from portal.rules.bookings import UNDO_STAFF as UNDO
from portal.rules.desk_lanes import ARRIVALS, HOUSE
from portal.rules.visits import Visit


class Row(NamedTuple):
    visit: Visit
    name: str
    machine: str  # when it is due, as browsers read it
    when: str
    late: str  # by how much; "" where nobody is late
    over: str  # why there is nothing more to do
    flags: str
    cake: str  # whose birthday it is
    is_new: bool
    step: str  # what is next, by its noun
    undo: str  # what can be taken back, by its noun
    seconds: int  # for how long it still can


def rows(visits: Iterable[Visit], lane: str, at: datetime) -> list[Row]:
    return [row(visit, lane, at) for visit in visits]


def row(visit: Visit, lane: str, at: datetime) -> Row:
    due = visit.starts_at if lane == ARRIVALS else visit.ends_at
    here, today = wording.local(due, visit.zone), wording.today_in(visit.zone, at)
    clock, over = wording.clock(here), why_over(visit)
    step, undo, done_at = steps(visit, at)
    return Row(
        visit,
        visit.name,
        here.isoformat(timespec="minutes"),
        clock if lane != HOUSE and here.date() == today else f"{wording.day(here.date(), today)}, {clock}",
        wording.lasting(at - due) if not over and visit.is_late(at) else "",
        over,
        ", ".join(visit.flags) if visit.marked else "",
        wording.listed(visit.celebrating(at)),
        visit.is_new(at),
        step,
        undo,
        max(int((UNDO - (at - done_at)).total_seconds()), 1) if undo and done_at else 0,
    )


def why_over(visit: Visit) -> str:
    if visit.missed_at:
        return "No-show"
    left = visit.checked_out_at
    return f"Checked out, {wording.clock(wording.local(left, visit.zone))}" if left else ""


def steps(visit: Visit, at: datetime) -> tuple[str, str, datetime | None]:
    """What is next, what was last and can be taken back, and when that was."""
    if visit.checked_out_at:
        return "", "departure", visit.checked_out_at
    if visit.checked_in_at:
        return "departure", "arrival" if visit.may_undo(visit.checked_in_at, at) else "", visit.checked_in_at
    if visit.requested:
        return "", "", None
    return "arrival", "absence" if visit.may_undo(visit.missed_at, at) else "", visit.missed_at
