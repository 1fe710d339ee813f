"""Class days: how many classes of each service there are at each location, day by day."""

from typing import Any

from sqlalchemy import Connection, and_, delete, func, or_, select

from portal.among import among
from portal.models import ClassDay, Location, ServiceSession
from portal.rules import kept
from portal.rules.kept import Kept, Key
from portal.rules.kept_days import KeptDays

SESSION: Any = ServiceSession.__table__
TABLE: Any = ClassDay.__table__
CLOCK = ("time_zone",)
KEYS = (
    select(SESSION.c.day, SESSION.c.service_id, SESSION.c.location_id)
    .where(or_(among(SESSION.c.id, "ids"), among(SESSION.c.location_id, "places")))
    .distinct()
)
ON_IT = and_(*[SESSION.c[column.name] == column for column in TABLE.primary_key.columns])
STANDING = SESSION.c.called_off_at.is_(None)
SESSIONS = select(func.count()).where(ON_IT, STANDING).correlate(TABLE).scalar_subquery()
DAYS = KeptDays(TABLE, {"sessions": 0}, sessions=SESSIONS)
EVERY = select(SESSION.c.day, SESSION.c.service_id, SESSION.c.location_id, func.count()).where(STANDING)
EVERY = EVERY.group_by(SESSION.c.day, SESSION.c.service_id, SESSION.c.location_id)


def keys_of(connection: Connection, rows: list[Any]) -> set[Key]:
    """Of sessions, and of all that are at a location whose clock is set to another zone."""
    ids = [row.id for row in rows if isinstance(row, ServiceSession)]
    places = [row.id for row in rows if isinstance(row, Location) and kept.is_changed(row, CLOCK)]
    if not ids and not places:
        return set()
    return {tuple(row) for row in connection.execute(KEYS, {"ids": ids, "places": places})}


def count_all(connection: Connection) -> None:
    connection.execute(delete(TABLE))
    connection.execute(TABLE.insert().from_select([column.name for column in TABLE.columns], EVERY))


kept.KEPT.append(Kept(keys_of, DAYS.write, count_all))
