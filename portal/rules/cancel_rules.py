"""Cancellation rules: until when clients may call a service off, and the words they will read about it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from portal import wording
from portal.db import atomic, db, lock
from portal.models import Service
from portal.rules.standing import cut_off

LONGEST = 30 * 24


def every() -> list[Service]:
    return list(db.session.scalars(select(Service).order_by(Service.name, Service.id)))


@atomic
def change(service: Service, *, allowed: bool, hours: int | None, day_before_at: time | None) -> None:
    """For bookings made from now on. Those that there are keep the rule under which they were made."""
    lock(service)
    service.cancel_allowed = allowed
    service.cancel_hours = 0 if hours is None and day_before_at is None else hours
    service.cancel_day_before_at = day_before_at


def words(service: Service) -> str:
    """The rule in one line: Until 12 hours before the start and 6:00 PM on the day before, whichever is earlier."""
    if not service.cancel_allowed:
        return "Clients cannot cancel it themselves"
    limits = []
    if service.cancel_hours:
        limits.append(f"{wording.counted(service.cancel_hours, 'hour')} before the start")
    if service.cancel_day_before_at is not None:
        limits.append(f"{wording.clock(datetime.combine(date.min, service.cancel_day_before_at))} on the day before")
    if len(limits) == 2:
        return f"Until {limits[0]} or {limits[1]}, whichever is earlier"
    return f"Until {limits[0]}" if limits else "Until the start"


@dataclass
class Example:
    """A booking that somebody could make."""

    starts_at: datetime
    zone: str
    cancel_hours: int | None
    cancel_day_before_at: time | None


def example(service: Service, zone: str, at: datetime) -> Example:
    """In five days, at nine in the morning."""
    day = wording.local(at, zone).date() + timedelta(days=5)
    starts_at = datetime.combine(day, time(9), wording.zone_of(zone))
    return Example(starts_at, zone, service.cancel_hours, service.cancel_day_before_at)


def reads(service: Service, zone: str, at: datetime) -> str:
    """What a client with such a booking will read."""
    booked = example(service, zone, at)
    starts = wording.moment(booked.starts_at, zone, at)
    if not service.cancel_allowed:
        return f"Booked for {wording.midway(starts)}: “{service.name} cannot be cancelled here.”"
    until = wording.moment_with_zone(cut_off(booked), zone, at)
    return f"Booked for {wording.midway(starts)}: “You can cancel until {wording.midway(until)}.”"
