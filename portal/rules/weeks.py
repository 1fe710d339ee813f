"""Weeks: when a location is open, and when a provider works there, by wall times of the location."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal import wording
from portal.db import atomic, db, lock
from portal.models import Location, OpeningHours, Provider, ServiceKind, WorkingHours
from portal.rules import closures, queues
from portal.rules.refused import Refused
from portal.windows import Window, in_words, wrong

__all__ = ["in_words", "open_at", "opening", "work_at", "working"]


def opening(location_id: int) -> list[Window]:
    columns = OpeningHours.weekday, OpeningHours.opens_at, OpeningHours.closes_at
    rows = select(*columns).where(OpeningHours.location_id == location_id).order_by(*columns)
    return [Window(*row) for row in db.session.execute(rows)]


def working(provider_id: int) -> dict[int, list[Window]]:
    """At each location."""
    columns = WorkingHours.weekday, WorkingHours.since, WorkingHours.until
    rows = select(WorkingHours.location_id, *columns).where(WorkingHours.provider_id == provider_id)
    found: dict[int, list[Window]] = {}
    for location_id, weekday, since, until in db.session.execute(rows.order_by(*columns)):
        found.setdefault(location_id, []).append(Window(weekday, since, until))
    return found


@atomic
def open_at(location: Location, windows: Sequence[Window], *, at: datetime) -> None:
    """What is booked outside of them stays booked. No hours at all: always open. A day may have become free by it."""
    lock(location)
    must_fit(windows)
    rows = db.session.scalars(select(OpeningHours).where(OpeningHours.location_id == location.id))
    new = kept_and_new([(Window(row.weekday, row.opens_at, row.closes_at), row) for row in rows], windows)
    db.session.add_all(
        OpeningHours(location_id=location.id, weekday=weekday, opens_at=since, closes_at=until)
        for weekday, since, until in new
    )
    closures.ask_who_waits(location, at)
    given = db.session.scalars(closures.offered_at(location, ServiceKind.INDIVIDUAL)).all()
    queues.ask_for_times(given, location.id, wording.today_in(location.time_zone, at), due_at=at)


@atomic
def work_at(provider: Provider, location: Location, windows: Sequence[Window], *, at: datetime) -> None:
    """What is booked outside of them stays booked. Who waits for an appointment with them is asked."""
    lock(location)
    lock(provider)
    must_fit(windows)
    here = WorkingHours.provider_id == provider.id, WorkingHours.location_id == location.id
    rows = db.session.scalars(select(WorkingHours).where(*here))
    new = kept_and_new([(Window(row.weekday, row.since, row.until), row) for row in rows], windows)
    db.session.add_all(
        WorkingHours(provider_id=provider.id, location_id=location.id, weekday=weekday, since=since, until=until)
        for weekday, since, until in new
    )
    if new:
        db.session.flush()
        given = queues.services_of([provider.id], location.id)
        queues.ask_for_times(given, location.id, wording.today_in(location.time_zone, at), due_at=at)


def kept_and_new(rows: Sequence[tuple[Window, Any]], windows: Sequence[Window]) -> list[Window]:
    """What is not wanted any more goes, and those that are to be added come back. What stays is not touched, so that
    the history tells of what changed."""
    for window, row in rows:
        if window not in windows:
            db.session.delete(row)
    there = {window for window, _ in rows}
    return [window for window in windows if window not in there]


def must_fit(windows: Sequence[Window]) -> None:
    for words in wrong(windows).values():
        raise Refused(words)
