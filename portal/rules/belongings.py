"""Belongings: what refers to a client or a pet, read from the schema itself, so that no table can be forgotten."""

from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    TextClause,
    UniqueConstraint,
    select,
    update,
)

from portal.db import AnySelect, db

# The words by which the client is found are written anew at the end.
KEPT = {"words_kept": True}


class Reference(NamedTuple):
    """A column that refers to the owner."""

    table: Table
    column: Column[Any]


class OnlyOne(NamedTuple):
    """There is at most one row with these columns alike; `where` says among which rows."""

    columns: tuple[Column[Any], ...]
    where: TextClause | None


class Clash(NamedTuple):
    """Two rows of which only one can stay as it is, by their keys."""

    lost: Any
    kept: Any


def references(metadata: MetaData, owner: str) -> list[Reference]:
    """Parents first: what follows its parent by itself has nothing left to move."""
    return [
        Reference(table, column)
        for table in metadata.sorted_tables
        for column in table.columns
        if refers(column, owner)
    ]


def refers(column: Column[Any], owner: str) -> bool:
    """By its name, or by a foreign key, perhaps through the table of another."""
    targets = [key.column for key in column.foreign_keys]
    own = any(target.table.name == owner and target.name == "id" for target in targets)
    return column.name == f"{owner}_id" or own or any(refers(target, owner) for target in targets)


def signed(metadata: MetaData) -> list[Table]:
    """Tables that tell who did something."""
    return [table for table in metadata.sorted_tables if {"by_kind", "by_id"} <= set(table.columns.keys())]


def only_ones(reference: Reference) -> list[OnlyOne]:
    """What might stand in the way when rows get another owner. A row's own key with its owner never does."""
    table, column = reference
    found = [
        OnlyOne(tuple(constraint.columns), None)
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint | PrimaryKeyConstraint)
    ]
    found += [
        OnlyOne(tuple(index.columns), index.dialect_options["sqlite"]["where"])
        for index in table.indexes
        if index.unique
    ]
    own = set(table.primary_key)
    return [one for one in found if column in one.columns and not own <= {*one.columns} - {column}]


def clashes(reference: Reference, only_one: OnlyOne, lost: int, kept: int) -> list[Clash]:
    """Nothing is like anything where a value is missing."""
    table, column = reference
    others = [other for other in only_one.columns if other is not column]
    key = next(iter(table.primary_key))

    def those_of(owner: int) -> dict[tuple[Any, ...], Any]:
        rows: AnySelect = select(key, *others).where(column == owner)
        if only_one.where is not None:
            rows = rows.where(only_one.where)
        return {tuple(row[1:]): row[0] for row in db.session.execute(rows) if None not in row[1:]}

    theirs = those_of(kept)
    return [Clash(id, theirs[values]) for values, id in those_of(lost).items() if values in theirs]


def end(reference: Reference, lost: int) -> None:
    db.session.execute(reference.table.delete().where(reference.column == lost))


def move(reference: Reference, lost: int, kept: int) -> None:
    """The rows go over; what hangs on them by both keys follows by itself."""
    table, column = reference
    db.session.execute(update(table).where(column == lost).values({column.name: kept}), execution_options=KEPT)


def sign_over(table: Table, lost: int, kept: int) -> None:
    """What a client did stays theirs. They have only ever signed what belongs to them, which has gone over already."""
    mine = table.c.by_kind == "client", table.c.by_id == lost
    for whose in of_client(table, kept):
        db.session.execute(update(table).where(*mine, whose).values(by_id=kept))


def of_client(table: Table, client_id: int) -> list[ColumnElement[bool]]:
    """By the row's own client, or by that of a row it hangs on: neither needs to look through the whole table."""
    if "client_id" in table.columns:
        return [table.c.client_id == client_id]
    return [
        key.parent.in_(select(key.column).where(key.column.table.c.client_id == client_id))
        for key in table.foreign_keys
        if "client_id" in key.column.table.columns
    ]
