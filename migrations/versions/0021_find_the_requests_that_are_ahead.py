"""Find the requests that are ahead."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.create_index(
            "ix_booking_requested",
            ["starts_at", "id"],
            unique=False,
            sqlite_where=sa.text("needs_approval IS 1"),
            postgresql_where=sa.text("needs_approval IS true"),
        )


def downgrade() -> None:
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_booking_requested",
            sqlite_where=sa.text("needs_approval IS 1"),
            postgresql_where=sa.text("needs_approval IS true"),
        )
