"""What staff keep about clients."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.models.base import NEVER_AGAIN, Keyed, OfClient, Signed, of_pet, partial_index, words
from portal.models.business import File


class Note(Signed, OfClient, Base):
    """What staff write down about a client or a pet. Never shown to clients."""

    __tablename__ = "note"
    __table_args__ = (Index("ix_note_newest", "client_id", "at", "id"), NEVER_AGAIN)
    pet_id: Mapped[int | None] = mapped_column(index=True)
    text: Mapped[str]
    edited_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    files: Mapped[list["NoteFile"]] = relationship(order_by="NoteFile.id", overlaps="client")


class NoteFile(OfClient, Base):
    __tablename__ = "note_file"
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("file.id"), index=True)
    file: Mapped[File] = relationship()


class Tag(Keyed, Base):
    """A word that staff put on clients or on pets."""

    __tablename__ = "tag"
    __table_args__ = (UniqueConstraint("name", "of_pets"),)
    name: Mapped[str]
    of_pets: Mapped[bool]
    tone: Mapped[str] = mapped_column(default="tint-5")
    position: Mapped[int] = mapped_column(default=0, server_default="0")


class ClientTag(OfClient, Base):
    __tablename__ = "client_tag"
    __table_args__ = (UniqueConstraint("client_id", "tag_id"),)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id", ondelete="CASCADE"), index=True)


class PetTag(OfClient, Base):
    __tablename__ = "pet_tag"
    __table_args__ = (of_pet(), UniqueConstraint("pet_id", "tag_id"))
    pet_id: Mapped[int]
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id", ondelete="CASCADE"), index=True)


class AttributeKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    CHOICES = "choices"
    DATE = "date"
    YES_NO = "yes or no"
    FILE = "file"


class Attribute(Keyed, Base):
    """Something the business wants to know about each client or pet. Never shown to clients."""

    __tablename__ = "attribute"
    __table_args__ = (UniqueConstraint("name", "of_pets"),)
    name: Mapped[str]
    of_pets: Mapped[bool]
    kind: Mapped[AttributeKind] = mapped_column(words(AttributeKind))
    choices: Mapped[str] = mapped_column(default="")  # one a line
    visible: Mapped[bool] = mapped_column(default=True)  # else behind "Show More"
    flag: Mapped[bool] = mapped_column(default=False, server_default=false())  # stands on the head of the profile
    position: Mapped[int] = mapped_column(default=0)
    retired_at: Mapped[datetime | None]  # not asked for any more; what was written stays


class AttributeValue(OfClient, Base):
    """What is known: one value for each client, or each pet, and attribute."""

    __tablename__ = "attribute_value"
    __table_args__ = (
        of_pet(),
        Index("uq_attribute_value_pet", "attribute_id", "pet_id", unique=True),
        partial_index("uq_attribute_value_client", "attribute_id", "client_id", unique=True, where="pet_id IS NULL"),
        partial_index("ix_attribute_value_file_id", "file_id", where="file_id IS NOT NULL"),
    )
    attribute_id: Mapped[int] = mapped_column(ForeignKey("attribute.id", ondelete="CASCADE"))
    pet_id: Mapped[int | None]
    value: Mapped[str] = mapped_column(default="")  # choices one a line; dates as 2026-11-24; a file by its name
    file_id: Mapped[int | None] = mapped_column(ForeignKey("file.id"))
    attribute: Mapped[Attribute] = relationship()
    file: Mapped[File | None] = relationship()
