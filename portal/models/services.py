"""What is offered: services, sessions, providers, hours, add-ons, memberships."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.models.base import NEVER_AGAIN, Keyed, OfClient, Signed, partial_index, words
from portal.models.business import Location
from portal.models.local_days import first_day


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
        # With all that a calendar asks before it shows one, so that thousands are counted out of the index.
        Index("ix_service_session_of_day", "location_id", "starts_at", "id", "service_id", "called_off_at"),
        partial_index(
            "ix_service_session_on_day",
            "day",
            "starts_at",
            "id",
            "service_id",
            "location_id",
            where="called_off_at IS NULL",
        ),
    )
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), index=True)
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"), index=True)
    repetition_id: Mapped[int | None] = mapped_column(ForeignKey("repetition.id"))
    repetition_day: Mapped[date | None]  # of the rule, wherever the session was moved to
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    # Of the location. It is for finding: whoever has a session in hand asks when it starts (see local_days.py).
    day: Mapped[date] = mapped_column(default=first_day, deferred=True, deferred_raiseload=True)
    capacity: Mapped[int]
    called_off_at: Mapped[datetime | None]
    called_off_why: Mapped[str] = mapped_column(default="", server_default="")
    service: Mapped[Service] = relationship()
    series: Mapped[Series | None] = relationship()
    location: Mapped[Location] = relationship()
    providers: Mapped[list["Provider"]] = relationship(secondary="session_provider", order_by="Provider.name")


class ClassDay(Base):
    """How many sessions of a service there are at a location on a day: kept, so that a month need not read them all.
    There only with such sessions, so it points at nothing itself, and writing it locks neither service nor location."""

    __tablename__ = "class_day"
    day: Mapped[date] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(primary_key=True)
    location_id: Mapped[int] = mapped_column(primary_key=True)
    sessions: Mapped[int]


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
