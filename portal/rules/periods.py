"""Periods: the day, week or month that a calendar shows, and the ones before and after it."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.wording import MONTHS, TO, full_day, month_name

VIEWS = {"week": "Week", "month": "Month", "day": "Day"}
ONE, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Period:
    view: str
    day: date  # the one that was asked for; it stays when the view changes
    first: date
    last: date
    title: str
    before: date
    after: date

    @property
    def days(self) -> list[date]:
        return [self.first + ONE * number for number in range((self.last - self.first).days + 1)]


def period(view: str, day: date) -> Period:
    """A week begins on Monday; a month is shown in whole weeks."""
    if view == "day":
        return Period(view, day, day, day, full_day(day), day - ONE, day + ONE)
    if view == "month":
        first = day.replace(day=1)
        after = (first + timedelta(days=31)).replace(day=1)
        ends = after - ONE
        whole = first - ONE * first.weekday(), ends + ONE * (6 - ends.weekday())
        return Period(view, day, *whole, month_name(first), (first - ONE).replace(day=1), after)
    first = day - ONE * day.weekday()
    return Period("week", day, first, first + ONE * 6, week_title(first), day - WEEK, day + WEEK)


def week_title(first: date) -> str:
    """23–29 Nov 2026; 30 Nov–6 Dec 2026; 28 Dec 2026–3 Jan 2027"""
    last = first + ONE * 6
    if first.year != last.year:
        return f"{first.day} {MONTHS[first.month]} {first.year}{TO}{last.day} {MONTHS[last.month]} {last.year}"
    if first.month != last.month:
        return f"{first.day} {MONTHS[first.month]}{TO}{last.day} {MONTHS[last.month]} {last.year}"
    return f"{first.day}{TO}{last.day} {MONTHS[last.month]} {last.year}"
