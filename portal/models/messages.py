"""Threads, messages, and what is to be sent."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.models.base import NEVER_AGAIN, Keyed, OfClient, partial_index, words
from portal.models.bookings import Booking
from portal.models.business import File
from portal.models.people import Channel


class Thread(OfClient, Base):
    __tablename__ = "thread"
    __table_args__ = (
        UniqueConstraint("id", "client_id"),
        Index("ix_thread_newest", "client_id", "last_message_at", "id"),
        Index("ix_thread_newest_of_all", "last_message_at", "id"),
        Index("ix_thread_newest_of_member", "member_id", "last_message_at", "id"),
        NEVER_AGAIN,
    )
    subject: Mapped[str]
    channel: Mapped[Channel] = mapped_column(words(Channel), default=Channel.EMAIL)
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"), index=True)
    last_message_at: Mapped[datetime]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))  # who takes care of it
    booking: Mapped[Booking | None] = relationship()
    messages: Mapped[list["Message"]] = relationship(
        back_populates="thread", order_by="Message.id", overlaps="client", viewonly=True
    )


class Author(StrEnum):
    CLIENT = "client"
    MEMBER = "member"
    AUTOMATIC = "automatic"


class Message(OfClient, Base):
    __tablename__ = "message"
    __table_args__ = (
        ForeignKeyConstraint(["thread_id", "client_id"], ["thread.id", "thread.client_id"], onupdate="CASCADE"),
        Index("ix_message_of_thread", "thread_id", "id"),
        UniqueConstraint("client_id", "key"),
        partial_index("ix_message_unread", "client_id", "thread_id", where="seen_at IS NULL AND author <> 'client'"),
        partial_index("ix_message_unread_by_staff", "thread_id", where="seen_at IS NULL AND author = 'client'"),
    )
    thread_id: Mapped[int]
    author: Mapped[Author] = mapped_column(words(Author))
    author_name: Mapped[str]
    text: Mapped[str]
    from_portal: Mapped[bool] = mapped_column(default=False)
    written_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]  # by the other side
    key: Mapped[str | None]  # of the form it was written in, or of its letter: a second one writes nothing
    sent_from: Mapped[str] = mapped_column(default="", server_default="")  # where a letter came from, if elsewhere
    thread: Mapped[Thread] = relationship(back_populates="messages", overlaps="client")
    attachments: Mapped[list["Attachment"]] = relationship(order_by="Attachment.id", overlaps="client")
    delivery: Mapped["Delivery | None"] = relationship()


class Attachment(OfClient, Base):
    __tablename__ = "attachment"
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("file.id"), index=True)
    file: Mapped[File] = relationship()


class DeliveryState(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class Delivery(Keyed, Base):
    """The outbox: something to be sent, from when on, and how it went. The worker claims a row by its lease."""

    __tablename__ = "delivery"
    __table_args__ = (
        partial_index("ix_delivery_due", "due_at", where="state = 'queued'"),
        partial_index("ix_delivery_failed", "message_id", where="state = 'failed'"),
    )
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), unique=True)
    # To a member of staff: what is taken back before it went out is not sent.
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id", ondelete="CASCADE"), index=True)
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"), index=True)
    channel: Mapped[Channel] = mapped_column(words(Channel))
    recipient: Mapped[str]
    subject: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    header_id: Mapped[str] = mapped_column(unique=True)  # the Message-ID, the same at every try
    state: Mapped[DeliveryState] = mapped_column(words(DeliveryState), default=DeliveryState.QUEUED)
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(default="")
    sent_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class MessageTemplate(Base):
    """The business's own words for one kind of automatic message; without a row ours."""

    __tablename__ = "message_template"
    kind: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str]
    text: Mapped[str]
    edited_at: Mapped[datetime]
    edited_by: Mapped[str]


class ReminderTime(Base):
    """So long before the start a reminder goes out."""

    __tablename__ = "reminder_time"
    minutes: Mapped[int] = mapped_column(primary_key=True)


class Reminder(Base):
    """That a reminder of this very date went out, so that it goes once."""

    __tablename__ = "reminder"
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    minutes: Mapped[int] = mapped_column(primary_key=True)
    sent_at: Mapped[datetime]
