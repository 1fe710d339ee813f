"""Let a look into a portal say why."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    with op.batch_alter_table("hand_over", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reason", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("hand_over", schema=None) as batch_op:
        batch_op.drop_column("reason")
