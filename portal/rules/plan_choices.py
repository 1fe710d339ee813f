"""What can be chosen with a service: its locations, its add-ons, and who gives it where. One query."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Integer, String, and_, bindparam, cast, exists, func, select

from portal.db import AnySelect, db
from portal.models import (
    AddOn,
    Location,
    Offering,
    Provider,
    Service,
    ServiceAddOn,
    ServiceKind,
    ServiceProvider,
    WorkingHours,
)
from portal.rules.standing import FIELD, UNIT


class Extra(NamedTuple):
    """An add-on."""

    id: int
    price: int
    minutes: int
    name: str
    description: str


class Person(NamedTuple):
    """A provider."""

    id: int
    name: str


@dataclass(slots=True)
class Choices:
    """`people` are those who give an individual service and work there, by the location's id."""

    service: Service
    locations: list[Location]
    extras: list[Extra]
    people: dict[int, list[Person]]


def joined(*columns: Any) -> Any:
    """The last one may hold anything."""
    told: Any = cast(columns[0], String)
    for column in columns[1:]:
        told = told + FIELD + cast(column, String)
    return func.aggregate_strings(told, UNIT)


EXTRAS = (
    select(joined(AddOn.position, AddOn.name, AddOn.id, AddOn.price, AddOn.minutes, AddOn.description))
    .join(ServiceAddOn, ServiceAddOn.add_on_id == AddOn.id)
    .where(ServiceAddOn.service_id == Service.id, AddOn.retired_at.is_(None))
    .correlate(Service)
    .scalar_subquery()
)
PEOPLE = (
    select(joined(Provider.position, Provider.name, Provider.id))
    .join(ServiceProvider, ServiceProvider.provider_id == Provider.id)
    .where(
        ServiceProvider.service_id == Service.id,
        Service.kind == ServiceKind.INDIVIDUAL,
        Provider.retired_at.is_(None),
        exists().where(WorkingHours.provider_id == Provider.id, WorkingHours.location_id == Location.id),
    )
    .correlate(Service, Location)
    .scalar_subquery()
)
CHOICES: AnySelect = (
    select(Service, Location, EXTRAS, PEOPLE)
    .outerjoin(Offering, Offering.service_id == Service.id)
    .outerjoin(Location, and_(Location.id == Offering.location_id, Location.deactivated_at.is_(None)))
    .where(Service.id == bindparam("service_id", type_=Integer))
    .order_by(Location.name, Location.id)
)


def choices(service_id: int) -> Choices | None:
    rows = db.session.execute(CHOICES, {"service_id": service_id}).all()
    if not rows:
        return None
    service, _, extras, _ = rows[0]
    there = [(place, told) for _, place, _, told in rows if place]
    return Choices(
        service,
        [place for place, _ in there],
        [Extra(int(id), int(price), int(minutes), name, more) for name, id, price, minutes, more in in_order(extras)],
        {place.id: [Person(int(id), name) for name, id in in_order(told)] for place, told in there},
    )


def in_order(told: str | None) -> list[list[str]]:
    """By position, name and id; the position is left out."""
    rows = [row.split(FIELD, 5) for row in told.split(UNIT)] if told else []
    return [row[1:] for row in sorted(rows, key=lambda row: (int(row[0]), row[1].casefold(), int(row[2])))]
