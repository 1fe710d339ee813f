"""Memberships: which there are, and the services that they open."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select

from portal import wording
from portal.db import atomic, db, lock
from portal.models import Membership, MembershipService, Subscription
from portal.rules import services, ties
from portal.rules.refused import Misfit, only_one
from portal.rules.retiring import must_be_free


@dataclass(slots=True)
class Listed:
    """A membership as lists show it."""

    id: int
    name: str
    retired_at: datetime | None
    services: int
    members: int

    @property
    def words(self) -> str:
        opens = f"Opens {wording.counted(self.services, 'service')}" if self.services else "Opens no service yet"
        return f"{opens} · {wording.counted(self.members, 'member') if self.members else 'no members'}"


def every(today: date) -> list[Listed]:
    """By name, those that are retired last; members are counted who hold it today."""
    opens = select(func.count()).where(MembershipService.membership_id == Membership.id).scalar_subquery()
    held = Subscription.first_day <= today, or_(Subscription.last_day.is_(None), Subscription.last_day >= today)
    members = select(func.count(Subscription.client_id.distinct())).where(
        Subscription.membership_id == Membership.id, *held
    )
    columns = Membership.id, Membership.name, Membership.retired_at, opens, members.scalar_subquery()
    rows = select(*columns).order_by(Membership.retired_at.is_not(None), Membership.name)
    return [Listed(*row) for row in db.session.execute(rows)]


def named() -> list[tuple[int, str]]:
    """Those that can be given to a client."""
    rows = select(Membership.id, Membership.name).where(Membership.retired_at.is_(None)).order_by(Membership.name)
    return [(id, name) for id, name in db.session.execute(rows)]


def services_of(membership: Membership) -> set[int]:
    return ties.of(MembershipService.membership_id, membership.id, MembershipService.service_id)


@atomic
def add(name: str, description: str, *, service_ids: set[int]) -> Membership:
    must_be_free(Membership, name, "a membership")
    membership = Membership(name=name, description=description)
    keep(membership)
    open_services(membership, service_ids)
    return membership


@atomic
def change(membership: Membership, name: str, description: str, *, service_ids: set[int]) -> None:
    lock(membership)
    must_be_free(Membership, name, "a membership", but=membership.id)
    membership.name, membership.description = name, description
    keep(membership)
    open_services(membership, service_ids)


def keep(membership: Membership) -> None:
    with only_one(lambda: Misfit("name", "There is a membership of this name already. Choose another name.")):
        db.session.add(membership)


def open_services(membership: Membership, service_ids: set[int]) -> None:
    own, other = MembershipService.membership_id, MembershipService.service_id
    ties.tie(own, membership.id, other, offered=[id for id, _ in services.named()], chosen=service_ids)
