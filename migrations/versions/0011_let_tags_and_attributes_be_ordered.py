"""Let tags and attributes be ordered, retired and flagged."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    with op.batch_alter_table("attribute", schema=None) as batch_op:
        batch_op.add_column(sa.Column("flag", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("attribute_value", schema=None) as batch_op:
        batch_op.create_foreign_key(
            "fk_attribute_value_pet_id_client_id",
            "pet",
            ["pet_id", "client_id"],
            ["id", "client_id"],
            onupdate="CASCADE",
        )

    with op.batch_alter_table("tag", schema=None) as batch_op:
        batch_op.add_column(sa.Column("position", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("tag", schema=None) as batch_op:
        batch_op.drop_column("position")

    with op.batch_alter_table("attribute_value", schema=None) as batch_op:
        batch_op.drop_constraint("fk_attribute_value_pet_id_client_id", type_="foreignkey")

    with op.batch_alter_table("attribute", schema=None) as batch_op:
        batch_op.drop_column("retired_at")
        batch_op.drop_column("flag")
