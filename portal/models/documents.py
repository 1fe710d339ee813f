"""Documents."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.models.base import NEVER_AGAIN, Keyed, OfClient
from portal.models.business import File


class Document(OfClient, Base):
    """A file the client may open: shared by the client, sent from the business's storage, or put there by staff.

    `sort_name` is made by the rules and compared letter by letter, so that both databases sort alike.
    """

    __tablename__ = "document"
    __table_args__ = (Index("ix_document_by_name", "client_id", "sort_name", "id"), NEVER_AGAIN)
    name: Mapped[str]
    sort_name: Mapped[str] = mapped_column(String().with_variant(String(collation="C"), "postgresql"))
    file_id: Mapped[int] = mapped_column(ForeignKey("file.id"), index=True)
    stored_document_id: Mapped[int | None] = mapped_column(ForeignKey("stored_document.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), index=True)  # which told of it
    from_client: Mapped[bool] = mapped_column(default=False)
    visible: Mapped[bool] = mapped_column(default=True)
    shared_at: Mapped[datetime]
    shared_by: Mapped[str]
    seen_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    removed_by_staff: Mapped[bool] = mapped_column(default=False, server_default=false())
    file: Mapped[File] = relationship()


class StoredDocument(Keyed, Base):
    """A document in the business's own storage, sent to as many clients as need it."""

    __tablename__ = "stored_document"
    name: Mapped[str]
    file_id: Mapped[int] = mapped_column(ForeignKey("file.id"), index=True)
    stored_at: Mapped[datetime]
    stored_by: Mapped[str] = mapped_column(default="", server_default="")
    removed_at: Mapped[datetime | None]
    file: Mapped[File] = relationship()
