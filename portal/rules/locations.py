"""Locations: where the business is."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, exists, func, or_, select

from portal import wording
from portal.db import atomic, db, lock
from portal.models import (
    Booking,
    Cancellation,
    Closure,
    Location,
    Offering,
    OpeningHours,
    ServiceSession,
    State,
    WorkingHours,
)
from portal.rules import closures, references
from portal.rules.business import the_business
from portal.rules.refused import Refused, stale
from portal.rules.service_ties import is_more
from portal.rules.states import is_in


def every() -> list[Location]:
    """Those that are open first."""
    closed = Location.deactivated_at.is_not(None)
    return list(db.session.scalars(select(Location).order_by(closed, Location.name, Location.id)))


def in_use() -> list[Location]:
    """Those that are open, by name."""
    return [location for location in every() if location.deactivated_at is None]


@atomic
def add(facts: Mapping[str, Any]) -> Location:
    location = Location(**facts)
    db.session.add(location)
    db.session.flush()
    return location


@atomic
def change(location: Location, facts: Mapping[str, Any], *, at: datetime) -> None:
    """Where there are more places now, those who wait are asked."""
    lock(location)
    more = is_more(location.places, facts["places"])
    for name, value in facts.items():
        setattr(location, name, value)
    if more:
        closures.ask_who_waits(location, at)


@atomic
def deactivate(location: Location, *, at: datetime) -> None:
    """Nobody comes there any more. What has been there keeps its place."""
    lock(the_business())
    lock(location)
    if location.deactivated_at:
        raise stale(f"{location.name} is deactivated already.")
    if not [other for other in every() if other.id != location.id and not other.deactivated_at]:
        raise Refused("This is the only location that is open. Add another one first, or rename this one.")
    last = last_visit(location, at)
    if last:
        when = wording.full_day(wording.local(last, location.time_zone).date())
        raise Refused(f"Somebody is still expected at {location.name}, the last of them on {when}. Deactivate it then.")
    location.deactivated_at = at


def last_visit(location: Location, at: datetime) -> datetime | None:
    """When the last booking or session there is over, where one is still to come or somebody is in the house. What is
    cancelled may come back while that can be undone."""
    held = exists().where(Cancellation.booking_id == Booking.id, Cancellation.undo_until > at)
    stands = select(func.max(Booking.ends_at)).where(
        Booking.location_id == location.id,
        or_(is_in(State.HERE), and_(or_(is_in(State.BOOKED, State.REQUESTED), held), Booking.ends_at > at)),
    )
    sessions = select(func.max(ServiceSession.ends_at)).where(
        ServiceSession.location_id == location.id,
        ServiceSession.ends_at > at,
        ServiceSession.called_off_at.is_(None),
    )
    found = [db.session.scalar(stands), db.session.scalar(sessions)]
    return max((moment for moment in found if moment), default=None)


@atomic
def reactivate(location: Location) -> None:
    lock(location)
    if location.deactivated_at is None:
        raise stale(f"{location.name} is open already.")
    location.deactivated_at = None


def is_removable(location: Location) -> bool:
    """Only one at which nothing has ever been."""
    return not is_known(location) and len(every()) > 1


# What only says how it is there: it goes with the location.
OWN = (OpeningHours, Closure, WorkingHours, Offering)


def is_known(location: Location) -> bool:
    return references.in_use(location, apart_from={of.__tablename__ for of in OWN})


@atomic
def remove(location: Location) -> None:
    lock(the_business())
    lock(location)
    if is_known(location):
        raise Refused(f"{location.name} has bookings, so it cannot be removed. Deactivate it instead.")
    if len(every()) == 1:
        raise Refused("A business needs one location. Add another one first, or rename this one.")
    for of in OWN:
        db.session.execute(delete(of).where(of.location_id == location.id))
    db.session.delete(location)
