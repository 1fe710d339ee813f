"""Make room for the front desk: tags, attributes, notes, notices for each member and viewing as a client."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "attribute",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("of_pets", sa.Boolean(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "text",
                "number",
                "choice",
                "choices",
                "date",
                "yes or no",
                "file",
                name="attributekind",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("choices", sa.String(), nullable=False),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attribute"),
        sa.UniqueConstraint("name", "of_pets", name="uq_attribute_name_of_pets"),
    )
    op.create_table(
        "tag",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("of_pets", sa.Boolean(), nullable=False),
        sa.Column("tone", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tag"),
        sa.UniqueConstraint("name", "of_pets", name="uq_tag_name_of_pets"),
    )
    op.create_table(
        "notice_choice",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "document shared",
                "data changed",
                "booking",
                "cancellation",
                "message",
                "security",
                name="noticekind",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("in_app", sa.Boolean(), nullable=False),
        sa.Column("by_email", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_notice_choice_member_id"),
        sa.PrimaryKeyConstraint("member_id", "kind", name="pk_notice_choice"),
    )
    op.create_table(
        "attribute_value",
        sa.Column("attribute_id", sa.Integer(), nullable=False),
        sa.Column("pet_id", sa.Integer(), nullable=True),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attribute_id"], ["attribute.id"], name="fk_attribute_value_attribute_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_attribute_value_client_id"),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name="fk_attribute_value_file_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attribute_value"),
    )
    with op.batch_alter_table("attribute_value", schema=None) as batch_op:
        batch_op.create_index("ix_attribute_value_client_id", ["client_id"], unique=False)
        batch_op.create_index(
            "uq_attribute_value_client",
            ["attribute_id", "client_id"],
            unique=True,
            sqlite_where=sa.text("pet_id IS NULL"),
            postgresql_where=sa.text("pet_id IS NULL"),
        )
        batch_op.create_index("uq_attribute_value_pet", ["attribute_id", "pet_id"], unique=True)

    op.create_table(
        "client_tag",
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_client_tag_client_id"),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name="fk_client_tag_tag_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_client_tag"),
        sa.UniqueConstraint("client_id", "tag_id", name="uq_client_tag_client_id_tag_id"),
    )
    with op.batch_alter_table("client_tag", schema=None) as batch_op:
        batch_op.create_index("ix_client_tag_client_id", ["client_id"], unique=False)
        batch_op.create_index("ix_client_tag_tag_id", ["tag_id"], unique=False)

    op.create_table(
        "note",
        sa.Column("pet_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_kind", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_note_client_id"),
        sa.PrimaryKeyConstraint("id", name="pk_note"),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index("ix_note_client_id", ["client_id"], unique=False)
        batch_op.create_index("ix_note_pet_id", ["pet_id"], unique=False)

    op.create_table(
        "hand_over",
        sa.Column("ticket_hash", sa.String(), nullable=False),
        sa.Column("sign_in_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_hand_over_client_id"),
        sa.ForeignKeyConstraint(["sign_in_id"], ["sign_in.id"], name="fk_hand_over_sign_in_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_hand_over"),
        sa.UniqueConstraint("ticket_hash", name="uq_hand_over_ticket_hash"),
    )
    op.create_table(
        "note_file",
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_note_file_client_id"),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name="fk_note_file_file_id"),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name="fk_note_file_note_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_note_file"),
    )
    with op.batch_alter_table("note_file", schema=None) as batch_op:
        batch_op.create_index("ix_note_file_client_id", ["client_id"], unique=False)
        batch_op.create_index("ix_note_file_note_id", ["note_id"], unique=False)

    op.create_table(
        "pet_tag",
        sa.Column("pet_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_pet_tag_client_id"),
        sa.ForeignKeyConstraint(
            ["pet_id", "client_id"], ["pet.id", "pet.client_id"], name="fk_pet_tag_pet_id_client_id", onupdate="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name="fk_pet_tag_tag_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_pet_tag"),
        sa.UniqueConstraint("pet_id", "tag_id", name="uq_pet_tag_pet_id_tag_id"),
    )
    with op.batch_alter_table("pet_tag", schema=None) as batch_op:
        batch_op.create_index("ix_pet_tag_client_id", ["client_id"], unique=False)
        batch_op.create_index("ix_pet_tag_tag_id", ["tag_id"], unique=False)

    op.create_table(
        "told",
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_told_member_id"),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name="fk_told_notice_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("notice_id", "member_id", name="pk_told"),
    )
    with op.batch_alter_table("told", schema=None) as batch_op:
        batch_op.create_index(
            "ix_told_new",
            ["member_id"],
            unique=False,
            sqlite_where=sa.text("seen_at IS NULL"),
            postgresql_where=sa.text("seen_at IS NULL"),
        )

    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.add_column(sa.Column("prospect", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("blocked_online", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("marketing_since", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.add_column(sa.Column("credential_version", sa.Integer(), server_default="0", nullable=False))

    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.add_column(sa.Column("viewer_id", sa.Integer(), nullable=True))
        batch_op.create_index("ix_sign_in_viewer_id", ["viewer_id"], unique=False)
        batch_op.create_foreign_key("fk_sign_in_viewer_id", "sign_in", ["viewer_id"], ["id"], ondelete="CASCADE")

    with op.batch_alter_table("thread", schema=None) as batch_op:
        batch_op.add_column(sa.Column("member_id", sa.Integer(), nullable=True))
        batch_op.create_index("ix_thread_member_id", ["member_id"], unique=False)
        batch_op.create_foreign_key("fk_thread_member_id", "member", ["member_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("thread", schema=None) as batch_op:
        batch_op.drop_constraint("fk_thread_member_id", type_="foreignkey")
        batch_op.drop_index("ix_thread_member_id")
        batch_op.drop_column("member_id")

    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_constraint("fk_sign_in_viewer_id", type_="foreignkey")
        batch_op.drop_index("ix_sign_in_viewer_id")
        batch_op.drop_column("viewer_id")

    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_column("credential_version")

    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.drop_column("marketing_since")
        batch_op.drop_column("blocked_online")
        batch_op.drop_column("prospect")

    with op.batch_alter_table("told", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_told_new", sqlite_where=sa.text("seen_at IS NULL"), postgresql_where=sa.text("seen_at IS NULL")
        )

    op.drop_table("told")
    with op.batch_alter_table("pet_tag", schema=None) as batch_op:
        batch_op.drop_index("ix_pet_tag_tag_id")
        batch_op.drop_index("ix_pet_tag_client_id")

    op.drop_table("pet_tag")
    with op.batch_alter_table("note_file", schema=None) as batch_op:
        batch_op.drop_index("ix_note_file_note_id")
        batch_op.drop_index("ix_note_file_client_id")

    op.drop_table("note_file")
    op.drop_table("hand_over")
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.drop_index("ix_note_pet_id")
        batch_op.drop_index("ix_note_client_id")

    op.drop_table("note")
    with op.batch_alter_table("client_tag", schema=None) as batch_op:
        batch_op.drop_index("ix_client_tag_tag_id")
        batch_op.drop_index("ix_client_tag_client_id")

    op.drop_table("client_tag")
    with op.batch_alter_table("attribute_value", schema=None) as batch_op:
        batch_op.drop_index("uq_attribute_value_pet")
        batch_op.drop_index(
            "uq_attribute_value_client",
            sqlite_where=sa.text("pet_id IS NULL"),
            postgresql_where=sa.text("pet_id IS NULL"),
        )
        batch_op.drop_index("ix_attribute_value_client_id")

    op.drop_table("attribute_value")
    op.drop_table("notice_choice")
    op.drop_table("tag")
    op.drop_table("attribute")
