"""Packing: rows of another table inside one value of a row, so that a list takes one query."""

import json
from typing import Any

from sqlalchemy import Enum, String, cast, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

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


class Listed(FunctionElement[str]):
    """All rows that belong here, as `lists` reads them: numbers and days, of which there may be dozens."""

    type = String()
    inherit_cache = True


@compiles(Listed, "sqlite")
def as_group(element: Listed, compiler: Any, **words: Any) -> str:
    return f"json_group_array(json_array({compiler.process(element.clauses, **words)}))"


@compiles(Listed, "postgresql")
def as_aggregate(element: Listed, compiler: Any, **words: Any) -> str:
    return f"CAST(json_agg(json_build_array({compiler.process(element.clauses, **words)})) AS VARCHAR)"


def lists(told: str | None) -> list[list[Any]]:
    """Days as they are written, 2026-11-23."""
    return json.loads(told) if told else []


def units(told: str | None) -> list[str]:
    return told.split(UNIT) if told else []


def unpacked(told: str | None, columns: int) -> list[list[str]]:
    return [unit.split(FIELD, columns - 1) for unit in units(told)]
