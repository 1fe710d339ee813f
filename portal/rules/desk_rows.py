"""The rows of Today: each visit in the words of its lane, at one moment; the page has only to write them down."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from portal import wording
from portal.rules.bookings import UNDO_STAFF as UNDO
from portal.rules.desk_lanes import ARRIVALS, HOUSE
from portal.rules.visits import Guest, Visit

UNDONE = {"arrival": "the check-in", "departure": "the check-out", "absence": "the no-show", "": ""}


class Row(NamedTuple):
    id: int
    client_id: int
    pets: list[Guest]
    many: int
    name: str
    machine: str  # when it is due, as browsers read it
    when: str
    before: str  # what stands before that, and after it
    after: str
    who: str
    late: str  # by how much; "" where nobody is late
    requested: bool
    unprotected: bool
    over: str  # why there is nothing more to do
    missed: bool
    flags: str
    cake: str  # whose birthday it is
    noted: bool
    is_new: bool
    tagged: bool  # with any of these
    step: str  # what is next, by its noun
    undo: str  # what can be taken back, by its noun
    undone: str  # and in words
    seconds: int  # for how long it still can


def rows(visits: Iterable[Visit], lane: str, at: datetime, several: bool) -> list[Row]:
    """At one of several locations each names its own."""
    days: dict[str, date] = {}
    found = []
    for visit in visits:
        if visit.zone not in days:
            days[visit.zone] = wording.today_in(visit.zone, at)
        found.append(row(visit, lane, at, days[visit.zone], several))
    return found


def row(visit: Visit, lane: str, at: datetime, today: date, several: bool) -> Row:
    due = visit.starts_at if lane == ARRIVALS else visit.ends_at
    here = wording.local(due, visit.zone)
    clock, over, requested = wording.clock(here), why_over(visit), visit.requested
    day = here.date()
    is_dated = lane == HOUSE or day != today
    step, undo, done_at = steps(visit, at)
    flags = ", ".join(visit.flags) if visit.marked else ""
    born = visit.celebrating(today)
    unprotected, is_new = visit.unprotected, visit.is_new(at)
    return Row(
        visit.id,
        visit.client_id,
        visit.pets,
        len(visit.pets),
        visit.name,
        here.isoformat(timespec="minutes") if is_dated else f"{here.hour:02}:{here.minute:02}",
        f"{wording.day(day, today)}, {clock}" if is_dated else clock,
        f"{visit.service}, until " if lane == HOUSE else "",
        "" if lane == HOUSE else f" {visit.service}, {visit.providers}" if visit.providers else f" {visit.service}",
        f"{visit.client} · {visit.location}" if several else visit.client,
        wording.lasting(at - due) if not over and visit.is_late(at) else "",
        requested,
        unprotected,
        over,
        visit.missed_at is not None,
        flags,
        f"Birthday today: {wording.listed(born)}" if born else "",
        visit.noted,
        is_new,
        bool(requested or unprotected or flags or born or visit.noted or is_new),
        step,
        undo,
        UNDONE[undo],
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
