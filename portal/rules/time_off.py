"""Time off: when a provider is away. Nothing is booked with them then; what is booked already is listed beside it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from portal import wording
from portal.db import atomic, db, lock
from portal.models import Location, Provider, TimeOff, WorkingHours
from portal.rules import affected, queues
from portal.rules.actors import Actor
from portal.rules.affected import Affected, Time, in_words
from portal.rules.occupancy import midnight
from portal.rules.refused import Misfit

DAY = timedelta(days=1)


@dataclass(slots=True)
class Away:
    """Time off as the list shows it, with what is booked in it."""

    id: int
    starts_at: datetime
    ends_at: datetime
    reason: str
    zone: str
    affected: list[Affected]

    @property
    def warning(self) -> str:
        return in_words(self.affected)

    @property
    def words(self) -> str:
        """Tue 1 Dec 2026; whole days without times."""
        begin, end = wording.local(self.starts_at, self.zone), wording.local(self.ends_at, self.zone)
        if begin.time() != time() or end.time() != time():
            return f"{wording.full_day(begin.date())}, {wording.clock(begin)} – {self.end_words(begin, end)}"
        last = end.date() - DAY
        first = wording.full_day(begin.date())
        return first if last == begin.date() else f"{first} – {wording.full_day(last)}"

    def end_words(self, begin: datetime, end: datetime) -> str:
        same = begin.date() == end.date()
        return wording.clock(end) if same else f"{wording.full_day(end.date())}, {wording.clock(end)}"


def ahead(provider: Provider, zone: str, at: datetime) -> list[Away]:
    """What is not over yet."""
    mine = select(TimeOff.id, TimeOff.starts_at, TimeOff.ends_at, TimeOff.reason)
    mine = mine.where(TimeOff.provider_id == provider.id, TimeOff.ends_at > at)
    rows = db.session.execute(mine.order_by(TimeOff.starts_at, TimeOff.id)).all()
    times = [Time(id, max(starts, at), ends) for id, starts, ends, _ in rows]
    inside = affected.with_provider(provider.id, times)
    return [Away(id, starts, ends, reason, zone, inside[id]) for id, starts, ends, reason in rows]


@atomic
def add(
    provider: Provider,
    first_day: date,
    last_day: date,
    *,
    since: time | None = None,
    until: time | None = None,
    reason: str = "",
    zone: str,
    by: Actor,
    at: datetime,
) -> TimeOff:
    """Both days included; without times whole days of this zone."""
    lock(provider)
    clock = wording.zone_of(zone)
    starts_at = datetime.combine(first_day, since or time(), clock)
    ends_at = datetime.combine(last_day, until, clock) if until else midnight(last_day + DAY, zone)
    if ends_at <= starts_at:
        raise Misfit("until" if until else "last_day", "The end lies before the beginning. Look over both.")
    if ends_at <= at:
        raise Misfit("last_day", "This is over already. Say when they will be away.")
    same = TimeOff.provider_id == provider.id, TimeOff.starts_at == starts_at, TimeOff.ends_at == ends_at
    if db.session.scalar(select(TimeOff.id).where(*same).limit(1)):
        raise Misfit("first_day", f"{provider.name} is away at this time already.")
    span = {"starts_at": starts_at, "ends_at": ends_at}
    away = TimeOff(provider_id=provider.id, **span, reason=reason, at=at, **by.signed)
    db.session.add(away)
    db.session.flush()
    return away


@atomic
def remove(away: TimeOff, *, at: datetime) -> None:
    """They have time again: who waits for an appointment that they give is asked."""
    db.session.delete(away)
    theirs = select(WorkingHours.location_id).where(WorkingHours.provider_id == away.provider_id)
    for location in db.session.scalars(select(Location).where(Location.id.in_(theirs)).order_by(Location.id)).all():
        first, last = (wording.local(moment, location.time_zone).date() for moment in (away.starts_at, away.ends_at))
        for service_id in queues.services_of([away.provider_id], location.id):
            queues.check(service_id, location.id, first_day=first, last_day=last, due_at=at)
