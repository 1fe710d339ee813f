"""Let the desk count what clients have written and nobody has read."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(
            "ix_message_unread_by_staff",
            ["thread_id"],
            unique=False,
            sqlite_where=sa.text("seen_at IS NULL AND author = 'client'"),
            postgresql_where=sa.text("seen_at IS NULL AND author = 'client'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_message_unread_by_staff",
            sqlite_where=sa.text("seen_at IS NULL AND author = 'client'"),
            postgresql_where=sa.text("seen_at IS NULL AND author = 'client'"),
        )
