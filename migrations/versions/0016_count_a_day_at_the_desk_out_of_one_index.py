"""Count a day at the desk out of one index."""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_index("ix_booking_of_day")
        batch_op.create_index(
            "ix_booking_of_day", ["location_id", "starts_at", "ends_at", "needs_approval", "id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_index("ix_booking_of_day")
        batch_op.create_index("ix_booking_of_day", ["location_id", "starts_at"], unique=False)
