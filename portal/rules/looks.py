"""Looks: the lines in which somebody stands are looked at again, as they may be served now who could not be before."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.models import ServiceSession, WaitlistEntry
from portal.rules.queues import check


def again(whose: Any, at: datetime) -> None:
    """In all their lines."""
    waits = select(WaitlistEntry).where(whose, WaitlistEntry.removed_at.is_(None)).order_by(WaitlistEntry.id)
    for entry in db.session.scalars(waits.options(joinedload(WaitlistEntry.service_session))).all():
        look(entry, at)


def look(entry: WaitlistEntry, at: datetime) -> None:
    """There may be a place at once: one that became free while they joined."""
    if entry.series_id:
        ahead = select(ServiceSession).where(ServiceSession.series_id == entry.series_id, ServiceSession.starts_at > at)
        first = ahead.where(ServiceSession.called_off_at.is_(None)).order_by(ServiceSession.starts_at).limit(1)
        for date in db.session.scalars(first):
            check(entry.service_id, date.location_id, session_id=date.id, due_at=at)
        return
    place = entry.service_session.location_id if entry.service_session else entry.location_id
    if place and (entry.service_session_id or entry.first_day):
        check(
            entry.service_id,
            place,
            session_id=entry.service_session_id,
            first_day=entry.first_day,
            last_day=entry.last_day,
            due_at=at,
        )
