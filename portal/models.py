"""The schema: every table, top to bottom. Nouns only; the verbs are in portal/rules."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from portal.db import Base


def words(kind: type[StrEnum]) -> Enum:
    """A word out of a fixed list, kept as the word itself."""
    return Enum(kind, native_enum=False, length=20, values_callable=lambda kinds: [k.value for k in kinds])


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


# ---------------------------------------------------------------- the business


class Business(Keyed, Base):
    """One row: the business this portal belongs to, and what it has chosen."""

    __tablename__ = "business"
    name: Mapped[str]
    tagline: Mapped[str] = mapped_column(default="")
    hide_name: Mapped[bool] = mapped_column(default=False)
    logo_id: Mapped[int | None] = mapped_column(ForeignKey("file.id"))
    colour: Mapped[str] = mapped_column(default="#2f6f6b")
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    time_zone: Mapped[str] = mapped_column(default="America/New_York")
    currency: Mapped[str] = mapped_column(default="USD")
    country: Mapped[str] = mapped_column(default="US")
    header_label: Mapped[str] = mapped_column(default="")
    header_link: Mapped[str] = mapped_column(default="")
    registration_open: Mapped[bool] = mapped_column(default=True)
    neutral_answers: Mapped[bool] = mapped_column(default=False)
    uploads_open: Mapped[bool] = mapped_column(default=True)
    vaccine_days: Mapped[int] = mapped_column(default=30)
    calendar_open: Mapped[bool] = mapped_column(default=True, server_default=true())
    booking_open: Mapped[bool] = mapped_column(default=True, server_default=true())  # for those who are signed in
    public_booking_open: Mapped[bool] = mapped_column(default=True, server_default=true())
    moves_open: Mapped[bool] = mapped_column(default=True, server_default=true())
    requests_open: Mapped[bool] = mapped_column(default=True, server_default=true())  # "Request services"
    waitlist_open: Mapped[bool] = mapped_column(default=True, server_default=true())
    offer_minutes: Mapped[int] = mapped_column(default=120, server_default="120")  # a free place is held for so long
    pets_open: Mapped[bool] = mapped_column(default=True, server_default=true())  # clients change their pets themselves
    profile_open: Mapped[bool] = mapped_column(default=True, server_default=true())
    first_steps: Mapped[bool] = mapped_column(default=False, server_default=false())  # the owner still sees them


class Location(Keyed, Base):
    __tablename__ = "location"
    name: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    time_zone: Mapped[str] = mapped_column(default="America/New_York")
    places: Mapped[int | None]  # pets in day care and boarding on one day, all services together; none: no limit
    deactivated_at: Mapped[datetime | None]


class OpeningHours(Keyed, Base):
    """Wall times of the location. A weekday (0 is Monday) without a row is closed; no rows at all: always open."""

    __tablename__ = "opening_hours"
    __table_args__ = (CheckConstraint("closes_at > opens_at", name="closes_after_opening"),)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), index=True)
    weekday: Mapped[int]
    opens_at: Mapped[time]
    closes_at: Mapped[time]


class Closure(Keyed, Base):
    """Days on which a location is closed, both included."""

    __tablename__ = "closure"
    __table_args__ = (CheckConstraint("last_day >= first_day", name="last_after_first"),)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[str] = mapped_column(default="")


class File(Keyed, Base):
    """What is known about stored bytes; the bytes lie under the key, which nobody can guess."""

    __tablename__ = "file"
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    width: Mapped[int | None]
    height: Mapped[int | None]
    kept_at: Mapped[datetime]


# ---------------------------------------------------------------- people


class AccountNumber(Base):
    """Every number ever given out. A row stays when its client is gone, so that no number comes back."""

    __tablename__ = "account_number"
    number: Mapped[str] = mapped_column(primary_key=True)


class Client(Keyed, Base):
    __tablename__ = "client"
    __table_args__ = NEVER_AGAIN
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


# ---------------------------------------------------------------- pets and vaccines


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
    __table_args__ = (UniqueConstraint("id", "client_id"), NEVER_AGAIN)
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
        Index(
            "ix_vaccination_unchecked",
            "updated_at",
            "id",
            sqlite_where=text("checked_at IS NULL AND asked_at IS NULL AND updated_at IS NOT NULL"),
            postgresql_where=text("checked_at IS NULL AND asked_at IS NULL AND updated_at IS NOT NULL"),
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


# ---------------------------------------------------------------- services and sessions


class ServiceKind(StrEnum):
    INDIVIDUAL = "individual"
    GROUP = "group"
    SERIES = "series"
    DAY = "day"
    STAY = "stay"


class CancelRule:
    """Until when a client may call it off. Where both limits are set, the stricter counts."""

    cancel_allowed: Mapped[bool] = mapped_column(default=True)
    cancel_hours: Mapped[int | None] = mapped_column(default=0)  # real hours before the start; 0: until the start
    cancel_day_before_at: Mapped[time | None]  # wall time of the location on the day before


class MoveRule:
    """Until when a client may move it to another time; read as CancelRule is."""

    move_allowed: Mapped[bool] = mapped_column(default=True, server_default=true())
    move_hours: Mapped[int | None] = mapped_column(default=0, server_default="0")
    move_day_before_at: Mapped[time | None]


class Access(StrEnum):
    """Who may book a service by themselves. Not being listed is no protection: each is asked again when booking."""

    PUBLIC = "public"
    MEMBERS = "members"
    LINK = "link"
    STAFF = "staff"


class VaccineCheck(StrEnum):
    """What happens when a vaccine that the service asks for is not valid on each day of the booking."""

    NONE = "none"
    WARN = "warn"
    STOP = "stop"


class Service(CancelRule, MoveRule, Keyed, Base):
    __tablename__ = "service"
    name: Mapped[str]
    kind: Mapped[ServiceKind] = mapped_column(words(ServiceKind))
    description: Mapped[str] = mapped_column(default="")
    price: Mapped[int] = mapped_column(default=0)  # minor units, for one pet and one appointment, class, day or night
    minutes: Mapped[int] = mapped_column(default=60)
    access: Mapped[Access] = mapped_column(words(Access), default=Access.PUBLIC, server_default="public")
    needs_approval: Mapped[bool] = mapped_column(default=False, server_default=false())
    waitlist_open: Mapped[bool] = mapped_column(default=True, server_default=true())
    notice_minutes: Mapped[int] = mapped_column(default=0, server_default="0")  # at least so long before the start
    ahead_days: Mapped[int] = mapped_column(default=180, server_default="180")  # at most so far ahead
    vaccine_check: Mapped[VaccineCheck] = mapped_column(
        words(VaccineCheck), default=VaccineCheck.NONE, server_default="none"
    )
    least_months: Mapped[int | None]  # age of the pet on the day
    most_months: Mapped[int | None]
    # Individual: the provider's time.
    buffer_before: Mapped[int] = mapped_column(default=0, server_default="0")  # minutes
    buffer_after: Mapped[int] = mapped_column(default=0, server_default="0")
    every_minutes: Mapped[int] = mapped_column(default=30, server_default="30")  # the grid of starting times
    together: Mapped[bool] = mapped_column(default=False, server_default=false())  # all pets in the time of one
    # Day and stay: wall times of the location.
    arrives_at: Mapped[time] = mapped_column(default=time(8), server_default="08:00:00")
    leaves_at: Mapped[time] = mapped_column(default=time(18), server_default="18:00:00")
    least_nights: Mapped[int] = mapped_column(default=1, server_default="1")
    most_nights: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    retired_at: Mapped[datetime | None]  # not booked any more; what was booked stays


class Offering(Keyed, Base):
    """A service is offered at a location: for so many pets a day, where there is a limit."""

    __tablename__ = "offering"
    __table_args__ = (UniqueConstraint("service_id", "location_id"),)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), index=True)
    places: Mapped[int | None]


class ServiceAnimal(Base):
    """A service is for these kinds of animal; without a row for all."""

    __tablename__ = "service_animal"
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), primary_key=True)
    animal_id: Mapped[int] = mapped_column(ForeignKey("animal.id"), primary_key=True)


class ServiceVaccine(Base):
    """A service asks for these vaccines; without a row for all that are required of the animal."""

    __tablename__ = "service_vaccine"
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), primary_key=True)
    vaccine_kind_id: Mapped[int] = mapped_column(ForeignKey("vaccine_kind.id"), primary_key=True)


class Series(Keyed, Base):
    """Sessions that are booked as one, for one price."""

    __tablename__ = "series"
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="", server_default="")
    price: Mapped[int | None]  # for one pet and all dates; none: the service's price for each date
    retired_at: Mapped[datetime | None]


class Repetition(Keyed, Base):
    """A class that repeats: its sessions are made ahead, and each stays a row, also when it is called off."""

    __tablename__ = "repetition"
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"))
    rule: Mapped[str]  # as RFC 5545 writes it, without a start: FREQ=WEEKLY;BYDAY=TU,TH
    first_day: Mapped[date]
    last_day: Mapped[date | None]  # none: without end; the worker makes its sessions as time goes on
    made_until: Mapped[date]
    starts_at: Mapped[time]  # wall time of the location
    minutes: Mapped[int]
    capacity: Mapped[int]
    service: Mapped[Service] = relationship()
    series: Mapped[Series | None] = relationship()
    location: Mapped[Location] = relationship()
    providers: Mapped[list["Provider"]] = relationship(secondary="repetition_provider", order_by="Provider.name")


class RepetitionProvider(Base):
    """Who is to give the sessions that are still to be made."""

    __tablename__ = "repetition_provider"
    repetition_id: Mapped[int] = mapped_column(ForeignKey("repetition.id", ondelete="CASCADE"), primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), primary_key=True, index=True)


class ServiceSession(Keyed, Base):
    """One date of a group service, with its places. Places are pets."""

    __tablename__ = "service_session"
    __table_args__ = (
        UniqueConstraint("repetition_id", "repetition_day"),
        Index("ix_service_session_of_day", "location_id", "starts_at", "id"),
    )
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), index=True)
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"), index=True)
    repetition_id: Mapped[int | None] = mapped_column(ForeignKey("repetition.id"))
    repetition_day: Mapped[date | None]  # of the rule, wherever the session was moved to
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    capacity: Mapped[int]
    called_off_at: Mapped[datetime | None]
    called_off_why: Mapped[str] = mapped_column(default="", server_default="")
    service: Mapped[Service] = relationship()
    series: Mapped[Series | None] = relationship()
    location: Mapped[Location] = relationship()
    providers: Mapped[list["Provider"]] = relationship(secondary="session_provider", order_by="Provider.name")


class Provider(Keyed, Base):
    """Who carries a service out: usually a member of staff, not always."""

    __tablename__ = "provider"
    name: Mapped[str]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    retired_at: Mapped[datetime | None]


class ServiceProvider(Base):
    __tablename__ = "service_provider"
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), primary_key=True, index=True)


class SessionProvider(Base):
    __tablename__ = "session_provider"
    service_session_id: Mapped[int] = mapped_column(
        ForeignKey("service_session.id", ondelete="CASCADE"), primary_key=True
    )
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), primary_key=True, index=True)


class WorkingHours(Keyed, Base):
    """When a provider works where, by wall time of the location. 0 is Monday."""

    __tablename__ = "working_hours"
    __table_args__ = (CheckConstraint("until > since", name="until_after_since"),)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    weekday: Mapped[int]
    since: Mapped[time]
    until: Mapped[time]


class TimeOff(Signed, Keyed, Base):
    """A provider is away, or busy with something else."""

    __tablename__ = "time_off"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_time_off_of_provider", "provider_id", "ends_at"),
    )
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="")


class AddOn(Keyed, Base):
    __tablename__ = "add_on"
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="", server_default="")
    price: Mapped[int] = mapped_column(default=0)  # for one pet
    minutes: Mapped[int] = mapped_column(default=0)  # more time for one pet, of an individual service
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    retired_at: Mapped[datetime | None]


class ServiceAddOn(Base):
    """A service can be booked with these add-ons."""

    __tablename__ = "service_add_on"
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), primary_key=True)
    add_on_id: Mapped[int] = mapped_column(ForeignKey("add_on.id"), primary_key=True, index=True)


class Membership(Keyed, Base):
    """What a client can be a member of; it opens services that are for members."""

    __tablename__ = "membership"
    name: Mapped[str] = mapped_column(unique=True)
    description: Mapped[str] = mapped_column(default="")
    retired_at: Mapped[datetime | None]


class MembershipService(Base):
    __tablename__ = "membership_service"
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), primary_key=True, index=True)


class Subscription(Signed, OfClient, Base):
    """A client holds a membership, on these days (of the business's zone), both included."""

    __tablename__ = "subscription"
    __table_args__ = (NEVER_AGAIN,)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    membership: Mapped[Membership] = relationship()


# ---------------------------------------------------------------- bookings and waitlists


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
        Index("ix_booking_of_day", "location_id", "starts_at", "ends_at", "needs_approval", "id"),
        Index("ix_booking_of_service", "location_id", "service_id", "ends_at", "starts_at"),
        Index(
            "ix_booking_requested",
            "starts_at",
            "id",
            sqlite_where=text("needs_approval IS 1"),
            postgresql_where=text("needs_approval IS true"),
        ),
        UniqueConstraint("client_id", "key"),
    )
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    service_session_id: Mapped[int | None] = mapped_column(ForeignKey("service_session.id"), index=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
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
    location: Mapped[Location] = relationship()
    pets: Mapped[list[Pet]] = relationship(secondary="booking_pet", viewonly=True, order_by="Pet.name")
    providers: Mapped[list[Provider]] = relationship(secondary="booking_provider", order_by="Provider.name")
    add_ons: Mapped[list["BookingAddOn"]] = relationship(order_by="BookingAddOn.id")
    cancellation: Mapped["Cancellation | None"] = relationship(back_populates="booking")
    decision: Mapped["Decision | None"] = relationship(back_populates="booking")
    attendance: Mapped["Attendance | None"] = relationship(back_populates="booking")


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
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), unique=True)
    undo_until: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="")
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    booking: Mapped[Booking] = relationship(back_populates="cancellation")


