"""Let staff check vaccines, write notes and show documents."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.add_column(sa.Column("message_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("removed_by_staff", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index("ix_document_message_id", ["message_id"], unique=False)
        batch_op.create_index("ix_document_stored_document_id", ["stored_document_id"], unique=False)
        batch_op.create_foreign_key("fk_document_message_id", "message", ["message_id"], ["id"])

    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.add_column(sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index("ix_note_newest", ["client_id", "at", "id"], unique=False)

    with op.batch_alter_table("stored_document", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stored_by", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("vaccination", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            "ix_vaccination_unchecked",
            ["updated_at", "id"],
            unique=False,
            sqlite_where=sa.text("checked_at IS NULL AND asked_at IS NULL AND updated_at IS NOT NULL"),
            postgresql_where=sa.text("checked_at IS NULL AND asked_at IS NULL AND updated_at IS NOT NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("vaccination", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_vaccination_unchecked",
            sqlite_where=sa.text("checked_at IS NULL AND asked_at IS NULL AND updated_at IS NOT NULL"),
            postgresql_where=sa.text("checked_at IS NULL AND asked_at IS NULL AND updated_at IS NOT NULL"),
        )
        batch_op.drop_column("asked_at")

    with op.batch_alter_table("stored_document", schema=None) as batch_op:
        batch_op.drop_column("removed_at")
        batch_op.drop_column("stored_by")

    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.drop_index("ix_note_newest")
        batch_op.drop_column("removed_at")
        batch_op.drop_column("edited_at")

    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_constraint("fk_document_message_id", type_="foreignkey")
        batch_op.drop_index("ix_document_stored_document_id")
        batch_op.drop_index("ix_document_message_id")
        batch_op.drop_column("removed_by_staff")
        batch_op.drop_column("message_id")
