"""Demands: what a service asks of these pets, and whether it is offered at a location. One query tells all of it."""

from collections.abc import Sequence
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
DEMANDS: Any = union_all(
    select(literal(0), Animal.id, Animal.name, NO_NUMBER, NO_NUMBER, NO_WORD, NO_DAY)
    .join(ServiceAnimal, ServiceAnimal.animal_id == Animal.id)
    .where(ServiceAnimal.service_id == SERVICE),
    select(literal(1), Pet.id, Pet.name, VaccineKind.position, VaccineKind.id, VaccineKind.name, Vaccination.expires_on)
    .join(VaccineKind, VaccineKind.animal_id == Pet.animal_id)
    .outerjoin(Vaccination, (Vaccination.pet_id == Pet.id) & (Vaccination.vaccine_kind_id == VaccineKind.id))
    .where(Pet.client_id == CLIENT, VaccineKind.retired_at.is_(None), ASKED_FOR),
    select(literal(2), Offering.id, NO_WORD, NO_NUMBER, NO_NUMBER, NO_WORD, NO_DAY).where(
        Offering.service_id == SERVICE, Offering.location_id == LOCATION
    ),
)


def demands(service: Service, pets: Sequence[Pet], location: Location | None) -> Demands:
    """Of vaccines only where the service looks at them; in the order of the pets' names, then in that of the list."""
    found = Demands()
    of = {pet.id for pet in pets} if service.vaccine_check != VaccineCheck.NONE else set()
    client_id = pets[0].client_id if of else 0
    names = {"service_id": service.id, "location_id": location.id if location else 0, "client_id": client_id}
    for part, id, name, position, vaccine_id, vaccine, expires_on in rows_of(DEMANDS, names):
        if part == 0:
            found.animals[id] = name
        elif part == 2:
            found.offered = True
        elif id in of:
            found.vaccines.append(Vaccine(name, id, position, vaccine_id, vaccine, expires_on))
    found.animals = dict(sorted(found.animals.items()))
    found.vaccines.sort(key=lambda one: one[:4])
    return found
