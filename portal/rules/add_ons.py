"""Add-ons: what clients can have with a service. What was booked keeps its name and its price."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from portal import wording
from portal.db import AnySelect, atomic, db, lock
from portal.models import AddOn, ServiceAddOn
from portal.rules import services, ties
from portal.rules.positions import behind_all
from portal.rules.retiring import must_be_free


@dataclass(slots=True)
class Listed:
    """An add-on as lists show it."""

    id: int
    name: str
    price: int
    minutes: int
    retired_at: datetime | None
    services: int

    @property
    def words(self) -> str:
        more = f"{self.minutes} min more · " if self.minutes else ""
        return more + (f"with {wording.counted(self.services, 'service')}" if self.services else "with no service yet")


COUNT = select(func.count()).where(ServiceAddOn.add_on_id == AddOn.id).scalar_subquery()
LISTED: AnySelect = select(AddOn.id, AddOn.name, AddOn.price, AddOn.minutes, AddOn.retired_at, COUNT).order_by(
    AddOn.retired_at.is_not(None), AddOn.position, AddOn.name, AddOn.id
)


def every() -> list[Listed]:
    """In their order, those that are retired last."""
    return [Listed(*row) for row in db.session.execute(LISTED)]


def services_of(add_on: AddOn) -> set[int]:
    return ties.of(ServiceAddOn.add_on_id, add_on.id, ServiceAddOn.service_id)


@atomic
def add(facts: Mapping[str, Any], *, service_ids: set[int]) -> AddOn:
    must_be_free(AddOn, facts["name"], "an add-on")
    add_on = AddOn(position=behind_all(AddOn), **facts)
    db.session.add(add_on)
    db.session.flush()
    go_with(add_on, service_ids)
    return add_on


@atomic
def change(add_on: AddOn, facts: Mapping[str, Any], *, service_ids: set[int]) -> None:
    lock(add_on)
    must_be_free(AddOn, facts["name"], "an add-on", but=add_on.id)
    for name, value in facts.items():
        setattr(add_on, name, value)
    go_with(add_on, service_ids)


def go_with(add_on: AddOn, service_ids: set[int]) -> None:
    there = [id for id, _ in services.named()]
    ties.tie(ServiceAddOn.add_on_id, add_on.id, ServiceAddOn.service_id, offered=there, chosen=service_ids)
