"""Rhythms: the rule by which a class repeats, as RFC 5545 writes it, the days it makes, and how it is said."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time

from dateutil.rrule import rrulestr

from portal import wording

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NTH = {"1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth", "-1": "last"}


def weekly(weekdays: Iterable[int], every: int = 1) -> str:
    """0 is Monday."""
    return f"FREQ=WEEKLY;INTERVAL={every};BYDAY={','.join(CODES[day] for day in sorted(set(weekdays)))}"


def monthly(like: date, every: int = 1, *, last: bool = False) -> str:
    """By the weekday of this day and which of the month it is: the second Tuesday, or the last."""
    nth = -1 if last else (like.day - 1) // 7 + 1
    return f"FREQ=MONTHLY;INTERVAL={every};BYDAY={nth}{CODES[like.weekday()]}"


def monthly_on(day_of_month: int, every: int = 1) -> str:
    """A month without such a day has no such date: nothing is shifted to another."""
    return f"FREQ=MONTHLY;INTERVAL={every};BYMONTHDAY={day_of_month}"


def by_choice(how: str, first_day: date, every: int, weekdays: Collection[int]) -> str:
    """The rule for what can be chosen of it; once is no rule. A week without weekdays is on that of the first day."""
    rules = {
        "weekly": weekly(weekdays or [first_day.weekday()], every),
        "monthly": monthly(first_day, every),
        "monthly_last": monthly(first_day, every, last=True),
        "monthly_day": monthly_on(first_day.day, every),
    }
    return rules.get(how, "")


def days(rule: str, first_day: date, since: date, until: date) -> list[date]:
    """The dates of a rule from one day to another, both included."""
    dates = rrulestr(rule, dtstart=datetime.combine(first_day, time()))
    found = dates.between(datetime.combine(since, time()), datetime.combine(until, time()), inc=True)
    return [when.date() for when in found]


def day_number(rule: str, first_day: date, count: int) -> date | None:
    """The last of so many dates."""
    found = [when.date() for when in rrulestr(f"{rule};COUNT={count}", dtstart=datetime.combine(first_day, time()))]
    return found[-1] if found else None


def parts_of(rule: str) -> dict[str, str]:
    return dict(part.split("=") for part in rule.split(";"))


def is_of_one_weekday(rule: str) -> bool:
    """Then all of its dates can be so many days earlier or later, and still follow a rule."""
    parts = parts_of(rule)
    return parts["FREQ"] == "WEEKLY" and "," not in parts["BYDAY"]


def on_weekday_of(day: date, rule: str) -> str:
    """The same rhythm on the weekday of this day."""
    return weekly([day.weekday()], int(parts_of(rule)["INTERVAL"]))


def words(rule: str) -> str:
    """Every week on Tuesday and Thursday; every 2 months on the second Tuesday."""
    parts = parts_of(rule)
    every, unit = int(parts.get("INTERVAL", 1)), "week" if parts["FREQ"] == "WEEKLY" else "month"
    often = f"Every {unit}" if every == 1 else f"Every {every} {unit}s"
    if "BYMONTHDAY" in parts:
        return f"{often} on day {parts['BYMONTHDAY']}"
    named = [spoken(code) for code in parts["BYDAY"].split(",")]
    return f"{often} on {wording.listed(named)}"


def spoken(code: str) -> str:
    name = wording.LONG_DAYS[CODES.index(code[-2:])]
    return f"the {NTH[code[:-2]]} {name}" if code[:-2] else name
