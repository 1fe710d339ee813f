"""Waitlists, what is offered to those who wait, and when a queue is to be looked at."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.models.base import NEVER_AGAIN, Keyed, OfClient, Signed, of_pet, partial_index, words
from portal.models.business import Location
from portal.models.pets import Pet
from portal.models.services import Series, Service, ServiceSession


class Outcome(StrEnum):
    """What came of waiting, or of an offer: taken, declined, not answered in time, taken back, or the day is over."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class WaitlistEntry(OfClient, Base):
    """A pet waits for a place: in one session, or for a service or series without a date."""

    __tablename__ = "waitlist_entry"
    __table_args__ = (
        of_pet(),
        partial_index(
            "uq_waitlist_entry_session",
            "service_session_id",
            "pet_id",
            unique=True,
            where="removed_at IS NULL AND service_session_id IS NOT NULL",
        ),
        partial_index(
            "uq_waitlist_entry_day",
            "service_id",
            "location_id",
            "first_day",
            "last_day",
            "pet_id",
            unique=True,
            where="removed_at IS NULL AND first_day IS NOT NULL",
        ),
        partial_index("ix_waitlist_entry_waiting", "service_id", "joined_at", "id", where="removed_at IS NULL"),
    )
    pet_id: Mapped[int]
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"), index=True)
    service_session_id: Mapped[int | None] = mapped_column(ForeignKey("service_session.id"))
    location_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    first_day: Mapped[date | None]  # of day care or a stay, where there is no session
    last_day: Mapped[date | None]  # the day of leaving
    party_id: Mapped[int | None] = mapped_column(ForeignKey("waitlist_entry.id"))  # the first of those served together
    joined_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]  # when the waiting was over, whatever came of it
    outcome: Mapped[Outcome | None] = mapped_column(words(Outcome))
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"))  # what came of waiting
    pet: Mapped[Pet] = relationship(overlaps="client")
    service: Mapped[Service] = relationship()
    series: Mapped[Series | None] = relationship()
    service_session: Mapped[ServiceSession | None] = relationship()
    location: Mapped[Location | None] = relationship()


class Offer(Signed, OfClient, Base):
    """A free place is held for a waitlist entry and its party, until a moment or until they answer."""

    __tablename__ = "offer"
    __table_args__ = (
        partial_index("uq_offer_open", "waitlist_entry_id", unique=True, where="ended_at IS NULL AND with_id IS NULL"),
        partial_index("ix_offer_due", "until", where="ended_at IS NULL"),
        NEVER_AGAIN,
    )
    waitlist_entry_id: Mapped[int] = mapped_column(ForeignKey("waitlist_entry.id"))
    with_id: Mapped[int | None] = mapped_column(ForeignKey("offer.id"), index=True)  # the first date of the series
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    service_session_id: Mapped[int | None] = mapped_column(ForeignKey("service_session.id"), index=True)
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"), index=True)  # whose time is held
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    places: Mapped[int]
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None] = mapped_column(words(Outcome))


class QueueCheck(Keyed, Base):
    """A place may have become free: from the due moment on, the worker offers it to who waits."""

    __tablename__ = "queue_check"
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    service_session_id: Mapped[int | None] = mapped_column(ForeignKey("service_session.id"))
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    due_at: Mapped[datetime] = mapped_column(index=True)
    leased_until: Mapped[datetime | None]
