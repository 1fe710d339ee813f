"""References: whether anything points at a row, so that nothing that is in use is ever removed."""

from collections.abc import Collection

from sqlalchemy import exists, or_, select

from portal.db import Base, db
from portal.models import Keyed


def in_use(row: Keyed, apart_from: Collection[str] = ()) -> bool:
    """Asked of every column of every table that may point at it, so that none is forgotten when a table is added."""
    table = Base.metadata.tables[row.__tablename__]  # type: ignore[attr-defined]
    columns = [
        column
        for other in Base.metadata.sorted_tables
        for column in other.columns
        if column.references(table.c.id) and other.name not in apart_from
    ]
    return bool(db.session.scalar(select(or_(*[exists().where(column == row.id) for column in columns]))))
