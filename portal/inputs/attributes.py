"""What staff fill in about attributes: which there are, and what is written for one client or pet."""

import re
from datetime import date
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, Field, RadioField, SelectField, SelectMultipleField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import AnyOf
from wtforms.widgets import CheckboxInput

from portal.attribute_kinds import CHOSEN, KINDS, NO, YES
from portal.inputs import OFF, Input, many_lines, one_line, required
from portal.inputs.days import DayField
from portal.inputs.tags import sort

MOST_CHOICES, LONGEST_CHOICE = 30, 60
NUMBER = re.compile(r"[-−]?(?:\d{1,12}|\d{1,3}(?:,\d{3}){1,3})(?:\.\d{1,6})?", re.ASCII)
NOT_SET = SelectChoice("", "Not set")


class AttributeInput(Input):
    name = one_line("Name", 60, required("Type the name of the attribute."), render_kw=OFF)
    kind = SelectField(
        "Kind",
        [AnyOf(KINDS, "Choose one of these kinds.")],
        choices=[SelectChoice(*kind) for kind in KINDS.items()],
        validate_choice=False,
    )
    choices = many_lines("Choices", 4_000, render_kw=OFF)
    visible = BooleanField("Visible at once", default=True)
    flag = BooleanField("A flag at the head of the profile, and on Today")

    def validate_choices(self, field: Field) -> None:
        if self.kind.data not in CHOSEN:
            return
        if not self.offered:
            raise ValidationError("Write the choices, one a line.")
        if len(self.offered) > MOST_CHOICES:
            raise ValidationError(f"These are {len(self.offered)} choices: at most {MOST_CHOICES} fit.")
        if long := [choice for choice in self.offered if len(choice) > LONGEST_CHOICE]:
            raise ValidationError(f"“{long[0][:20]}…” is too long: at most {LONGEST_CHOICE} characters.")

    @property
    def offered(self) -> list[str]:
        """Each once, in their order."""
        lines = (line.strip() for line in (self.choices.data or "").split("\n"))
        return list(dict.fromkeys(filter(None, lines)))

    @property
    def facts(self) -> dict[str, Any]:
        choices = "\n".join(self.offered) if self.kind.data in CHOSEN else ""
        plain = {"name": self.name.data, "visible": self.visible.data, "flag": self.flag.data}
        return {**plain, "choices": choices}


class NewAttributeInput(AttributeInput):
    of = sort()


class ValueInput(Input):
    """What is written about one attribute; `told` is how it is kept."""

    value: Any

    @property
    def told(self) -> str:
        return self.value.data or ""


class TextValue(ValueInput):
    value = many_lines("Text", 2_000)


class NumberValue(ValueInput):
    value = one_line("Number", 30, render_kw={"inputmode": "decimal", **OFF})

    def validate_value(self, field: Field) -> None:
        if field.data and not NUMBER.fullmatch(field.data):
            raise ValidationError("This is not a number. Write it with figures, like 12 or 12.5.")

    @property
    def told(self) -> str:
        return (self.value.data or "").replace(",", "").replace("−", "-")


class DateValue(ValueInput):
    value = DayField("Date")

    @property
    def told(self) -> str:
        return self.value.data.isoformat() if isinstance(self.value.data, date) else ""


def offered(form: ValueInput, field: Any) -> None:
    """What went out of the list while the page was open is offered no more."""
    chosen = {field.data} if isinstance(field.data, str) else set(field.data or [])
    if chosen.difference({""}, (word for word, *_ in field.iter_choices())):
        raise ValidationError("Choose from what is offered here.")


class ChoiceValue(ValueInput):
    value = RadioField("Choice", [offered], validate_choice=False, default="")


class ChoicesValue(ValueInput):
    value = SelectMultipleField("Choices", [offered], validate_choice=False, option_widget=CheckboxInput())

    @property
    def told(self) -> str:
        """In the order of the list, each once."""
        chosen = self.value.data or []
        return "\n".join(word for word, *_ in self.value.iter_choices() if word and word in chosen)


class FileValue(ValueInput):
    value = FileField("File")
    remove = BooleanField("Remove the file")


FORMS: dict[str, type[ValueInput]] = {
    "text": TextValue,
    "number": NumberValue,
    "choice": ChoiceValue,
    "choices": ChoicesValue,
    "date": DateValue,
    "yes or no": ChoiceValue,
    "file": FileValue,
}


def value_form(name: str, kind: str, choices: str, value: str) -> ValueInput:
    """The form that fits, with what is written now in it; a choice that is offered no more can be kept."""
    form = FORMS[kind](data={"value": known(kind, value)})
    form.value.label.text = name
    if kind == "yes or no":
        form.value.choices = [SelectChoice(word, word) for word in (YES, NO)] + [NOT_SET]
    elif kind in CHOSEN:
        words = dict.fromkeys(filter(None, [*choices.split("\n"), *value.split("\n")]))
        form.value.choices = [SelectChoice(word, word) for word in words]
        form.value.choices += [NOT_SET] if kind == "choice" else []
    return form


def known(kind: str, value: str) -> Any:
    if kind == "date":
        return date.fromisoformat(value) if value else None
    if kind == "choices":
        return value.split("\n") if value else []
    return None if kind == "file" else value
