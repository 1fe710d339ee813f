"""Packing: rows of another table inside one value of a row, so that a list takes one query."""

from typing import Any

from sqlalchemy import Enum, String, cast, func

from portal.db import written

UNIT, FIELD = "\x1e", "\x1f"
# In the statement itself, or it would have to be written anew at each call.
FIELDS, NOTHING = written(FIELD), written("")
UNITS: Any = written(UNIT)


def packed(*columns: Any) -> Any:
    """All rows that belong here, each with these columns; the last one may hold anything."""
    told = as_text(columns[0])
    for column in columns[1:]:
        told = told + FIELDS + as_text(column)
    return func.aggregate_strings(told, UNITS)


def as_text(column: Any) -> Any:
    is_text = isinstance(column.type, String) and not isinstance(column.type, Enum)
    return column if is_text else cast(column, String)


def or_nothing(column: Any) -> Any:
    return func.coalesce(cast(column, String), NOTHING)


def units(told: str | None) -> list[str]:
    return told.split(UNIT) if told else []


def unpacked(told: str | None, columns: int) -> list[list[str]]:
    return [unit.split(FIELD, columns - 1) for unit in units(told)]
