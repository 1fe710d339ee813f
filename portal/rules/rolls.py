"""The roll of a session: what it is, who comes to it, and how many places are left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, func, select

from portal import wording
from portal.db import AnySelect, rows_of
from portal.models import (
    Booking,
    Location,
    Provider,
    Repetition,
    Series,
    Service,
    ServiceKind,
    ServiceSession,
    WaitlistEntry,
)
from portal.rules import given_by, occupancy, rhythms
from portal.rules.packing import units
from portal.rules.visits import VISIT, Visit, as_visit

ID = bindparam("id", type_=Integer)
WAITING = (
    select(func.count())
    .where(WaitlistEntry.service_session_id == ServiceSession.id, WaitlistEntry.removed_at.is_(None))
    .scalar_subquery()
)
COLUMNS = (
    ServiceSession.id,
    Service.id,
    Service.name,
    Series.id,
    Series.name,
    Location.id,
    Location.name,
    Location.time_zone,
    ServiceSession.starts_at,
    ServiceSession.ends_at,
    ServiceSession.capacity,
    ServiceSession.called_off_at,
    ServiceSession.called_off_why,
    Repetition.rule,
    Repetition.last_day,
    WAITING,
)
HEAD: AnySelect = (
    select(given_by.OF_SESSION, *COLUMNS)
    .join(Service, Service.id == ServiceSession.service_id)
    .join(Location, Location.id == ServiceSession.location_id)
    .outerjoin(Series, Series.id == ServiceSession.series_id)
    .outerjoin(Repetition, Repetition.id == ServiceSession.repetition_id)
)
ONE = HEAD.where(ServiceSession.id == ID)
OF_SERIES = HEAD.where(ServiceSession.series_id == ID).order_by(ServiceSession.starts_at, ServiceSession.id)
COMING = VISIT.where(Booking.service_session_id == ID).order_by(Booking.made_at, Booking.id)


@dataclass(slots=True)
class Class:
    """A session as the desk reads it."""

    providers: list[str]
    id: int
    service_id: int
    service: str
    series_id: int | None
    series: str | None
    location_id: int
    location: str
    zone: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    called_off_at: datetime | None
    called_off_why: str
    rule: str | None
    last_day: date | None
    waiting: int

    @property
    def day(self) -> date:
        return wording.local(self.starts_at, self.zone).date()

    @property
    def clock(self) -> time:
        return wording.local(self.starts_at, self.zone).time().replace(tzinfo=None)

    @property
    def name(self) -> str:
        return self.series or self.service

    @property
    def repeats(self) -> str:
        """Every week on Tuesday, until Tue 29 Dec 2026."""
        if not self.rule:
            return ""
        until = f", until {wording.full_day(self.last_day)}" if self.last_day else ""
        return f"{rhythms.words(self.rule)}{until}"

    def is_ahead(self, at: datetime) -> bool:
        """Only then it can be changed."""
        return self.called_off_at is None and self.starts_at > at


class Roll(NamedTuple):
    """Those who hold a place, those who did not come, and the places left: fewer than none where it is overbooked."""

    visits: list[Visit]
    gone: list[Visit]
    left: int


def as_class(row: Sequence[Any]) -> Class:
    return Class(sorted(units(row[0])), *row[1:])


def class_of(id: int) -> Class | None:
    """One query."""
    row = rows_of(ONE, {"id": id}).one_or_none()
    return as_class(tuple(row)) if row else None


def of_series(series_id: int) -> list[Class]:
    return [as_class(tuple(row)) for row in rows_of(OF_SERIES, {"id": series_id})]


def roll(session_id: int, *, at: datetime) -> Roll:
    """Two queries."""
    visits = [as_visit(tuple(row)) for row in rows_of(COMING, {"id": session_id})]
    holding = [one for one in visits if not (one.cancelled_at or one.confirmed is False or one.missed_at)]
    gone = [one for one in visits if one.missed_at and not one.cancelled_at]
    return Roll(holding, gone, occupancy.left_in([session_id], at=at).get(session_id, 0))


SERVICES = (
    select(Service.id, Service.name, Service.minutes)
    .where(Service.retired_at.is_(None))
    .order_by(Service.position, Service.name)
)
OF_KIND = {kind: SERVICES.where(Service.kind == kind) for kind in (ServiceKind.GROUP, ServiceKind.SERIES)}
LOCATIONS = select(Location.id, Location.name).where(Location.deactivated_at.is_(None)).order_by(Location.name)
PROVIDERS = (
    select(Provider.id, Provider.name).where(Provider.retired_at.is_(None)).order_by(Provider.position, Provider.name)
)


class Offered(NamedTuple):
    """What there is to choose from: ids and names."""

    services: list[tuple[int, str, int]]
    locations: list[tuple[int, str]]
    providers: list[tuple[int, str]]


def offered(kind: ServiceKind) -> Offered:
    """Three queries, for a form."""
    services, locations, providers = (
        [tuple(row) for row in rows_of(one)] for one in (OF_KIND[kind], LOCATIONS, PROVIDERS)
    )
    return Offered(services, locations, providers)
