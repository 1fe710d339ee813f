"""What the address says of Book Now: what is chosen, and which step is looked at."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import request
from wtforms import BooleanField, HiddenField

from portal.chosen import Chosen
from portal.inputs import Input, asked, id_of, many_lines
from portal.inputs.messages import new_key, whole

MOST_PETS, MOST_DAYS = 20, 60
YEARS = range(2001, 2200)
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])", re.ASCII)


class BookNow(Input):
    """The last step. The key names this form, however often it is sent."""

    notes = many_lines("Notes", 2_000)
    key = HiddenField(default=new_key, filters=[whole])
    overbook = BooleanField("Book it beyond the places")
    quiet = BooleanField("Do not notify the client")

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
    first, last = day_of(asked("first")), day_of(asked("last"))
    return Chosen(
        service=one("service"),
        series=one("series"),
        location=one("location"),
        pet=tuple(id for id in many("pet") if id)[:MOST_PETS],
        add_on=many("add_on")[:MOST_PETS],
        provider=one("provider"),
        session=one("session"),
        at=moment_of(asked("at")),
        day=tuple(sorted({*days("day"), *repeated()})[:MOST_DAYS]),
        first=first,
        last=last,
    )


def many(name: str) -> tuple[int, ...]:
    """Each once, in the order of the address."""
    told = [value for value in request.args.getlist(name) if value == "0" or id_of(value)]
    return tuple(dict.fromkeys(int(value) for value in told))


def one(name: str) -> int | None:
    return next(iter(many(name)), None)


def days(name: str) -> list[date]:
    return [day for value in request.args.getlist(name)[:366] if (day := day_of(value))]


def repeated() -> list[date]:
    """Weekdays until a date, from the day after which they were asked for."""
    since, until = day_of(asked("since")), day_of(asked("until"))
    weekdays = {int(value) for value in request.args.getlist("weekday") if value in tuple("0123456")}
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
        moment = datetime.strptime(told, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return moment if moment.year in YEARS else None
