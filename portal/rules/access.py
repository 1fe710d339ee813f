"""Access: which services somebody may book by themselves, and which they may not even see."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Integer, bindparam, or_, select

from portal.business_here import House
from portal.db import AnySelect, rows_of
from portal.models import Access, Location, MembershipService, Offering, Service, ServiceKind, Subscription
from portal.rules.business import today


@dataclass(slots=True)
class Bookable:
    """A service as the first step of Book Now and the calendar list it."""

    id: int
    name: str
    kind: ServiceKind
    description: str
    price: int
    minutes: int
    access: Access
    needs_approval: bool


DAY = bindparam("day", type_=Subscription.first_day.type)
HELD: AnySelect = (
    select(MembershipService.service_id)
    .join(Subscription, Subscription.membership_id == MembershipService.membership_id)
    .where(
        Subscription.client_id == bindparam("client_id", type_=Integer),
        Subscription.first_day <= DAY,
        or_(Subscription.last_day.is_(None), Subscription.last_day >= DAY),
    )
)
HOLDS: AnySelect = HELD.where(MembershipService.service_id == bindparam("service_id", type_=Integer))
SOMEWHERE = select(Offering.service_id).join(Location).where(Location.deactivated_at.is_(None))
OFFERED: AnySelect = (
    select(
        Service.id,
        Service.name,
        Service.kind,
        Service.description,
        Service.price,
        Service.minutes,
        Service.access,
        Service.needs_approval,
    )
    .where(Service.retired_at.is_(None), Service.id.in_(SOMEWHERE))
    .order_by(Service.position, Service.name, Service.id)
)
BOOKABLE = OFFERED.where(
    or_(Service.access == Access.PUBLIC, (Service.access == Access.MEMBERS) & Service.id.in_(HELD))
)


def bookable_services(client_id: int | None, at: datetime, house: House | None = None) -> list[Bookable]:
    """What is listed for this client, or for somebody who is not signed in."""
    found = rows_of(BOOKABLE, {"client_id": client_id or 0, "day": today(at, house)})
    return [Bookable(*row) for row in found]


def every_service() -> list[Bookable]:
    """What is offered anywhere: the front desk books all of it."""
    return [Bookable(*row) for row in rows_of(OFFERED)]


def holds(client_id: int, service_id: int, day: date) -> bool:
    """Whether a membership that they hold on that day opens this service to them."""
    names = {"client_id": client_id, "service_id": service_id, "day": day}
    return rows_of(HOLDS, names).first() is not None


def is_visible(
    client_id: int | None, service: Service, *, by_link: bool, house: House | None = None, at: datetime
) -> bool:
    """To everybody else the service does not exist, also by a direct link."""
    if service.access == Access.PUBLIC:
        return True
    if service.access == Access.LINK:
        return by_link
    return service.access == Access.MEMBERS and client_id is not None and holds(client_id, service.id, today(at, house))
