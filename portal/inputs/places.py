"""Where a business is: the time zones, countries and currencies to choose from."""

from functools import cache
from zoneinfo import available_timezones

import phonenumbers
from babel import Locale
from babel.numbers import get_territory_currencies
from wtforms import Field, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
ENGLISH = Locale("en", "US")
Choices = dict[str, str]


@cache
def zones() -> list[SelectChoice]:
    """By continent, each with its cities."""
    names = [name for name in sorted(available_timezones()) if name.partition("/")[0] in AREAS]
    found = [SelectChoice(name, city(name), optgroup=name.partition("/")[0]) for name in names]
    return [*found, SelectChoice("UTC", "UTC", optgroup="Other")]


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
    return dict(sorted(words.items(), key=lambda pair: pair[1]))


def zone() -> SelectField:
    return SelectField("Time zone", [is_zone], choices=zones(), validate_choice=False)


def is_zone(form: object, field: Field) -> None:
    if field.data not in [choice.value for choice in zones()]:
        raise ValidationError("Choose a time zone from the list.")
