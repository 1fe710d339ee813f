"""The migrations make the schema that the models describe, and can be taken back, on both databases."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from portal.db import Base, db

MIGRATIONS = Path(__file__).parents[2] / "migrations"
FILES = sorted((MIGRATIONS / "versions").glob("*.py"))


def test_the_schema_is_what_the_models_say(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_down_to_nothing_and_up_again(app: Flask) -> None:
    db.session.remove()
    downgrade(directory=str(MIGRATIONS), revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    upgrade(directory=str(MIGRATIONS))
    assert set(Base.metadata.tables) <= set(inspect(db.engine).get_table_names())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_migration_is_one_sentence_and_goes_both_ways(path: Path) -> None:
    text = path.read_text()
    assert text.startswith('"""')
    assert text.split('"""')[1].count(".") == 1
    assert "def downgrade() -> None:\n    pass" not in text
