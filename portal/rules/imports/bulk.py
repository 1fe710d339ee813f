"""Rows by the thousand: written past the session's objects, under ids that are taken beforehand."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, bindparam, func, insert, select, text, update

from portal.db import db

# Whoever writes clients and pets so calls `indexing.index` afterwards.
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
    """Every row says the same columns."""
    if rows:
        db.session.execute(insert(table(model)), rows, execution_options=WORDS_KEPT)


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
