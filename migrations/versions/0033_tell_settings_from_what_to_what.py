"""Tell of settings from what to what they were changed."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.add_column("settings_change", sa.Column("lines", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("settings_change", "lines")
