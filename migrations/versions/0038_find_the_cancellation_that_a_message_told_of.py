"""Find the cancellation that a message told of, when the message is taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"

TOLD = sa.text("message_id IS NOT NULL")


def upgrade() -> None:
    columns = ["message_id"]
    op.create_index("ix_cancellation_message_id", "cancellation", columns, sqlite_where=TOLD, postgresql_where=TOLD)


def downgrade() -> None:
    op.drop_index("ix_cancellation_message_id", "cancellation", sqlite_where=TOLD, postgresql_where=TOLD)
