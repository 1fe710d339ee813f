"""Let the desk sort everybody's threads, and keep where a letter came from."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_delivery_failed",
            ["message_id"],
            unique=False,
            sqlite_where=sa.text("state = 'failed'"),
            postgresql_where=sa.text("state = 'failed'"),
        )

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sent_from", sa.String(), server_default="", nullable=False))

    with op.batch_alter_table("thread", schema=None) as batch_op:
        batch_op.drop_index("ix_thread_member_id")
        batch_op.create_index("ix_thread_newest_of_all", ["last_message_at", "id"], unique=False)
        batch_op.create_index("ix_thread_newest_of_member", ["member_id", "last_message_at", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("thread", schema=None) as batch_op:
        batch_op.drop_index("ix_thread_newest_of_member")
        batch_op.drop_index("ix_thread_newest_of_all")
        batch_op.create_index("ix_thread_member_id", ["member_id"], unique=False)

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_column("sent_from")

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_delivery_failed", sqlite_where=sa.text("state = 'failed'"), postgresql_where=sa.text("state = 'failed'")
        )
