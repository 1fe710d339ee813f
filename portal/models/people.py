"""Clients, staff, and how they come in."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.models.base import NEVER_AGAIN, Keyed, OfClient, Signed, partial_index, words
from portal.models.business import File

if TYPE_CHECKING:
    from portal.models.pets import Pet


class AccountNumber(Base):
    """Every number ever given out. A row stays when its client is gone, so that no number comes back."""

    __tablename__ = "account_number"
    number: Mapped[str] = mapped_column(primary_key=True)


class Client(Keyed, Base):
    __tablename__ = "client"
    __table_args__ = (partial_index("ix_client_photo_id", "photo_id", where="photo_id IS NOT NULL"), NEVER_AGAIN)
    account_number: Mapped[str] = mapped_column(ForeignKey("account_number.number"), unique=True)
    first_name: Mapped[str]
    last_name: Mapped[str]
    email: Mapped[str | None] = mapped_column(unique=True)  # trimmed and case-folded
    phone: Mapped[str] = mapped_column(default="")  # E.164 where it is a real number, else as written
    phone_unproven: Mapped[bool] = mapped_column(default=False, server_default=false())  # typed by who registered
    street: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    region: Mapped[str] = mapped_column(default="")
    postcode: Mapped[str] = mapped_column(default="")
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("file.id"))
    password_hash: Mapped[str | None]
    credential_version: Mapped[int] = mapped_column(default=0)  # every new password or address ends all links
    no_automatic_email: Mapped[bool] = mapped_column(default=False)
    no_automatic_text: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    deactivated_at: Mapped[datetime | None]
    prospect: Mapped[bool] = mapped_column(default=False, server_default=false())  # not a client yet
    blocked_online: Mapped[bool] = mapped_column(default=False, server_default=false())
    marketing_since: Mapped[datetime | None]  # when they agreed to hear of offers
    pets: Mapped[list["Pet"]] = relationship(back_populates="client", order_by="Pet.name")
    photo: Mapped[File | None] = relationship()

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


class ClientWord(Base):
    """A word by which a client is found: of names, pets, e-mail, phone, account number. Made by rules.customer_words.

    Compared letter by letter, so that both databases find the same by the beginning of a word.
    """

    __tablename__ = "client_word"
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id", ondelete="CASCADE"), primary_key=True)
    word: Mapped[str] = mapped_column(String().with_variant(String(collation="C"), "postgresql"), primary_key=True)
    shelf: Mapped[str]  # active, inactive or prospect
    __table_args__ = (
        Index("ix_client_word_by_shelf", "shelf", "word", "client_id"),
        {"sqlite_with_rowid": False},
    )


class EmailChange(OfClient, Base):
    """An address that waits to be confirmed from itself."""

    __tablename__ = "email_change"
    email: Mapped[str]
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]


class Role(StrEnum):
    OWNER = "owner"
    MANAGER = "manager"
    TEAM = "team"


class Member(Keyed, Base):
    """A member of staff."""

    __tablename__ = "member"
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    role: Mapped[Role] = mapped_column(words(Role), default=Role.TEAM)
    password_hash: Mapped[str | None]
    credential_version: Mapped[int] = mapped_column(default=0, server_default="0")  # a new password ends all links
    deactivated_at: Mapped[datetime | None]


class Invitation(Signed, Keyed, Base):
    """Somebody is asked to join staff. `at` is that of the last letter, whose link alone is good."""

    __tablename__ = "invitation"
    email: Mapped[str] = mapped_column(unique=True)
    role: Mapped[Role] = mapped_column(words(Role))


class DemoClient(OfClient, Base):
    """The client as which a member of staff tries the portal: on no shelf of customers."""

    __tablename__ = "demo_client"
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), unique=True)


class SignIn(Keyed, Base):
    """Somebody is signed in on one device: the cookie names this row, and ending the row ends it."""

    __tablename__ = "sign_in"
    key_hash: Mapped[str] = mapped_column(unique=True)
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    idle_until: Mapped[datetime]
    ends_at: Mapped[datetime]
    remembered: Mapped[bool] = mapped_column(default=False)
    device: Mapped[str] = mapped_column(default="")
    viewer_id: Mapped[int | None] = mapped_column(ForeignKey("sign_in.id", ondelete="CASCADE"), index=True)
    __table_args__ = (CheckConstraint("(client_id IS NULL) <> (member_id IS NULL)", name="one_person"),)


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"


class HandOver(Keyed, Base):
    """A ticket with which a member of staff, from this very sign-in, enters a client's portal, once and at once."""

    __tablename__ = "hand_over"
    ticket_hash: Mapped[str] = mapped_column(unique=True)
    sign_in_id: Mapped[int] = mapped_column(ForeignKey("sign_in.id", ondelete="CASCADE"))
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    reason: Mapped[str] = mapped_column(default="", server_default="")
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInCode(OfClient, Base):
    """Six digits on their way to a client; good in the browser that asked for them, for a short time, once."""

    __tablename__ = "sign_in_code"
    channel: Mapped[Channel] = mapped_column(words(Channel))
    digest: Mapped[str]
    asker: Mapped[str] = mapped_column(index=True)  # the hash of what the asking browser's cookie holds
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]


class Throttle(Base):
    """How often something was tried since the first try. Rows, so that every process counts together."""

    __tablename__ = "throttle"
    key: Mapped[str] = mapped_column(primary_key=True)
    began_at: Mapped[datetime] = mapped_column(index=True)
    count: Mapped[int]
