"""What can be chosen with a service: its locations, its add-ons, who gives it where, and for which animals it is. One
query."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Integer, and_, bindparam, select

from portal.db import AnySelect, db
from portal.models import AddOn, Location, Offering, Service, ServiceAddOn
from portal.rules import frames
from portal.rules.demands import ANIMALS, as_animals
from portal.rules.frames import Frame
from portal.rules.packing import packed, unpacked


class Extra(NamedTuple):
    """An add-on."""

    id: int
    price: int
    minutes: int
    name: str
    description: str


@dataclass(slots=True)
class Choices:
    """`told` is the frame of each location, by its id, as it came."""

    service: Service
    locations: list[Location]
    extras: list[Extra]
    animals: dict[int, str]
    told: dict[int, Sequence[Any]]

    def frame(self, location: Location) -> Frame:
        told = self.told.get(location.id)
        return frames.as_frame(told) if told else frames.frame(self.service.id, location.id)


EXTRAS = (
    select(packed(AddOn.position, AddOn.name, AddOn.id, AddOn.price, AddOn.minutes, AddOn.description))
    .join(ServiceAddOn, ServiceAddOn.add_on_id == AddOn.id)
    .where(ServiceAddOn.service_id == Service.id, AddOn.retired_at.is_(None))
    .correlate(Service)
    .scalar_subquery()
)
CHOICES: AnySelect = (
    select(Service, Location, EXTRAS, ANIMALS, *frames.COLUMNS)
    .outerjoin(Offering, Offering.service_id == Service.id)
    .outerjoin(Location, and_(Location.id == Offering.location_id, Location.deactivated_at.is_(None)))
    .where(Service.id == bindparam("service_id", type_=Integer))
    .order_by(Location.name, Location.id)
)


def choices(service_id: int) -> Choices | None:
    rows = db.session.execute(CHOICES, {"service_id": service_id}).all()
    if not rows:
        return None
    service, _, extras, animals, *_ = rows[0]
    there = {place: told for _, place, _, _, *told in rows if place}
    of_places: dict[int, Sequence[Any]] = {place.id: told for place, told in there.items()}
    return Choices(service, list(there), listed(extras), as_animals(animals), of_places)


def listed(told: str | None) -> list[Extra]:
    rows = sorted(unpacked(told, 6), key=frames.in_order)
    return [
        Extra(int(id), int(price), int(minutes), name, description) for _, name, id, price, minutes, description in rows
    ]
