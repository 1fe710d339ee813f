"""Visit days: how many bookings begin on a day, with how many pets, and how many pets leave on it; of each service at
each location, by the clock there. Who comes to a class stands in it, and not here."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Integer, bindparam, delete, func, select, text, true

from portal.among import among
from portal.db import Instant
from portal.models import Booking, BookingPet, Cancellation, Decision, Location, VisitDay
from portal.models.local_days import local_day
from portal.rules import kept
from portal.rules.class_days import CLOCK
from portal.rules.kept import Kept, Key
from portal.rules.kept_days import KeptDays
from portal.rules.occupancy import midnight
from portal.rules.states import IS_STANDING
from portal.rules.stretches import OF_ANY_LENGTH

TABLE: Any = VisitDay.__table__
DAY = timedelta(days=1)
PLACE = "starts_at", "ends_at", "service_id", "service", "location_id", "location", "service_session_id"
OF_BOOKING = BookingPet, Cancellation, Decision
# In place of a service and a moment: of all services, at any time.
ALL, EVER = 0, datetime(1, 1, 1, tzinfo=UTC)
VISITS = select(Booking.location_id, Booking.service_id, Booking.starts_at, Booking.ends_at).where(
    among(Booking.id, "ids"), Booking.service_session_id.is_(None)
)
ZONES = select(Location.id, Location.time_zone).where(among(Location.id, "places"))
# Who sets a clock waits until nobody is about to write by the old one; who writes looks at the clock after that.
BESIDE_OTHERS = text("LOCK TABLE visit_day IN ROW EXCLUSIVE MODE")
WITHOUT_OTHERS = text("LOCK TABLE visit_day IN EXCLUSIVE MODE")
ALONE = Booking.service_session_id.is_(None), IS_STANDING
THE_SERVICE, THE_LOCATION = bindparam("the_service_id", type_=Integer), bindparam("the_location_id", type_=Integer)
HERE = Booking.service_id == THE_SERVICE, Booking.location_id == THE_LOCATION, *ALONE
BEGINS, ENDS = bindparam("begins", type_=Instant), bindparam("ends", type_=Instant)
COME = *HERE, Booking.starts_at >= BEGINS, Booking.starts_at < ENDS
GO = *HERE, OF_ANY_LENGTH, Booking.ends_at >= BEGINS, Booking.ends_at < ENDS
PETS: Any = func.coalesce(func.sum(Booking.pet_count), 0)
DAYS = KeptDays(
    TABLE,
    {"bookings": 0, "arriving": 0, "leaving": 0},
    bookings=select(func.count()).select_from(Booking).where(*COME).scalar_subquery(),
    arriving=select(PETS).where(*COME).scalar_subquery(),
    leaving=select(PETS).where(*GO).scalar_subquery(),
)


def keys_of(connection: Connection, rows: list[Any]) -> set[Key]:
    """Of bookings that come or go at another time or place than before, or with other pets, or not at all; and of all
    that is at a location whose clock is set to another zone."""
    ids = {row.id for row in rows if isinstance(row, Booking) and kept.is_changed(row, PLACE)}
    ids |= {row.booking_id for row in rows if isinstance(row, OF_BOOKING)}
    found: set[Key] = {(row.id, ALL, EVER) for row in rows if isinstance(row, Location) and kept.is_changed(row, CLOCK)}
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
    DAYS.write(connection, days, lambda _, day, __, id: edges(day, zones[id]))
    for id in whole:
        connection.execute(delete(TABLE).where(TABLE.c.location_id == id))
        DAYS.put(connection, every(connection, id))


def zones_of(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    return {place.id: place.time_zone for place in connection.execute(ZONES, {"places": sorted(ids)})}


def edges(day: date, zone: str) -> dict[str, datetime]:
    return {"begins": midnight(day, zone), "ends": midnight(day + DAY, zone)}


def every(connection: Connection, location_id: int | None = None) -> dict[Key, list[int]]:
    """All that there is to keep, or all of a location, reckoned at once: bookings, pets that come, pets that go."""
    here = true() if location_id is None else Booking.location_id == location_id
    zones = {place.id: place.time_zone for place in connection.execute(select(Location.id, Location.time_zone))}
    found: dict[Key, list[int]] = defaultdict(lambda: [0, 0, 0])
    for number, moment, more in (
        (0, Booking.starts_at, func.count()),
        (1, Booking.starts_at, PETS),
        (2, Booking.ends_at, PETS),
    ):
        of = select(Booking.location_id, Booking.service_id, moment, more).where(*ALONE, here)
        for id, service_id, at, count in connection.execute(
            of.group_by(Booking.location_id, Booking.service_id, moment)
        ):
            found[local_day(at, zones[id]), service_id, id][number] += count
    return {key: counts for key, counts in found.items() if any(counts)}


def write_all(connection: Connection) -> None:
    connection.execute(delete(TABLE))
    DAYS.put(connection, every(connection))


kept.KEPT.append(Kept(keys_of, write, write_all))
