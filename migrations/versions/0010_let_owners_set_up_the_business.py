"""Let owners invite staff, retire what is over, and try the portal."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "invitation",
        sa.Column("email", sa.String(), nullable=False),
        sa.Column(
            "role", sa.Enum("owner", "manager", "team", name="role", native_enum=False, length=20), nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_kind", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.UniqueConstraint("email", name="uq_invitation_email"),
    )
    op.create_table(
        "demo_client",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_demo_client_client_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_demo_client_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_demo_client"),
        sa.UniqueConstraint("member_id", name="uq_demo_client_member_id"),
    )
    with op.batch_alter_table("demo_client", schema=None) as batch_op:
        batch_op.create_index("ix_demo_client_client_id", ["client_id"], unique=False)

    with op.batch_alter_table("business", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_steps", sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table("location", schema=None) as batch_op:
        batch_op.add_column(sa.Column("deactivated_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("vaccine_kind", schema=None) as batch_op:
        batch_op.add_column(sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("vaccine_kind", schema=None) as batch_op:
        batch_op.drop_column("retired_at")

    with op.batch_alter_table("location", schema=None) as batch_op:
        batch_op.drop_column("deactivated_at")

    with op.batch_alter_table("business", schema=None) as batch_op:
        batch_op.drop_column("first_steps")

    with op.batch_alter_table("demo_client", schema=None) as batch_op:
        batch_op.drop_index("ix_demo_client_client_id")

    op.drop_table("demo_client")
    op.drop_table("invitation")
