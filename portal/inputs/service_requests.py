"""What a client asks for in words, and what staff answer."""

from collections.abc import Sequence
from typing import Any

from wtforms import HiddenField, SelectField, SelectMultipleField, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from portal.inputs import Input, dont_notify, many_lines, required
from portal.inputs.messages import new_key, whole


class AskForService(Input):
    """`services`, `locations` and `pets` are what can be chosen, each an id and a name."""

    service = SelectField("Service", validate_choice=False)
    location = SelectField("Location", validate_choice=False)
    pets = SelectMultipleField(
        "Pets", validate_choice=False, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    wanted = many_lines("Dates and times", 1_000, required("Say when it should be, in your own words."))
    notes = many_lines("Notes", 2_000)
    key = HiddenField(default=new_key, filters=[whole])

    def __init__(
        self,
        *,
        services: Sequence[tuple[int, str]],
        locations: Sequence[tuple[int, str]],
        pets: Sequence[tuple[int, str]],
    ) -> None:
        super().__init__()
        self.service.choices = [("", "Choose…"), *((str(id), name) for id, name in services)]
        self.location.choices = [("", "Any"), *((str(id), name) for id, name in locations)]
        self.pets.choices = [(str(id), name) for id, name in pets]

    @property
    def told(self) -> dict[str, Any]:
        """What a well-formed one says, as the rule wants it."""
        return {
            "service_id": int(self.service.data),
            "pet_ids": {int(id) for id in self.pets.data or []},
            "location_id": int(self.location.data) if self.location.data else None,
            "wanted": self.wanted.data or "",
            "notes": self.notes.data or "",
            "key": self.key.data,
        }

    def validate_service(self, field: SelectField) -> None:
        if not field.data or field.data not in known(field):
            raise ValidationError("Choose what you need.")

    def validate_location(self, field: SelectField) -> None:
        if (field.data or "") not in known(field):
            raise ValidationError("Choose one of these.")

    def validate_pets(self, field: SelectMultipleField) -> None:
        if not field.data or not set(field.data) <= set(known(field)):
            raise ValidationError("Choose at least one of your pets.")


def known(field: Any) -> list[str]:
    return [choice[0] for choice in field.choices or []]


class Declining(Input):
    answer = many_lines("Answer", 2_000, required("Say why, and what would do instead: the client reads it."))
    quiet = dont_notify()
