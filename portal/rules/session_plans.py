"""Session plans: what can be set of the date of a class, and what a change of one date makes of the others."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from portal import wording
from portal.models import Location, Provider, Repetition, ServiceSession
from portal.rules import repetitions, rhythms
from portal.rules.refused import Refused

WEEK = timedelta(days=7)


class Plan(NamedTuple):
    """What can be set of a class; day and time are those of its location."""

    day: date
    starts_at: time
    minutes: int
    capacity: int
    location: Location
    providers: tuple[Provider, ...] = ()

    @property
    def span(self) -> tuple[datetime, datetime]:
        begins = repetitions.instant(self.day, self.starts_at, self.location.time_zone)
        if begins is None:
            words = wording.clock(datetime.combine(self.day, self.starts_at))
            raise Refused(f"There is no {words} on {wording.full_day(self.day)}: the clocks go forward then.")
        return begins, begins + timedelta(minutes=self.minutes)


def plan_of(session: ServiceSession) -> Plan:
    here = wording.local(session.starts_at, session.location.time_zone)
    minutes = round((session.ends_at - session.starts_at).total_seconds() / 60)
    wall = here.time().replace(tzinfo=None)
    return Plan(here.date(), wall, minutes, session.capacity, session.location, tuple(session.providers))


def rule_of(repetition: Repetition, day: date) -> Plan:
    """What a date would be that nobody has touched."""
    known = repetition.starts_at, repetition.minutes, repetition.capacity, repetition.location
    return Plan(day, *known, tuple(repetition.providers))


def bound(session: ServiceSession) -> date:
    assert session.repetition_day
    return session.repetition_day


def days_later(session: ServiceSession, plan: Plan, repetition: Repetition) -> timedelta:
    """What takes a class from one weekday to another, with all of its dates that are meant."""
    later = plan.day - bound(session)
    if later and not rhythms.is_of_one_weekday(repetition.rule):
        raise Refused(
            f"“{rhythms.words(repetition.rule)}” has no one weekday that could be another, so choose “Only this date”. "
            "To move the others, call off this and following dates, and add a class on the new days."
        )
    if abs(later) >= WEEK:
        raise Refused(
            f"{wording.full_day(plan.day)} is a week or more away. To move the class to another weekday, choose a day "
            f"within a week of {wording.full_day(bound(session))}."
        )
    return later


def planned(
    row: ServiceSession, repetition: Repetition | None, plan: Plan, fields: Sequence[str], later: timedelta
) -> Plan:
    """What was set for one date alone stays so."""
    assert repetition
    own, rule = plan_of(row), rule_of(repetition, bound(row))
    new = plan._replace(day=own.day + later)
    return own._replace(**{name: getattr(new, name) for name in fields if alike(name, own, rule)})


def alike(name: str, one: Plan, other: Plan) -> bool:
    if name == "providers":
        return set(one.providers) == set(other.providers)
    return bool(getattr(one, name) == getattr(other, name))
