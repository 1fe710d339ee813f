"""One row of any table, made from its columns: so that a table added later is swept without being listed."""

from datetime import UTC, date, datetime, time
from enum import StrEnum
from io import BytesIO
from typing import Any

from sqlalchemy import Column, ForeignKeyConstraint

from portal.db import Base, Instant, db
from portal.models import Client, File, OfClient
from portal.rules import files
from tests import samples

MODELS: dict[str, type[Any]] = {mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers}  # type: ignore[attr-defined]
PLAIN: dict[type[Any], Any] = {
    str: "marker",
    int: 1,
    bool: False,
    datetime: datetime(2026, 11, 24, 14, tzinfo=UTC),
    date: date(2027, 3, 14),
    time: time(18),
}
# An end lies after its beginning, as the tables demand.
ENDS = {"ends", "closes", "until", "last"}
LATER: dict[type[Any], Any] = {
    datetime: datetime(2026, 11, 24, 16, tzinfo=UTC),
    date: date(2027, 3, 15),
    time: time(19),
}


def of_client() -> list[type[Any]]:
    return sorted((model for model in MODELS.values() if issubclass(model, OfClient)), key=lambda model: model.__name__)


def one_of(model: type[Any], client: Client, **given: Any) -> Any:
    """A row with every required column filled; where it points at another row, that is the client's too."""
    if model is File:
        return files.keep(BytesIO(samples.pdf("marker")), "marker.pdf", at=PLAIN[datetime])
    values: dict[str, Any] = dict(given)
    table = model.__table__
    for constraint in sorted(table.foreign_key_constraints, key=lambda fk: -len(fk.columns)):
        point(constraint, client, values)
    for column in table.columns:
        if column.name not in values and not column.nullable and column.default is None and not is_own_key(column):
            values[column.name] = plain(column)
    row = model(**values)
    db.session.add(row)
    db.session.flush()
    return row


def point(constraint: ForeignKeyConstraint, client: Client, values: dict[str, Any]) -> None:
    target = constraint.referred_table.name
    open_ends = [element for element in constraint.elements if element.parent.name not in values]
    if all(element.parent.nullable for element in open_ends):
        return
    found = client if target == "client" else existing(target, client) or one_of(MODELS[target], client)
    for element in open_ends:
        values[element.parent.name] = getattr(found, element.column.name)


def existing(table: str, client: Client) -> Any:
    model = MODELS[table]
    query = db.session.query(model)
    if issubclass(model, OfClient):
        query = query.filter_by(client_id=client.id)
    return query.first()


def is_own_key(column: Column[Any]) -> bool:
    return column.primary_key and not column.foreign_keys and column.type.python_type is int


def plain(column: Column[Any]) -> Any:
    kind = datetime if isinstance(column.type, Instant) else column.type.python_type
    if issubclass(kind, StrEnum):
        return next(iter(kind))
    if kind is str and (column.unique or column.primary_key):
        return f"marker-{column.table.name}-{datetime.now(UTC).timestamp()}"
    return LATER.get(kind, PLAIN[kind]) if column.name.split("_")[0] in ENDS else PLAIN[kind]
