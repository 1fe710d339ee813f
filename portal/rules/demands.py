"""Demands: what a service asks of these pets, and whether it is offered at a location. One query tells all of it; a
step of booking reads most of it with the service itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, String, and_, bindparam, cast, exists, literal, null, or_, select, union_all

from portal.db import rows_of
from portal.models import (
    Animal,
    Location,
    Offering,
    Pet,
    Service,
    ServiceAnimal,
    ServiceVaccine,
    Vaccination,
    VaccineCheck,
    VaccineKind,
)
from portal.rules.packing import packed, unpacked


class Vaccine(NamedTuple):
    """One that is asked for of a pet, and the last day on which what is on file about it holds."""

    pet: str
    pet_id: int
    position: int
    id: int
    name: str
    expires_on: date | None


@dataclass(slots=True)
class Demands:
    """Without `animals` every kind of animal will do."""

    animals: dict[int, str] = field(default_factory=dict)
    vaccines: list[Vaccine] = field(default_factory=list)
    offered: bool = False


SERVICE, LOCATION = (bindparam(name, type_=Integer) for name in ("service_id", "location_id"))
CLIENT = bindparam("client_id", type_=Integer)
CHOSEN = select(ServiceVaccine.vaccine_kind_id).where(ServiceVaccine.service_id == SERVICE)
ASKED_FOR = or_(
    VaccineKind.id.in_(CHOSEN),
    and_(VaccineKind.required.is_(True), ~exists().where(ServiceVaccine.service_id == SERVICE).correlate_except()),
)
NO_NUMBER, NO_WORD, NO_DAY = cast(null(), Integer), cast(null(), String), cast(null(), Date)
VACCINES = (
    select(literal(1), Pet.id, Pet.name, VaccineKind.position, VaccineKind.id, VaccineKind.name, Vaccination.expires_on)
    .join(VaccineKind, VaccineKind.animal_id == Pet.animal_id)
    .outerjoin(Vaccination, (Vaccination.pet_id == Pet.id) & (Vaccination.vaccine_kind_id == VaccineKind.id))
    .where(Pet.client_id == CLIENT, VaccineKind.retired_at.is_(None), ASKED_FOR)
)
DEMANDS: Any = union_all(
    select(literal(0), Animal.id, Animal.name, NO_NUMBER, NO_NUMBER, NO_WORD, NO_DAY)
    .join(ServiceAnimal, ServiceAnimal.animal_id == Animal.id)
    .where(ServiceAnimal.service_id == SERVICE),
    VACCINES,
    select(literal(2), Offering.id, NO_WORD, NO_NUMBER, NO_NUMBER, NO_WORD, NO_DAY).where(
        Offering.service_id == SERVICE, Offering.location_id == LOCATION
    ),
)
# Of a service, in a row of its own.
ANIMALS = (
    select(packed(Animal.id, Animal.name))
    .join(ServiceAnimal, ServiceAnimal.animal_id == Animal.id)
    .where(ServiceAnimal.service_id == Service.id)
    .correlate(Service)
    .scalar_subquery()
)


def demands(service: Service, pets: Sequence[Pet], location: Location | None) -> Demands:
    looked_at = of_vaccines(service, pets)
    names = {"service_id": service.id, "location_id": location.id if location else 0}
    client_id = pets[0].client_id if looked_at else 0
    rows = rows_of(DEMANDS, {**names, "client_id": client_id}).all()
    animals = {id: name for part, id, name, *_ in rows if part == 0}
    offered = any(part == 2 for part, *_ in rows)
    return Demands(dict(sorted(animals.items())), in_order(rows, looked_at), offered)


def known(service: Service, pets: Sequence[Pet], animals: dict[int, str], offered: bool) -> Demands:
    """Where the kinds of animal and the locations were read with the service."""
    looked_at = of_vaccines(service, pets)
    names = {"service_id": service.id, "client_id": pets[0].client_id if looked_at else 0}
    return Demands(animals, in_order(rows_of(VACCINES, names), looked_at) if looked_at else [], offered)


def of_vaccines(service: Service, pets: Sequence[Pet]) -> set[int]:
    """The pets at whose vaccines the service looks."""
    return {pet.id for pet in pets} if service.vaccine_check != VaccineCheck.NONE else set()


def in_order(rows: Iterable[Any], looked_at: set[int]) -> list[Vaccine]:
    """That of the pets' names, then that of the list."""
    found = [
        Vaccine(name, id, position, vaccine_id, vaccine, expires_on)
        for part, id, name, position, vaccine_id, vaccine, expires_on in rows
        if part == 1 and id in looked_at
    ]
    return sorted(found, key=lambda one: one[:4])


def as_animals(told: str | None) -> dict[int, str]:
    return dict(sorted((int(id), name) for id, name in unpacked(told, 2)))
