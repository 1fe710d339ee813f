"""Cancellation rules: until when clients may call a service off or move it, and the words they will read about it."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import select

from portal import wording
from portal.db import atomic, db, lock
from portal.models import Service
from portal.rules.cancelling import last_moment


def every() -> list[Service]:
    return list(db.session.scalars(select(Service).order_by(Service.name, Service.id)))


class Limits(NamedTuple):
    """Whether clients may do it, and until when."""

    allowed: bool
    hours: int | None
    day_before_at: time | None

    @property
    def kept(self) -> tuple[bool, int | None, time | None]:
        """No limit at all is until the start."""
        return self.allowed, 0 if self.hours is None and self.day_before_at is None else self.hours, self.day_before_at


@atomic
def change(service: Service, *, cancel: Limits, move: Limits) -> None:
    """For bookings made from now on. Those that there are keep the rules under which they were made."""
    lock(service)
    service.cancel_allowed, service.cancel_hours, service.cancel_day_before_at = cancel.kept
    service.move_allowed, service.move_hours, service.move_day_before_at = move.kept


def to_cancel(service: Service) -> Limits:
    return Limits(service.cancel_allowed, service.cancel_hours, service.cancel_day_before_at)


def to_move(service: Service) -> Limits:
    return Limits(service.move_allowed, service.move_hours, service.move_day_before_at)


def words(service: Service) -> str:
    """The rule in one line: Until 12 hours before the start and 6:00 PM on the day before, whichever is earlier."""
    return in_words(to_cancel(service), "cancel")


def both(service: Service) -> list[str]:
    """Cancel: until the start. Reschedule: until 24 hours before the start."""
    rules = {"Cancel": to_cancel(service), "Reschedule": to_move(service)}
    return [f"{verb}: {lowered(in_words(limits, verb.lower()))}" for verb, limits in rules.items()]


def lowered(words: str) -> str:
    return words[:1].lower() + words[1:]


def in_words(limits: Limits, verb: str) -> str:
    allowed, hours, day_before_at = limits
    if not allowed:
        return f"Clients cannot {verb} it themselves"
    said = []
    if hours:
        said.append(f"{wording.counted(hours, 'hour')} before the start")
    if day_before_at is not None:
        said.append(f"{wording.clock(datetime.combine(date.min, day_before_at))} on the day before")
    if len(said) == 2:
        return f"Until {said[0]} or {said[1]}, whichever is earlier"
    return f"Until {said[0]}" if said else "Until the start"


def reads(service: Service, zone: str, at: datetime) -> str:
    """What a client will read who is booked in five days, at nine in the morning."""
    day = wording.today_in(zone, at) + timedelta(days=5)
    starts_at = datetime.combine(day, time(9), wording.zone_of(zone))
    starts = wording.moment(starts_at, zone, at)
    if not service.cancel_allowed:
        return f"Booked for {wording.midway(starts)}: “{service.name} cannot be cancelled here.”"
    last = last_moment(starts_at, zone, service.cancel_hours, service.cancel_day_before_at)
    until = wording.moment_with_zone(last, zone, at)
    return f"Booked for {wording.midway(starts)}: “You can cancel until {wording.midway(until)}.”"
