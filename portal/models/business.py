"""The business, its locations, and files."""

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, false, true
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base
from portal.models.base import NEVER_AGAIN, Keyed, Signed, partial_index


class Business(Keyed, Base):
    """One row: the business this portal belongs to, and what it has chosen."""

    __tablename__ = "business"
    __table_args__ = (partial_index("ix_business_logo_id", "logo_id", where="logo_id IS NOT NULL"),)
    name: Mapped[str]
    tagline: Mapped[str] = mapped_column(default="")
    hide_name: Mapped[bool] = mapped_column(default=False)
    logo_id: Mapped[int | None] = mapped_column(ForeignKey("file.id"))
    colour: Mapped[str] = mapped_column(default="#2f6f6b")
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    time_zone: Mapped[str] = mapped_column(default="America/New_York")
    currency: Mapped[str] = mapped_column(default="USD")
    country: Mapped[str] = mapped_column(default="US")
    header_label: Mapped[str] = mapped_column(default="")
    header_link: Mapped[str] = mapped_column(default="")
    registration_open: Mapped[bool] = mapped_column(default=True)
    neutral_answers: Mapped[bool] = mapped_column(default=False)
    uploads_open: Mapped[bool] = mapped_column(default=True)
    vaccine_days: Mapped[int] = mapped_column(default=30)
    calendar_open: Mapped[bool] = mapped_column(default=True, server_default=true())
    booking_open: Mapped[bool] = mapped_column(default=True, server_default=true())  # for those who are signed in
    public_booking_open: Mapped[bool] = mapped_column(default=True, server_default=true())
    moves_open: Mapped[bool] = mapped_column(default=True, server_default=true())
    requests_open: Mapped[bool] = mapped_column(default=True, server_default=true())  # "Request services"
    waitlist_open: Mapped[bool] = mapped_column(default=True, server_default=true())
    offer_minutes: Mapped[int] = mapped_column(default=120, server_default="120")  # a free place is held for so long
    pets_open: Mapped[bool] = mapped_column(default=True, server_default=true())  # clients change their pets themselves
    profile_open: Mapped[bool] = mapped_column(default=True, server_default=true())
    first_steps: Mapped[bool] = mapped_column(default=False, server_default=false())  # the owner still sees them


class Location(Keyed, Base):
    __tablename__ = "location"
    name: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    time_zone: Mapped[str] = mapped_column(default="America/New_York")
    places: Mapped[int | None]  # pets in day care and boarding on one day, all services together; none: no limit
    deactivated_at: Mapped[datetime | None]


class OpeningHours(Keyed, Base):
    """Wall times of the location. A weekday (0 is Monday) without a row is closed; no rows at all: always open."""

    __tablename__ = "opening_hours"
    __table_args__ = (CheckConstraint("closes_at > opens_at", name="closes_after_opening"),)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), index=True)
    weekday: Mapped[int]
    opens_at: Mapped[time]
    closes_at: Mapped[time]


class Closure(Keyed, Base):
    """Days on which a location is closed, both included."""

    __tablename__ = "closure"
    __table_args__ = (CheckConstraint("last_day >= first_day", name="last_after_first"),)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[str] = mapped_column(default="")


class File(Keyed, Base):
    """What is known about stored bytes; the bytes lie under the key, which nobody can guess."""

    __tablename__ = "file"
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    width: Mapped[int | None]
    height: Mapped[int | None]
    kept_at: Mapped[datetime]


class SettingsChange(Signed, Keyed, Base):
    """Somebody changed the settings. Topic and words are kept as they were."""

    __tablename__ = "settings_change"
    __table_args__ = (Index("ix_settings_change_newest", "topic", "id"), NEVER_AGAIN)
    topic: Mapped[str]
    subject: Mapped[str]
    verb: Mapped[str]
    lines: Mapped[str] = mapped_column(default="", server_default="")  # old → new, a line for each field
