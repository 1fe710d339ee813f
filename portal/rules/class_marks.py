"""Classes as a calendar counts them: how many there are on each day, and the few that it names. Thousands are never
read."""

from functools import cache
from typing import Any

from sqlalchemy import (
    Integer,
    String,
    and_,
    bindparam,
    case,
    column,
    func,
    literal_column,
    null,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy import cast as as_type

from portal.db import AnySelect, Instant, written
from portal.models import (
    Access,
    Booking,
    Location,
    Service,
    ServiceSession,
    SessionProvider,
    WaitlistEntry,
)
from portal.rules.access import HELD
from portal.rules.states import STANDS

CLIENT, PROVIDER = bindparam("client_id", type_=Integer), bindparam("provider_id", type_=Integer)
SINCE, UNTIL = bindparam("since", type_=Instant), bindparam("until", type_=Instant)
AT = bindparam("at", type_=Instant)
MOST, FEW = (bindparam(name, type_=Integer) for name in ("most", "few"))
ZONE = bindparam("zone", type_=String)
TOO_MANY = "5000"
COMMA: Any = written(",")
NOTHING: Any = literal_column("0", Integer)  # added to a column, that it is not looked for by
IS_MINE = (
    Booking.client_id == CLIENT,
    Booking.ends_at >= SINCE,
    Booking.starts_at < UNTIL,
    STANDS,
)
MINE = select(Booking.service_session_id).where(*IS_MINE, Booking.service_session_id.is_not(None))
AWAITED = select(WaitlistEntry.service_session_id).where(
    WaitlistEntry.client_id == CLIENT,
    WaitlistEntry.removed_at.is_(None),
    WaitlistEntry.service_session_id.is_not(None),
)
VISIBLE = or_(Service.access == Access.PUBLIC, and_(Service.access == Access.MEMBERS, Service.id.in_(HELD)))
# Each looked for once, however often they are asked after.
SERVICES = select(Service.id).where(Service.retired_at.is_(None), VISIBLE).cte("visible")
HERE = select(Location.id).where(Location.deactivated_at.is_(None), Location.time_zone == ZONE).cte("here")
THERE = select(Location.id).where(Location.deactivated_at.is_(None), Location.time_zone != ZONE)
GIVEN = select(SessionProvider.service_session_id).where(SessionProvider.provider_id == PROVIDER)


def plain(number: str) -> Any:
    """A number in the statement itself."""
    return literal_column(number, Integer)


def listed(since: Any, until: Any, of_provider: bool, *where: Any) -> tuple[Any, ...]:
    """Classes between these moments that a client may see."""
    return (
        ServiceSession.starts_at >= since,
        ServiceSession.starts_at < until,
        ServiceSession.service_id.in_(select(SERVICES.c.id)),
        ServiceSession.called_off_at.is_(None),
        *((ServiceSession.id.in_(GIVEN),) if of_provider else ()),
        *where,
    )


def part(number: int, id: Any, starts_at: Any, zone: Any, count: Any, ids: Any) -> AnySelect:
    """As wide as a booking of the client's."""
    return select(plain(str(number)), id, starts_at, null(), zone, null(), null(), count, null(), ids)


def days_of(days: int) -> Any:
    """Each day with its midnights. In words, of which a statement is found again sooner than of as many pieces."""
    each = [
        f"SELECT {number} AS number, :edge_{number} AS begins, :edge_{number + 1} AS ends" for number in range(days)
    ]
    edges = [bindparam(f"edge_{number}", type_=Instant) for number in range(days + 1)]
    told = text(" UNION ALL ".join(each)).bindparams(*edges)
    return told.columns(column("number", Integer), column("begins", Instant), column("ends", Instant)).cte("days")


@cache
def marks(days: int, of_provider: bool) -> AnySelect:
    """Of each day at the locations in the zone of the business: the count of its classes, and the ids of the first of
    them but for those that stand among the client's bookings anyway; no ids where none of them will be named."""
    table, in_zone = days_of(days), ServiceSession.location_id.in_(select(HERE.c.id))
    here = listed(table.c.begins, table.c.ends, of_provider, in_zone)
    count = select(func.count()).select_from(ServiceSession).where(*here).correlate(table).scalar_subquery()
    counted = select(table, count.label("count")).cte("counted").prefix_with("MATERIALIZED")
    here = listed(counted.c.begins, counted.c.ends, of_provider, in_zone)
    first: Any = select(ServiceSession.id).where(*here, ServiceSession.id.not_in(MINE))
    first = first.order_by(ServiceSession.starts_at, ServiceSession.id)
    some = first.limit(MOST).correlate(counted).subquery()
    ids = select(func.aggregate_strings(as_type(some.c.id, String), COMMA)).scalar_subquery()
    own = select(func.count()).select_from(MINE.subquery()).scalar_subquery()
    named = case((or_(plain("0") < FEW, counted.c.count <= MOST + own), ids))
    return part(0, counted.c.number, null(), null(), counted.c.count, named).where(counted.c.count > plain("0"))


def kind(number: int) -> Any:
    return plain(str(number)).label("kind")


@cache
def known(of_provider: bool) -> AnySelect:
    """Classes that were counted though they stand among the client's bookings (4), and those they wait for (5): a
    handful, found from there."""
    of_client = union_all(MINE.add_columns(kind(4)), AWAITED.add_columns(kind(5))).subquery("known")
    found: Any = select(of_client.c.kind, ServiceSession.id, ServiceSession.starts_at, Location.time_zone)
    found = found.select_from(of_client).join(
        ServiceSession, ServiceSession.id == of_client.c.service_session_id + NOTHING
    )
    found = found.join(Location, Location.id == ServiceSession.location_id + NOTHING)
    ahead = or_(of_client.c.kind == plain("4"), ServiceSession.starts_at > AT)
    rows = (
        found.where(*listed(SINCE, UNTIL, of_provider, Location.deactivated_at.is_(None)), ahead).distinct().subquery()
    )
    return select(
        rows.c.kind, rows.c.id, rows.c.starts_at, null(), rows.c.time_zone, null(), null(), null(), null(), null()
    )


@cache
def elsewhere(of_provider: bool) -> AnySelect:
    """Days begin at other times in other zones: these are read one by one."""
    there = listed(SINCE, UNTIL, of_provider, ServiceSession.location_id.in_(THERE))
    found: Any = select(ServiceSession.id, ServiceSession.starts_at, Location.time_zone)
    found = found.join(Location, Location.id == ServiceSession.location_id).where(*there)
    rows = found.order_by(ServiceSession.starts_at, ServiceSession.id).limit(plain(TOO_MANY)).subquery()
    return part(1, rows.c.id, rows.c.starts_at, rows.c.time_zone, null(), null())
