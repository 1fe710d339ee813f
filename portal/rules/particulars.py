"""Particulars: the tags and attributes of one client and their pets, or of one pet, in one query."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Integer, String, bindparam, cast, false, func, literal, null, select, true, union_all

from portal.db import rows_of
from portal.models import Attribute, AttributeKind, AttributeValue, Client, ClientTag, Pet, PetTag, Tag
from portal.rules.attribute_values import flagged, spoken

CLIENT, PET = (bindparam(name, type_=Integer) for name in ("client_id", "pet_id"))


class Worn(NamedTuple):
    id: int
    name: str
    tone: str


@dataclass(slots=True)
class Fact:
    """An attribute, and what is written about it."""

    id: int
    name: str
    kind: AttributeKind
    visible: bool
    flag: bool
    value: str
    file_id: int | None

    @property
    def said(self) -> str:
        return spoken(self.kind, self.value)

    @property
    def flagged(self) -> str:
        return flagged(self.kind, self.name, self.value) if self.flag else ""


@dataclass(slots=True)
class Particulars:
    """`facts` are all attributes, also those of which nothing is written."""

    tags: list[Worn] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)

    @property
    def flags(self) -> list[str]:
        return [fact.flagged for fact in self.facts if fact.flagged]

    @property
    def shown(self) -> list[Fact]:
        return [fact for fact in self.facts if fact.visible]

    @property
    def more(self) -> list[Fact]:
        return [fact for fact in self.facts if not fact.visible]


NO_ONE, NO_FILE = cast(null(), Integer), cast(null(), Integer)
IN_USE = Attribute.retired_at.is_(None)


def tags(pet_id: Any) -> Any:
    plain = (true(), false(), literal(""), NO_FILE)
    return select(pet_id, Tag.position, Tag.id, Tag.name, Tag.tone, *plain)


def facts(pet_id: Any) -> Any:
    kind = cast(Attribute.kind, String)
    value = func.coalesce(AttributeValue.value, "")
    shape = (Attribute.visible, Attribute.flag, value, AttributeValue.file_id)
    return select(pet_id, Attribute.position, Attribute.id, Attribute.name, literal("=") + kind, *shape)


SAME = AttributeValue.attribute_id == Attribute.id
OF_CLIENT = union_all(
    tags(NO_ONE).join(ClientTag, ClientTag.tag_id == Tag.id).where(ClientTag.client_id == CLIENT),
    tags(PetTag.pet_id).join(PetTag, PetTag.tag_id == Tag.id).where(PetTag.client_id == CLIENT),
    facts(NO_ONE)
    .outerjoin(AttributeValue, SAME & (AttributeValue.client_id == CLIENT) & AttributeValue.pet_id.is_(None))
    .where(Attribute.of_pets.is_(False), IN_USE),
    facts(AttributeValue.pet_id)
    .join(AttributeValue, SAME & (AttributeValue.client_id == CLIENT) & AttributeValue.pet_id.is_not(None))
    .where(Attribute.flag.is_(True), IN_USE),
)
OF_PET = union_all(
    tags(NO_ONE).join(PetTag, PetTag.tag_id == Tag.id).where(PetTag.pet_id == PET),
    facts(NO_ONE)
    .outerjoin(AttributeValue, SAME & (AttributeValue.client_id == CLIENT) & (AttributeValue.pet_id == PET))
    .where(Attribute.of_pets.is_(True), IN_USE),
)


def of_client(client_id: int) -> dict[int | None, Particulars]:
    """Under None those of the client; of the pets their tags, and what is flagged."""
    return sorted_out(rows_of(OF_CLIENT, {"client_id": client_id}))


def of_pet(client_id: int, pet_id: int) -> Particulars:
    return sorted_out(rows_of(OF_PET, {"client_id": client_id, "pet_id": pet_id}))[None]


def of(row: Client | Pet) -> Particulars:
    return of_pet(row.client_id, row.id) if isinstance(row, Pet) else of_client(row.id)[None]


def sorted_out(rows: Any) -> dict[int | None, Particulars]:
    found: dict[int | None, Particulars] = defaultdict(Particulars)
    for pet_id, _, id, name, kind, *rest in sorted(rows, key=lambda row: row[1:3]):
        if kind.startswith("="):
            found[pet_id].facts.append(Fact(id, name, AttributeKind(kind[1:]), *rest))
        else:
            found[pet_id].tags.append(Worn(id, name, kind))
    return found
