"""Let staff read notices in order and get them by mail."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("notice_id", sa.Integer(), nullable=True))
        batch_op.create_index("ix_delivery_notice_id", ["notice_id"], unique=False)
        batch_op.create_foreign_key("fk_delivery_notice_id", "notice", ["notice_id"], ["id"], ondelete="CASCADE")

    with op.batch_alter_table("told", schema=None) as batch_op:
        batch_op.add_column(sa.Column("at", sa.DateTime(timezone=True), nullable=False))
        batch_op.drop_index("ix_told_new", sqlite_where=sa.text("seen_at IS NULL"))
        batch_op.create_index(
            "ix_told_new",
            ["member_id", "at", "notice_id"],
            unique=False,
            sqlite_where=sa.text("seen_at IS NULL"),
            postgresql_where=sa.text("seen_at IS NULL"),
        )
        batch_op.create_index("ix_told_of_member", ["member_id", "at", "notice_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("told", schema=None) as batch_op:
        batch_op.drop_index("ix_told_of_member")
        batch_op.drop_index(
            "ix_told_new", sqlite_where=sa.text("seen_at IS NULL"), postgresql_where=sa.text("seen_at IS NULL")
        )
        where = sa.text("seen_at IS NULL")
        batch_op.create_index("ix_told_new", ["member_id"], sqlite_where=where, postgresql_where=where)
        batch_op.drop_column("at")

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_constraint("fk_delivery_notice_id", type_="foreignkey")
        batch_op.drop_index("ix_delivery_notice_id")
        batch_op.drop_column("notice_id")
