"""Count what comes and goes day by day: of each service, at each location, by the clock there."""

from collections import defaultdict
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"

MOMENT = sa.DateTime(timezone=True)
BOOKING = sa.table(
    "booking",
    sa.column("service_id", sa.Integer),
    sa.column("location_id", sa.Integer),
    sa.column("service_session_id", sa.Integer),
    sa.column("starts_at", MOMENT),
    sa.column("ends_at", MOMENT),
    sa.column("state", sa.String),
    sa.column("pet_count", sa.Integer),
)
LOCATION = sa.table("location", sa.column("id", sa.Integer), sa.column("time_zone", sa.String))
STANDING = BOOKING.c.service_session_id.is_(None), BOOKING.c.state.not_in(["cancelled", "declined"])
PETS = sa.func.coalesce(sa.func.sum(BOOKING.c.pet_count), 0)
COLUMNS = "bookings", "arriving", "leaving"


def upgrade() -> None:
    table = op.create_table(
        "visit_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COLUMNS),
        sa.PrimaryKeyConstraint("day", "service_id", "location_id", name="pk_visit_day"),
    )
    connection = op.get_bind()
    zones = {id: ZoneInfo(zone) for id, zone in connection.execute(sa.select(LOCATION.c.id, LOCATION.c.time_zone))}
    found: dict[tuple[date, int, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    told = (BOOKING.c.starts_at, sa.func.count()), (BOOKING.c.starts_at, PETS), (BOOKING.c.ends_at, PETS)
    for number, (moment, count) in enumerate(told):
        place = BOOKING.c.location_id, BOOKING.c.service_id, moment
        for location_id, service_id, at, more in connection.execute(
            sa.select(*place, count).where(*STANDING).group_by(*place)
        ):
            found[day_of(at, zones[location_id]), service_id, location_id][number] += more
    rows = [
        dict(zip(("day", "service_id", "location_id", *COLUMNS), (*key, *counts), strict=True))
        for key, counts in sorted(found.items())
        if any(counts)
    ]
    op.bulk_insert(table, rows)


def day_of(at: datetime, zone: ZoneInfo) -> date:
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return aware.astimezone(zone).date()


def downgrade() -> None:
    op.drop_table("visit_day")
