"""Closures: days on which a location is closed, whatever its opening hours. What is booked then is listed beside it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, exists, select

from portal import wording
from portal.db import atomic, db, lock
from portal.models import Closure, Location, Offering, Service, ServiceKind, ServiceSession, WaitlistEntry
from portal.rules import affected, queues
from portal.rules.affected import Affected, Time, in_words
from portal.rules.occupancy import midnight
from portal.rules.refused import Misfit

DAY = timedelta(days=1)


@dataclass(slots=True)
class Closed:
    """A closure as the list shows it, with what is booked in it."""

    id: int
    first_day: date
    last_day: date
    reason: str
    affected: list[Affected]

    @property
    def warning(self) -> str:
        return in_words(self.affected)

    @property
    def words(self) -> str:
        first = wording.full_day(self.first_day)
        return first if self.first_day == self.last_day else f"{first} – {wording.full_day(self.last_day)}"


def ahead(location: Location, at: datetime) -> list[Closed]:
    """What is not over yet."""
    today = wording.today_in(location.time_zone, at)
    rows = select(Closure.id, Closure.first_day, Closure.last_day, Closure.reason)
    rows = rows.where(Closure.location_id == location.id, Closure.last_day >= today)
    found = db.session.execute(rows.order_by(Closure.first_day, Closure.id)).all()
    zone = location.time_zone
    times = [Time(id, max(at, midnight(first, zone)), midnight(last + DAY, zone)) for id, first, last, _ in found]
    inside = affected.at_location(location.id, times)
    return [Closed(*row, inside[row.id]) for row in found]


@atomic
def add(location: Location, first_day: date, last_day: date, *, reason: str, at: datetime) -> Closure:
    """Both days included."""
    lock(location)
    if last_day < first_day:
        raise Misfit("last_day", "The last day lies before the first.")
    if last_day < wording.today_in(location.time_zone, at):
        raise Misfit("last_day", "These days are over already.")
    there = select(Closure.id).where(Closure.location_id == location.id)
    if db.session.scalar(there.where(Closure.first_day <= first_day, Closure.last_day >= last_day).limit(1)):
        raise Misfit("first_day", f"{location.name} is closed on these days already.")
    closure = Closure(location_id=location.id, first_day=first_day, last_day=last_day, reason=reason)
    db.session.add(closure)
    db.session.flush()
    return closure


@atomic
def remove(closure: Closure, location: Location, *, at: datetime) -> None:
    """Who waits for one of its days is asked, or for a class or an appointment on them."""
    db.session.delete(closure)
    ask_who_waits(location, at)
    days = closure.first_day, closure.last_day
    for service_id in db.session.scalars(offered_at(location, ServiceKind.INDIVIDUAL)):
        queues.check(service_id, location.id, first_day=days[0], last_day=days[1], due_at=at)
    for service_id, session_id in db.session.execute(awaited(location, *days, at)):
        queues.check(service_id, location.id, session_id=session_id, due_at=at)


def awaited(location: Location, first_day: date, last_day: date, at: datetime) -> Select[int, int]:
    """The classes there on these days, of services for which somebody waits."""
    waits = exists().where(WaitlistEntry.service_id == ServiceSession.service_id, WaitlistEntry.removed_at.is_(None))
    ahead = select(ServiceSession.service_id, ServiceSession.id).where(
        ServiceSession.location_id == location.id,
        ServiceSession.day.between(first_day, last_day),
        ServiceSession.starts_at > at,
        ServiceSession.called_off_at.is_(None),
        waits,
    )
    return ahead.order_by(ServiceSession.starts_at, ServiceSession.id)


def ask_who_waits(location: Location, at: datetime) -> None:
    """For a day or a night there."""
    for service_id in db.session.scalars(offered_at(location, ServiceKind.DAY, ServiceKind.STAY)):
        queues.check(service_id, location.id, due_at=at)


def offered_at(location: Location, *kinds: ServiceKind) -> Select[int]:
    offered = select(Offering.service_id).join(Service, Service.id == Offering.service_id)
    return offered.where(Offering.location_id == location.id, Service.kind.in_(kinds))
