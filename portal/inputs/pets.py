"""What a person tells about a pet."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import AnyOf

from portal import wording
from portal.inputs import Input, one_line, required
from portal.inputs.days import DayField, years_from

GENDERS = {"female": "Female", "male": "Male", "unknown": "Not known"}
OLDEST = 60


class PetInput(Input):
    """`animals` are the rows to choose from."""

    photo = FileField("Photo")
    remove_photo = BooleanField("Remove photo")
    name = one_line("Name", 60, required("Please write your pet’s name."))
    animal_id = SelectField("Type", validate_choice=False)
    gender = SelectField(
        "Gender",
        [AnyOf(GENDERS, "Please choose one of these.")],
        choices=[SelectChoice(*gender) for gender in GENDERS.items()],
        default="unknown",
        validate_choice=False,
    )
    breed = one_line("Breed", 80)
    birthday = DayField("Birthday")

    def __init__(self, *, animals: Sequence[Any], today: date, **more: Any) -> None:
        super().__init__(**more)
        self.animals, self.today = animals, today
        kinds = [SelectChoice(str(animal.id), animal.name, {"data-of": animal.drawing}) for animal in animals]
        self.animal_id.choices = kinds if len(kinds) == 1 else [SelectChoice("", "Choose…"), *kinds]

    @property
    def animal(self) -> Any:
        return next((animal for animal in self.animals if str(animal.id) == self.animal_id.data), None)

    def validate_animal_id(self, field: SelectField) -> None:
        if self.animal is None:
            raise ValidationError("Please choose what kind of animal your pet is.")

    def validate_birthday(self, field: DayField) -> None:
        if field.data is None:
            return
        if field.data > self.today:
            raise ValidationError(f"This is in the future. Did you mean {wording.full_day(self.last(field.data))}?")
        if field.data < years_from(self.today, -OLDEST):
            raise ValidationError(f"This is more than {OLDEST} years ago. Please check the year.")

    def last(self, day: date) -> date:
        """The most recent year in which that day has been."""
        this_year = years_from(day, self.today.year - day.year)
        return this_year if this_year <= self.today else years_from(this_year, -1)
