"""Lists that come in and go out."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.models.base import NEVER_AGAIN, Keyed, Signed, partial_index, words
from portal.models.business import File


class ImportState(StrEnum):
    CHOOSING = "choosing"
    CHECKING = "checking"
    CHECKED = "checked"
    WRITING = "writing"
    INDEXING = "indexing"
    DONE = "done"
    FAILED = "failed"


class ClientImport(Signed, Keyed, Base):
    """A list of clients that staff bring in: what was chosen about it, what came of it, and how far it is.

    The file is kept until the clients are in, or for a day. The worker claims a row by its lease.
    """

    __tablename__ = "client_import"
    __table_args__ = (partial_index("ix_client_import_file_id", "file_id", where="file_id IS NOT NULL"), NEVER_AGAIN)
    name: Mapped[str]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("file.id"))
    state: Mapped[ImportState] = mapped_column(words(ImportState), default=ImportState.CHOOSING)
    choices: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    rows: Mapped[int] = mapped_column(default=0)
    rows_done: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    file: Mapped[File | None] = relationship()


class Export(Signed, Keyed, Base):
    """Somebody took data of clients out of the portal."""

    __tablename__ = "export"
    subject: Mapped[str]