class Decision(Signed, Keyed, Base):
    """What the business answered to a request."""

    __tablename__ = "decision"
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), unique=True)
    confirmed: Mapped[bool]
    reason: Mapped[str] = mapped_column(default="")
    booking: Mapped[Booking] = relationship(back_populates="decision")


class Attendance(Keyed, Base):
    """The pets came and went, or did not come."""

    __tablename__ = "attendance"
    __table_args__ = (
        Index(
            "ix_attendance_in_the_house",
            "booking_id",
            sqlite_where=text("checked_in_at IS NOT NULL AND checked_out_at IS NULL"),
            postgresql_where=text("checked_in_at IS NOT NULL AND checked_out_at IS NULL"),
        ),
        Index(
            "ix_attendance_left",
            "checked_out_at",
            sqlite_where=text("checked_out_at IS NOT NULL"),
            postgresql_where=text("checked_out_at IS NOT NULL"),
        ),
    )
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), unique=True)
    checked_in_at: Mapped[datetime | None]
    checked_in_by: Mapped[str | None]
    checked_out_at: Mapped[datetime | None]
    checked_out_by: Mapped[str | None]
    missed_at: Mapped[datetime | None]
    missed_by: Mapped[str | None]
    booking: Mapped[Booking] = relationship(back_populates="attendance")


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
        Index(
            "uq_waitlist_entry_session",
            "service_session_id",
            "pet_id",
            unique=True,
            sqlite_where=text("removed_at IS NULL AND service_session_id IS NOT NULL"),
            postgresql_where=text("removed_at IS NULL AND service_session_id IS NOT NULL"),
        ),
        Index(
            "uq_waitlist_entry_day",
            "service_id",
            "location_id",
            "first_day",
            "last_day",
            "pet_id",
            unique=True,
            sqlite_where=text("removed_at IS NULL AND first_day IS NOT NULL"),
            postgresql_where=text("removed_at IS NULL AND first_day IS NOT NULL"),
        ),
        Index(
            "ix_waitlist_entry_waiting",
            "service_id",
            "joined_at",
            "id",
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
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
        Index(
            "uq_offer_open",
            "waitlist_entry_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "ix_offer_due",
            "until",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        NEVER_AGAIN,
    )
    waitlist_entry_id: Mapped[int] = mapped_column(ForeignKey("waitlist_entry.id"))
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


class ServiceRequest(OfClient, Base):
    """A client describes what they need, in words, for the business to schedule."""

    __tablename__ = "service_request"
    __table_args__ = (UniqueConstraint("client_id", "key"), NEVER_AGAIN)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    location_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    wanted: Mapped[str]  # dates and times, as they wrote them
    notes: Mapped[str] = mapped_column(default="")
    key: Mapped[str | None]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(default="")
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


# ---------------------------------------------------------------- documents


class Document(OfClient, Base):
    """A file the client may open: shared by the client, sent from the business's storage, or put there by staff.

    `sort_name` is made by the rules and compared letter by letter, so that both databases sort alike.
    """

    __tablename__ = "document"
    __table_args__ = (Index("ix_document_by_name", "client_id", "sort_name", "id"), NEVER_AGAIN)
    name: Mapped[str]
    sort_name: Mapped[str] = mapped_column(String().with_variant(String(collation="C"), "postgresql"))
    file_id: Mapped[int] = mapped_column(ForeignKey("file.id"))
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
    file_id: Mapped[int] = mapped_column(ForeignKey("file.id"))
    stored_at: Mapped[datetime]
    stored_by: Mapped[str] = mapped_column(default="", server_default="")
    removed_at: Mapped[datetime | None]
    file: Mapped[File] = relationship()


# ---------------------------------------------------------------- messages


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
        Index(
            "ix_message_unread",
            "client_id",
            "thread_id",
            sqlite_where=text("seen_at IS NULL AND author <> 'client'"),
            postgresql_where=text("seen_at IS NULL AND author <> 'client'"),
        ),
        Index(
            "ix_message_unread_by_staff",
            "thread_id",
            sqlite_where=text("seen_at IS NULL AND author = 'client'"),
            postgresql_where=text("seen_at IS NULL AND author = 'client'"),
        ),
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
    delivery: Mapped["Delivery | None"] = relationship(back_populates="message")


class Attachment(OfClient, Base):
    __tablename__ = "attachment"
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("file.id"))
    file: Mapped[File] = relationship()


