"""Marks: the tone, the sign and the word of a booking or a class, wherever it stands in a list or in a calendar."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from portal import wording
from portal.rules.class_places import SHORT, Place
from portal.rules.packing import UNIT
from portal.rules.timetables import Day, Own, begins_on, hours_on

# For each status that is not simply "Booked": its word, its sign and its meaning.
MARKS = {
    "Booked": ("", "", "is-info"),
    "Requested": ("Requested", "hourglass", "is-info"),
    "Checked in": ("Checked in", "door-open", "is-positive"),
    "Done": ("Done", "check", "is-positive"),
    "Cancelled": ("Cancelled", "ban", "is-past"),
    "Declined": ("Declined", "ban", "is-past"),
    "No-show": ("No-show", "ban", "is-past"),
}
REGISTERED = ("Registered", "check", "is-positive")
# What can be done about a class; where nothing can, it is said why.
CLASSES = {
    "book": ("Book, {} left", "plus", "is-offer"),
    "offered": (SHORT["offered"], "check", "is-offer"),
    "waiting": (SHORT["waiting"], "hourglass", "is-past"),
    "join": ("Full, join waitlist", "hourglass", "is-past"),
}
HOLLOW = {"Requested", "waiting"}


class Face(NamedTuple):
    """In a day or a week. A booking of the client's has no id, since nothing changes it in place."""

    id: int | None
    path: str
    tone: str
    sign: str
    word: str
    hollow: bool
    joins: bool
    hours: str
    name: str
    about: str


class Line(NamedTuple):
    """In a month, where lines are short."""

    path: str
    tone: str
    name: str
    words: str


class Cell(NamedTuple):
    """A day of a month, of another month with that one's name, and how many classes are only counted."""

    path: str
    weekday: str
    number: int
    month: str
    is_today: bool
    more: str
    lines: list[Line]


def of_booking(row: Own) -> tuple[str, str, str]:
    return REGISTERED if row.status == "Booked" else MARKS[row.status]


def faces(rows: Iterable[Own | Place], day: date) -> list[Face]:
    return [of_own(row, day) if isinstance(row, Own) else of_class(row, day) for row in rows]


def of_own(row: Own, day: date) -> Face:
    word, sign, tone = of_booking(row)
    about = f"{wording.listed(row.pets)}, {row.location}"
    hollow = row.status in HOLLOW
    return Face(None, f"/bookings/{row.id}", tone, sign, word, hollow, False, hours_on(row, day), row.service, about)


def of_class(row: Place, day: date) -> Face:
    word, sign, tone = CLASSES.get(row.state) or (row.why, "ban", "is-past")
    about = f"{wording.listed(row.providers.split(UNIT))}, {row.location}" if row.providers else row.location
    state, hours = row.state, hours_on(row, day)
    return Face(
        row.id, row.path, tone, sign, word.format(row.left), state in HOLLOW, state == "join", hours, row.name, about
    )


def cells(days: Iterable[Day], month: int, today: date, path: str) -> list[Cell]:
    return [cell(one, one.day, month, one.day == today, path) for one in days]


def cell(row: Day, day: date, month: int, is_today: bool, path: str) -> Cell:
    name = wording.MONTHS[day.month] if day.month != month else ""
    lines = [of_own_in_short(one, day) if isinstance(one, Own) else of_class_in_short(one, day) for one in row.rows]
    return Cell(f"{path}{day}", wording.DAYS[day.weekday()], day.day, name, is_today, more(row), lines)


def more(day: Day) -> str:
    """The classes that are not named: 65 classes; where one is, 64 more classes."""
    if not day.more:
        return ""
    more = "more " if day.more < day.classes else ""
    return wording.counted(day.more, f"{more}class", f"{more}classes")


def of_own_in_short(row: Own, day: date) -> Line:
    word, _, tone = of_booking(row)
    return Line(f"/bookings/{row.id}", tone, row.service, f"{begins_on(row, day)}, {word}")


def of_class_in_short(row: Place, day: date) -> Line:
    tone = "is-offer" if row.state in ("book", "offered") else "is-past"
    return Line(row.path, tone, row.name, f"{begins_on(row, day)}, {row.word}")
