"""Kept days: the rows of what is kept day by day. Each is held while it is reckoned: whoever else reckons the same one
waits, and then sees what was written here. What says nothing is not there."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, update
from sqlalchemy.dialects import postgresql, sqlite

from portal.rules.kept import Key

INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
Told = Callable[..., Mapping[str, Any]]


def nothing(_: Connection, *__: Any) -> Mapping[str, Any]:
    return {}


class KeptDays:
    """Of a table: what a row has that says nothing, and what it has else. In that, the key of the row is told under the
    names of its columns, as in `the_day`."""

    def __init__(self, table: Any, empty: Mapping[str, Any], **values: Any) -> None:
        self.table, key = table, list(table.primary_key.columns)
        the = {column.name: bindparam(f"the_{column.name}", type_=column.type) for column in key}
        this = [column == the[column.name] for column in key]
        as_it_is = {name: table.c[name] for name in empty}
        self.names = [one.key for one in the.values()]
        self.hold = {
            dialect: insert(table).values(**the, **empty).on_conflict_do_update(index_elements=key, set_=as_it_is)
            for dialect, insert in INSERT.items()
        }
        self.reckon = update(table).where(*this).values(**values)
        self.drop = delete(table).where(*this, *(table.c[name] == value for name, value in empty.items()))

    def write(self, connection: Connection, keys: Sequence[Key], told: Told = nothing) -> None:
        """`told` is what is known of a key when it is held."""
        if not keys:
            return
        held = [dict(zip(self.names, key, strict=True)) for key in keys]
        connection.execute(self.hold[connection.dialect.name], held)
        rows = [{**one, **told(connection, *key)} for one, key in zip(held, keys, strict=True)]
        connection.execute(self.reckon, rows)
        connection.execute(self.drop, held)

    def put(self, connection: Connection, rows: Mapping[Key, Sequence[Any]]) -> None:
        """Where none of them is yet."""
        names = [column.name for column in self.table.columns]
        if rows:
            told = [dict(zip(names, (*key, *values), strict=True)) for key, values in sorted(rows.items())]
            connection.execute(self.table.insert(), told)
