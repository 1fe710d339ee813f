"""Keep who changed the settings."""

import sqlalchemy as sa
from alembic import op

import portal.db

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.create_table(
        "settings_change",
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("at", portal.db.Instant(), nullable=False),
        sa.Column("by_kind", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_settings_change"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("settings_change", schema=None) as batch_op:
        batch_op.create_index("ix_settings_change_newest", ["topic", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("settings_change")
