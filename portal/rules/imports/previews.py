"""A first look at a list: what it is made of, what its columns hold, and a few rows of it."""

from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import IO

from portal.gateways import tables
from portal.rules.imports import dates, guesses
from portal.rules.imports.choices import Choices
from portal.rules.imports.fields import MOST_COLUMNS, target
from portal.rules.imports.known import Known

LOOKED_AT = 2_000
LOOKED_INTO = 500
SAMPLES = 3
Rows = list[tuple[int, list[str]]]


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    samples: list[str]
    key: str
    empty: bool


def guess(file: IO[bytes], known: Known, country: str) -> Choices:
    """What a list is, as far as it can be told; staff look it over."""
    shape = tables.shape(file)
    choices = Choices(shape.encoding, shape.delimiter, country=country, animal_id=next(iter(known.animal_names), 0))
    return with_columns(file, choices, known)


def with_columns(file: IO[bytes], choices: Choices, known: Known, *, header: int | None = None) -> Choices:
    """The same with its columns guessed anew, for another encoding or delimiter makes other columns."""
    first = first_rows(file, choices)
    if header is None:
        place = guesses.header([cells for _, cells in first])
        header = first[place - 1][0] if place else 0
    rows = [cells for number, cells in first if number > header]
    names = headers(first, header)
    keys = guesses.columns(names if header else [""] * len(names), rows[:50], known.vaccine_names)
    days = [row[place] for place, key in enumerate(keys) if is_dated(key) for row in rows if place < len(row)]
    order = dates.order(days, choices.country)
    return replace(choices, header=header, columns=keys, pets=guesses.pets(keys), dates=order)


def is_dated(key: str) -> bool:
    found = target(key)
    return found is not None and found.dated


def first_rows(file: IO[bytes], choices: Choices) -> Rows:
    """As far as they can be read, and no more of them than a look takes in."""
    found: Rows = []
    with suppress(tables.Unreadable):
        some = islice(tables.rows(file, choices.shape), LOOKED_AT)
        found.extend((number, [cell[:LOOKED_INTO] for cell in cells[:MOST_COLUMNS]]) for number, cells in some)
    return found


def headers(rows: Rows, header: int) -> list[str]:
    """A column without a name is called by its letter, as spreadsheets do."""
    named = next((cells for number, cells in rows if number == header), [])
    width = len(named) if named else max((len(cells) for _, cells in rows), default=0)
    names = [cell.strip().removeprefix("\ufeff") for cell in named] or [""] * width
    return [" ".join(name.split())[:80] or f"Column {letter(place)}" for place, name in enumerate(names)][:MOST_COLUMNS]


def letter(place: int) -> str:
    """A, B … Z, AA, AB: as spreadsheets count."""
    before, here = divmod(place, 26)
    return (letter(before - 1) if before else "") + chr(ord("A") + here)


def columns(file: IO[bytes], choices: Choices) -> list[Column]:
    """Each with its name, the first things that stand in it, and what it is taken for."""
    rows = first_rows(file, choices)
    names = headers(rows, choices.header)
    filled: list[list[str]] = [[] for _ in names]
    for number, cells in rows:
        if number > choices.header:
            for column, cell in zip(filled, cells, strict=False):
                if len(column) < SAMPLES and cell.strip():
                    column.append(" ".join(cell.split())[:60])
    keys = [*choices.columns, *[""] * len(names)]
    return [Column(name, some, key, not some) for name, some, key in zip(names, filled, keys, strict=False)]


def count(file: IO[bytes], choices: Choices) -> int:
    number = 0
    with suppress(tables.Unreadable):
        for number, _ in tables.rows(file, choices.shape):  # noqa: B007
            pass
    return number
