"""Tell a cancelled registration from a cancelled date of it."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"

CANCELLATION, Other = (
    sa.table(
        "cancellation",
        sa.column("id", sa.Integer),
        sa.column("booking_id", sa.Integer),
        sa.column("at", sa.DateTime),
        sa.column("by_kind", sa.String),
        sa.column("whole", sa.Boolean),
    ).alias(name)
    for name in ("cancellation", "other")
)
BOOKING, Sibling = (
    sa.table("booking", sa.column("id", sa.Integer), sa.column("registration_id", sa.Integer)).alias(name)
    for name in ("booking", "sibling")
)
# Until now only clients have called off registrations. Of several dates in one moment it is certain.
AT_ONCE = (
    sa.select(CANCELLATION.c.id)
    .join(BOOKING, BOOKING.c.id == CANCELLATION.c.booking_id)
    .join(Sibling, sa.and_(Sibling.c.registration_id == BOOKING.c.registration_id, Sibling.c.id != BOOKING.c.id))
    .join(Other, sa.and_(Other.c.booking_id == Sibling.c.id, Other.c.at == CANCELLATION.c.at))
    .where(CANCELLATION.c.by_kind == "client")
)


def upgrade() -> None:
    op.add_column("cancellation", sa.Column("whole", sa.Boolean(), server_default=sa.false(), nullable=False))
    table = CANCELLATION.element
    op.execute(sa.update(table).where(table.c.id.in_(AT_ONCE)).values(whole=True))


def downgrade() -> None:
    op.drop_column("cancellation", "whole")
