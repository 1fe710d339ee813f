"""First steps: what a new business does before its first day. Each ticks itself as soon as it is so."""

from typing import NamedTuple

from sqlalchemy import exists, func, or_, select

from portal.db import AnySelect, db
from portal.models import Business, Client, DemoClient, Invitation, Location, Member


class Steps(NamedTuple):
    """Which of them are done."""

    business: bool
    location: bool
    staff: bool
    customer: bool


HAS_STAFF = or_(select(func.count(Member.id) > 1).scalar_subquery(), exists(select(Invitation.id)))
STEPS: AnySelect = select(
    exists().where(Business.email != "", Business.phone != ""),
    exists().where(Location.address != "", Location.deactivated_at.is_(None)),
    HAS_STAFF,
    exists().where(Client.id.not_in(select(DemoClient.client_id))),
)


def steps() -> Steps:
    return Steps(*map(bool, db.session.execute(STEPS).one()))
