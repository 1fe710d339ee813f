"""What can be chosen with a service: its locations, its add-ons, and who gives it where. One query."""

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Integer, and_, bindparam, exists, select

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
from portal.rules.packing import packed, unpacked


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


EXTRAS = (
    select(packed(AddOn.position, AddOn.name, AddOn.id, AddOn.price, AddOn.minutes, AddOn.description))
    .join(ServiceAddOn, ServiceAddOn.add_on_id == AddOn.id)
    .where(ServiceAddOn.service_id == Service.id, AddOn.retired_at.is_(None))
    .correlate(Service)
    .scalar_subquery()
)
PEOPLE = (
    select(packed(Provider.position, Provider.name, Provider.id))
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
    return [row[1:] for row in sorted(unpacked(told, 6), key=lambda row: (int(row[0]), row[1].casefold(), int(row[2])))]
