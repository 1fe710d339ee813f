"""Find the notices about a booking a document or a thread."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("ix_notice_booking_id", ["booking_id"], unique=False)
        batch_op.create_index("ix_notice_document_id", ["document_id"], unique=False)
        batch_op.create_index("ix_notice_thread_id", ["thread_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_thread_id")
        batch_op.drop_index("ix_notice_document_id")
        batch_op.drop_index("ix_notice_booking_id")
