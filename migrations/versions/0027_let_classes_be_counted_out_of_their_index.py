"""Let classes be counted out of their index."""

from alembic import op

revision = "0027"
down_revision = "0026"
NAME = "ix_service_session_of_day"


def upgrade() -> None:
    with op.batch_alter_table("service_session", schema=None) as batch_op:
        batch_op.drop_index(NAME)
        batch_op.create_index(NAME, ["location_id", "starts_at", "id", "service_id", "called_off_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("service_session", schema=None) as batch_op:
        batch_op.drop_index(NAME)
        batch_op.create_index(NAME, ["location_id", "starts_at", "id"], unique=False)
