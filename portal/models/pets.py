"""Pets and vaccines."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.models.base import NEVER_AGAIN, Keyed, OfClient, of_pet, partial_index, words
from portal.models.business import File
from portal.models.people import Client


class Animal(Keyed, Base):
    """A kind of animal that the business looks after."""

    __tablename__ = "animal"
    name: Mapped[str] = mapped_column(unique=True)
    drawing: Mapped[str] = mapped_column(default="paw")


class Gender(StrEnum):
    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


class Pet(OfClient, Base):
    __tablename__ = "pet"
    __table_args__ = (
        UniqueConstraint("id", "client_id"),
        partial_index("ix_pet_photo_id", "photo_id", where="photo_id IS NOT NULL"),
        NEVER_AGAIN,
    )
    name: Mapped[str]
    animal_id: Mapped[int] = mapped_column(ForeignKey("animal.id"))
    gender: Mapped[Gender] = mapped_column(words(Gender), default=Gender.UNKNOWN)
    breed: Mapped[str] = mapped_column(default="")
    birthday: Mapped[date | None]
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("file.id"))
    created_at: Mapped[datetime]
    client: Mapped[Client] = relationship(back_populates="pets")
    animal: Mapped[Animal] = relationship()
    photo: Mapped[File | None] = relationship()


class VaccineKind(Keyed, Base):
    __tablename__ = "vaccine_kind"
    __table_args__ = (UniqueConstraint("animal_id", "name"),)
    animal_id: Mapped[int] = mapped_column(ForeignKey("animal.id"))
    name: Mapped[str]
    required: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)
    retired_at: Mapped[datetime | None]  # asked for no more; what is on file about it stays
    animal: Mapped[Animal] = relationship()


class Vaccination(OfClient, Base):
    """What is on file about one vaccine of one pet. No row is the same as an empty one."""

    __tablename__ = "vaccination"
    __table_args__ = (
        of_pet(),
        UniqueConstraint("pet_id", "vaccine_kind_id"),
        partial_index("ix_vaccination_file_id", "file_id", where="file_id IS NOT NULL"),
        partial_index(
            "ix_vaccination_unchecked",
            "updated_at",
            "id",
            where="checked_at IS NULL AND asked_at IS NULL AND updated_at IS NOT NULL",
        ),
    )
    pet_id: Mapped[int]
    vaccine_kind_id: Mapped[int] = mapped_column(ForeignKey("vaccine_kind.id"))
    expires_on: Mapped[date | None]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("file.id"))
    checked_at: Mapped[datetime | None]
    checked_by: Mapped[str | None]
    asked_at: Mapped[datetime | None]  # when staff asked the client to send it again
    updated_at: Mapped[datetime | None]
    file: Mapped[File | None] = relationship()
    kind: Mapped[VaccineKind] = relationship()
