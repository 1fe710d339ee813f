"""The frame of a search for times: who gives a service at a location and when they work, when it is open, and whether
the places of a day are limited. One query."""

from datetime import time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, String, Time, and_, cast, func, literal, null, select, union_all

from portal.db import rows_of
from portal.models import Closure, Offering, OpeningHours, Provider, Service, ServiceProvider, WorkingHours
from portal.rules import hours
from portal.rules.hours import Opening, Span
from portal.rules.occupancy import LOCATION, SERVICE

Shifts = dict[int, dict[int, list[Span]]]


class Frame(NamedTuple):
    """`shifts` are spans of wall time by provider, in their order, and by weekday; 0 is the house, which gives what
    nobody else gives. `buffers` lie between two appointments at most."""

    shifts: Shifts
    house: Opening
    limited: bool
    buffers: timedelta


NO_NUMBER, NO_WORD, NO_TIME, NO_DAY = (cast(null(), kind) for kind in (Integer, String, Time, Date))
FRAME: Any = union_all(
    select(
        literal(0),
        Provider.id,
        Provider.position,
        Provider.name,
        WorkingHours.weekday,
        WorkingHours.since,
        WorkingHours.until,
        NO_DAY,
        NO_DAY,
    )
    .join(ServiceProvider, ServiceProvider.provider_id == Provider.id)
    .outerjoin(WorkingHours, and_(WorkingHours.provider_id == Provider.id, WorkingHours.location_id == LOCATION))
    .where(ServiceProvider.service_id == SERVICE, Provider.retired_at.is_(None)),
    select(
        literal(1),
        NO_NUMBER,
        NO_NUMBER,
        NO_WORD,
        OpeningHours.weekday,
        OpeningHours.opens_at,
        OpeningHours.closes_at,
        NO_DAY,
        NO_DAY,
    ).where(OpeningHours.location_id == LOCATION),
    select(
        literal(2), NO_NUMBER, NO_NUMBER, NO_WORD, NO_NUMBER, NO_TIME, NO_TIME, Closure.first_day, Closure.last_day
    ).where(Closure.location_id == LOCATION),
    select(literal(3), Offering.places, NO_NUMBER, NO_WORD, NO_NUMBER, NO_TIME, NO_TIME, NO_DAY, NO_DAY).where(
        Offering.service_id == SERVICE, Offering.location_id == LOCATION, Offering.places.is_not(None)
    ),
    select(
        literal(4),
        func.max(Service.buffer_before) + func.max(Service.buffer_after),
        NO_NUMBER,
        NO_WORD,
        NO_NUMBER,
        NO_TIME,
        NO_TIME,
        NO_DAY,
        NO_DAY,
    ),
)


def frame(service_id: int, location_id: int, provider_id: int | None) -> Frame:
    """Of all providers, or of this one."""
    people: dict[tuple[int, str, int], dict[int, list[Span]]] = {}
    weekly: dict[int, list[Span]] = {}
    closures, limited, buffers = [], False, timedelta()
    names = {"service_id": service_id, "location_id": location_id}
    for part, id, position, name, weekday, since, until, first, last in rows_of(FRAME, names):
        if part == 0:
            add(people.setdefault((position, name, id), {}), weekday, since, until)
        elif part == 1:
            add(weekly, weekday, since, until)
        elif part == 2:
            closures.append((first, last))
        elif part == 3:
            limited = True
        else:
            buffers = timedelta(minutes=id)
    shifts = {id: whole(spans) for (_, _, id), spans in sorted(people.items())}
    if provider_id is not None:
        shifts = {provider_id: shifts.get(provider_id, {})}
    return Frame(shifts or {0: {}}, Opening(whole(weekly), closures), limited, buffers)


def add(weekly: dict[int, list[Span]], weekday: int | None, since: time, until: time) -> None:
    """Who does not work here at all has a row without a weekday."""
    if weekday is not None:
        weekly.setdefault(weekday, []).append((hours.wall(since), hours.wall(until)))


def whole(weekly: dict[int, list[Span]]) -> dict[int, list[Span]]:
    return {weekday: hours.joined(spans) for weekday, spans in weekly.items()}
