"""PostgreSQL's own ways. Imported only where it is the database, as only then its driver has to be there."""

import select
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import psycopg
from psycopg import _queries
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DisconnectionError

# The driver finds the values in each statement anew, but for short ones with few values. Ours are as many as there are
# in the code, and the longest is that of Today, which every tablet asks for all day.
_queries.MAX_CACHED_STATEMENT_LENGTH, _queries.MAX_CACHED_STATEMENT_PARAMS = 32_768, 500


class Reader(psycopg.Cursor[Any]):
    """SQLAlchemy asks each time for the columns of an answer, and looks at them the first time: they are described when
    somebody looks."""

    @property
    def description(self) -> Any:
        return Columns(self) if self.pgresult and self.pgresult.nfields else super().description

    def described(self) -> Any:
        return super().description


class Columns(Sequence[psycopg.Column]):
    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    @cached_property
    def all(self) -> list[psycopg.Column]:
        columns: list[psycopg.Column] = self.reader.described()
        return columns

    def __getitem__(self, at: Any) -> Any:
        return self.all[at]

    def __len__(self) -> int:
        return len(self.all)


def prepare(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, _: Any) -> None:
        connection.autocommit = True
        connection.execute("SET TIME ZONE 'UTC'")  # as moments are wanted, so that none has to be moved
        connection.execute("SET jit = off")  # it takes longer to compile a question than to answer it
        connection.cursor_factory = Reader

    @event.listens_for(engine, "do_execute")
    def execute(cursor: Any, statement: str, values: Any, context: Any) -> bool:
        """A statement with the option `one_plan` is planned once for all values. To plan it for each takes longer than
        to answer it, and that is what PostgreSQL does where it fears that the one plan would read more. All three go
        out together, and if one fails, the others are undone."""
        by_one_plan = "one_plan" in context.execution_options
        if by_one_plan:
            with cursor.connection.pipeline():
                cursor.connection.execute("SET plan_cache_mode = force_generic_plan")
                cursor.execute(statement, values)
                cursor.connection.execute("SET plan_cache_mode = auto")
        return by_one_plan

    @event.listens_for(engine, "checkout")
    def look(connection: Any, _: Any, __: Any) -> None:
        """A server has nothing to say unasked but its farewell. Listening costs a hundredth of asking it."""
        if connection.closed or says_something(connection):
            raise DisconnectionError("the server has closed this connection")


def says_something(connection: Any) -> bool:
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return bool(waiting.poll(0))
