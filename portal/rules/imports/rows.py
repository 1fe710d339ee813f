"""A row of a list, read by what staff chose for its columns."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from portal.rules.imports import cells
from portal.rules.imports.choices import Choices
from portal.rules.imports.fields import FIRST, LAST, NAME, VACCINE, Target, target
from portal.rules.imports.known import Known
from portal.rules.imports.listed import ListedClient, joined
from portal.rules.imports.problems import Problems
from portal.rules.imports.wrong import Wrong

T = TypeVar("T")
ONE_LINE = ("city", "region", "postcode")
SPEAKING = {"note", "notes", "comments", "comment", "memo", "client note", "pet note"}


@dataclass(slots=True)
class Reader:
    """Where in a row each thing stands, found once for the whole list."""

    choices: Choices
    known: Known
    headers: list[str]
    problems: Problems
    places: dict[Target, list[int]] = field(default_factory=dict)
    pets: list[int] = field(default_factory=list)
    vaccines: dict[int, list[Target]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for place, key in enumerate(self.choices.columns):
            if found := target(key):
                self.places.setdefault(found, []).append(place)
                if found.field.startswith(VACCINE):
                    self.vaccines.setdefault(found.pet, []).append(found)
        self.pets = sorted({found.pet for found in self.places if found.pet})


class Row:
    """One row; what is wrong with a cell is noted, and the cell counts as empty."""

    def __init__(self, reader: Reader, number: int, cells_here: list[str]) -> None:
        self.reader, self.number, self.cells = reader, number, cells_here

    def at(self, found: Target) -> tuple[int, str]:
        """The first filled column of these, with what it says."""
        places = self.reader.places.get(found, ())
        for place in places:
            if place < len(self.cells) and (said := cells.plain(self.cells[place])):
                return place, said
        return (places[0] if places else -1), ""

    def read(self, found: Target, reading: Callable[[str], T], nothing: T) -> T:
        place, said = self.at(found)
        if not said:
            return nothing
        try:
            return reading(said)
        except Wrong as no:
            self.wrong(place, str(no), stops=no.stops)
            return nothing

    def wrong(self, place: int, words: str, *, stops: bool = True) -> None:
        column = self.reader.headers[place] if place >= 0 else ""
        cell = self.cells[place] if 0 <= place < len(self.cells) else ""
        self.reader.problems.add(self.number, column, cell, words, stops=stops)

    def wrong_at(self, found: Target, words: str, *, stops: bool = True) -> None:
        self.wrong(self.at(found)[0], words, stops=stops)

    def client(self) -> ListedClient:
        client = ListedClient(self.number, email=self.read(Target("email"), cells.email, "") or None)
        client.first_name, client.last_name = self.name()
        client.phone = self.phone()
        client.street = self.street()
        for name in ONE_LINE:
            setattr(client, name, self.read(Target(name), partial(cells.words, field=name), ""))
        client.note = self.notes(Target("client_note"))
        return client

    def name(self) -> tuple[str, str]:
        """Whoever has one name only has it as the first."""
        first, last = (self.read(Target(name), partial(cells.words, field=name), "") for name in (FIRST, LAST))
        if not first and not last:
            first, last = self.read(Target(NAME), cells.name, ("", ""))
        return (first, last) if first else (last, "")

    def phone(self) -> str:
        country = self.reader.choices.country
        for name in ("mobile", "phone"):
            number, real = self.read(Target(name), lambda said: cells.phone(said, country), ("", True))
            if number and not real:
                self.wrong_at(
                    Target(name), "No phone number that can be called. It is kept as it is written.", stops=False
                )
            if number:
                return number
        return ""

    def street(self) -> str:
        lines = [
            self.read(Target(name), lambda said: cells.words(said, "street", ", "), "")
            for name in ("street", "street_2")
        ]
        return ", ".join(filter(None, lines))

    def notes(self, found: Target) -> str:
        """Several columns are joined; what none but the header says is said with it."""
        text = ""
        for place in self.reader.places.get(found, ()):
            said = cells.plain(self.cells[place]) if place < len(self.cells) else ""
            header = self.reader.headers[place]
            if said:
                text = joined(text, said if header.casefold() in SPEAKING else f"{header}: {said}")
        try:
            return cells.fitting(text, "note")
        except Wrong as no:
            self.wrong_at(found, str(no))
            return ""
