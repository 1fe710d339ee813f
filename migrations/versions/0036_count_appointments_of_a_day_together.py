"""Count the appointments of a day together, and pets only where they are looked after."""

import sqlalchemy as sa
from alembic import context, op

revision = "0036"
down_revision = "0035"

VISIT_DAY = sa.table(
    "visit_day",
    sa.column("day", sa.Date),
    sa.column("service_id", sa.Integer),
    sa.column("location_id", sa.Integer),
    sa.column("bookings", sa.Integer),
)
SERVICE = sa.table("service", sa.column("id", sa.Integer), sa.column("kind", sa.String))
OF_APPOINTMENTS = sa.select(SERVICE.c.id).where(SERVICE.c.kind.not_in(["day", "stay"]))


def upgrade() -> None:
    table = op.create_table(
        "appointment_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("bookings", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "location_id", name="pk_appointment_day"),
    )
    bookings = sa.func.sum(VISIT_DAY.c.bookings)
    begin = sa.select(VISIT_DAY.c.day, VISIT_DAY.c.location_id, bookings).where(
        VISIT_DAY.c.service_id.in_(OF_APPOINTMENTS)
    )
    place = VISIT_DAY.c.day, VISIT_DAY.c.location_id
    op.execute(
        table.insert().from_select(["day", "location_id", "bookings"], begin.group_by(*place).having(bookings > 0))
    )
    op.execute(sa.delete(VISIT_DAY).where(VISIT_DAY.c.service_id.in_(OF_APPOINTMENTS)))
    op.drop_column("visit_day", "bookings")


def downgrade() -> None:
    """What was kept before is counted anew, as the migration before this one does it."""
    op.drop_table("appointment_day")
    op.drop_table("visit_day")
    context.script.get_revision("0035").module.upgrade()
