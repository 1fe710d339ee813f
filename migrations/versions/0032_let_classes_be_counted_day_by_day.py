"""Let classes be counted day by day: each knows its day, and of each day it is kept how many there are."""

from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"

STANDING = sa.text("called_off_at IS NULL")
ON_DAY = "day", "starts_at", "id", "service_id", "location_id"
SESSION = sa.table(
    "service_session",
    sa.column("id", sa.Integer),
    sa.column("location_id", sa.Integer),
    sa.column("starts_at", sa.DateTime(timezone=True)),
    sa.column("day", sa.Date),
)
LOCATION = sa.table("location", sa.column("id", sa.Integer), sa.column("time_zone", sa.String))
COUNT = """INSERT INTO class_day (day, service_id, location_id, sessions)
SELECT day, service_id, location_id, count(*) FROM service_session WHERE called_off_at IS NULL
GROUP BY day, service_id, location_id"""


def upgrade() -> None:
    op.add_column("service_session", sa.Column("day", sa.Date(), nullable=True))
    found = op.get_bind().execute(
        sa.select(SESSION.c.id, SESSION.c.starts_at, LOCATION.c.time_zone).join_from(
            SESSION, LOCATION, LOCATION.c.id == SESSION.c.location_id
        )
    )
    if days := list(days_of(found.all())):
        named = sa.update(SESSION).where(SESSION.c.id == sa.bindparam("session")).values(day=sa.bindparam("is_on"))
        op.get_bind().execute(named, days)
    with op.batch_alter_table("service_session") as batch_op:
        batch_op.alter_column("day", existing_type=sa.Date(), nullable=False)
    op.create_index(
        "ix_service_session_on_day", "service_session", list(ON_DAY), sqlite_where=STANDING, postgresql_where=STANDING
    )
    op.create_table(
        "class_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "service_id", "location_id", name="pk_class_day"),
    )
    op.execute(COUNT)


def days_of(sessions: Iterable[sa.Row[tuple[int, datetime, str]]]) -> Iterable[dict[str, object]]:
    for id, starts_at, zone in sessions:
        aware = starts_at if starts_at.tzinfo else starts_at.replace(tzinfo=UTC)
        yield {"session": id, "is_on": aware.astimezone(ZoneInfo(zone)).date()}


def downgrade() -> None:
    op.drop_table("class_day")
    op.drop_index("ix_service_session_on_day", "service_session", sqlite_where=STANDING, postgresql_where=STANDING)
    with op.batch_alter_table("service_session") as batch_op:
        batch_op.drop_column("day")
