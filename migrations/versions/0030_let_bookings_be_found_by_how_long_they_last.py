"""Let bookings be found by how long they last."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"

OF_SERVICE = "location_id", "service_id", "ends_at", "starts_at", "state", "pet_count"
OF_LENGTH = "location_id", "service_id", "length", "ends_at", "starts_at", "state", "pet_count"
ALONE = "location_id", "service_id", "starts_at", "pet_count", "service_session_id", "state"
IN_NO_CLASS = sa.text("service_session_id IS NULL AND state NOT IN ('cancelled', 'declined')")
SECONDS = {
    "sqlite": "strftime('%s', ends_at) - strftime('%s', starts_at)",
    "postgresql": "extract(epoch FROM ends_at - starts_at)",
}
# Nothing of a length lasts as long as so many hours.
HOURS = 6, 24, 96, 384, 1536, 6144


def upgrade() -> None:
    op.add_column("booking", sa.Column("length", sa.Integer(), server_default="0", nullable=False))
    seconds = SECONDS[op.get_bind().dialect.name]
    op.execute(f"UPDATE booking SET length = {' + '.join(f'({longer(seconds, hours)})' for hours in HOURS)}")
    op.drop_index("ix_booking_of_service", "booking")
    op.create_index("ix_booking_of_length", "booking", list(OF_LENGTH))
    op.create_index("ix_booking_alone", "booking", list(ALONE), sqlite_where=IN_NO_CLASS, postgresql_where=IN_NO_CLASS)


def longer(seconds: str, hours: int) -> str:
    return f"CASE WHEN {seconds} >= {hours} * 3600 THEN 1 ELSE 0 END"


def downgrade() -> None:
    op.drop_index("ix_booking_alone", "booking", sqlite_where=IN_NO_CLASS, postgresql_where=IN_NO_CLASS)
    op.drop_index("ix_booking_of_length", "booking")
    op.create_index("ix_booking_of_service", "booking", list(OF_SERVICE))
    op.drop_column("booking", "length")
