"""The frame of a search for times: who gives a service at a location and when they work, when it is open, and how many
places a day has. It comes in one row, which a step of booking reads with the service itself."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, and_, bindparam, func, select, true

from portal.db import AnySelect, rows_of
from portal.models import Closure, Location, Offering, OpeningHours, Provider, Service, ServiceProvider, WorkingHours
from portal.rules import hours
from portal.rules.hours import Opening, Span
from portal.rules.packing import or_nothing, packed, unpacked

Weekly = dict[int, list[Span]]


class Person(NamedTuple):
    """A provider who works there."""

    id: int
    name: str


class Frame(NamedTuple):
    """`shifts` are spans of wall time by provider, in their order, and by weekday, as far as it is open then; 0 is the
    house, which gives what nobody else gives. `places` has the service on a day there, None without a limit; `buffers`
    lie between two appointments at most."""

    people: list[Person]
    shifts: dict[int, Weekly]
    house: Opening
    places: int | None
    buffers: timedelta


OF_BOTH = Offering.service_id == Service.id, Offering.location_id == Location.id
HERE = and_(WorkingHours.provider_id == Provider.id, WorkingHours.location_id == Location.id)
TIMES = or_nothing(WorkingHours.weekday), or_nothing(WorkingHours.since), or_nothing(WorkingHours.until)
# Of a service and a location.
COLUMNS: list[Any] = [
    select(packed(Provider.position, Provider.name, Provider.id, *TIMES))
    .join(ServiceProvider, ServiceProvider.provider_id == Provider.id)
    .outerjoin(WorkingHours, HERE)
    .where(ServiceProvider.service_id == Service.id, Provider.retired_at.is_(None))
    .correlate(Service, Location)
    .scalar_subquery(),
    select(packed(OpeningHours.weekday, OpeningHours.opens_at, OpeningHours.closes_at))
    .where(OpeningHours.location_id == Location.id)
    .correlate(Location)
    .scalar_subquery(),
    select(packed(Closure.first_day, Closure.last_day))
    .where(Closure.location_id == Location.id)
    .correlate(Location)
    .scalar_subquery(),
    select(Offering.places).where(*OF_BOTH).correlate(Service, Location).scalar_subquery(),
    select(func.max(Service.buffer_before) + func.max(Service.buffer_after)).correlate(None).scalar_subquery(),
]
FRAME: AnySelect = (
    select(*COLUMNS)
    .select_from(Service)
    .join(Location, true())
    .where(Service.id == bindparam("service_id", type_=Integer), Location.id == bindparam("location_id", type_=Integer))
)


def frame(service_id: int, location_id: int) -> Frame:
    return as_frame(rows_of(FRAME, {"service_id": service_id, "location_id": location_id}).one())


def as_frame(row: Sequence[Any]) -> Frame:
    return read(*row)


@lru_cache(256)
def read(worked: str | None, opened: str | None, closed: str | None, limit: int | None, buffers: int) -> Frame:
    """It says the same until somebody changes their hours. Nobody writes into it."""
    people: dict[int, Person] = {}
    shifts: dict[int, Weekly] = {}
    for _, name, told, weekday, since, until in sorted(unpacked(worked, 6), key=in_order):
        weekly = shifts.setdefault(int(told), {})
        if weekday:
            people.setdefault(int(told), Person(int(told), name))
            add(weekly, weekday, since, until)
    opening: Weekly = {}
    for weekday, opens, closes in unpacked(opened, 3):
        add(opening, weekday, opens, closes)
    closures = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in unpacked(closed, 2)]
    house = Opening(joined(opening), closures)
    open_shifts = {id: while_open(house, joined(weekly)) for id, weekly in shifts.items()}
    whole = open_shifts or {0: {weekday: house.usual(weekday) for weekday in range(7)}}
    return Frame(list(people.values()), whole, house, limit, timedelta(minutes=buffers))


def in_order(row: list[str]) -> tuple[int, str, int]:
    return int(row[0]), row[1].casefold(), int(row[2])


def add(weekly: Weekly, weekday: str, since: str, until: str) -> None:
    span = hours.wall(time.fromisoformat(since)), hours.wall(time.fromisoformat(until))
    weekly.setdefault(int(weekday), []).append(span)


def joined(weekly: Weekly) -> Weekly:
    return {weekday: hours.joined(spans) for weekday, spans in weekly.items()}


def while_open(house: Opening, weekly: Weekly) -> Weekly:
    return {weekday: hours.common(house.usual(weekday), spans) for weekday, spans in weekly.items()}
