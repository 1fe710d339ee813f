"""Runs the migrations on the application's own engine; on SQLite tables are rebuilt, on both in one transaction."""

from alembic import context
from flask import current_app

database = current_app.extensions["migrate"].db


def run() -> None:
    with database.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            # A table that is rebuilt is dropped for a moment, which must not reach the rows that point at it.
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
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
        if sqlite:
            # An index of which it does not know how much it holds is passed over for a worse one. PostgreSQL looks by
            # itself, and would only remember that a new business has no rows.
            connection.exec_driver_sql("ANALYZE")
            connection.commit()
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            connection.rollback()
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")
            if broken:
                raise RuntimeError(f"rows point at nothing: {broken[:5]}")


def plain_moment(kind: str, item: object, autogen_context: object) -> str | bool:
    """Migrations name the column as the database knows it, not by our class."""
    if kind == "type" and type(item).__name__ == "Instant":
        return "sa.DateTime(timezone=True)"
    return False


run()
