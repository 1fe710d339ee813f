"""What the address says of Book Now: what is chosen, and which step is looked at."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import request
from wtforms import BooleanField, HiddenField

from portal.chosen import Chosen
from portal.inputs import Input, asked, dont_notify, id_of, many_lines, word
from portal.inputs.messages import new_key, whole

MOST_PETS, MOST_DAYS = 20, 60
YEARS = range(2001, 2200)
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])", re.ASCII)
Told = Mapping[str, list[str]]


class BookNow(Input):
    """The last step. The key names this form, however often it is sent."""

    notes = many_lines("Notes", 2_000)
    key = HiddenField(default=new_key, filters=[whole])
    overbook = BooleanField("Book it beyond the places")
    quiet = dont_notify()

    @property
    def waits(self) -> set[date]:
        """The full days on which they would wait for a place."""
        return {day for value in request.form.getlist("wait") if (day := day_of(value))}

    @property
    def another(self) -> dict[str, Any]:
        """Another time, looked at in place of one that was just taken."""
        moment, session = moment_of(request.form.get("another", "")), id_of(request.form.get("session", ""))
        return {"at": moment} if moment else {"session": session} if session else {}


def chosen() -> Chosen:
    """What cannot be read counts as not chosen, and is asked for anew."""
    told = address()
    return Chosen(
        service=one(told, "service"),
        series=one(told, "series"),
        location=one(told, "location"),
        pet=tuple(id for id in ids(told, "pet") if id)[:MOST_PETS],
        add_on=ids(told, "add_on")[:MOST_PETS],
        provider=one(told, "provider"),
        session=one(told, "session"),
        at=moment_of(first(told, "at")),
        day=tuple(sorted({*all_days(told, "day"), *repeated(told)})[:MOST_DAYS]),
        first=day_of(first(told, "first")),
        last=day_of(first(told, "last")),
    )


def address() -> Told:
    """All that it says. Most of what could be chosen is not in it."""
    return request.args.to_dict(flat=False)


def many(name: str) -> tuple[int, ...]:
    return ids(address(), name)


def days(name: str) -> list[date]:
    return all_days(address(), name)


def ids(told: Told, name: str) -> tuple[int, ...]:
    """Each once, in the order of the address."""
    if name not in told:
        return ()
    return tuple(dict.fromkeys(int(value) for value in told[name] if value == "0" or id_of(value)))


def one(told: Told, name: str) -> int | None:
    return next(iter(ids(told, name)), None)


def first(told: Told, name: str) -> str:
    return word(told[name][0]) if name in told else ""


def all_days(told: Told, name: str) -> list[date]:
    return [day for value in told.get(name, ())[:366] if (day := day_of(value))]


def repeated(told: Told) -> list[date]:
    """Weekdays until a date, from the day after which they were asked for."""
    since, until = day_of(first(told, "since")), day_of(first(told, "until"))
    weekdays = {int(value) for value in told.get("weekday", ()) if value in tuple("0123456")}
    if since is None or until is None or not weekdays:
        return []
    length = min((until - since).days, 366)
    found = (since + timedelta(days=number) for number in range(length + 1))
    return [day for day in found if day.weekday() in weekdays]


def month() -> date | None:
    """The first day of the month that is looked at."""
    told = asked("month")
    return day_of(f"{told}-01") if MONTH.fullmatch(told) else None


def day_of(told: str) -> date | None:
    try:
        day = date.fromisoformat(told) if len(told) == 10 else None
    except ValueError:
        return None
    return day if day and day.year in YEARS else None


def wall_of(told: str) -> time | None:
    try:
        return time.fromisoformat(told) if len(told) == 5 else None
    except ValueError:
        return None


def moment_of(told: str) -> datetime | None:
    try:
        moment = datetime.strptime(told, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC) if told else None
    except ValueError:
        return None
    return moment if moment and moment.year in YEARS else None
