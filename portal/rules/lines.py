"""Lines: what is waited for, and who stands in each line, as the front desk sees it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Integer, and_, bindparam, func, select
from sqlalchemy.orm import joinedload

from portal import wording
from portal.db import AnySelect, db, rows_of
from portal.models import Client, Location, Offer, Series, Service, ServiceKind, ServiceSession, WaitlistEntry
from portal.rules import chances, places
from portal.rules.turns import IS_HELD, SAME_THING, WAITING, Ahead, Waiting, as_waiting, line_of
from portal.wording import counted

MOST_LINES, MOST_TURNS, MOST_CLASSES = 300, 200, 60


@dataclass(slots=True)
class Line:
    """A session, days, or a service for any date, for which somebody waits; `first` is who stands in front."""

    first: int
    service: str
    kind: ServiceKind
    location: str
    zone: str
    starts_at: datetime | None
    ends_at: datetime | None
    first_day: date | None
    last_day: date | None
    families: int
    held: int


LINES: AnySelect = (
    select(
        func.min(WaitlistEntry.id),
        func.coalesce(Series.name, Service.name),
        Service.kind,
        func.coalesce(Location.name, ""),
        func.coalesce(Location.time_zone, ""),
        ServiceSession.starts_at,
        ServiceSession.ends_at,
        WaitlistEntry.first_day,
        WaitlistEntry.last_day,
        func.count(line_of(WaitlistEntry).distinct()),
        func.count(Offer.id.distinct()),
    )
    .join(Service, Service.id == WaitlistEntry.service_id)
    .outerjoin(Series, Series.id == WaitlistEntry.series_id)
    .outerjoin(ServiceSession, ServiceSession.id == WaitlistEntry.service_session_id)
    .outerjoin(Location, Location.id == WaitlistEntry.location_id)
    .outerjoin(Offer, IS_HELD)
    .where(WaitlistEntry.removed_at.is_(None))
    .group_by(
        Service.id,
        Series.id,
        ServiceSession.id,
        Location.id,
        WaitlistEntry.first_day,
        WaitlistEntry.last_day,
    )
    .limit(MOST_LINES)
)


def lines() -> tuple[list[Line], list[Line]]:
    """Those with a date, the next one first, and those for any date. One query."""
    found = [Line(*row) for row in rows_of(LINES)]
    dated = [line for line in found if day_of(line)]
    general = [line for line in found if not day_of(line)]
    dated.sort(key=lambda line: (day_of(line) or date.max, line.service, line.first))
    return dated, sorted(general, key=lambda line: (line.service.casefold(), line.first))


def day_of(line: Line) -> date | None:
    return line.first_day or (line.starts_at.date() if line.starts_at else None)


@dataclass(slots=True)
class InLine:
    """A family's turn, as the desk sees it: who they are, and for which pets."""

    client_id: int
    client: str
    joined_at: datetime
    passed_over: str | None  # why, where no place is offered to them by itself
    pets: list[Waiting]

    @property
    def first(self) -> Waiting:
        return self.pets[0]


STANDING_IN: AnySelect = (
    WAITING.add_columns(
        line_of(WaitlistEntry),
        Client.id,
        Client.first_name,
        Client.last_name,
        WaitlistEntry.joined_at,
        Client.email,
        Client.no_automatic_email,
        Client.deactivated_at,
    )
    .join(Client, Client.id == WaitlistEntry.client_id)
    .join(Ahead, and_(Ahead.service_id == WaitlistEntry.service_id, SAME_THING))
    .where(Ahead.id == bindparam("entry_id", type_=Integer), WaitlistEntry.removed_at.is_(None))
    .order_by(WaitlistEntry.joined_at, WaitlistEntry.id)
    .limit(MOST_TURNS)
)


def line(entry_id: int) -> list[InLine]:
    """Everybody who waits for the same as this entry, in order. One query."""
    rows = [tuple(row) for row in rows_of(STANDING_IN, {"entry_id": entry_id})]
    found: dict[int, InLine] = {}
    for row in rows:
        party, client_id, first_name, last_name, joined_at, *reach = row[-8:]
        passed_over = chances.why_not_asked(*reach)
        turn = found.setdefault(party, InLine(client_id, f"{first_name} {last_name}", joined_at, passed_over, []))
        turn.pets.append(as_waiting(row))
    return list(found.values())


def lacking(entry: WaitlistEntry, turns: Iterable[InLine], *, at: datetime) -> dict[int, str]:
    """For so many pets together: why no place can be offered on their date. Those who wait for any date choose one."""
    chance = chances.of_entry(entry).chance()
    if chance is None:
        return {}
    if chance.starts_at <= at:
        return {len(turn.pets): "The date has passed." for turn in turns}
    return {pets: " ".join(places.full(chance.wanted(pets), at=at)) for pets in {len(turn.pets) for turn in turns}}


def classes_with_places(service: Service, location: Location | None, *, at: datetime) -> list[tuple[int, str]]:
    """What can be offered of a class to somebody who waits for any date of it."""
    coming = (
        select(ServiceSession)
        .where(
            ServiceSession.service_id == service.id,
            ServiceSession.starts_at > at,
            ServiceSession.called_off_at.is_(None),
            ServiceSession.series_id.is_(None),
        )
        .options(joinedload(ServiceSession.location))
        .order_by(ServiceSession.starts_at, ServiceSession.id)
        .limit(MOST_CLASSES)
    )
    if location:
        coming = coming.where(ServiceSession.location_id == location.id)
    rows = list(db.session.scalars(coming))
    left = places.sessions_left([row.id for row in rows], at)
    return [(row.id, f"{when(row, at)}, {counted(left[row.id], 'place')}") for row in rows if left[row.id] > 0]


def when(session: ServiceSession, at: datetime) -> str:
    return f"{wording.moment(session.starts_at, session.location.time_zone, at)} at {session.location.name}"
