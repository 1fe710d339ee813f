"""Bookings with what belongs to each, requests in words, and feeds."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.models.base import NEVER_AGAIN, Keyed, OfClient, Signed, of_pet, partial_index, words
from portal.models.business import Location
from portal.models.lengths import length_of
from portal.models.people import Client
from portal.models.pets import Pet
from portal.models.services import CancelRule, MoveRule, Provider, Series, Service, ServiceSession


class State(StrEnum):
    """How far a booking has come: the first of these from the end that is true of it."""

    BOOKED = "booked"
    REQUESTED = "requested"
    HERE = "here"
    LEFT = "left"
    MISSED = "missed"
    CANCELLED = "cancelled"
    DECLINED = "declined"


def first_state(context: Any) -> State:
    return State.REQUESTED if context.get_current_parameters().get("needs_approval") else State.BOOKED


def first_length(context: Any) -> int:
    told = context.get_current_parameters()
    return length_of(told["ends_at"] - told["starts_at"])


class Registration(OfClient, Base):
    """A client booked a whole series: each of its dates is a booking, all of them for one price."""

    __tablename__ = "registration"
    __table_args__ = (NEVER_AGAIN,)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"), index=True)
    price: Mapped[int]  # of all pets; the bookings share it
    made_at: Mapped[datetime]
    series: Mapped[Series] = relationship()


class Booking(CancelRule, MoveRule, OfClient, Base):
    """The rules about cancelling and moving are frozen here when the booking is made, and so is the price."""

    __tablename__ = "booking"
    __table_args__ = (
        UniqueConstraint("id", "client_id"),
        CheckConstraint("ends_at >= starts_at", name="ends_after_start"),
        Index("ix_booking_of_client", "client_id", "ends_at", "starts_at", "id"),
        Index(
            "ix_booking_of_day",
            "location_id",
            "state",
            "starts_at",
            "ends_at",
            "service_id",
            "pet_count",
            "service_session_id",
            "id",
        ),
        Index(
            "ix_booking_of_length",
            "location_id",
            "service_id",
            "length",
            "ends_at",
            "starts_at",
            "state",
            "pet_count",
        ),
        partial_index(
            "ix_booking_alone",
            "location_id",
            "service_id",
            "starts_at",
            "pet_count",
            "service_session_id",
            "state",
            where="service_session_id IS NULL AND state NOT IN ('cancelled', 'declined')",
        ),
        partial_index("ix_booking_long", "location_id", "state", "starts_at", "ends_at", "id", where="length > 0"),
        Index("ix_booking_of_session", "service_session_id", "state", "pet_count"),
        partial_index("ix_booking_requested", "starts_at", "id", where="state = 'requested'"),
        UniqueConstraint("client_id", "key"),
    )
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    service_session_id: Mapped[int | None] = mapped_column(ForeignKey("service_session.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    # These three tell what is told elsewhere, so that bookings are counted out of one index. They are for finding:
    # whoever has a booking in hand asks the rows around it, and its times (see settled.py and lengths.py).
    state: Mapped[State] = mapped_column(
        words(State), default=first_state, server_default=State.BOOKED, deferred=True, deferred_raiseload=True
    )
    pet_count: Mapped[int] = mapped_column(default=0, server_default="0", deferred=True, deferred_raiseload=True)
    length: Mapped[int] = mapped_column(
        default=first_length, server_default="0", deferred=True, deferred_raiseload=True
    )
    price: Mapped[int] = mapped_column(default=0)  # for all pets, without add-ons
    needs_approval: Mapped[bool] = mapped_column(default=False)
    overbooked: Mapped[bool] = mapped_column(default=False, server_default=false())  # by staff, beyond the places
    notes: Mapped[str] = mapped_column(default="", server_default="")  # what the client wrote when booking
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"), index=True)
    key: Mapped[str | None]  # of the form it was made in: sent twice, it books once
    made_at: Mapped[datetime]
    client: Mapped[Client] = relationship()
    service: Mapped[Service] = relationship()
    service_session: Mapped[ServiceSession | None] = relationship()
    registration: Mapped[Registration | None] = relationship()
    location: Mapped[Location] = relationship()
    pets: Mapped[list[Pet]] = relationship(secondary="booking_pet", viewonly=True, order_by="Pet.name")
    providers: Mapped[list[Provider]] = relationship(secondary="booking_provider", order_by="Provider.name")
    add_ons: Mapped[list["BookingAddOn"]] = relationship(order_by="BookingAddOn.id")
    cancellation: Mapped["Cancellation | None"] = relationship()
    decision: Mapped["Decision | None"] = relationship()


class BookingPet(OfClient, Base):
    __tablename__ = "booking_pet"
    __table_args__ = (
        UniqueConstraint("booking_id", "pet_id"),
        ForeignKeyConstraint(["booking_id"], ["booking.id"], name="fk_booking_pet_booking"),
        of_pet(),
    )
    booking_id: Mapped[int]
    pet_id: Mapped[int] = mapped_column(index=True)


class BookingProvider(Base):
    __tablename__ = "booking_provider"
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), primary_key=True, index=True)


class TakenDay(Base):
    """When a provider is taken by appointments and classes, with what is kept free around: kept, so that who looks for
    a free time need not read them all. It is there only with such rows, and points at nothing itself, as ClassDay."""

    __tablename__ = "taken_day"
    provider_id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)  # of UTC; of what goes over midnight each has its part
    spans: Mapped[str]  # minutes since 1970, in order and apart: "29386080-29386140 29386170-29386200"


class VisitDay(Base):
    """How many pets come and go on a day, in day care or for the night: of one service at one location, by the clock
    there. Kept, so that a calendar need not read all bookings; there only where somebody comes or goes, as ClassDay."""

    __tablename__ = "visit_day"
    day: Mapped[date] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(primary_key=True)
    location_id: Mapped[int] = mapped_column(primary_key=True)
    arriving: Mapped[int]
    leaving: Mapped[int]


class AppointmentDay(Base):
    """How many appointments begin on a day at a location, whatever for. Kept, as VisitDay."""

    __tablename__ = "appointment_day"
    day: Mapped[date] = mapped_column(primary_key=True)
    location_id: Mapped[int] = mapped_column(primary_key=True)
    bookings: Mapped[int]


class BookingAddOn(Keyed, Base):
    """An add-on as it was when booked."""

    __tablename__ = "booking_add_on"
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), index=True)
    add_on_id: Mapped[int] = mapped_column(ForeignKey("add_on.id"))
    name: Mapped[str]
    price: Mapped[int]


class Cancellation(Signed, Keyed, Base):
    """Who called a booking off. Its presence is the state; until `undo_until` the place is held for its return."""

    __tablename__ = "cancellation"
    __table_args__ = (partial_index("ix_cancellation_message_id", "message_id", where="message_id IS NOT NULL"),)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), unique=True)
    undo_until: Mapped[datetime] = mapped_column(index=True)
    whole: Mapped[bool] = mapped_column(default=False, server_default=false())  # with it the registration, not a date
    reason: Mapped[str] = mapped_column(default="")
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))


class Decision(Signed, Keyed, Base):
    """What the business answered to a request."""

    __tablename__ = "decision"
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), unique=True)
    confirmed: Mapped[bool]
    reason: Mapped[str] = mapped_column(default="")


class Attendance(Keyed, Base):
    """The pets came and went, or did not come."""

    __tablename__ = "attendance"
    __table_args__ = (partial_index("ix_attendance_left", "checked_out_at", where="checked_out_at IS NOT NULL"),)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), unique=True)
    checked_in_at: Mapped[datetime | None]
    checked_in_by: Mapped[str | None]
    checked_out_at: Mapped[datetime | None]
    checked_out_by: Mapped[str | None]
    missed_at: Mapped[datetime | None]
    missed_by: Mapped[str | None]


class RequestOutcome(StrEnum):
    """What came of a request for services."""

    SCHEDULED = "scheduled"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ServiceRequest(OfClient, Base):
    """A client describes what they need, in words, for the business to schedule."""

    __tablename__ = "service_request"
    __table_args__ = (
        partial_index("ix_service_request_open", "made_at", "id", where="ended_at IS NULL"),
        UniqueConstraint("client_id", "key"),
        NEVER_AGAIN,
    )
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    location_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    wanted: Mapped[str]  # dates and times, as they wrote them
    notes: Mapped[str] = mapped_column(default="")
    key: Mapped[str | None]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(default="")
    outcome: Mapped[RequestOutcome | None] = mapped_column(words(RequestOutcome))
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"))  # what came of it
    answer: Mapped[str] = mapped_column(default="")  # why not, where nothing came of it
    service: Mapped[Service] = relationship()
    location: Mapped[Location | None] = relationship()


class ServiceRequestPet(OfClient, Base):
    __tablename__ = "service_request_pet"
    __table_args__ = (of_pet(), UniqueConstraint("service_request_id", "pet_id"))
    service_request_id: Mapped[int] = mapped_column(ForeignKey("service_request.id", ondelete="CASCADE"))
    pet_id: Mapped[int]


class Feed(OfClient, Base):
    """A calendar program may read the client's bookings. The address is signed, and good until it is revoked."""

    __tablename__ = "feed"
    __table_args__ = (NEVER_AGAIN,)
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
