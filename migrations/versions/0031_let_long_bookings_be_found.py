"""Let bookings that last long be found."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"

# Six hours and more.
LONG = sa.text("length > 0")


def upgrade() -> None:
    columns = ["location_id", "state", "starts_at", "ends_at", "id"]
    op.create_index("ix_booking_long", "booking", columns, sqlite_where=LONG, postgresql_where=LONG)


def downgrade() -> None:
    op.drop_index("ix_booking_long", "booking", sqlite_where=LONG, postgresql_where=LONG)
