"""Keep when providers are taken, day by day; and find the cancellations that can be undone."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"

Span = tuple[int, int]
MOMENT = sa.DateTime(timezone=True)
BOOKING = sa.table(
    "booking",
    sa.column("id", sa.Integer),
    sa.column("service_id", sa.Integer),
    sa.column("starts_at", MOMENT),
    sa.column("ends_at", MOMENT),
    sa.column("state", sa.String),
)
GIVEN = sa.table("booking_provider", sa.column("booking_id", sa.Integer), sa.column("provider_id", sa.Integer))
SERVICE = sa.table(
    "service",
    sa.column("id", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("buffer_before", sa.Integer),
    sa.column("buffer_after", sa.Integer),
)
SESSION = sa.table(
    "service_session",
    sa.column("id", sa.Integer),
    sa.column("starts_at", MOMENT),
    sa.column("ends_at", MOMENT),
    sa.column("called_off_at", MOMENT),
)
TAUGHT = sa.table("session_provider", sa.column("service_session_id", sa.Integer), sa.column("provider_id", sa.Integer))
COLUMNS = GIVEN.c.provider_id, BOOKING.c.starts_at, BOOKING.c.ends_at, SERVICE.c.buffer_before, SERVICE.c.buffer_after
APPOINTMENTS = (
    sa.select(*COLUMNS)
    .join(BOOKING, BOOKING.c.id == GIVEN.c.booking_id)
    .join(SERVICE, SERVICE.c.id == BOOKING.c.service_id)
    .where(SERVICE.c.kind == "individual", BOOKING.c.state.in_(["booked", "requested", "here", "left"]))
)
NONE: sa.ColumnElement[int] = sa.literal_column("0", sa.Integer)
CLASSES = (
    sa.select(TAUGHT.c.provider_id, SESSION.c.starts_at, SESSION.c.ends_at, NONE, NONE)
    .join(SESSION, SESSION.c.id == TAUGHT.c.service_session_id)
    .where(SESSION.c.called_off_at.is_(None))
)
DAY = 24 * 60
EPOCH = date(1970, 1, 1)


def upgrade() -> None:
    op.create_index("ix_cancellation_undo_until", "cancellation", ["undo_until"])
    table = op.create_table(
        "taken_day",
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("spans", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("provider_id", "day", name="pk_taken_day"),
    )
    days: dict[tuple[int, date], list[Span]] = defaultdict(list)
    for provider_id, starts_at, ends_at, before, after in op.get_bind().execute(sa.union_all(APPOINTMENTS, CLASSES)):
        since, until = minute(starts_at) - before, -minute(ends_at, -1) + after
        for number in range(since // DAY, (until - 1) // DAY + 1):
            days[provider_id, EPOCH + timedelta(days=number)].append((since, until))
    rows = [{"provider_id": id, "day": day, "spans": words(day, spans)} for (id, day), spans in sorted(days.items())]
    op.bulk_insert(table, rows)


def minute(at: datetime, sign: int = 1) -> int:
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return int(sign * aware.timestamp() // 60)


def words(day: date, spans: list[Span]) -> str:
    """As much of them as falls on the day, in order, and those that touch as one."""
    begins = (day - EPOCH).days * DAY
    whole: list[Span] = []
    for since, until in sorted(spans):
        if whole and since <= whole[-1][1]:
            whole[-1] = whole[-1][0], max(whole[-1][1], until)
        else:
            whole.append((since, until))
    return " ".join(f"{max(since, begins)}-{min(until, begins + DAY)}" for since, until in whole)


def downgrade() -> None:
    op.drop_table("taken_day")
    op.drop_index("ix_cancellation_undo_until", "cancellation")
