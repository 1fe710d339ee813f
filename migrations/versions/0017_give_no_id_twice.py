"""Give no id of a client, or of what is theirs, twice."""

from alembic import op

revision = "0017"
down_revision = "0016"

TABLES = ("client", "pet", "document", "thread", "note", "client_import")


def upgrade() -> None:
    rebuild(sqlite_autoincrement=True)


def downgrade() -> None:
    rebuild(sqlite_autoincrement=False)


def rebuild(**ways: bool) -> None:
    """PostgreSQL never did."""
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            with op.batch_alter_table(table, recreate="always", table_kwargs=ways):
                pass
