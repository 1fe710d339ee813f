"""Sessions: the dates of classes and series, added, changed and called off: one, this and following, or all."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal import wording
from portal.db import atomic, db
from portal.models import Location, Provider, Repetition, Series, Service, ServiceSession
from portal.rules import occupancy, queues, repetitions, series_additions, services, session_bookings
from portal.rules.actors import Actor
from portal.rules.refused import Refused, stale
from portal.rules.session_plans import Plan, alike, bound, days_later, plan_of, planned


class Scope(StrEnum):
    """Of a class that repeats. What is over or has begun is never touched."""

    THIS = "this"
    FOLLOWING = "following"
    ALL = "all"


class TooFew(Refused):
    """More places are taken than there would be; staff may want it so."""


class Done(NamedTuple):
    """How many dates, and how many bookings with them."""

    sessions: int
    bookings: int


@atomic
def add(
    service: Service,
    location: Location,
    *,
    starts_at: datetime,
    capacity: int,
    minutes: int | None = None,
    providers: Iterable[Provider] = (),
    series: Series | None = None,
    tell: bool = True,
    by: Actor,
    at: datetime,
) -> ServiceSession:
    """A single date."""
    services.must_have_classes(service)
    session = ServiceSession(
        service_id=service.id,
        location_id=location.id,
        series_id=series.id if series else None,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes or service.minutes),
        capacity=capacity,
    )
    session.providers = list(providers)
    db.session.add(session)
    db.session.flush()
    if series:
        series_additions.put_in_registered(session, series, tell=tell, by=by, at=at)
    else:
        queues.check(service.id, location.id, session_id=session.id, due_at=at)
    return session


@atomic
def change(
    session: ServiceSession,
    scope: Scope | str,
    plan: Plan,
    *,
    tell: bool = True,
    overbook: bool = False,
    by: Actor,
    at: datetime,
) -> Done:
    """What differs from this date is set on it and on the others, unless one of them was changed by itself before."""
    repetition, rows = ahead(session, Scope(scope), at)
    was = plan_of(session)
    fields = [name for name in Plan._fields if not alike(name, was, plan)]
    if not fields:
        return Done(0, 0)
    later = days_later(session, plan, repetition) if repetition and "day" in fields else timedelta()
    wanted = {row: plan if row is session else planned(row, repetition, plan, fields, later) for row in rows}
    spans = {row: one.span for row, one in wanted.items()}
    must_be_ahead(spans, session, at)
    if not overbook:
        must_hold(wanted, at)
    if repetition:
        first = bound(session) if scope == Scope.FOLLOWING else min(bound(row) for row in rows)
        follow(repetition, first if later or scope == Scope.FOLLOWING else None, plan, fields, later)
    raised = [row for row, one in wanted.items() if one.capacity > row.capacity]
    left = [row for row, one in wanted.items() if (one.day, one.location) != (plan_of(row).day, row.location)]
    neighbours = [other for row in left for other in queues.on_its_day(row, at)]
    with session_bookings.moving(rows, tell=tell, by=by, at=at) as moved:
        for row, one in wanted.items():
            put(row, one, spans[row])
    for row in raised:
        queues.check(row.service_id, row.location_id, session_id=row.id, due_at=at)
    queues.check_all(dict.fromkeys(neighbours), at)
    return Done(len(rows), len(moved))


@atomic
def call_off(
    session: ServiceSession, scope: Scope | str, reason: str = "", *, tell: bool = True, by: Actor, at: datetime
) -> Done:
    """Its bookings are cancelled and those who wait for it are told. The dates stay, and no rule makes them anew."""
    repetition, rows = ahead(session, Scope(scope), at)
    cancelled = session_bookings.cancel(rows, reason, tell=tell, by=by, at=at)
    if repetition:
        repetitions.end(repetition, min(bound(row) for row in rows) - repetitions.DAY)
    for row in rows:
        row.called_off_at, row.called_off_why = at, reason
        queues.check_all(queues.on_its_day(row, at), at)
    return Done(len(rows), cancelled)


def ahead(session: ServiceSession, scope: Scope, at: datetime) -> tuple[Repetition | None, list[ServiceSession]]:
    """The dates that are meant, locked in the order of their ids, and before them their rule."""
    repeating = scope != Scope.THIS and session.repetition_id
    repetition = repetitions.locked(session.repetition_id) if repeating and session.repetition_id else None
    rows = meant(session, scope, at, locked=True)
    if repetition and session.repetition_id != repetition.id:
        raise stale("Somebody has just changed this class.")
    if session.called_off_at:
        raise Refused("This class has been called off already.")
    if session.starts_at <= at:
        raise Refused("This class has begun, so it stays as it is.")
    return repetition, rows


def meant(session: ServiceSession, scope: Scope, at: datetime, *, locked: bool = False) -> list[ServiceSession]:
    """This date, and those with it that are neither over nor called off."""
    wanted = [ServiceSession.id == session.id]
    if scope != Scope.THIS and session.repetition_id:
        wanted = [ServiceSession.repetition_id == session.repetition_id]
        wanted += [ServiceSession.repetition_day >= session.repetition_day] if scope == Scope.FOLLOWING else []
    statement = (
        select(ServiceSession)
        .where(*wanted)
        # Not joined: whoever waits for a date that somebody takes elsewhere would find it nowhere.
        .options(selectinload(ServiceSession.location), selectinload(ServiceSession.providers))
        .order_by(ServiceSession.id)
    )
    if locked:
        statement = statement.with_for_update(of=ServiceSession, key_share=True)
        statement = statement.execution_options(populate_existing=True)
    rows = db.session.scalars(statement)
    return [row for row in rows if row is session or (row.starts_at > at and not row.called_off_at)]


def must_be_ahead(
    spans: dict[ServiceSession, tuple[datetime, datetime]], session: ServiceSession, at: datetime
) -> None:
    if spans[session][0] <= at:
        raise Refused("That time is over. Choose one that is still ahead.")
    if over := [begins for begins, _ in spans.values() if begins <= at]:
        day = wording.full_day(wording.local(min(over), session.location.time_zone).date())
        raise Refused(f"One of the dates would be on {day}, at a time that is over. Begin with a later date.")


def must_hold(wanted: dict[ServiceSession, Plan], at: datetime) -> None:
    fewer = [row for row, one in wanted.items() if one.capacity < row.capacity]
    left = occupancy.left_in([row.id for row in fewer], at=at) if fewer else {}
    full = [(row, row.capacity - left[row.id]) for row in fewer if row.capacity - left[row.id] > wanted[row].capacity]
    if full:
        row, taken = max(full, key=lambda pair: pair[1])
        day = wording.full_day(plan_of(row).day)
        taken_words = "1 place is" if taken == 1 else f"{taken} places are"
        raise TooFew(f"{taken_words} taken on {day}, so there cannot be only {wanted[row].capacity}.")


def follow(repetition: Repetition, first: date | None, plan: Plan, fields: Sequence[str], later: timedelta) -> None:
    """The rule itself, for the dates that are still to be made; those before the first keep theirs."""
    rule = repetitions.split(repetition, first) if first else repetition
    if later:
        repetitions.shift(rule, later)
    if "providers" in fields:
        rule.providers = list(plan.providers)
    if "location" in fields:
        rule.location_id, rule.location = plan.location.id, plan.location
    for name in set(fields) & {"starts_at", "minutes", "capacity"}:
        setattr(rule, name, getattr(plan, name))


def put(row: ServiceSession, plan: Plan, span: tuple[datetime, datetime]) -> None:
    row.starts_at, row.ends_at = span
    row.capacity, row.location_id, row.location = plan.capacity, plan.location.id, plan.location
    row.providers = list(plan.providers)
