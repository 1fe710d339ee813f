"""Let services be offered, booked, moved, waited for and reminded of."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "membership",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_membership"),
        sa.UniqueConstraint("name", name="uq_membership_name"),
    )
    op.create_table(
        "message_template",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name="pk_message_template"),
    )
    op.create_table(
        "reminder_time",
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("minutes", name="pk_reminder_time"),
    )
    op.create_table(
        "closure",
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name="last_after_first"),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name="fk_closure_location_id"),
        sa.PrimaryKeyConstraint("id", name="pk_closure"),
    )
    with op.batch_alter_table("closure", schema=None) as batch_op:
        batch_op.create_index("ix_closure_location_id", ["location_id"], unique=False)

    op.create_table(
        "membership_service",
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name="fk_membership_service_membership_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name="fk_membership_service_service_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("membership_id", "service_id", name="pk_membership_service"),
    )
    with op.batch_alter_table("membership_service", schema=None) as batch_op:
        batch_op.create_index("ix_membership_service_service_id", ["service_id"], unique=False)

    op.create_table(
        "offering",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name="fk_offering_location_id"),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name="fk_offering_service_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_offering"),
        sa.UniqueConstraint("service_id", "location_id", name="uq_offering_service_id_location_id"),
    )
    with op.batch_alter_table("offering", schema=None) as batch_op:
        batch_op.create_index("ix_offering_location_id", ["location_id"], unique=False)

    op.create_table(
        "opening_hours",
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.Time(), nullable=False),
        sa.Column("closes_at", sa.Time(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name="fk_opening_hours_location_id"),
        sa.PrimaryKeyConstraint("id", name="pk_opening_hours"),
    )
    with op.batch_alter_table("opening_hours", schema=None) as batch_op:
        batch_op.create_index("ix_opening_hours_location_id", ["location_id"], unique=False)

    op.create_table(
        "service_add_on",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("add_on_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["add_on_id"], ["add_on.id"], name="fk_service_add_on_add_on_id"),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name="fk_service_add_on_service_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("service_id", "add_on_id", name="pk_service_add_on"),
    )
    with op.batch_alter_table("service_add_on", schema=None) as batch_op:
        batch_op.create_index("ix_service_add_on_add_on_id", ["add_on_id"], unique=False)

    op.create_table(
        "service_animal",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("animal_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["animal_id"], ["animal.id"], name="fk_service_animal_animal_id"),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name="fk_service_animal_service_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("service_id", "animal_id", name="pk_service_animal"),
    )
    op.create_table(
        "feed",
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_feed_client_id"),
        sa.PrimaryKeyConstraint("id", name="pk_feed"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("feed", schema=None) as batch_op:
        batch_op.create_index("ix_feed_client_id", ["client_id"], unique=False)

    op.create_table(
        "registration",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_registration_client_id"),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name="fk_registration_series_id"),
        sa.PrimaryKeyConstraint("id", name="pk_registration"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.create_index("ix_registration_client_id", ["client_id"], unique=False)
        batch_op.create_index("ix_registration_series_id", ["series_id"], unique=False)

    op.create_table(
        "repetition",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=True),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("made_until", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name="fk_repetition_location_id"),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name="fk_repetition_series_id"),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name="fk_repetition_service_id"),
        sa.PrimaryKeyConstraint("id", name="pk_repetition"),
    )
    op.create_table(
        "service_provider",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name="fk_service_provider_provider_id"),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name="fk_service_provider_service_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("service_id", "provider_id", name="pk_service_provider"),
    )
    with op.batch_alter_table("service_provider", schema=None) as batch_op:
        batch_op.create_index("ix_service_provider_provider_id", ["provider_id"], unique=False)

    op.create_table(
        "service_vaccine",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("vaccine_kind_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name="fk_service_vaccine_service_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["vaccine_kind_id"], ["vaccine_kind.id"], name="fk_service_vaccine_vaccine_kind_id"),
        sa.PrimaryKeyConstraint("service_id", "vaccine_kind_id", name="pk_service_vaccine"),
    )
    op.create_table(
        "subscription",
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_kind", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_subscription_client_id"),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name="fk_subscription_membership_id"),
        sa.PrimaryKeyConstraint("id", name="pk_subscription"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.create_index("ix_subscription_client_id", ["client_id"], unique=False)
        batch_op.create_index("ix_subscription_membership_id", ["membership_id"], unique=False)

    op.create_table(
        "time_off",
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_kind", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name="fk_time_off_provider_id"),
        sa.PrimaryKeyConstraint("id", name="pk_time_off"),
    )
    with op.batch_alter_table("time_off", schema=None) as batch_op:
        batch_op.create_index("ix_time_off_of_provider", ["provider_id", "ends_at"], unique=False)

    op.create_table(
        "working_hours",
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("since", sa.Time(), nullable=False),
        sa.Column("until", sa.Time(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("until > since", name="until_after_since"),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name="fk_working_hours_location_id"),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name="fk_working_hours_provider_id"),
        sa.PrimaryKeyConstraint("id", name="pk_working_hours"),
    )
    with op.batch_alter_table("working_hours", schema=None) as batch_op:
        batch_op.create_index("ix_working_hours_provider_id", ["provider_id"], unique=False)

    op.create_table(
        "queue_check",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("service_session_id", sa.Integer(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name="fk_queue_check_location_id"),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name="fk_queue_check_service_id"),
        sa.ForeignKeyConstraint(
            ["service_session_id"], ["service_session.id"], name="fk_queue_check_service_session_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_queue_check"),
    )
    with op.batch_alter_table("queue_check", schema=None) as batch_op:
        batch_op.create_index("ix_queue_check_due_at", ["due_at"], unique=False)

    op.create_table(
        "session_provider",
        sa.Column("service_session_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name="fk_session_provider_provider_id"),
        sa.ForeignKeyConstraint(
            ["service_session_id"],
            ["service_session.id"],
            name="fk_session_provider_service_session_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_session_id", "provider_id", name="pk_session_provider"),
    )
    with op.batch_alter_table("session_provider", schema=None) as batch_op:
        batch_op.create_index("ix_session_provider_provider_id", ["provider_id"], unique=False)

    op.create_table(
        "reminder",
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name="fk_reminder_booking_id"),
        sa.PrimaryKeyConstraint("booking_id", "starts_at", "minutes", name="pk_reminder"),
    )
    op.create_table(
        "service_request",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=True),
        sa.Column("wanted", sa.String(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name="fk_service_request_booking_id"),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_service_request_client_id"),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name="fk_service_request_location_id"),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name="fk_service_request_service_id"),
        sa.PrimaryKeyConstraint("id", name="pk_service_request"),
        sa.UniqueConstraint("client_id", "key", name="uq_service_request_client_id_key"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("service_request", schema=None) as batch_op:
        batch_op.create_index("ix_service_request_client_id", ["client_id"], unique=False)

    op.create_table(
        "offer",
        sa.Column("waitlist_entry_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("service_session_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum("accepted", "declined", "lapsed", "withdrawn", name="outcome", native_enum=False, length=20),
            nullable=True,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_kind", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_offer_client_id"),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name="fk_offer_location_id"),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name="fk_offer_service_id"),
        sa.ForeignKeyConstraint(["service_session_id"], ["service_session.id"], name="fk_offer_service_session_id"),
        sa.ForeignKeyConstraint(["waitlist_entry_id"], ["waitlist_entry.id"], name="fk_offer_waitlist_entry_id"),
        sa.PrimaryKeyConstraint("id", name="pk_offer"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.create_index("ix_offer_client_id", ["client_id"], unique=False)
        batch_op.create_index("ix_offer_service_session_id", ["service_session_id"], unique=False)
        batch_op.create_index("ix_offer_until", ["until"], unique=False)
        batch_op.create_index(
            "uq_offer_open",
            ["waitlist_entry_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "service_request_pet",
        sa.Column("service_request_id", sa.Integer(), nullable=False),
        sa.Column("pet_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_service_request_pet_client_id"),
        sa.ForeignKeyConstraint(
            ["pet_id", "client_id"],
            ["pet.id", "pet.client_id"],
            name="fk_service_request_pet_pet_id_client_id",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["service_request_id"],
            ["service_request.id"],
            name="fk_service_request_pet_service_request_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_service_request_pet"),
        sa.UniqueConstraint("service_request_id", "pet_id", name="uq_service_request_pet_service_request_id_pet_id"),
    )
    with op.batch_alter_table("service_request_pet", schema=None) as batch_op:
        batch_op.create_index("ix_service_request_pet_client_id", ["client_id"], unique=False)

    with op.batch_alter_table("add_on", schema=None) as batch_op:
        batch_op.add_column(sa.Column("description", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("position", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.add_column(sa.Column("overbooked", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("notes", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("registration_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("key", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("move_allowed", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("move_hours", sa.Integer(), server_default="0", nullable=True))
        batch_op.add_column(sa.Column("move_day_before_at", sa.Time(), nullable=True))
        batch_op.create_index("ix_booking_registration_id", ["registration_id"], unique=False)
        batch_op.create_unique_constraint("uq_booking_client_id_key", ["client_id", "key"])
        batch_op.create_foreign_key("fk_booking_registration_id", "registration", ["registration_id"], ["id"])

    with op.batch_alter_table("booking_provider", schema=None) as batch_op:
        batch_op.create_index("ix_booking_provider_provider_id", ["provider_id"], unique=False)

    with op.batch_alter_table("business", schema=None) as batch_op:
        batch_op.add_column(sa.Column("calendar_open", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("booking_open", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("public_booking_open", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("moves_open", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("requests_open", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("waitlist_open", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("offer_minutes", sa.Integer(), server_default="120", nullable=False))
        batch_op.add_column(sa.Column("pets_open", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("profile_open", sa.Boolean(), server_default=sa.true(), nullable=False))

    with op.batch_alter_table("location", schema=None) as batch_op:
        batch_op.add_column(sa.Column("places", sa.Integer(), nullable=True))

    with op.batch_alter_table("provider", schema=None) as batch_op:
        batch_op.add_column(sa.Column("position", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("series", schema=None) as batch_op:
        batch_op.add_column(sa.Column("description", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("price", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "access",
                sa.Enum("public", "members", "link", "staff", name="access", native_enum=False, length=20),
                server_default="public",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("needs_approval", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("waitlist_open", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("notice_minutes", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("ahead_days", sa.Integer(), server_default="180", nullable=False))
        batch_op.add_column(
            sa.Column(
                "vaccine_check",
                sa.Enum("none", "warn", "stop", name="vaccinecheck", native_enum=False, length=20),
                server_default="none",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("least_months", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("most_months", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("buffer_before", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("buffer_after", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("every_minutes", sa.Integer(), server_default="30", nullable=False))
        batch_op.add_column(sa.Column("together", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("arrives_at", sa.Time(), server_default="08:00:00", nullable=False))
        batch_op.add_column(sa.Column("leaves_at", sa.Time(), server_default="18:00:00", nullable=False))
        batch_op.add_column(sa.Column("least_nights", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("most_nights", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("position", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("move_allowed", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("move_hours", sa.Integer(), server_default="0", nullable=True))
        batch_op.add_column(sa.Column("move_day_before_at", sa.Time(), nullable=True))

    with op.batch_alter_table("service_session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("repetition_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("repetition_day", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("called_off_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("called_off_why", sa.String(), server_default="", nullable=False))
        batch_op.create_index("ix_service_session_of_day", ["location_id", "starts_at", "id"], unique=False)
        batch_op.create_index("ix_service_session_series_id", ["series_id"], unique=False)
        batch_op.create_unique_constraint(
            "uq_service_session_repetition_id_repetition_day", ["repetition_id", "repetition_day"]
        )
        batch_op.create_foreign_key("fk_service_session_repetition_id", "repetition", ["repetition_id"], ["id"])

    with op.batch_alter_table("waitlist_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_day", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("last_day", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("party_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("booking_id", sa.Integer(), nullable=True))
        batch_op.create_index("ix_waitlist_entry_series_id", ["series_id"], unique=False)
        batch_op.create_index(
            "uq_waitlist_entry_day",
            ["service_id", "location_id", "first_day", "last_day", "pet_id"],
            unique=True,
            sqlite_where=sa.text("removed_at IS NULL AND first_day IS NOT NULL"),
            postgresql_where=sa.text("removed_at IS NULL AND first_day IS NOT NULL"),
        )
        batch_op.create_foreign_key("fk_waitlist_entry_party_id", "waitlist_entry", ["party_id"], ["id"])
        batch_op.create_foreign_key("fk_waitlist_entry_booking_id", "booking", ["booking_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("waitlist_entry", schema=None) as batch_op:
        batch_op.drop_constraint("fk_waitlist_entry_booking_id", type_="foreignkey")
        batch_op.drop_constraint("fk_waitlist_entry_party_id", type_="foreignkey")
        batch_op.drop_index(
            "uq_waitlist_entry_day",
            sqlite_where=sa.text("removed_at IS NULL AND first_day IS NOT NULL"),
            postgresql_where=sa.text("removed_at IS NULL AND first_day IS NOT NULL"),
        )
        batch_op.drop_index("ix_waitlist_entry_series_id")
        batch_op.drop_column("booking_id")
        batch_op.drop_column("party_id")
        batch_op.drop_column("last_day")
        batch_op.drop_column("first_day")

    with op.batch_alter_table("service_session", schema=None) as batch_op:
        batch_op.drop_constraint("fk_service_session_repetition_id", type_="foreignkey")
        batch_op.drop_constraint("uq_service_session_repetition_id_repetition_day", type_="unique")
        batch_op.drop_index("ix_service_session_series_id")
        batch_op.drop_index("ix_service_session_of_day")
        batch_op.drop_column("called_off_why")
        batch_op.drop_column("called_off_at")
        batch_op.drop_column("repetition_day")
        batch_op.drop_column("repetition_id")

    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.drop_column("move_day_before_at")
        batch_op.drop_column("move_hours")
        batch_op.drop_column("move_allowed")
        batch_op.drop_column("retired_at")
        batch_op.drop_column("position")
        batch_op.drop_column("most_nights")
        batch_op.drop_column("least_nights")
        batch_op.drop_column("leaves_at")
        batch_op.drop_column("arrives_at")
        batch_op.drop_column("together")
        batch_op.drop_column("every_minutes")
        batch_op.drop_column("buffer_after")
        batch_op.drop_column("buffer_before")
        batch_op.drop_column("most_months")
        batch_op.drop_column("least_months")
        batch_op.drop_column("vaccine_check")
        batch_op.drop_column("ahead_days")
        batch_op.drop_column("notice_minutes")
        batch_op.drop_column("waitlist_open")
        batch_op.drop_column("needs_approval")
        batch_op.drop_column("access")

    with op.batch_alter_table("series", schema=None) as batch_op:
        batch_op.drop_column("retired_at")
        batch_op.drop_column("price")
        batch_op.drop_column("description")

    with op.batch_alter_table("provider", schema=None) as batch_op:
        batch_op.drop_column("retired_at")
        batch_op.drop_column("position")

    with op.batch_alter_table("location", schema=None) as batch_op:
        batch_op.drop_column("places")

    with op.batch_alter_table("business", schema=None) as batch_op:
        batch_op.drop_column("profile_open")
        batch_op.drop_column("pets_open")
        batch_op.drop_column("offer_minutes")
        batch_op.drop_column("waitlist_open")
        batch_op.drop_column("requests_open")
        batch_op.drop_column("moves_open")
        batch_op.drop_column("public_booking_open")
        batch_op.drop_column("booking_open")
        batch_op.drop_column("calendar_open")

    with op.batch_alter_table("booking_provider", schema=None) as batch_op:
        batch_op.drop_index("ix_booking_provider_provider_id")

    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_constraint("fk_booking_registration_id", type_="foreignkey")
        batch_op.drop_constraint("uq_booking_client_id_key", type_="unique")
        batch_op.drop_index("ix_booking_registration_id")
        batch_op.drop_column("move_day_before_at")
        batch_op.drop_column("move_hours")
        batch_op.drop_column("move_allowed")
        batch_op.drop_column("key")
        batch_op.drop_column("registration_id")
        batch_op.drop_column("notes")
        batch_op.drop_column("overbooked")

    with op.batch_alter_table("add_on", schema=None) as batch_op:
        batch_op.drop_column("retired_at")
        batch_op.drop_column("position")
        batch_op.drop_column("description")

    with op.batch_alter_table("service_request_pet", schema=None) as batch_op:
        batch_op.drop_index("ix_service_request_pet_client_id")

    op.drop_table("service_request_pet")
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_offer_open", sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL")
        )
        batch_op.drop_index("ix_offer_until")
        batch_op.drop_index("ix_offer_service_session_id")
        batch_op.drop_index("ix_offer_client_id")

    op.drop_table("offer")
    with op.batch_alter_table("service_request", schema=None) as batch_op:
        batch_op.drop_index("ix_service_request_client_id")

    op.drop_table("service_request")
    op.drop_table("reminder")
    with op.batch_alter_table("session_provider", schema=None) as batch_op:
        batch_op.drop_index("ix_session_provider_provider_id")

    op.drop_table("session_provider")
    with op.batch_alter_table("queue_check", schema=None) as batch_op:
        batch_op.drop_index("ix_queue_check_due_at")

    op.drop_table("queue_check")
    with op.batch_alter_table("working_hours", schema=None) as batch_op:
        batch_op.drop_index("ix_working_hours_provider_id")

    op.drop_table("working_hours")
    with op.batch_alter_table("time_off", schema=None) as batch_op:
        batch_op.drop_index("ix_time_off_of_provider")

    op.drop_table("time_off")
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.drop_index("ix_subscription_membership_id")
        batch_op.drop_index("ix_subscription_client_id")

    op.drop_table("subscription")
    op.drop_table("service_vaccine")
    with op.batch_alter_table("service_provider", schema=None) as batch_op:
        batch_op.drop_index("ix_service_provider_provider_id")

    op.drop_table("service_provider")
    op.drop_table("repetition")
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_index("ix_registration_series_id")
        batch_op.drop_index("ix_registration_client_id")

    op.drop_table("registration")
    with op.batch_alter_table("feed", schema=None) as batch_op:
        batch_op.drop_index("ix_feed_client_id")

    op.drop_table("feed")
    op.drop_table("service_animal")
    with op.batch_alter_table("service_add_on", schema=None) as batch_op:
        batch_op.drop_index("ix_service_add_on_add_on_id")

    op.drop_table("service_add_on")
    with op.batch_alter_table("opening_hours", schema=None) as batch_op:
        batch_op.drop_index("ix_opening_hours_location_id")

    op.drop_table("opening_hours")
    with op.batch_alter_table("offering", schema=None) as batch_op:
        batch_op.drop_index("ix_offering_location_id")

    op.drop_table("offering")
    with op.batch_alter_table("membership_service", schema=None) as batch_op:
        batch_op.drop_index("ix_membership_service_service_id")

    op.drop_table("membership_service")
    with op.batch_alter_table("closure", schema=None) as batch_op:
        batch_op.drop_index("ix_closure_location_id")

    op.drop_table("closure")
    op.drop_table("reminder_time")
    op.drop_table("message_template")
    op.drop_table("membership")
