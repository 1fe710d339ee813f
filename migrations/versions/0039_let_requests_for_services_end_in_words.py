"""Let a request for services say itself what has come of it."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"

WORDS = sa.Enum("scheduled", "declined", "withdrawn", name="requestoutcome", native_enum=False, length=20)
REQUEST = sa.table(
    "service_request",
    sa.column("client_id", sa.Integer),
    sa.column("ended_at", sa.DateTime(timezone=True)),
    sa.column("ended_by", sa.String),
    sa.column("booking_id", sa.Integer),
    sa.column("answer", sa.String),
    sa.column("outcome", sa.String),
)
HISTORY = sa.table(
    "history",
    sa.column("client_id", sa.Integer),
    sa.column("field", sa.String),
    sa.column("new", sa.String),
    sa.column("at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    """The history has kept at which moment one was withdrawn; the row itself only by whom, under the name of then."""
    op.add_column("service_request", sa.Column("outcome", WORDS, nullable=True))
    withdrawn = sa.exists().where(
        HISTORY.c.client_id == REQUEST.c.client_id,
        HISTORY.c.field == "Request",
        HISTORY.c.new == "Withdrawn",
        HISTORY.c.at == REQUEST.c.ended_at,
    )
    outcome = sa.case(
        (REQUEST.c.answer != "", "declined"),
        (REQUEST.c.booking_id.is_(None) & withdrawn, "withdrawn"),
        else_="scheduled",
    )
    op.execute(sa.update(REQUEST).where(REQUEST.c.ended_at.is_not(None)).values(outcome=outcome))


def downgrade() -> None:
    op.drop_column("service_request", "outcome")
