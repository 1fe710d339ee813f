"""Among: whether a number is one of any number of them. They are told as one value, so that the statement is the same
for all, and nobody writes it anew at each call."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Dialect, String, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator


class Numbers(TypeDecorator[Iterable[int]]):
    """A list as JSON for SQLite, an array for PostgreSQL."""

    impl = String
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Any:
        opening, closing = "[]" if dialect.name == "sqlite" else "{}"
        return lambda numbers: f"{opening}{','.join(map(str, numbers))}{closing}"


class Among(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True


@compiles(Among, "sqlite")
def in_list(element: Among, compiler: Any, **words: Any) -> str:
    number, numbers = (compiler.process(part, **words) for part in element.clauses)
    return f"{number} IN (SELECT value FROM json_each({numbers}))"  # noqa: S608


@compiles(Among, "postgresql")
def in_array(element: Among, compiler: Any, **words: Any) -> str:
    number, numbers = (compiler.process(part, **words) for part in element.clauses)
    return f"{number} = ANY (CAST({numbers} AS INTEGER[]))"


def among(number: Any, name: str) -> ColumnElement[bool]:
    """Whether it is one of those that are told under this name."""
    return Among(number, bindparam(name, type_=Numbers)).as_comparison(1, 2)


def one_of(number: Any, named: Sequence[Any]) -> ColumnElement[bool]:
    """The same of a few, each told by itself: where it needs no index, SQLite compares two of them as they are,
    and makes no table of them, as it does of every list."""
    found: ColumnElement[bool] = number.in_(named) if len(named) > 1 else number == named[0]
    return found
