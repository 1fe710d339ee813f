"""Settings parts: what belongs to something else came or went, such as the opening hours of a location, in words."""

from collections.abc import Callable
from itertools import groupby
from typing import Any

from portal.models import (
    AddOn,
    Animal,
    Closure,
    Location,
    MembershipService,
    Offering,
    OpeningHours,
    Service,
    ServiceAddOn,
    ServiceAnimal,
    ServiceProvider,
    ServiceVaccine,
    TimeOff,
    VaccineKind,
    WorkingHours,
)
from portal.rules.business import the_business
from portal.rules.closures import Closed
from portal.rules.settings_lines import Called, name
from portal.rules.time_off import Away
from portal.windows import Window, in_words


def hours(rows: list[tuple[int, Window]]) -> list[str]:
    rows.sort()
    weeks = [(id, in_words(window for _, window in some)) for id, some in groupby(rows, key=lambda row: row[0])]
    return [f"{' and '.join(week)}{f' at {name(Location, id)}' if id else ''}" for id, week in weeks]


def time_off(row: TimeOff) -> str:
    return Away(0, row.starts_at, row.ends_at, "", the_business().time_zone, []).words


# What is only a part of something: the column it goes by, and some of them in words.
PARTS: dict[type, tuple[str, Callable[[list[Any]], list[str]]]] = {
    OpeningHours: (
        "weekday",
        lambda rows: hours([(0, Window(row.weekday, row.opens_at, row.closes_at)) for row in rows]),
    ),
    Closure: (
        "first_day",
        lambda rows: [Closed(0, row.first_day, row.last_day, "", []).words for row in rows],
    ),
    Offering: ("location_id", lambda rows: [name(Location, row.location_id) for row in rows]),
    ServiceAnimal: ("animal_id", lambda rows: [name(Animal, row.animal_id) for row in rows]),
    ServiceVaccine: ("vaccine_kind_id", lambda rows: [name(VaccineKind, row.vaccine_kind_id) for row in rows]),
    ServiceAddOn: ("add_on_id", lambda rows: [name(AddOn, row.add_on_id) for row in rows]),
    ServiceProvider: ("service_id", lambda rows: [name(Service, row.service_id) for row in rows]),
    MembershipService: ("service_id", lambda rows: [name(Service, row.service_id) for row in rows]),
    WorkingHours: (
        "weekday",
        lambda rows: hours([(row.location_id, Window(row.weekday, row.since, row.until)) for row in rows]),
    ),
    TimeOff: ("starts_at", lambda rows: [time_off(row) for row in rows]),
}


def of_parts(rows: list[Any], verb: str, called: Called) -> str:
    """Opening hours: added Mon–Fri 9:00 AM–5:00 PM."""
    column, in_their_words = PARTS[type(rows[0])]
    label, _ = called(rows[0].__tablename__, column)
    return f"{label}: {verb} {', '.join(sorted(in_their_words(rows)))}"
