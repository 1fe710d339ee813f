"""Rows by the thousand: written past the session's objects, under ids that are taken beforehand."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Table, bindparam, func, insert, select, text, update

from portal.db import db

# Whoever writes clients and pets here calls `indexing.index` afterwards.
WORDS_KEPT = {"words_kept": True}
LAST_EVER = text("SELECT seq FROM sqlite_sequence WHERE name = :name")


def ids(model: type[Any], count: int) -> Sequence[int]:
    """So many ids that nobody else takes: PostgreSQL counts them out, on SQLite nobody else is writing."""
    if db.engine.dialect.name == "postgresql":
        counter = func.nextval(func.pg_get_serial_sequence(model.__tablename__, "id"))
        return db.session.scalars(select(counter).select_from(func.generate_series(1, count))).all()
    last = db.session.scalar(LAST_EVER, {"name": model.__tablename__}) or 0
    return range(last + 1, last + 1 + count)


def add(model: type[Any], rows: list[dict[str, Any]]) -> None:
    """Every row says the same columns. By the driver itself: SQLAlchemy looks longer at each row than writing it takes,
    and on SQLite nobody else can write meanwhile."""
    if not rows:
        return
    db.session.flush()
    columns = [column for column in table(model).columns if column.name in rows[0] or has_usual(column)]
    stored = {column.name: values(column, rows) for column in columns}
    statement = insert(table(model)).compile(dialect=db.engine.dialect, column_keys=list(stored))
    names = statement.positiontup or list(stored)
    ready: Any = list(zip(*(stored[name] for name in names), strict=True))
    if not statement.positional:
        ready = [dict(zip(names, row, strict=True)) for row in ready]
    db.session.connection().exec_driver_sql(statement.string, ready)


def has_usual(column: Column[Any]) -> bool:
    return column.default is not None and column.default.is_scalar


def values(column: Column[Any], rows: list[dict[str, Any]]) -> list[Any]:
    """As the database takes them."""
    process: Any = column.type.dialect_impl(db.engine.dialect).bind_processor(db.engine.dialect)
    usual: Any = column.default
    said = [row[column.name] for row in rows] if column.name in rows[0] else [usual.arg] * len(rows)
    return [process(value) for value in said] if process else said


def change(model: type[Any], rows: list[dict[str, Any]]) -> None:
    """Every row says the same columns, and its id."""
    if rows:
        names: dict[str, Any] = {name: bindparam(f"new_{name}") for name in rows[0] if name != "id"}
        statement = update(table(model)).where(model.id == bindparam("old_id")).values(names)
        bound = [{"old_id": row["id"], **{f"new_{name}": row[name] for name in names}} for row in rows]
        db.session.execute(statement, bound, execution_options=WORDS_KEPT)


def table(model: type[Any]) -> Table:
    found: Table = model.__table__
    return found
