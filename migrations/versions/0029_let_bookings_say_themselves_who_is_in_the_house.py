"""Let bookings say themselves who is in the house."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
INDEX, INSIDE = "ix_attendance_in_the_house", sa.text("checked_in_at IS NOT NULL AND checked_out_at IS NULL")


def upgrade() -> None:
    op.drop_index(INDEX, "attendance", sqlite_where=INSIDE, postgresql_where=INSIDE)


def downgrade() -> None:
    op.create_index(INDEX, "attendance", ["booking_id"], sqlite_where=INSIDE, postgresql_where=INSIDE)
