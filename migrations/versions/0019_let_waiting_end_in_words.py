"""Let waiting end in words, and an offer hold a provider's time."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("provider_id", sa.Integer(), nullable=True))
        batch_op.create_index("ix_offer_provider_id", ["provider_id"], unique=False)
        batch_op.create_foreign_key("fk_offer_provider_id", "provider", ["provider_id"], ["id"])

    with op.batch_alter_table("waitlist_entry", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "outcome",
                sa.Enum(
                    "accepted",
                    "declined",
                    "lapsed",
                    "withdrawn",
                    "expired",
                    name="outcome",
                    native_enum=False,
                    length=20,
                ),
                nullable=True,
            )
        )
        batch_op.create_index(
            "ix_waitlist_entry_waiting",
            ["service_id", "joined_at", "id"],
            unique=False,
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("waitlist_entry", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_waitlist_entry_waiting",
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )
        batch_op.drop_column("outcome")

    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.drop_constraint("fk_offer_provider_id", type_="foreignkey")
        batch_op.drop_index("ix_offer_provider_id")
        batch_op.drop_column("provider_id")
