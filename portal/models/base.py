"""What tables have in common: keys, who signed, whose they are."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Enum, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column


def words(kind: type[StrEnum]) -> Enum:
    """A word out of a fixed list, kept as the word itself."""
    return Enum(kind, native_enum=False, length=20, values_callable=lambda kinds: [k.value for k in kinds])


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """Only of the rows that fulfil the condition, which both databases must understand."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


class Keyed:
    id: Mapped[int] = mapped_column(primary_key=True)


# SQLite would give the id of a row that is gone to the next one, and a page that is still open would mean that.
NEVER_AGAIN = {"sqlite_autoincrement": True}


class Signed:
    """Who did it and when. The name is kept as it was, whatever becomes of the person."""

    at: Mapped[datetime]
    by_kind: Mapped[str]
    by_id: Mapped[int | None]
    by_name: Mapped[str]


class OfClient(Keyed):
    """A row that belongs to one client. Everything the portal may show is one of these."""

    @declared_attr
    def client_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("client.id"), index=True)


def of_pet() -> ForeignKeyConstraint:
    """The pet and its client are one fact: the row moves when the pet moves."""
    return ForeignKeyConstraint(["pet_id", "client_id"], ["pet.id", "pet.client_id"], onupdate="CASCADE")
