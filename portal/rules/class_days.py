"""Class days: how many classes of each service there are at each location, day by day."""

from typing import Any

from sqlalchemy import Connection, Date, and_, bindparam, delete, func, or_, select, text, update

from portal.among import among
from portal.models import ClassDay, Location, ServiceSession
from portal.rules import kept
from portal.rules.kept import Kept, Key

SESSION: Any = ServiceSession.__table__
TABLE: Any = ClassDay.__table__
CLOCK = ("time_zone",)
NAMES = "on_day", "of_service", "at_location"
KEYS = (
    select(SESSION.c.day, SESSION.c.service_id, SESSION.c.location_id)
    .where(or_(among(SESSION.c.id, "ids"), among(SESSION.c.location_id, "places")))
    .distinct()
)
# Held from here on: whoever else counts the same day waits, and then sees what was written here.
HOLD = text("""INSERT INTO class_day (day, service_id, location_id, sessions)
VALUES (:on_day, :of_service, :at_location, 0)
ON CONFLICT (day, service_id, location_id) DO UPDATE SET sessions = class_day.sessions""").bindparams(
    bindparam("on_day", type_=Date)
)
THIS = [column == bindparam(name) for column, name in zip(TABLE.primary_key.columns, NAMES, strict=True)]
ON_IT = and_(*[SESSION.c[column.name] == column for column in TABLE.primary_key.columns])
STANDING = SESSION.c.called_off_at.is_(None)
SESSIONS = select(func.count()).where(ON_IT, STANDING).correlate(TABLE).scalar_subquery()
COUNT = update(TABLE).where(*THIS).values(sessions=SESSIONS)
NO_MORE = delete(TABLE).where(*THIS, TABLE.c.sessions == 0)
EVERY = select(SESSION.c.day, SESSION.c.service_id, SESSION.c.location_id, func.count()).where(STANDING)
EVERY = EVERY.group_by(SESSION.c.day, SESSION.c.service_id, SESSION.c.location_id)


def keys_of(connection: Connection, rows: list[Any]) -> set[Key]:
    """Of sessions, and of all that are at a location whose clock is set to another zone."""
    ids = [row.id for row in rows if isinstance(row, ServiceSession)]
    places = [row.id for row in rows if isinstance(row, Location) and kept.is_changed(row, CLOCK)]
    if not ids and not places:
        return set()
    return {tuple(row) for row in connection.execute(KEYS, {"ids": ids, "places": places})}


def count(connection: Connection, keys: list[Key]) -> None:
    days = [dict(zip(NAMES, key, strict=True)) for key in keys]
    for statement in (HOLD, COUNT, NO_MORE):
        connection.execute(statement, days)


def count_all(connection: Connection) -> None:
    connection.execute(delete(TABLE))
    connection.execute(TABLE.insert().from_select([column.name for column in TABLE.columns], EVERY))


kept.KEPT.append(Kept(keys_of, count, count_all))
