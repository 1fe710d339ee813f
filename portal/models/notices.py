"""What happened, and who is told."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base
from portal.models.base import OfClient, Signed, partial_index, words


class History(Signed, OfClient, Base):
    """Every change to a client or a pet: who, when, which field, old → new."""

    __tablename__ = "history"
    pet_id: Mapped[int | None] = mapped_column(index=True)
    subject: Mapped[str]  # what it is about: "Profile", "Biscuit", "Booking"
    field: Mapped[str]
    old: Mapped[str]
    new: Mapped[str]


class NoticeKind(StrEnum):
    DOCUMENT_SHARED = "document shared"
    DATA_CHANGED = "data changed"
    BOOKING = "booking"
    CANCELLATION = "cancellation"
    REQUEST = "request"
    MESSAGE = "message"
    SECURITY = "security"


class Notice(OfClient, Base):
    """Something staff are to be told, written in the same change that it tells of."""

    __tablename__ = "notice"
    kind: Mapped[NoticeKind] = mapped_column(words(NoticeKind))
    at: Mapped[datetime]
    text: Mapped[str]
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"), index=True)
    pet_id: Mapped[int | None]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), index=True)
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id"), index=True)


class Told(Base):
    """A notice reached a member of staff; in the app it is new until seen."""

    __tablename__ = "told"
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    at: Mapped[datetime]  # of the notice, by which the list is sorted
    seen_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_told_of_member", "member_id", "at", "notice_id"),
        partial_index("ix_told_new", "member_id", "at", "notice_id", where="seen_at IS NULL"),
    )


class NoticeChoice(Base):
    """How a member of staff wants to hear of one kind of thing. No row: in the app."""

    __tablename__ = "notice_choice"
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    kind: Mapped[NoticeKind] = mapped_column(words(NoticeKind), primary_key=True)
    in_app: Mapped[bool]
    by_email: Mapped[bool]
