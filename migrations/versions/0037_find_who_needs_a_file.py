"""Find whether anybody needs a file without reading every row that could."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"

# Where a row need not have a file, only those that have one.
ALWAYS = (("document", "file_id"), ("stored_document", "file_id"), ("attachment", "file_id"), ("note_file", "file_id"))
SOMETIMES = (
    ("business", "logo_id"),
    ("client", "photo_id"),
    ("pet", "photo_id"),
    ("vaccination", "file_id"),
    ("attribute_value", "file_id"),
    ("client_import", "file_id"),
)


def upgrade() -> None:
    for table, column in ALWAYS:
        op.create_index(f"ix_{table}_{column}", table, [column])
    for table, column in SOMETIMES:
        there = sa.text(f"{column} IS NOT NULL")
        op.create_index(f"ix_{table}_{column}", table, [column], sqlite_where=there, postgresql_where=there)


def downgrade() -> None:
    for table, column in (*ALWAYS, *SOMETIMES):
        op.drop_index(f"ix_{table}_{column}", table)
