"""Let bookings be counted by their state."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

STATES = "booked", "requested", "here", "left", "missed", "cancelled", "declined"
INDEXES = {
    "ix_booking_of_day": (
        "location_id",
        "state",
        "starts_at",
        "ends_at",
        "service_id",
        "pet_count",
        "service_session_id",
        "id",
    ),
    "ix_booking_of_service": ("location_id", "service_id", "ends_at", "starts_at", "state", "pet_count"),
    "ix_booking_of_session": ("service_session_id", "state", "pet_count"),
}
INDEXES_BEFORE = {
    "ix_booking_of_day": ("location_id", "starts_at", "ends_at", "needs_approval", "id"),
    "ix_booking_of_service": ("location_id", "service_id", "ends_at", "starts_at"),
    "ix_booking_service_session_id": ("service_session_id",),
}
REQUESTED = {"sqlite": "state = 'requested'", "postgresql": "state = 'requested'"}
REQUESTED_BEFORE = {"sqlite": "needs_approval IS 1", "postgresql": "needs_approval IS true"}
# Later ones go before.
SETTLED = {
    "requested": "needs_approval AND NOT EXISTS (SELECT 1 FROM decision WHERE booking_id = booking.id)",
    "here": "id IN (SELECT booking_id FROM attendance WHERE checked_in_at IS NOT NULL)",
    "left": "id IN (SELECT booking_id FROM attendance WHERE checked_out_at IS NOT NULL)",
    "missed": "id IN (SELECT booking_id FROM attendance WHERE missed_at IS NOT NULL)",
    "cancelled": "id IN (SELECT booking_id FROM cancellation)",
    "declined": "id IN (SELECT booking_id FROM decision WHERE NOT confirmed)",
}


def upgrade() -> None:
    state = sa.Enum(*STATES, name="state", native_enum=False, length=20)
    op.add_column("booking", sa.Column("state", state, server_default="booked", nullable=False))
    op.add_column("booking", sa.Column("pet_count", sa.Integer(), server_default="0", nullable=False))
    drop(INDEXES_BEFORE)
    op.execute("UPDATE booking SET pet_count = (SELECT count(*) FROM booking_pet WHERE booking_id = booking.id)")
    for word, condition in SETTLED.items():
        op.execute(f"UPDATE booking SET state = '{word}' WHERE {condition}")
    create(INDEXES, REQUESTED)


def downgrade() -> None:
    drop(INDEXES)
    op.drop_column("booking", "pet_count")
    op.drop_column("booking", "state")
    create(INDEXES_BEFORE, REQUESTED_BEFORE)


def drop(indexes: dict[str, tuple[str, ...]]) -> None:
    for name in ("ix_booking_requested", *indexes):
        op.drop_index(name, "booking")


def create(indexes: dict[str, tuple[str, ...]], requested: dict[str, str]) -> None:
    for name, columns in indexes.items():
        op.create_index(name, "booking", list(columns))
    where = {f"{database}_where": sa.text(condition) for database, condition in requested.items()}
    op.create_index("ix_booking_requested", "booking", ["starts_at", "id"], **where)
