"""Visit days: how many pets come and go on a day, of each service of day care and stays at each location; and beside
them, how many appointments begin there on that day. By the clock there. Who comes to a class stands in it, not here."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Integer, bindparam, case, delete, func, select, text, true

from portal.among import among
from portal.db import Instant
from portal.models import AppointmentDay, Booking, BookingPet, Cancellation, Decision, Location, Service, VisitDay
from portal.models.local_days import local_day
from portal.rules import kept
from portal.rules.class_days import CLOCK
from portal.rules.kept import Kept, Key
from portal.rules.kept_days import KeptDays
from portal.rules.occupancy import IS_HOUSED, IS_NOT_HOUSED, midnight
from portal.rules.states import IS_STANDING
from portal.rules.stretches import OF_ANY_LENGTH

TABLES: Any = VisitDay.__table__, AppointmentDay.__table__
DAY = timedelta(days=1)
PLACE = "starts_at", "ends_at", "service_id", "service", "location_id", "location", "service_session_id"
OF_BOOKING = BookingPet, Cancellation, Decision
# In place of a service: an appointment, or everything; and then in place of a moment, at any time.
ANY, EVER = 0, datetime(1, 1, 1, tzinfo=UTC)
ALONE = Booking.service_session_id.is_(None), IS_STANDING
VISITS = (
    select(Booking.location_id, case((IS_HOUSED, Booking.service_id), else_=ANY), Booking.starts_at, Booking.ends_at)
    .join(Service, Service.id == Booking.service_id)
    .where(among(Booking.id, "ids"), Booking.service_session_id.is_(None))
)
ZONES = select(Location.id, Location.time_zone).where(among(Location.id, "places"))
# Who sets a clock waits until nobody is about to write by the old one; who writes looks at the clock after that.
BESIDE_OTHERS = text("LOCK TABLE visit_day, appointment_day IN ROW EXCLUSIVE MODE")
WITHOUT_OTHERS = text("LOCK TABLE visit_day, appointment_day IN EXCLUSIVE MODE")
THE_SERVICE, THE_LOCATION = bindparam("the_service_id", type_=Integer), bindparam("the_location_id", type_=Integer)
HERE = Booking.service_id == THE_SERVICE, Booking.location_id == THE_LOCATION, *ALONE
BEGINS, ENDS = bindparam("begins", type_=Instant), bindparam("ends", type_=Instant)
ON_IT = Booking.starts_at >= BEGINS, Booking.starts_at < ENDS
PETS: Any = func.coalesce(func.sum(Booking.pet_count), 0)
COME = select(PETS).where(*HERE, *ON_IT)
GO = select(PETS).where(*HERE, OF_ANY_LENGTH, Booking.ends_at >= BEGINS, Booking.ends_at < ENDS)
# Service by service, each a stretch of the index in which there is nothing else.
BEGIN = select(func.count()).where(
    Booking.service_id == Service.id, IS_NOT_HOUSED, Booking.location_id == THE_LOCATION, *ALONE, *ON_IT
)
VISIT_DAYS, APPOINTMENT_DAYS = DAYS = (
    KeptDays(TABLES[0], {"arriving": 0, "leaving": 0}, arriving=COME.scalar_subquery(), leaving=GO.scalar_subquery()),
    KeptDays(TABLES[1], {"bookings": 0}, bookings=BEGIN.scalar_subquery()),
)


def keys_of(connection: Connection, rows: list[Any]) -> set[Key]:
    """Of bookings that come or go at another time or place than before, or with other pets, or not at all; and of all
    that is at a location whose clock is set to another zone."""
    ids = {row.id for row in rows if isinstance(row, Booking) and kept.is_changed(row, PLACE)}
    ids |= {row.booking_id for row in rows if isinstance(row, OF_BOOKING)}
    found: set[Key] = {(row.id, ANY, EVER) for row in rows if isinstance(row, Location) and kept.is_changed(row, CLOCK)}
    for location_id, service_id, *moments in connection.execute(VISITS, {"ids": sorted(ids)}) if ids else ():
        found |= {(location_id, service_id, moment) for moment in moments}
    return found


def write(connection: Connection, keys: list[Key]) -> None:
    whole = sorted({location_id for location_id, _, moment in keys if moment == EVER})
    if connection.dialect.name == "postgresql":
        connection.execute(WITHOUT_OTHERS if whole else BESIDE_OTHERS)
    zones = zones_of(connection, {location_id for location_id, *_ in keys})
    parts = ((id, service_id, moment) for id, service_id, moment in keys if id not in whole)
    days = sorted({(local_day(moment, zones[id]), service_id, id) for id, service_id, moment in parts})
    visits = [key for key in days if key[1] != ANY]
    appointments = [(day, id) for day, service_id, id in days if service_id == ANY]
    VISIT_DAYS.write(connection, visits, lambda _, day, __, id: edges(day, zones[id]))
    APPOINTMENT_DAYS.write(connection, appointments, lambda _, day, id: edges(day, zones[id]))
    for id in whole:
        write_all(connection, id)


def zones_of(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    return {place.id: place.time_zone for place in connection.execute(ZONES, {"places": sorted(ids)})}


def edges(day: date, zone: str) -> dict[str, datetime]:
    return {"begins": midnight(day, zone), "ends": midnight(day + DAY, zone)}


def every(connection: Connection, location_id: int | None = None) -> tuple[dict[Key, list[int]], dict[Key, list[int]]]:
    """All that there is to keep, or all of a location, reckoned at once: pets that come and go, and appointments."""
    here = true() if location_id is None else Booking.location_id == location_id
    zones = {place.id: place.time_zone for place in connection.execute(select(Location.id, Location.time_zone))}
    visits: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
    appointments: dict[Key, list[int]] = defaultdict(lambda: [0])
    for number, moment in enumerate((Booking.starts_at, Booking.ends_at)):
        place = Booking.location_id, Booking.service_id, moment
        pets = select(*place, PETS).join(Service).where(*ALONE, here, IS_HOUSED).group_by(*place)
        for id, service_id, at, count in connection.execute(pets):
            visits[local_day(at, zones[id]), service_id, id][number] += count
    begin = select(Booking.location_id, Booking.starts_at, func.count()).join(Service)
    begin = begin.where(*ALONE, here, IS_NOT_HOUSED).group_by(Booking.location_id, Booking.starts_at)
    for id, at, count in connection.execute(begin):
        appointments[local_day(at, zones[id]), id][0] += count
    return {key: counts for key, counts in visits.items() if any(counts)}, dict(appointments)


def write_all(connection: Connection, location_id: int | None = None) -> None:
    for days, rows in zip(DAYS, every(connection, location_id), strict=True):
        here = true() if location_id is None else days.table.c.location_id == location_id
        connection.execute(delete(days.table).where(here))
        days.put(connection, rows)


kept.KEPT.append(Kept(keys_of, write, write_all))
