"""Classes as a calendar counts them: how many there are on each day, and the few that it names. Thousands are never
read."""

from functools import cache
from typing import Any

from sqlalchemy import Date, Integer, String, and_, bindparam, case, func, literal_column, null, or_, select, union_all
from sqlalchemy import cast as as_type

from portal.db import NONE, AnySelect, Instant, written
from portal.models import (
    Access,
    Booking,
    ClassDay,
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
FIRST, LAST = bindparam("first", type_=Date), bindparam("last", type_=Date)
MOST, FEW = (bindparam(name, type_=Integer) for name in ("most", "few"))
COMMA: Any = written(",")
NOTHING = NONE  # added to a column, that it is not looked for by
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
OPEN = select(Location.id).where(Location.deactivated_at.is_(None)).cte("open")
GIVEN = select(SessionProvider.service_session_id).where(SessionProvider.provider_id == PROVIDER)


def plain(number: str) -> Any:
    """A number in the statement itself."""
    return literal_column(number, Integer)


def listed(of: Any, of_provider: bool) -> tuple[Any, ...]:
    """Classes that a client may see."""
    where = of.service_id.in_(select(SERVICES.c.id)), of.location_id.in_(select(OPEN.c.id))
    if of is ClassDay:
        return where
    return *where, of.called_off_at.is_(None), *((of.id.in_(GIVEN),) if of_provider else ())


def part(number: Any, id: Any, day: Any, count: Any, ids: Any) -> AnySelect:
    """As wide as a booking of the client's."""
    return select(number, id, null(), null(), as_type(day, String), null(), null(), count, null(), ids)


def counts(of_provider: bool) -> Any:
    """Of each day. Those of one provider are counted one by one, all others are kept."""
    of: Any = ServiceSession if of_provider else ClassDay
    count: Any = func.count() if of_provider else func.sum(ClassDay.sessions)
    found = select(of.day.label("day"), as_type(count, Integer).label("count"))
    found = found.where(of.day.between(FIRST, LAST), *listed(of, of_provider)).group_by(of.day)
    return found.cte("counted").prefix_with("MATERIALIZED")


@cache
def marks(of_provider: bool) -> AnySelect:
    """Of each day the count of its classes, and the ids of the first of them but for those that stand among the
    client's bookings anyway; no ids where none of them will be named."""
    counted = counts(of_provider)
    here = ServiceSession.day == counted.c.day, *listed(ServiceSession, of_provider)
    first: Any = select(ServiceSession.id).where(*here, ServiceSession.id.not_in(MINE))
    first = first.order_by(ServiceSession.starts_at, ServiceSession.id)
    some = first.limit(MOST).correlate(counted).subquery()
    ids = select(func.aggregate_strings(as_type(some.c.id, String), COMMA)).scalar_subquery()
    own = select(func.count()).select_from(MINE.subquery()).scalar_subquery()
    named = case((or_(plain("0") < FEW, counted.c.count <= MOST + own), ids))
    return part(plain("0"), null(), counted.c.day, counted.c.count, named)


def kind(number: int) -> Any:
    return plain(str(number)).label("kind")


@cache
def known(of_provider: bool) -> AnySelect:
    """Classes that were counted though they stand among the client's bookings (4), and those they wait for (5): a
    handful, found from there."""
    of_client = union_all(MINE.add_columns(kind(4)), AWAITED.add_columns(kind(5))).subquery("known")
    found: Any = select(of_client.c.kind, ServiceSession.id, ServiceSession.day)
    found = found.select_from(of_client).join(
        ServiceSession, ServiceSession.id == of_client.c.service_session_id + NOTHING
    )
    ahead = or_(of_client.c.kind == plain("4"), ServiceSession.starts_at > AT)
    here = ServiceSession.day.between(FIRST, LAST), *listed(ServiceSession, of_provider)
    rows = found.where(*here, ahead).distinct().subquery()
    return part(rows.c.kind, rows.c.id, rows.c.day, null(), null())
