"""Providers: who carries services out, usually a member of staff."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from portal import wording
from portal.db import AnySelect, atomic, db, lock
from portal.models import Member, Provider, ServiceProvider, WorkingHours
from portal.rules import services, ties
from portal.rules.positions import behind_all
from portal.rules.refused import Misfit
from portal.rules.retiring import must_be_free


@dataclass(slots=True)
class Listed:
    """A provider as lists show them."""

    id: int
    name: str
    retired_at: datetime | None
    services: int
    hours: int

    @property
    def words(self) -> str:
        gives = f"Gives {wording.counted(self.services, 'service')}" if self.services else "Gives no service yet"
        return gives if self.hours else f"{gives} · no working hours yet"


GIVES = select(func.count()).where(ServiceProvider.provider_id == Provider.id).scalar_subquery()
HOURS = select(func.count()).where(WorkingHours.provider_id == Provider.id).scalar_subquery()
LISTED: AnySelect = select(Provider.id, Provider.name, Provider.retired_at, GIVES, HOURS).order_by(
    Provider.retired_at.is_not(None), Provider.position, Provider.name, Provider.id
)


def every() -> list[Listed]:
    """In their order, those that are retired last."""
    return [Listed(*row) for row in db.session.execute(LISTED)]


def members() -> list[tuple[int, str]]:
    """Who can be one."""
    rows = select(Member.id, Member.name).where(Member.deactivated_at.is_(None)).order_by(Member.name, Member.id)
    return [(id, name) for id, name in db.session.execute(rows)]


def services_of(provider: Provider) -> set[int]:
    return ties.of(ServiceProvider.provider_id, provider.id, ServiceProvider.service_id)


@atomic
def add(name: str, *, member_id: int | None, service_ids: set[int]) -> Provider:
    must_be_free(Provider, name, "a provider")
    must_be_alone(member_id)
    provider = Provider(name=name, member_id=member_id, position=behind_all(Provider))
    db.session.add(provider)
    db.session.flush()
    give(provider, service_ids)
    return provider


@atomic
def change(provider: Provider, name: str, *, member_id: int | None, service_ids: set[int]) -> None:
    lock(provider)
    must_be_free(Provider, name, "a provider", but=provider.id)
    must_be_alone(member_id, but=provider.id)
    provider.name, provider.member_id = name, member_id
    give(provider, service_ids)


def must_be_alone(member_id: int | None, but: int | None = None) -> None:
    """Nobody's time is there twice."""
    if member_id is None:
        return
    name = db.session.scalar(select(Provider.name).where(Provider.member_id == member_id, Provider.id != (but or 0)))
    if name:
        raise Misfit("member_id", f"This member of staff is the provider “{name}” already.")


def give(provider: Provider, service_ids: set[int]) -> None:
    there = [id for id, _ in services.named()]
    own, other = ServiceProvider.provider_id, ServiceProvider.service_id
    ties.tie(own, provider.id, other, offered=there, chosen=service_ids)
