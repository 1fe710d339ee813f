"""Let bookings that last long be found."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"

# Six hours and more.
LONG: dict[str, sa.TextClause] = {
    "sqlite_where": sa.text("strftime('%s', ends_at) - strftime('%s', starts_at) >= 21600"),
    "postgresql_where": sa.text("extract(epoch FROM ends_at - starts_at) >= 21600"),
}


def upgrade() -> None:
    columns = ["location_id", "state", "starts_at", "ends_at", "id"]
    op.create_index("ix_booking_long", "booking", columns, **LONG)


def downgrade() -> None:
    op.drop_index("ix_booking_long", "booking", **LONG)
