"""Where a business is: the time zones, countries and currencies to choose from."""

from functools import cache
from zoneinfo import available_timezones

import phonenumbers
from babel import Locale
from babel.numbers import get_territory_currencies
from wtforms import Field, SelectField, ValidationError

AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
ENGLISH = Locale("en", "US")
Choices = list[tuple[str, str]]


@cache
def zones() -> dict[str, Choices]:
    """By continent, each with its cities."""
    names = sorted(available_timezones())
    found = {area: [(name, city(name)) for name in names if name.startswith(f"{area}/")] for area in AREAS}
    return {**found, "Other": [("UTC", "UTC")]}


def city(zone: str) -> str:
    """America/Argentina/Buenos_Aires: Buenos Aires, Argentina."""
    return ", ".join(reversed(zone.replace("_", " ").split("/")[1:])) or zone


@cache
def countries() -> Choices:
    return named({code: str(ENGLISH.territories[code]) for code in phonenumbers.SUPPORTED_REGIONS})


@cache
def currencies() -> Choices:
    """What is paid with today, somewhere."""
    used = {code for country in phonenumbers.SUPPORTED_REGIONS for code in get_territory_currencies(country)}
    return named({code: f"{ENGLISH.currencies.get(code, code)} ({code})" for code in used})


def named(words: dict[str, str]) -> Choices:
    return sorted(words.items(), key=lambda pair: pair[1])


def zone() -> SelectField:
    return SelectField("Time zone", [is_zone], choices=zones(), validate_choice=False)


def is_zone(form: object, field: Field) -> None:
    if field.data not in [name for area in zones().values() for name, _ in area]:
        raise ValidationError("Choose a time zone from the list.")
