"""Vaccine kinds: what the business asks for with each kind of animal, in which order, and what it asks for no more."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from portal.db import atomic, db, lock
from portal.models import Animal, VaccineKind
from portal.rules import positions
from portal.rules.references import in_use
from portal.rules.refused import Refused, stale


class Asked(NamedTuple):
    """One kind of animal, with what is asked for and what was."""

    animal: Animal
    kinds: Sequence[VaccineKind]
    retired: Sequence[VaccineKind]


class Taken(Refused):
    """There is one of that name."""


def every() -> list[Asked]:
    animals = db.session.scalars(select(Animal).order_by(Animal.id)).all()
    kinds = db.session.scalars(select(VaccineKind).order_by(VaccineKind.position, VaccineKind.id)).all()
    found = []
    for animal in animals:
        own = [kind for kind in kinds if kind.animal_id == animal.id]
        asked, retired = ([kind for kind in own if bool(kind.retired_at) == gone] for gone in (False, True))
        found.append(Asked(animal, asked, retired))
    return found


def of_animal(animal_id: int) -> list[VaccineKind]:
    own = select(VaccineKind).where(VaccineKind.animal_id == animal_id)
    return list(db.session.scalars(own.order_by(VaccineKind.position, VaccineKind.id)))


@atomic
def add(animal: Animal, name: str, *, required: bool) -> VaccineKind:
    lock(animal)
    others = of_animal(animal.id)
    must_be_free(name, others)
    kind = VaccineKind(animal_id=animal.id, name=name, required=required, position=positions.behind(others))
    db.session.add(kind)
    db.session.flush()
    return kind


def must_be_free(name: str, others: list[VaccineKind]) -> None:
    same = next((other for other in others if other.name.casefold() == name.casefold()), None)
    if same and same.retired_at:
        raise Taken(
            f"{same.name} was asked for before. Bring it back instead: what is on file about it is still there."
        )
    if same:
        raise Taken(f"{same.name} is on the list already.")


@atomic
def change(kind: VaccineKind, name: str, *, required: bool) -> None:
    lock(kind)
    must_be_free(name, [other for other in of_animal(kind.animal_id) if other.id != kind.id])
    kind.name, kind.required = name, required


@atomic
def move(kind: VaccineKind, *, up: bool) -> None:
    """One place up or down among what is asked for; at an end it stays."""
    lock(kind)
    if kind.retired_at:
        raise stale(f"{kind.name} is retired.")
    positions.reorder([other for other in of_animal(kind.animal_id) if not other.retired_at], kind, up)


@atomic
def remove(kind: VaccineKind, *, at: datetime) -> bool:
    """What is on file about it must not be lost: then it is only retired. Whether it is gone for good."""
    lock(kind)
    if in_use(kind):
        kind.retired_at = at
        return False
    db.session.delete(kind)
    return True


@atomic
def bring_back(kind: VaccineKind) -> None:
    lock(kind)
    if kind.retired_at is None:
        raise stale(f"{kind.name} is asked for already.")
    kind.retired_at = None
