"""Repeating classes know who gives them."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "repetition_provider",
        sa.Column("repetition_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name="fk_repetition_provider_provider_id"),
        sa.ForeignKeyConstraint(
            ["repetition_id"], ["repetition.id"], name="fk_repetition_provider_repetition_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("repetition_id", "provider_id", name="pk_repetition_provider"),
    )
    with op.batch_alter_table("repetition_provider", schema=None) as batch_op:
        batch_op.create_index("ix_repetition_provider_provider_id", ["provider_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("repetition_provider", schema=None) as batch_op:
        batch_op.drop_index("ix_repetition_provider_provider_id")

    op.drop_table("repetition_provider")