class DeliveryState(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class Delivery(Keyed, Base):
    """The outbox: something to be sent, from when on, and how it went. The worker claims a row by its lease."""

    __tablename__ = "delivery"
    __table_args__ = (
        Index(
            "ix_delivery_due",
            "due_at",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
        Index(
            "ix_delivery_failed",
            "message_id",
            sqlite_where=text("state = 'failed'"),
            postgresql_where=text("state = 'failed'"),
        ),
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
    message: Mapped[Message | None] = relationship(back_populates="delivery")


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


# ---------------------------------------------------------------- what happened, and who is told


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
        Index(
            "ix_told_new",
            "member_id",
            "at",
            "notice_id",
            sqlite_where=text("seen_at IS NULL"),
            postgresql_where=text("seen_at IS NULL"),
        ),
    )


class NoticeChoice(Base):
    """How a member of staff wants to hear of one kind of thing. No row: in the app."""

    __tablename__ = "notice_choice"
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    kind: Mapped[NoticeKind] = mapped_column(words(NoticeKind), primary_key=True)
    in_app: Mapped[bool]
    by_email: Mapped[bool]


# ---------------------------------------------------------------- what staff keep about clients


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
    file_id: Mapped[int] = mapped_column(ForeignKey("file.id"))
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
    tag: Mapped[Tag] = relationship()


class PetTag(OfClient, Base):
    __tablename__ = "pet_tag"
    __table_args__ = (of_pet(), UniqueConstraint("pet_id", "tag_id"))
    pet_id: Mapped[int]
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id", ondelete="CASCADE"), index=True)
    tag: Mapped[Tag] = relationship()


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
        Index(
            "uq_attribute_value_client",
            "attribute_id",
            "client_id",
            unique=True,
            sqlite_where=text("pet_id IS NULL"),
            postgresql_where=text("pet_id IS NULL"),
        ),
    )
    attribute_id: Mapped[int] = mapped_column(ForeignKey("attribute.id", ondelete="CASCADE"))
    pet_id: Mapped[int | None]
    value: Mapped[str] = mapped_column(default="")  # choices one a line; dates as 2026-11-24; a file by its name
    file_id: Mapped[int | None] = mapped_column(ForeignKey("file.id"))
    attribute: Mapped[Attribute] = relationship()
    file: Mapped[File | None] = relationship()


# ---------------------------------------------------------------- lists that come in and go out


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
    __table_args__ = NEVER_AGAIN
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
