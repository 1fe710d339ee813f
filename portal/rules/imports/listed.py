"""Clients and pets as the rows tell of them, before anything is written."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.models import Gender

FACTS = ("first_name", "last_name", "phone", "street", "city", "region", "postcode")


@dataclass(slots=True)
class ListedPet:
    """A pet. What is empty is not known, and wipes nothing."""

    name: str
    animal_id: int = 0
    breed: str = ""
    gender: Gender = Gender.UNKNOWN
    birthday: date | None = None
    note: str = ""
    vaccines: dict[int, date] | None = None

    def add(self, other: "ListedPet", *, over: bool) -> None:
        """What another row says about the same pet."""
        for name in ("animal_id", "breed", "birthday"):
            setattr(self, name, chosen(getattr(self, name), getattr(other, name), over))
        if other.gender != Gender.UNKNOWN and (over or self.gender == Gender.UNKNOWN):
            self.gender = other.gender
        self.note = joined(self.note, other.note)
        if other.vaccines:
            first, second = (self.vaccines or {}), other.vaccines
            self.vaccines = {**first, **second} if over else {**second, **first}


@dataclass(slots=True)
class ListedClient:
    """A client: `known_id` is theirs where they are one already."""

    row: int
    known_id: int | None = None
    email: str | None = None
    first_name: str = ""
    last_name: str = ""
    phone: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    note: str = ""
    pets: list[ListedPet] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def add(self, other: "ListedClient", *, over: bool) -> None:
        for name in FACTS:
            setattr(self, name, chosen(getattr(self, name), getattr(other, name), over))
        self.note = joined(self.note, other.note)
        for pet in other.pets:
            self.take(pet, over=over)

    def take(self, pet: ListedPet, *, over: bool = False) -> None:
        """A pet of the same name is the same pet, told of twice."""
        same = next((one for one in self.pets if one.name.casefold() == pet.name.casefold()), None)
        if same:
            same.add(pet, over=over)
        else:
            self.pets.append(pet)


def chosen(first: Any, second: Any, over: bool) -> Any:
    return second or first if over else first or second


def joined(first: str, second: str) -> str:
    if not second or second in first.split("\n\n"):
        return first
    return f"{first}\n\n{second}" if first else second
