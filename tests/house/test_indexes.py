"""What points at rows that go is found without reading the whole table: each deletion asks for it."""

import pytest
from flask import Flask
from sqlalchemy import ForeignKeyConstraint, text

from portal.db import Base, db
from portal.models import File
from portal.rules import files


def pointing_at(table: str) -> list[ForeignKeyConstraint]:
    keys = [key for other in Base.metadata.sorted_tables for key in other.foreign_key_constraints]
    return sorted((key for key in keys if key.referred_table.name == table), key=str)


def is_indexed(key: ForeignKeyConstraint) -> bool:
    """By an index that begins with its column, and has all rows, or all that point at something."""
    column = next(iter(key.columns))
    for index in key.table.indexes:
        where = index.dialect_options["sqlite"]["where"]
        if next(iter(index.columns)) is column and (where is None or str(where) == f"{column.name} IS NOT NULL"):
            return True
    return column.unique is True or next(iter(key.table.primary_key)) is column


def unindexed(table: str) -> list[str]:
    return [f"{key.table.name}: {key.column_keys}" for key in pointing_at(table) if not is_indexed(key)]


def test_whoever_needs_a_file_is_found_at_once() -> None:
    assert len(pointing_at("file")) == len(files.needs())
    assert unindexed("file") == []


@pytest.mark.parametrize("table", ["message", "thread", "notice", "document", "note"])
def test_what_goes_every_day_goes_without_reading_all_that_could_point_at_it(table: str) -> None:
    assert pointing_at(table)
    assert unindexed(table) == []


@pytest.mark.only_on("sqlite", because="PostgreSQL reads small tables whole")
def test_the_question_who_needs_it_reads_no_table_whole(app: Flask) -> None:
    asked = db.select(File.id).where(File.id > 7, *files.nobody_needs())
    words = str(asked.compile(db.engine, compile_kwargs={"literal_binds": True}))
    plan = [row[-1] for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {words}"))]
    assert [step for step in plan if step.startswith("SCAN")] == []
    assert len([step for step in plan if step.startswith("SEARCH")]) == 1 + len(files.needs())
