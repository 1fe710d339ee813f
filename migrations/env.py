"""Runs the migrations on the application's own engine; on SQLite tables are rebuilt, on both in one transaction."""

from alembic import context
from flask import current_app

database = current_app.extensions["migrate"].db


def run() -> None:
    with database.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=sqlite,
            compare_type=True,
            user_module_prefix="portal.db.",
            render_item=plain_moment,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


def plain_moment(kind: str, item: object, autogen_context: object) -> str | bool:
    """Migrations name the column as the database knows it, not by our class."""
    if kind == "type" and type(item).__name__ == "Instant":
        return "sa.DateTime(timezone=True)"
    return False


run()
