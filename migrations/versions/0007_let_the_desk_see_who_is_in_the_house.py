"""Let the desk see at a glance who is in the house."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.create_index(
            "ix_attendance_in_the_house",
            ["booking_id"],
            unique=False,
            sqlite_where=sa.text("checked_in_at IS NOT NULL AND checked_out_at IS NULL"),
            postgresql_where=sa.text("checked_in_at IS NOT NULL AND checked_out_at IS NULL"),
        )
        batch_op.create_index(
            "ix_attendance_left",
            ["checked_out_at"],
            unique=False,
            sqlite_where=sa.text("checked_out_at IS NOT NULL"),
            postgresql_where=sa.text("checked_out_at IS NOT NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_attendance_left",
            sqlite_where=sa.text("checked_out_at IS NOT NULL"),
            postgresql_where=sa.text("checked_out_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_attendance_in_the_house",
            sqlite_where=sa.text("checked_in_at IS NOT NULL AND checked_out_at IS NULL"),
            postgresql_where=sa.text("checked_in_at IS NOT NULL AND checked_out_at IS NULL"),
        )
