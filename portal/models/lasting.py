"""How long bookings last, in the words of each database: the few that last long have an index of their own."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Integer, literal_column, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

LONG = timedelta(hours=6)
AS_LONG = str(int(LONG.total_seconds()))
SECONDS = {
    "sqlite": "strftime('%s', ends_at) - strftime('%s', starts_at)",
    "postgresql": "extract(epoch FROM ends_at - starts_at)",
}
OF_LONG: Any = {f"{database}_where": text(f"{seconds} >= {AS_LONG}") for database, seconds in SECONDS.items()}


class Lasting(FunctionElement[int]):
    """In seconds, of the bookings that alone are read."""

    inherit_cache = True
    name = "lasting"
    type = Integer()


@compiles(Lasting)
def say(_: Lasting, compiler: SQLCompiler, **__: Any) -> str:
    return SECONDS[compiler.dialect.name]


# Said word for word as in the index, or it is not found.
LASTS_LONG = Lasting() >= literal_column(AS_LONG, Integer)
