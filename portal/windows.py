"""Windows: the hours of a week, as somebody works or a door is open. 0 is Monday."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from itertools import groupby
from typing import NamedTuple

from portal import wording

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Window(NamedTuple):
    weekday: int
    since: time
    until: time


def wrong(windows: Sequence[Window]) -> dict[int, str]:
    """What does not fit, by its place in the list."""
    found = {}
    for number, window in enumerate(windows):
        if window.until <= window.since:
            found[number] = "The end lies before the beginning. For midnight write 11:59\u00a0PM."
        elif any(meet(window, other) for other in windows[:number]):
            found[number] = f"Two of the hours of {WEEKDAYS[window.weekday]} overlap."
    return found


def meet(one: Window, other: Window) -> bool:
    return one.weekday == other.weekday and one.since < other.until and other.since < one.until


def in_words(windows: Iterable[Window]) -> list[str]:
    """Mon–Fri 9:00 AM–12:00 PM and 1:00–5:00 PM: a line for days that are alike."""
    days = [""] * 7
    for weekday, rows in groupby(sorted(windows), key=lambda window: window.weekday):
        days[weekday] = " and ".join(span(window) for window in rows)
    lines = []
    for said, numbers in groupby(range(7), key=lambda weekday: days[weekday]):
        alike = list(numbers)
        names = dict.fromkeys((wording.DAYS[alike[0]], wording.DAYS[alike[-1]]))
        if said:
            lines.append(f"{wording.TO.join(names)} {said}")
    return lines


def span(window: Window) -> str:
    since, until = (wording.clock(datetime.combine(date.min, wall)) for wall in (window.since, window.until))
    return f"{since}{wording.TO}{until}"
