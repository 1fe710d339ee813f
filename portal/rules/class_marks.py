"""Classes as a calendar counts them: how many there are on each day, and the first ones. Thousands are never read."""

from functools import cache
from typing import Any

from sqlalchemy import Integer, String, and_, bindparam, func, literal, literal_column, null, or_, select, union_all
from sqlalchemy import cast as as_type

from portal.db import AnySelect, Instant
from portal.models import (
    Access,
    Booking,
    Location,
    Service,
    ServiceSession,
    SessionProvider,
)
from portal.rules.access import HELD
from portal.rules.states import STANDS

CLIENT, PROVIDER = bindparam("client_id", type_=Integer), bindparam("provider_id", type_=Integer)
SINCE, UNTIL = bindparam("since", type_=Instant), bindparam("until", type_=Instant)
MOST = bindparam("most", type_=Integer)
ZONE = bindparam("zone", type_=String)
TOO_MANY = 5_000
NOTHING = literal(0)  # added to a column, that it is not looked for by
IS_MINE = (
    Booking.client_id == CLIENT,
    Booking.ends_at >= SINCE,
    Booking.starts_at < UNTIL,
    STANDS,
)
MINE = select(Booking.service_session_id).where(*IS_MINE, Booking.service_session_id.is_not(None))
VISIBLE = or_(Service.access == Access.PUBLIC, and_(Service.access == Access.MEMBERS, Service.id.in_(HELD)))
SERVICES = select(Service.id).where(Service.retired_at.is_(None), VISIBLE)
GIVEN = select(SessionProvider.service_session_id).where(SessionProvider.provider_id == PROVIDER)


def listed(since: Any, until: Any, is_here: Any, of_provider: bool) -> tuple[Any, ...]:
    """Classes between these moments that a client may see."""
    return (
        ServiceSession.starts_at >= since,
        ServiceSession.starts_at < until,
        ServiceSession.location_id.in_(select(Location.id).where(Location.deactivated_at.is_(None), is_here)),
        ServiceSession.service_id.in_(SERVICES),
        ServiceSession.called_off_at.is_(None),
        *((ServiceSession.id.in_(GIVEN),) if of_provider else ()),
    )


def part(number: int, id: Any, starts_at: Any, zone: Any, count: Any, ids: Any) -> AnySelect:
    """As wide as a booking of the client's."""
    mark: Any = literal_column(str(number), Integer)
    return select(mark, id, starts_at, null(), zone, null(), null(), count, null(), ids)


def days_of(days: int) -> Any:
    """Each day with its midnights, of which each is told once."""
    rows = [
        select(literal_column(str(number), Integer).label("number"), edge(number).label("begins"))
        for number in range(days + 1)
    ]
    edges = union_all(*rows).cte("edges")
    ends: Any = func.lead(edges.c.begins).over(order_by=edges.c.number).label("ends")
    return select(edges.c.number, edges.c.begins, ends).cte("days")


def edge(number: int) -> Any:
    return bindparam(f"edge_{number}", type_=Instant)


@cache
def marks(days: int, of_provider: bool) -> AnySelect:
    """Of each day at the locations in the zone of the business: the count of its classes, and the ids of the first
    but for those that stand among the client's bookings anyway."""
    table = days_of(days)
    here = listed(table.c.begins, table.c.ends, Location.time_zone == ZONE, of_provider)
    count = select(func.count()).select_from(ServiceSession).where(*here).correlate(table).scalar_subquery()
    first: Any = select(ServiceSession.id).where(*here, ServiceSession.id.not_in(MINE))
    first = first.order_by(ServiceSession.starts_at, ServiceSession.id)
    few = first.limit(MOST).correlate(table).subquery()
    ids = select(func.aggregate_strings(as_type(few.c.id, String), ",")).scalar_subquery()
    return part(0, table.c.number, null(), null(), count, ids)


@cache
def booked(of_provider: bool) -> AnySelect:
    """Classes that were counted though they stand among the client's bookings: a handful, found from there."""
    here = listed(SINCE, UNTIL, Location.time_zone == ZONE, of_provider)
    found: Any = select(ServiceSession.id, ServiceSession.starts_at, ZONE.label("zone")).select_from(Booking)
    found = found.join(ServiceSession, ServiceSession.id == Booking.service_session_id + NOTHING)
    rows = found.where(*IS_MINE, *here).distinct().subquery()
    return part(4, rows.c.id, rows.c.starts_at, rows.c.zone, null(), null())


@cache
def elsewhere(of_provider: bool) -> AnySelect:
    """Days begin at other times in other zones: these are read one by one."""
    there = *listed(SINCE, UNTIL, Location.time_zone != ZONE, of_provider), ServiceSession.id.not_in(MINE)
    found: Any = select(ServiceSession.id, ServiceSession.starts_at, Location.time_zone)
    found = found.join(Location, Location.id == ServiceSession.location_id).where(*there)
    rows = found.order_by(ServiceSession.starts_at, ServiceSession.id).limit(TOO_MANY).subquery()
    return part(1, rows.c.id, rows.c.starts_at, rows.c.time_zone, null(), null())
