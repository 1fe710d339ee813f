"""Repetitions: classes that repeat in a rhythm of local days, and their sessions, made ahead of time.

A date is made once. One that was called off, moved or left out stays so, whatever becomes of the rule.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import joinedload

from portal import wording
from portal.db import atomic, db
from portal.models import Closure, Location, Provider, Repetition, Series, Service, ServiceSession
from portal.rules import hours, queues, rhythms, services
from portal.rules.actors import Actor
from portal.rules.refused import Refused

AHEAD = timedelta(days=180)
DAY = timedelta(days=1)
MOST = 200  # dates of one class that ends
TOO_MANY = f"These are more than {MOST} dates, too many to be made at once. Choose an earlier end."
SAME = "service_id", "location_id", "series_id", "rule", "last_day", "made_until", "starts_at", "minutes", "capacity"


def instant(day: date, wall: time, zone: str) -> datetime | None:
    """A wall time as a moment: the first of two where clocks go back, none where they skip it."""
    clock, minutes = hours.dial(zone, day), wall.hour * 60 + wall.minute
    return hours.moment(clock.reaches(minutes)) if clock.shows(minutes) else None


@atomic
def repeat(
    service: Service,
    location: Location,
    *,
    rule: str,
    first_day: date,
    starts_at: time,
    minutes: int,
    capacity: int,
    providers: Sequence[Provider] = (),
    last_day: date | None = None,
    count: int | None = None,
    series: Series | None = None,
    left_out: Collection[date] = (),
    by: Actor,
    at: datetime,
) -> Repetition:
    """Until a day, so many times, or without end; then the worker goes on with it. A series is made whole."""
    services.must_have_classes(service)
    if count:
        last_day = rhythms.day_number(rule, first_day, count)
    if series and last_day is None:
        raise Refused("A series has an end: say how many dates it has, or until when.")
    repetition = Repetition(
        service_id=service.id,
        location_id=location.id,
        series_id=series.id if series else None,
        rule=rule,
        first_day=first_day,
        last_day=last_day,
        made_until=first_day - DAY,
        starts_at=starts_at,
        minutes=minutes,
        capacity=capacity,
    )
    repetition.providers = list(providers)
    db.session.add(repetition)
    db.session.flush()
    whole = last_day if series else None
    if whole and len(rhythms.days(rule, first_day, first_day, whole)) > MOST:
        raise Refused(TOO_MANY)
    made = make(repetition, until=whole or horizon(location, at), left_out=left_out)
    if last_day and not made and last_day <= repetition.made_until:
        raise Refused("This rule has no date in that time. Choose a later end or other days.")
    if len(made) > MOST:
        raise Refused(TOO_MANY)
    for session in [] if series else made:
        queues.check(service.id, location.id, session_id=session.id, due_at=at)
    return repetition


def horizon(location: Location, at: datetime) -> date:
    return wording.today_in(location.time_zone, at) + AHEAD


def make(repetition: Repetition, *, until: date, left_out: Collection[date] = ()) -> list[ServiceSession]:
    """The dates that are not made yet."""
    until = min(until, repetition.last_day or until)
    made = [
        session_of(repetition, day)
        for day in rhythms.days(repetition.rule, repetition.first_day, repetition.made_until + DAY, until)
        if day not in left_out and instant(day, repetition.starts_at, repetition.location.time_zone)
    ]
    db.session.add_all(made)
    repetition.made_until = max(until, repetition.made_until)
    db.session.flush()
    return made


def session_of(repetition: Repetition, day: date) -> ServiceSession:
    starts_at = instant(day, repetition.starts_at, repetition.location.time_zone)
    assert starts_at
    return ServiceSession(
        service_id=repetition.service_id,
        series_id=repetition.series_id,
        repetition_id=repetition.id,
        repetition_day=day,
        location_id=repetition.location_id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=repetition.minutes),
        capacity=repetition.capacity,
        providers=list(repetition.providers),
    )


def make_ahead(at: datetime) -> None:
    """For the worker: every class that goes on has its dates of the next half year."""
    waiting = (
        select(Repetition)
        .join(Service, Service.id == Repetition.service_id)
        .join(Location, Location.id == Repetition.location_id)
        .options(joinedload(Repetition.location))
        .where(
            Service.retired_at.is_(None),
            Location.deactivated_at.is_(None),
            Repetition.made_until < (at + AHEAD + DAY).date(),
            or_(Repetition.last_day.is_(None), Repetition.made_until < Repetition.last_day),
        )
        .order_by(Repetition.id)
    )
    for id in [row.id for row in db.session.scalars(waiting) if row.made_until < horizon(row.location, at)]:
        make_more(id, at=at)


@atomic
def make_more(repetition_id: int, *, at: datetime) -> None:
    """Nobody looks on, so that days on which it is known to be closed are left out, and so are days that are over."""
    repetition = locked(repetition_id)
    until, today = horizon(repetition.location, at), wording.today_in(repetition.location.time_zone, at)
    repetition.made_until = max(repetition.made_until, today - DAY)
    make(repetition, until=until, left_out=closed_days(repetition.location_id, today, until))


def closed_days(location_id: int, first: date, last: date) -> set[date]:
    found = select(Closure.first_day, Closure.last_day).where(
        Closure.location_id == location_id, Closure.last_day >= first, Closure.first_day <= last
    )
    return {
        begins + number * DAY
        for begins, ends in db.session.execute(found)
        for number in range((min(ends, last) - begins).days + 1)
    }


def locked(repetition_id: int) -> Repetition:
    """Always before its sessions."""
    row = select(Repetition).where(Repetition.id == repetition_id).with_for_update(key_share=True)
    return db.session.scalars(row.execution_options(populate_existing=True)).one()


def split(repetition: Repetition, bound: date) -> Repetition:
    """From this day on it is a repetition of its own, with every date of it, also those that were called off."""
    if bound <= repetition.first_day:
        return repetition
    later = Repetition(first_day=bound, **{name: getattr(repetition, name) for name in SAME})
    later.providers = list(repetition.providers)
    db.session.add(later)
    db.session.flush()
    moved = ServiceSession.repetition_id == repetition.id, ServiceSession.repetition_day >= bound
    db.session.execute(update(ServiceSession).where(*moved).values(repetition_id=later.id))
    end(repetition, bound - DAY)
    return later


def end(repetition: Repetition, last_day: date) -> None:
    """No date after this day is made any more."""
    repetition.last_day = min(last_day, repetition.last_day or last_day)
    db.session.flush()


@atomic
def shift(repetition: Repetition, by: timedelta) -> None:
    """To another weekday, less than a week away: each date stays the one that it was, also where it was called off."""
    repetition.rule = rhythms.on_weekday_of(repetition.first_day + by, repetition.rule)
    repetition.first_day += by
    repetition.made_until += by
    repetition.last_day = repetition.last_day + by if repetition.last_day else None
    for session in db.session.scalars(select(ServiceSession).where(ServiceSession.repetition_id == repetition.id)):
        assert session.repetition_day
        session.repetition_day += by
    db.session.flush()


def first_of(repetition: Repetition) -> ServiceSession | None:
    first = select(ServiceSession).where(ServiceSession.repetition_id == repetition.id)
    return db.session.scalar(first.order_by(ServiceSession.starts_at).limit(1))
