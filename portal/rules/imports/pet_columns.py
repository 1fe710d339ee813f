"""The pets of a row: none, one, or several in a cell, from the columns that tell of one pet."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from portal.rules.imports import cells, pet_cells
from portal.rules.imports.fields import PET_NAME, VACCINE, Target
from portal.rules.imports.listed import ListedPet
from portal.rules.imports.rows import Row
from portal.rules.imports.wrong import Wrong


def pets_of(row: Row) -> Iterator[ListedPet]:
    for number in row.reader.pets:
        yield from PetColumns(row, number).pets()


class PetColumns:
    def __init__(self, row: Row, number: int) -> None:
        self.row, self.number, self.reader = row, number, row.reader

    def of(self, name: str) -> Target:
        return Target(name, self.number)

    def pets(self) -> list[ListedPet]:
        nobody: list[tuple[str, str]] = []
        found = self.row.read(self.of(PET_NAME), lambda said: pet_cells.names(said, self.reader.choices.split), nobody)
        if not found:
            self.nameless()
            return []
        count = len(found)
        pets = [ListedPet(self.named(name)) for name, _ in found]
        self.kinds(pets, [bracket for _, bracket in found])
        for name, what, reading in (
            ("gender", "gender", cells.gender),
            ("birthday", "date", self.birthday),
        ):
            self.give(pets, name, self.parted(name, what, count), reading)
        for vaccine in self.reader.vaccines.get(self.number, ()):
            self.protect(pets, vaccine)
        note = self.row.notes(self.of("pet_note"))
        for pet in pets:
            pet.note = note
        return [pet for pet in pets if pet.name]

    def named(self, name: str) -> str:
        try:
            return cells.words(name, PET_NAME)
        except Wrong as no:
            self.row.wrong_at(self.of(PET_NAME), str(no))
            return ""

    def birthday(self, said: str) -> date:
        return cells.birthday(said, self.reader.choices.dates, self.reader.known.today)

    def nameless(self) -> None:
        """A kind alone may stand in every row; a breed or a day is somebody's."""
        told = [self.of(name) for name in ("breed", "birthday", "pet_note")] + self.reader.vaccines.get(self.number, [])
        for found in told:
            if self.row.at(found)[1]:
                self.row.wrong_at(found, "This is about a pet, but there is no name of one in this row.")
                return

    def parted(self, name: str, what: str, count: int) -> list[str]:
        return self.row.read(self.of(name), lambda said: pet_cells.each(said, count, what), [""] * count)

    def give(self, pets: list[ListedPet], name: str, said: list[str], reading: Callable[[str], Any]) -> None:
        for pet, words in zip(pets, said, strict=True):
            if words:
                try:
                    setattr(pet, name, reading(words))
                except Wrong as no:
                    self.row.wrong_at(self.of("animal" if name == "animal_id" else name), str(no))

    def kinds(self, pets: list[ListedPet], brackets: list[str]) -> None:
        """The kind of animal and the breed; either may stand in brackets behind the name."""
        animals, count = self.reader.known.animals, len(pets)
        kinds = self.row.read(self.of("animal"), lambda said: pet_cells.shared(said, count), [""] * count)
        breeds = self.row.read(self.of("breed"), lambda said: pet_cells.shared(said, count), [""] * count)
        for pet, bracket in zip(pets, brackets, strict=True):
            self.describe(pet, bracket)
        self.give(pets, "animal_id", kinds, lambda said: pet_cells.animal(said, animals))
        self.give(pets, "breed", breeds, lambda said: cells.words(said, "breed"))

    def describe(self, pet: ListedPet, bracket: str) -> None:
        for word in filter(None, (part.strip() for part in bracket.split(","))):
            try:
                pet.animal_id = pet_cells.animal(word, self.reader.known.animals)
            except Wrong:
                pet.breed = pet.breed or word[:80]

    def protect(self, pets: list[ListedPet], vaccine: Target) -> None:
        nothing = [""] * len(pets)
        said = self.row.read(vaccine, lambda words: pet_cells.each(words, len(pets), "date"), nothing)
        name, known = vaccine.field.removeprefix(VACCINE), self.reader.known
        for pet, words in zip(pets, said, strict=True):
            if not words:
                continue
            animal = pet.animal_id or self.reader.choices.animal_id
            kind = known.vaccines.get((animal, name))
            try:
                if kind is None:
                    raise Wrong(f"{name} is not asked of a {known.animal_names[animal].lower()} here. Empty the cell.")
                expires = cells.expiry(words, self.reader.choices.dates, known.today)
                pet.vaccines = {**(pet.vaccines or {}), kind: expires}
            except Wrong as no:
                self.row.wrong_at(vaccine, str(no))
