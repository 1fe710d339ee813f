"""A class in the making: its dates as they would be, with what stands against each of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, false, select, true, union_all

from portal import wording
from portal.among import among
from portal.db import Instant, atomic, rows_of
from portal.models import (
    Booking,
    BookingProvider,
    Closure,
    Location,
    Provider,
    Series,
    Service,
    ServiceKind,
    ServiceSession,
    SessionProvider,
    TimeOff,
)
from portal.rules import repetitions, rhythms, sessions
from portal.rules.actors import Actor
from portal.rules.engagements import one_of_them
from portal.rules.occupancy import LOCATION, SINCE, UNTIL, holding
from portal.rules.refused import Refused
from portal.rules.session_plans import Plan, plan_of
from portal.rules.sessions import Scope

IS_APART = among(ServiceSession.id, "apart")
EARLIEST = bindparam("earliest", type_=Instant)  # what is not over by then began after
AHEAD = (
    ServiceSession.called_off_at.is_(None),
    ServiceSession.starts_at > EARLIEST,
    ServiceSession.starts_at < UNTIL,
    ServiceSession.ends_at > SINCE,
)
# Who is busy, from when until when, with what; away or at work.
WORK = union_all(
    holding(BookingProvider.provider_id, Booking.starts_at, Booking.ends_at, Service.name, false())
    .join(BookingProvider, BookingProvider.booking_id == Booking.id)
    .join(Service, Service.id == Booking.service_id)
    .where(
        one_of_them(BookingProvider.provider_id),
        Service.kind == ServiceKind.INDIVIDUAL,
        Booking.location_id.in_(select(Location.id)),  # all of them, so that the index by location and time serves
        Booking.starts_at > EARLIEST,
        Booking.starts_at < UNTIL,
        Booking.ends_at > SINCE,
    ),
    select(SessionProvider.provider_id, ServiceSession.starts_at, ServiceSession.ends_at, Service.name, false())
    .join(ServiceSession, ServiceSession.id == SessionProvider.service_session_id)
    .join(Service, Service.id == ServiceSession.service_id)
    .where(one_of_them(SessionProvider.provider_id), ~IS_APART, *AHEAD),
    select(TimeOff.provider_id, TimeOff.starts_at, TimeOff.ends_at, TimeOff.reason, true()).where(
        one_of_them(TimeOff.provider_id), TimeOff.starts_at < UNTIL, TimeOff.ends_at > SINCE
    ),
)
TWINS = select(ServiceSession.starts_at).where(
    ServiceSession.service_id == bindparam("service_id", type_=Integer),
    ServiceSession.location_id == LOCATION,
    ~IS_APART,
    *AHEAD,
)
CLOSED = select(Closure.first_day, Closure.last_day, Closure.reason).where(
    Closure.location_id == LOCATION,
    Closure.last_day >= bindparam("first", type_=Closure.first_day.type),
    Closure.first_day <= bindparam("last", type_=Closure.first_day.type),
)


class Date(NamedTuple):
    """One date, and in words why it should perhaps not be."""

    day: date
    starts_at: datetime
    ends_at: datetime
    against: list[str]


@dataclass(frozen=True, slots=True)
class Draft:
    """What staff filled in. Without a rule it is a single date."""

    service: Service
    location: Location
    day: date
    starts_at: time
    minutes: int
    capacity: int
    providers: tuple[Provider, ...] = ()
    rule: str = ""
    last_day: date | None = None
    count: int | None = None
    series: bool = False
    others: tuple[date, ...] = ()  # further days, in place of a rule

    def days(self, at: datetime) -> list[date]:
        """A series to its end, anything else as far ahead as is made at once."""
        if not self.rule:
            return sorted({self.day, *self.others})
        last = rhythms.day_number(self.rule, self.day, self.count) if self.count else self.last_day
        ahead = repetitions.horizon(self.location, at)
        until = last if self.series and last else min(last or ahead, ahead)
        return rhythms.days(self.rule, self.day, self.day, until)[: repetitions.MOST + 1]


def dates(draft: Draft, *, at: datetime, apart: Collection[int] = ()) -> list[Date]:
    """Three queries, however many dates. Times that the clocks skip are none."""
    zone, length = draft.location.time_zone, timedelta(minutes=draft.minutes)
    moments = [(day, repetitions.instant(day, draft.starts_at, zone)) for day in draft.days(at)]
    found = [Date(day, begins, begins + length, []) for day, begins in moments if begins]
    if not found:
        return found
    since = found[0].starts_at
    span = {
        "since": since,
        "earliest": since - timedelta(days=2),
        "until": found[-1].ends_at,
        "at": at,
        "except_booking": 0,
    }
    of = {"location_id": draft.location.id, "service_id": draft.service.id, "apart": list(apart) or [0]}
    days = {"first": found[0].day, "last": found[-1].day}
    busy = rows_of(WORK, {"provider_ids": [one.id for one in draft.providers], **of, **span}).all()
    twins = {starts for (starts,) in rows_of(TWINS, {**of, **span})}
    closed = rows_of(CLOSED, {**of, **days}).all()
    for one in found:
        one.against.extend(against(one, draft, busy, twins, closed))
    return found


def dates_after(session: ServiceSession, scope: Scope, plan: Plan, *, at: datetime) -> list[Date]:
    """What the dates would be like after a change; nothing, where it makes nobody busier."""
    was = plan_of(session)
    if was._replace(capacity=0) == plan._replace(capacity=0):
        return []
    rows = sessions.meant(session, scope, at)
    later = plan.day - (session.repetition_day or plan.day) if plan.day != was.day else timedelta()
    own = [(plan_of(row).day, row.repetition_day) for row in rows if row is not session]
    others = tuple(day + later if day == of_rule else day for day, of_rule in own)
    draft = Draft(session.service, plan.location, *plan[:4], plan.providers, others=others)
    return dates(draft, at=at, apart=[row.id for row in rows])


def against(
    one: Date, draft: Draft, busy: Sequence[Any], twins: Collection[datetime], closed: Sequence[Any]
) -> list[str]:
    names = {provider.id: provider.name for provider in draft.providers}
    zone = draft.location.time_zone
    said = [
        f"{draft.location.name} is closed{f': {reason}' if reason else ''}"
        for first, last, reason in closed
        if first <= one.day <= last
    ]
    said += [f"{draft.service.name} is at this time already"] if one.starts_at in twins else []
    for provider_id, starts, ends, what, away in busy:
        if starts < one.ends_at and ends > one.starts_at:
            begins, finishes = (wording.clock(wording.local(when, zone)) for when in (starts, ends))
            doing = f"is away{f' ({what})' if what else ''}" if away else f"has {what}, {begins} to {finishes}"
            said.append(f"{names[provider_id]} {doing}")
    return said


@atomic
def make(
    draft: Draft,
    *,
    series: Series | None = None,
    left_out: Collection[date] = (),
    tell: bool = True,
    by: Actor,
    at: datetime,
) -> ServiceSession | None:
    """The class as it was drawn up. Given out: its first date, where one is made already."""
    if draft.service.retired_at:
        raise Refused(f"{draft.service.name} is not offered any more. Choose another service.")
    same: dict[str, Any] = {"minutes": draft.minutes, "capacity": draft.capacity, "providers": draft.providers}
    if not draft.rule:
        plan = Plan(draft.day, draft.starts_at, draft.minutes, draft.capacity, draft.location)
        starts_at, _ = plan.span
        more = {"series": series, "tell": tell, **same}
        return sessions.add(draft.service, draft.location, starts_at=starts_at, by=by, at=at, **more)
    repetition = repetitions.repeat(
        draft.service,
        draft.location,
        rule=draft.rule,
        first_day=draft.day,
        starts_at=draft.starts_at,
        last_day=draft.last_day,
        count=draft.count,
        series=series,
        left_out=left_out,
        by=by,
        at=at,
        **same,
    )
    return repetitions.first_of(repetition)
