"""Attributes: what the business wants to know about each client, or each pet, beyond what everybody asks."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Integer, cast, delete, func, literal, null, select

from portal import wording
from portal.attribute_kinds import CHOSEN, KINDS
from portal.db import AnySelect, atomic, db, lock
from portal.models import Attribute, AttributeKind, AttributeValue, Pet
from portal.rules import customer_words, history, positions
from portal.rules.actors import Actor
from portal.rules.refused import Refused, only_one, stale

MOST = 60


class Taken(Refused):
    """There is such an attribute."""


class KindStays(Refused):
    """What is written would not fit another kind."""


class Listed(NamedTuple):
    """An attribute as lists show it, and for how many something is written."""

    id: int
    name: str
    of_pets: bool
    kind: AttributeKind
    visible: bool
    flag: bool
    retired_at: datetime | None
    written: int

    @property
    def kind_words(self) -> str:
        return KINDS[self.kind]

    @property
    def carriers(self) -> str:
        return wording.carriers(self.written, self.of_pets)


VALUES = select(func.count()).where(AttributeValue.attribute_id == Attribute.id).scalar_subquery()
ORDER = Attribute.of_pets, Attribute.position, Attribute.id
COUNTED: AnySelect = select(
    Attribute.id,
    Attribute.name,
    Attribute.of_pets,
    Attribute.kind,
    Attribute.visible,
    Attribute.flag,
    Attribute.retired_at,
    VALUES,
).order_by(*ORDER)


def counted() -> list[Listed]:
    """All attributes in their order, those of clients first, retired ones among them."""
    return [Listed(*row) for row in db.session.execute(COUNTED)]


def carried(attribute: Attribute) -> int:
    values = select(func.count()).where(AttributeValue.attribute_id == attribute.id)
    return db.session.execute(values).scalar_one()


def family(of_pets: bool) -> list[Attribute]:
    return list(db.session.scalars(select(Attribute).where(Attribute.of_pets.is_(of_pets)).order_by(*ORDER)))


@atomic
def add(
    name: str, kind: AttributeKind, *, of_pets: bool, choices: str = "", visible: bool = True, flag: bool = False
) -> Attribute:
    there = family(of_pets)
    if len(there) >= MOST:
        raise Refused(f"There are {MOST} attributes already, which is as many as fit a profile. Remove one first.")
    must_be_free(name, there)
    must_offer(kind, choices)
    attribute = Attribute(
        name=name,
        kind=kind,
        of_pets=of_pets,
        choices=choices,
        visible=visible,
        flag=flag,
        position=positions.behind(there),
    )
    keep(attribute)
    return attribute


@atomic
def change(attribute: Attribute, *, name: str, kind: AttributeKind, choices: str, visible: bool, flag: bool) -> None:
    """Whoever has a choice that is offered no more keeps it until it is changed."""
    lock(attribute)
    must_be_free(name, [other for other in family(attribute.of_pets) if other.id != attribute.id])
    must_offer(kind, choices)
    if kind != attribute.kind and (count := carried(attribute)):
        some = wording.carriers(count, attribute.of_pets)
        raise KindStays(
            f"“{attribute.name}” is filled in for {some}, so it stays “{KINDS[attribute.kind]}”. "
            "Make a new attribute for the other kind, and retire this one."
        )
    attribute.name, attribute.kind, attribute.choices = name, kind, choices
    attribute.visible, attribute.flag = visible, flag
    keep(attribute)


def must_be_free(name: str, others: list[Attribute]) -> None:
    if any(customer_words.folded(other.name) == customer_words.folded(name) for other in others):
        raise taken(name)


def taken(name: str) -> Taken:
    return Taken(f"There is an attribute “{name}” already. Choose another name.")


def must_offer(kind: AttributeKind, choices: str) -> None:
    if kind in CHOSEN and not choices:
        raise Refused("Write the choices, one a line.")


def keep(attribute: Attribute) -> None:
    with only_one(lambda: taken(attribute.name)):
        db.session.add(attribute)


@atomic
def move(attribute: Attribute, *, up: bool) -> None:
    """Among those in use."""
    lock(attribute)
    must_be_in_use(attribute)
    there = family(attribute.of_pets)
    used, retired = ([row for row in there if bool(row.retired_at) == gone] for gone in (False, True))
    positions.reorder(used, attribute, up)
    for place, row in enumerate(retired, len(used) + 1):
        row.position = place


@atomic
def retire(attribute: Attribute, *, at: datetime) -> None:
    """Off every profile; what is written stays, and comes back with it."""
    lock(attribute)
    must_be_in_use(attribute)
    attribute.retired_at = at


def must_be_in_use(attribute: Attribute) -> None:
    if attribute.retired_at:
        raise Refused(f"“{attribute.name}” is retired. Bring it back first.")


@atomic
def bring_back(attribute: Attribute) -> None:
    lock(attribute)
    if attribute.retired_at is None:
        raise stale(f"“{attribute.name}” is in use already.")
    attribute.retired_at = None


@atomic
def remove(attribute: Attribute, *, by: Actor, at: datetime) -> None:
    """For good, with everything that is written; the history of each client keeps what it was."""
    lock(attribute)
    history.note_each(written_about(attribute), attribute.name, by=by, at=at)
    values = delete(AttributeValue).where(AttributeValue.attribute_id == attribute.id)
    db.session.execute(values, execution_options={"synchronize_session": False})
    db.session.delete(attribute)


def written_about(attribute: Attribute) -> AnySelect:
    said = func.replace(AttributeValue.value, "\n", ", ")
    this = AttributeValue.attribute_id == attribute.id
    if attribute.of_pets:
        rows = select(AttributeValue.client_id, AttributeValue.pet_id, Pet.name, said)
        return rows.join(Pet, Pet.id == AttributeValue.pet_id).where(this)
    return select(AttributeValue.client_id, cast(null(), Integer), literal("Profile"), said).where(this)
