"""Begin with people, pets, bookings, documents and messages."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "account_number",
        sa.Column("number", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_account_number")),
    )
    op.create_table(
        "add_on",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_add_on")),
    )
    op.create_table(
        "animal",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("drawing", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_animal")),
        sa.UniqueConstraint("name", name=op.f("uq_animal_name")),
    )
    op.create_table(
        "file",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file")),
        sa.UniqueConstraint("key", name=op.f("uq_file_key")),
    )
    op.create_table(
        "location",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location")),
    )
    op.create_table(
        "member",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column(
            "role", sa.Enum("owner", "manager", "team", name="role", native_enum=False, length=20), nullable=False
        ),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("deactivated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("email", name=op.f("uq_member_email")),
    )
    op.create_table(
        "service",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("individual", "group", "series", "day", "stay", name="servicekind", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("cancel_allowed", sa.Boolean(), nullable=False),
        sa.Column("cancel_hours", sa.Integer(), nullable=True),
        sa.Column("cancel_day_before_at", sa.Time(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
    )
    op.create_table(
        "throttle",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttle")),
    )
    with op.batch_alter_table("throttle", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_throttle_began_at"), ["began_at"], unique=False)

    op.create_table(
        "business",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("tagline", sa.String(), nullable=False),
        sa.Column("hide_name", sa.Boolean(), nullable=False),
        sa.Column("logo_id", sa.Integer(), nullable=True),
        sa.Column("colour", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("header_label", sa.String(), nullable=False),
        sa.Column("header_link", sa.String(), nullable=False),
        sa.Column("registration_open", sa.Boolean(), nullable=False),
        sa.Column("neutral_answers", sa.Boolean(), nullable=False),
        sa.Column("uploads_open", sa.Boolean(), nullable=False),
        sa.Column("vaccine_days", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["logo_id"], ["file.id"], name=op.f("fk_business_logo_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business")),
    )
    op.create_table(
        "client",
        sa.Column("account_number", sa.String(), nullable=False),
        sa.Column("first_name", sa.String(), nullable=False),
        sa.Column("last_name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("street", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("postcode", sa.String(), nullable=False),
        sa.Column("photo_id", sa.Integer(), nullable=True),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("credential_version", sa.Integer(), nullable=False),
        sa.Column("no_automatic_email", sa.Boolean(), nullable=False),
        sa.Column("no_automatic_text", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deactivated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_number"], ["account_number.number"], name=op.f("fk_client_account_number")),
        sa.ForeignKeyConstraint(["photo_id"], ["file.id"], name=op.f("fk_client_photo_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
        sa.UniqueConstraint("account_number", name=op.f("uq_client_account_number")),
        sa.UniqueConstraint("email", name=op.f("uq_client_email")),
    )
    op.create_table(
        "provider",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_provider_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider")),
    )
    op.create_table(
        "series",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_series_location_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_series_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
    )
    op.create_table(
        "stored_document",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_stored_document_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_document")),
    )
    op.create_table(
        "vaccine_kind",
        sa.Column("animal_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["animal_id"], ["animal.id"], name=op.f("fk_vaccine_kind_animal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vaccine_kind")),
        sa.UniqueConstraint("animal_id", "name", name=op.f("uq_vaccine_kind_animal_id_name")),
    )
    op.create_table(
        "document",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sort_name", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("stored_document_id", sa.Integer(), nullable=True),
        sa.Column("from_client", sa.Boolean(), nullable=False),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shared_by", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_document_client_id")),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_document_file_id")),
        sa.ForeignKeyConstraint(
            ["stored_document_id"], ["stored_document.id"], name=op.f("fk_document_stored_document_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index("ix_document_by_name", ["client_id", "sort_name", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_client_id"), ["client_id"], unique=False)

    op.create_table(
        "email_change",
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_email_change_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_change")),
    )
    with op.batch_alter_table("email_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_email_change_client_id"), ["client_id"], unique=False)

    op.create_table(
        "history",
        sa.Column("pet_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("old", sa.String(), nullable=False),
        sa.Column("new", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_kind", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_history_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history")),
    )
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_history_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_history_pet_id"), ["pet_id"], unique=False)

    op.create_table(
        "pet",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("animal_id", sa.Integer(), nullable=False),
        sa.Column(
            "gender", sa.Enum("female", "male", "unknown", name="gender", native_enum=False, length=20), nullable=False
        ),
        sa.Column("breed", sa.String(), nullable=False),
        sa.Column("birthday", sa.Date(), nullable=True),
        sa.Column("photo_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["animal_id"], ["animal.id"], name=op.f("fk_pet_animal_id")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_pet_client_id")),
        sa.ForeignKeyConstraint(["photo_id"], ["file.id"], name=op.f("fk_pet_photo_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pet")),
        sa.UniqueConstraint("id", "client_id", name=op.f("uq_pet_id_client_id")),
    )
    with op.batch_alter_table("pet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pet_client_id"), ["client_id"], unique=False)

    op.create_table(
        "service_session",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=True),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_service_session_location_id")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_service_session_series_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_service_session_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_session")),
    )
    with op.batch_alter_table("service_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_session_service_id"), ["service_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_service_session_starts_at"), ["starts_at"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("key_hash", sa.String(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idle_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remembered", sa.Boolean(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(client_id IS NULL) <> (member_id IS NULL)", name=op.f("ck_sign_in_one_person")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_sign_in_client_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_sign_in_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_sign_in_key_hash")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_member_id"), ["member_id"], unique=False)

    op.create_table(
        "sign_in_code",
        sa.Column("channel", sa.Enum("email", "sms", name="channel", native_enum=False, length=20), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("asker", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_sign_in_code_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_code")),
    )
    with op.batch_alter_table("sign_in_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_code_asker"), ["asker"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_code_client_id"), ["client_id"], unique=False)

    op.create_table(
        "booking",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("service_session_id", sa.Integer(), nullable=True),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancel_allowed", sa.Boolean(), nullable=False),
        sa.Column("cancel_hours", sa.Integer(), nullable=True),
        sa.Column("cancel_day_before_at", sa.Time(), nullable=True),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_at >= starts_at", name=op.f("ck_booking_ends_after_start")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_booking_client_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_booking_location_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_booking_service_id")),
        sa.ForeignKeyConstraint(
            ["service_session_id"], ["service_session.id"], name=op.f("fk_booking_service_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("id", "client_id", name=op.f("uq_booking_id_client_id")),
    )
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_booking_client_id"), ["client_id"], unique=False)
        batch_op.create_index("ix_booking_of_client", ["client_id", "ends_at", "starts_at", "id"], unique=False)
        batch_op.create_index("ix_booking_of_day", ["location_id", "starts_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_booking_service_session_id"), ["service_session_id"], unique=False)

    op.create_table(
        "vaccination",
        sa.Column("pet_id", sa.Integer(), nullable=False),
        sa.Column("vaccine_kind_id", sa.Integer(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by", sa.String(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_vaccination_client_id")),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_vaccination_file_id")),
        sa.ForeignKeyConstraint(
            ["pet_id", "client_id"],
            ["pet.id", "pet.client_id"],
            name=op.f("fk_vaccination_pet_id_client_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["vaccine_kind_id"], ["vaccine_kind.id"], name=op.f("fk_vaccination_vaccine_kind_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vaccination")),
        sa.UniqueConstraint("pet_id", "vaccine_kind_id", name=op.f("uq_vaccination_pet_id_vaccine_kind_id")),
    )
    with op.batch_alter_table("vaccination", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vaccination_client_id"), ["client_id"], unique=False)

    op.create_table(
        "waitlist_entry",
        sa.Column("pet_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=True),
        sa.Column("service_session_id", sa.Integer(), nullable=True),
        sa.Column("location_id", sa.Integer(), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_waitlist_entry_client_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_waitlist_entry_location_id")),
        sa.ForeignKeyConstraint(
            ["pet_id", "client_id"],
            ["pet.id", "pet.client_id"],
            name=op.f("fk_waitlist_entry_pet_id_client_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_waitlist_entry_series_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_waitlist_entry_service_id")),
        sa.ForeignKeyConstraint(
            ["service_session_id"], ["service_session.id"], name=op.f("fk_waitlist_entry_service_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waitlist_entry")),
    )
    with op.batch_alter_table("waitlist_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_waitlist_entry_client_id"), ["client_id"], unique=False)
        batch_op.create_index(
            "uq_waitlist_entry_session",
            ["service_session_id", "pet_id"],
            unique=True,
            sqlite_where=sa.text("removed_at IS NULL AND service_session_id IS NOT NULL"),
            postgresql_where=sa.text("removed_at IS NULL AND service_session_id IS NOT NULL"),
        )

    op.create_table(
        "attendance",
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("checked_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_in_by", sa.String(), nullable=True),
        sa.Column("checked_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_out_by", sa.String(), nullable=True),
        sa.Column("missed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missed_by", sa.String(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_attendance_booking_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_attendance_booking_id")),
    )
    op.create_table(
        "booking_add_on",
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("add_on_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["add_on_id"], ["add_on.id"], name=op.f("fk_booking_add_on_add_on_id")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_booking_add_on_booking_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_add_on")),
    )
    with op.batch_alter_table("booking_add_on", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_booking_add_on_booking_id"), ["booking_id"], unique=False)

    op.create_table(
        "booking_pet",
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("pet_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name="fk_booking_pet_booking"),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_booking_pet_client_id")),
        sa.ForeignKeyConstraint(
            ["pet_id", "client_id"],
            ["pet.id", "pet.client_id"],
            name=op.f("fk_booking_pet_pet_id_client_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_pet")),
        sa.UniqueConstraint("booking_id", "pet_id", name=op.f("uq_booking_pet_booking_id_pet_id")),
    )
    with op.batch_alter_table("booking_pet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_booking_pet_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_booking_pet_pet_id"), ["pet_id"], unique=False)

    op.create_table(
        "booking_provider",
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_booking_provider_booking_id")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_booking_provider_provider_id")),
        sa.PrimaryKeyConstraint("booking_id", "provider_id", name=op.f("pk_booking_provider")),
    )
    op.create_table(
        "decision",
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_kind", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_decision_booking_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_decision_booking_id")),
    )
    op.create_table(
        "thread",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("channel", sa.Enum("email", "sms", name="channel", native_enum=False, length=20), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=True),
        sa.Column("last_message_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_thread_booking_id")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_thread_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread")),
        sa.UniqueConstraint("id", "client_id", name=op.f("uq_thread_id_client_id")),
    )
    with op.batch_alter_table("thread", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_thread_booking_id"), ["booking_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_thread_client_id"), ["client_id"], unique=False)
        batch_op.create_index("ix_thread_newest", ["client_id", "last_message_at", "id"], unique=False)

    op.create_table(
        "message",
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column(
            "author",
            sa.Enum("client", "member", "automatic", name="author", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("author_name", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("from_portal", sa.Boolean(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_message_client_id")),
        sa.ForeignKeyConstraint(
            ["thread_id", "client_id"],
            ["thread.id", "thread.client_id"],
            name=op.f("fk_message_thread_id_client_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("client_id", "key", name=op.f("uq_message_client_id_key")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_client_id"), ["client_id"], unique=False)
        batch_op.create_index("ix_message_of_thread", ["thread_id", "id"], unique=False)
        batch_op.create_index(
            "ix_message_unread",
            ["client_id", "thread_id"],
            unique=False,
            sqlite_where=sa.text("seen_at IS NULL AND author <> 'client'"),
            postgresql_where=sa.text("seen_at IS NULL AND author <> 'client'"),
        )

    op.create_table(
        "notice",
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
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=True),
        sa.Column("pet_id", sa.Integer(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_notice_booking_id")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_notice_client_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_notice_document_id")),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_notice_thread_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_client_id"), ["client_id"], unique=False)

    op.create_table(
        "attachment",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_attachment_client_id")),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_attachment_file_id")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_attachment_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachment_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachment_message_id"), ["message_id"], unique=False)

    op.create_table(
        "cancellation",
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("undo_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_kind", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_cancellation_booking_id")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_cancellation_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cancellation")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_cancellation_booking_id")),
    )
    op.create_table(
        "delivery",
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("client_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.Enum("email", "sms", name="channel", native_enum=False, length=20), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("header_id", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("queued", "sent", "failed", name="deliverystate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_delivery_client_id")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_delivery_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("header_id", name=op.f("uq_delivery_header_id")),
        sa.UniqueConstraint("message_id", name=op.f("uq_delivery_message_id")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delivery_client_id"), ["client_id"], unique=False)
        batch_op.create_index(
            "ix_delivery_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("state = 'queued'"),
            postgresql_where=sa.text("state = 'queued'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_delivery_due", sqlite_where=sa.text("state = 'queued'"), postgresql_where=sa.text("state = 'queued'")
        )
        batch_op.drop_index(batch_op.f("ix_delivery_client_id"))

    op.drop_table("delivery")
    op.drop_table("cancellation")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachment_message_id"))
        batch_op.drop_index(batch_op.f("ix_attachment_client_id"))

    op.drop_table("attachment")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_client_id"))

    op.drop_table("notice")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_message_unread",
            sqlite_where=sa.text("seen_at IS NULL AND author <> 'client'"),
            postgresql_where=sa.text("seen_at IS NULL AND author <> 'client'"),
        )
        batch_op.drop_index("ix_message_of_thread")
        batch_op.drop_index(batch_op.f("ix_message_client_id"))

    op.drop_table("message")
    with op.batch_alter_table("thread", schema=None) as batch_op:
        batch_op.drop_index("ix_thread_newest")
        batch_op.drop_index(batch_op.f("ix_thread_client_id"))
        batch_op.drop_index(batch_op.f("ix_thread_booking_id"))

    op.drop_table("thread")
    op.drop_table("decision")
    op.drop_table("booking_provider")
    with op.batch_alter_table("booking_pet", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_booking_pet_pet_id"))
        batch_op.drop_index(batch_op.f("ix_booking_pet_client_id"))

    op.drop_table("booking_pet")
    with op.batch_alter_table("booking_add_on", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_booking_add_on_booking_id"))

    op.drop_table("booking_add_on")
    op.drop_table("attendance")
    with op.batch_alter_table("waitlist_entry", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_waitlist_entry_session",
            sqlite_where=sa.text("removed_at IS NULL AND service_session_id IS NOT NULL"),
            postgresql_where=sa.text("removed_at IS NULL AND service_session_id IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_waitlist_entry_client_id"))

    op.drop_table("waitlist_entry")
    with op.batch_alter_table("vaccination", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vaccination_client_id"))

    op.drop_table("vaccination")
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_booking_service_session_id"))
        batch_op.drop_index("ix_booking_of_day")
        batch_op.drop_index("ix_booking_of_client")
        batch_op.drop_index(batch_op.f("ix_booking_client_id"))

    op.drop_table("booking")
    with op.batch_alter_table("sign_in_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_code_client_id"))
        batch_op.drop_index(batch_op.f("ix_sign_in_code_asker"))

    op.drop_table("sign_in_code")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_member_id"))
        batch_op.drop_index(batch_op.f("ix_sign_in_client_id"))

    op.drop_table("sign_in")
    with op.batch_alter_table("service_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_session_starts_at"))
        batch_op.drop_index(batch_op.f("ix_service_session_service_id"))

    op.drop_table("service_session")
    with op.batch_alter_table("pet", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pet_client_id"))

    op.drop_table("pet")
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_history_pet_id"))
        batch_op.drop_index(batch_op.f("ix_history_client_id"))

    op.drop_table("history")
    with op.batch_alter_table("email_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_email_change_client_id"))

    op.drop_table("email_change")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_client_id"))
        batch_op.drop_index("ix_document_by_name")

    op.drop_table("document")
    op.drop_table("vaccine_kind")
    op.drop_table("stored_document")
    op.drop_table("series")
    op.drop_table("provider")
    op.drop_table("client")
    op.drop_table("business")
    with op.batch_alter_table("throttle", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_throttle_began_at"))

    op.drop_table("throttle")
    op.drop_table("service")
    op.drop_table("member")
    op.drop_table("location")
    op.drop_table("file")
    op.drop_table("animal")
    op.drop_table("add_on")
    op.drop_table("account_number")
