"""Series: dates that are booked as one, for one price."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, select

from portal import wording
from portal.db import AnySelect, atomic, db, lock, rows_of
from portal.models import Location, Series, Service, ServiceSession
from portal.rules import session_drafts
from portal.rules.actors import Actor
from portal.rules.refused import stale
from portal.rules.session_drafts import Draft

IS_ON = and_(ServiceSession.series_id == Series.id, ServiceSession.called_off_at.is_(None))
ROWS: AnySelect = (
    select(
        Series.id,
        Series.name,
        Service.name,
        Location.name,
        Location.time_zone,
        Series.price,
        Series.retired_at,
        func.min(ServiceSession.starts_at),
        func.max(ServiceSession.starts_at),
        func.count(ServiceSession.id),
    )
    .join(Service, Service.id == Series.service_id)
    .join(Location, Location.id == Series.location_id)
    .outerjoin(ServiceSession, IS_ON)
    .group_by(Series.id, Service.id, Location.id)
)


@dataclass(slots=True)
class Row:
    """A series as a list shows it."""

    id: int
    name: str
    service: str
    location: str
    zone: str
    price: int | None
    retired_at: datetime | None
    first_at: datetime | None
    last_at: datetime | None
    dates: int

    @property
    def span(self) -> str:
        """6 dates, Tue 24 Nov 2026 to Tue 29 Dec 2026"""
        if not (self.first_at and self.last_at):
            return "No dates yet"
        first, last = (wording.full_day(wording.local(at, self.zone).date()) for at in (self.first_at, self.last_at))
        return f"{wording.counted(self.dates, 'date')}, {first if first == last else f'{first} to {last}'}"


def every(at: datetime) -> list[Row]:
    """Those with dates ahead first, in the order in which they begin; then those that are over, the newest first."""
    rows = [Row(*row) for row in rows_of(ROWS)]
    ahead = [row for row in rows if not row.retired_at and (row.last_at is None or row.last_at > at)]
    over = [row for row in rows if row not in ahead]
    return sorted(ahead, key=lambda row: (row.first_at or at, row.id)) + sorted(over, key=lambda row: -row.id)


@atomic
def add(draft: Draft, texts: dict[str, Any], *, left_out: Collection[date] = (), by: Actor, at: datetime) -> Series:
    """A series with all of its dates."""
    series = Series(service_id=draft.service.id, location_id=draft.location.id, **texts)
    db.session.add(series)
    db.session.flush()
    session_drafts.make(draft, series=series, left_out=left_out, by=by, at=at)
    return series


@atomic
def change(series: Series, **texts: Any) -> None:
    """What was registered for keeps its price."""
    lock(series)
    for name, value in texts.items():
        setattr(series, name, value)


@atomic
def retire(series: Series, *, at: datetime) -> None:
    """Nobody can register for it any more. Its dates stay, and so do those who registered."""
    lock(series)
    if series.retired_at:
        raise stale(f"{series.name} is closed already.")
    series.retired_at = at


@atomic
def bring_back(series: Series) -> None:
    lock(series)
    if series.retired_at is None:
        raise stale(f"{series.name} is open already.")
    series.retired_at = None


@atomic
def add_date(series: Series, draft: Draft, *, tell: bool = True, by: Actor, at: datetime) -> ServiceSession | None:
    """One more: whoever has registered comes to it as well."""
    return session_drafts.make(draft, series=series, tell=tell, by=by, at=at)
