"""On which day of its location a session is, told whenever its time or its place changes, or the location's clock."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, inspect, select
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.attributes import flag_modified

from portal.models.business import Location


def local_day(starts_at: datetime, zone: str) -> date:
    return starts_at.astimezone(ZoneInfo(zone)).date()


def day_there(connection: Connection, location_id: int, starts_at: datetime) -> date:
    """Whoever sets its clock to another zone has not begun, or is done."""
    zone = select(Location.time_zone).where(Location.id == location_id).with_for_update(read=True, key_share=True)
    return local_day(starts_at, connection.execute(zone).scalar_one())


def first_day(context: Any) -> date:
    told = context.get_current_parameters()
    return day_there(context.root_connection, told["location_id"], told["starts_at"])


def name_day(_: Mapper[Any], connection: Connection, session: Any) -> None:
    moved = inspect(session).attrs
    if moved.starts_at.history.has_changes() or moved.location_id.history.has_changes():
        session.day = day_there(connection, session.location_id, session.starts_at)
        flag_modified(session, "day")  # what it said before may be that of another clock
