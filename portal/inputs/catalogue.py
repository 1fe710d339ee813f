"""What the business asks for and offers: kinds of vaccines, and until when a service may be called off."""

from datetime import time
from typing import Any

from wtforms import BooleanField, Field, SelectField, ValidationError

from portal.inputs import OFF, Input, one_line, required

WHOLE = {"inputmode": "numeric", **OFF}
LONGEST_HOURS, LONGEST_DAYS = 30 * 24, 365


class VaccineKindInput(Input):
    name = one_line("Name", 60, required("Type the name of the vaccine."), render_kw=OFF)
    required = BooleanField("Required: a pet without it is flagged")


class NewVaccineKindInput(VaccineKindInput):
    """`animals` are the kinds of animals to choose from."""

    animal_id = SelectField("For", validate_choice=False)

    def __init__(self, *, animals: list[Any], **more: Any) -> None:
        super().__init__(**more)
        self.animals = animals
        self.animal_id.choices = [(str(animal.id), animal.name) for animal in animals]

    @property
    def animal(self) -> Any:
        return next((animal for animal in self.animals if str(animal.id) == self.animal_id.data), None)

    def validate_animal_id(self, field: Field) -> None:
        if self.animal is None:
            raise ValidationError("Choose one of these.")


class VaccineDaysInput(Input):
    vaccine_days = one_line("Days before it runs out", 3, render_kw=WHOLE)

    def validate_vaccine_days(self, field: Field) -> None:
        if whole(field.data, LONGEST_DAYS) is None:
            raise ValidationError(f"Type a number of days, from 0 to {LONGEST_DAYS}.")

    @property
    def days(self) -> int:
        return whole(self.vaccine_days.data, LONGEST_DAYS) or 0


class CancelRuleInput(Input):
    cancel_allowed = BooleanField("Clients may cancel it themselves")
    cancel_hours = one_line("Hours before the start", 3, render_kw=WHOLE)
    cancel_day_before_at = one_line("Time on the day before", 5, render_kw={"type": "time"})
    move_allowed = BooleanField("Clients may move it to another time themselves")
    move_hours = one_line("Hours until the start, for rescheduling", 3, render_kw=WHOLE)
    move_day_before_at = one_line("Time the day before, for rescheduling", 5, render_kw={"type": "time"})

    def validate_cancel_hours(self, field: Field) -> None:
        if field.data and whole(field.data, LONGEST_HOURS) is None:
            raise ValidationError(f"Type a number of hours, from 0 to {LONGEST_HOURS}.")

    def validate_cancel_day_before_at(self, field: Field) -> None:
        if field.data and wall_time(field.data) is None:
            raise ValidationError("Type a time of day, such as 18:00.")

    validate_move_hours = validate_cancel_hours
    validate_move_day_before_at = validate_cancel_day_before_at

    def limits(self, verb: str) -> tuple[bool, int | None, time | None]:
        """To cancel, or to move: whether, how many hours before, at which time of the day before."""
        hours, at = self[f"{verb}_hours"].data, self[f"{verb}_day_before_at"].data
        return self[f"{verb}_allowed"].data, whole(hours, LONGEST_HOURS), wall_time(at)


def wall_time(written: str | None) -> time | None:
    try:
        return time.fromisoformat(written or "").replace(tzinfo=None, microsecond=0)
    except ValueError:
        return None


def whole(written: str | None, most: int) -> int | None:
    """A number in plain digits, not too large; anything else is none."""
    if not written or not written.isascii() or not written.isdecimal():
        return None
    return int(written) if int(written) <= most else None
