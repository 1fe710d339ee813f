"""What staff choose about a list of clients."""

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, IntegerField, SelectField, ValidationError
from wtforms.validators import AnyOf, NumberRange

from portal.gateways import tables
from portal.inputs import Input
from portal.inputs.places import countries

BETWEEN = {"comma": "Comma", "semicolon": "Semicolon", "tab": "Tab", "pipe": "Pipe |"}
DATES = {"mdy": "Month, day, year", "dmy": "Day, month, year", "ymd": "Year, month, day"}
DUPLICATES = {
    "report": "Report it as a problem",
    "skip": "Leave the row out",
    "update": "Update the client; empty cells change nothing",
}
WITHOUT_EMAIL = {"problem": "Report it as a problem", "keep": "Add the client without access to the portal"}
MOST_PETS, LAST_HEADER = 8, 50


def one_of(label: str, choices: dict[str, str]) -> SelectField:
    return SelectField(label, [AnyOf(choices, "Choose one of these.")], choices=choices, validate_choice=False)


class ImportFile(Input):
    file = FileField("List of clients", [FileRequired("Choose a file.")])


class ImportChoices(Input):
    """`animals` are the kinds to choose from, each an id and a name."""

    encoding = one_of("Letters (encoding)", tables.ENCODINGS)
    delimiter = one_of("Between cells", BETWEEN)
    header = IntegerField(
        "Row of the headers",
        [NumberRange(0, LAST_HEADER, f"Write a number from 0 to {LAST_HEADER}.")],
        render_kw={"inputmode": "numeric", "min": "0", "max": str(LAST_HEADER)},
    )
    dates = one_of("Dates are written as", DATES)
    country = one_of("Country of phone numbers", countries())
    animal_id = SelectField("Pets without a type are", validate_choice=False)
    pets = one_of("Pets side by side in a row", {str(number): str(number) for number in range(1, MOST_PETS + 1)})
    split = BooleanField("Several pets may stand in one cell, as in “Biscuit & Juno”")
    duplicates = one_of("A client with the same e-mail is here already", DUPLICATES)
    without_email = one_of("A row has no e-mail", WITHOUT_EMAIL)
    check = BooleanField("Check the List")

    def __init__(self, *, animals: Sequence[tuple[int, str]], **more: Any) -> None:
        super().__init__(**more)
        self.animals = animals
        self.animal_id.choices = {str(id): name for id, name in animals}

    def validate_animal_id(self, field: SelectField) -> None:
        if field.data not in [str(id) for id, _ in self.animals]:
            raise ValidationError("Choose one of these.")

    @property
    def columns(self) -> list[str]:
        return request.form.getlist("column")

    @property
    def told(self) -> dict[str, Any]:
        """Everything but the columns, in the words of the rules."""
        words: dict[str, Any] = {field.name: field.data for field in self if field.name != "check"}
        numbers = {"animal_id": int(words["animal_id"]), "pets": int(words["pets"])}
        return {**words, **numbers, "delimiter": tables.DELIMITERS[words["delimiter"]]}
