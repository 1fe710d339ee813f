"""Numbers, money, times and choices as staff type them."""

import re
from datetime import time
from typing import Any

from wtforms import Field, SelectField, SelectMultipleField, StringField, TimeField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.widgets import CheckboxInput

from portal.inputs import OFF, one_line
from portal.inputs.catalogue import WHOLE, whole
from portal.wording import currency_shape

MOST_MONEY = 100_000
MONEY = re.compile(r"(\d{1,7}|\d{1,3}(?:,\d{3}){1,2})(?:\.(\d{1,3}))?", re.ASCII)
DECIMAL = {"inputmode": "decimal", **OFF}


def minor(written: str, currency: str) -> int | None:
    """12, 12.50, $1,250.00. What could be read in two ways is not read at all."""
    symbol, digits = currency_shape(currency)
    found = MONEY.fullmatch(written.strip().removeprefix(symbol).strip())
    if not found or len(found[2] or "") > digits:
        return None
    whole_part, part = int(found[1].replace(",", "")), int((found[2] or "").ljust(digits, "0") or "0")
    return whole_part * int(10**digits) + part


def written_money(amount: int, currency: str) -> str:
    """As it stands in a field: 85.00."""
    digits = currency_shape(currency)[1]
    whole_part, part = divmod(amount, 10**digits)
    return f"{whole_part}.{part:0{digits}}" if digits else str(whole_part)


def money(label: str) -> StringField:
    """The form has the `currency`."""
    return one_line(label, 14, is_money, render_kw=DECIMAL)


def is_money(form: Any, field: Field) -> None:
    amount = minor(field.data or "0", form.currency)
    if amount is None:
        example = written_money(1250 * 10 ** currency_shape(form.currency)[1], form.currency)
        raise ValidationError(f"Write the amount with figures, like 12 or {example}.")
    if amount > MOST_MONEY * 10 ** currency_shape(form.currency)[1]:
        raise ValidationError(f"This is more than {MOST_MONEY:,}. Please check it.")


def number(label: str, least: int, most: int, *, needed: bool = True) -> StringField:
    """A whole number within its bounds; where it is not needed, nothing is no number."""

    def is_whole(form: Any, field: Field) -> None:
        told = whole(field.data, most)
        asked = field.data or (needed and applies(form, field))
        if asked and (told is None or told < least):
            raise ValidationError(f"Type a number from {least:,} to {most:,}.")

    return one_line(label, 6, is_whole, render_kw=WHOLE)


def applies(form: Any, field: Field) -> bool:
    return getattr(form, "applies", lambda name: True)(field.name)


class ClockField(TimeField):
    """Nothing typed is no time, and what is no time is said in words."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = "".join(value for value in valuelist if isinstance(value, str)).strip()
        self.raw_data, self.data = [typed], None
        if not typed:
            return
        try:
            self.data = time.fromisoformat(typed).replace(tzinfo=None, second=0, microsecond=0)
        except ValueError:
            raise ValueError("Type a time of day, such as 18:00.") from None


def offered(form: Any, field: Any) -> None:
    """What went out of the list while the page was open is offered no more."""
    if set(field.data or []).difference(word for word, *_ in field.iter_choices()):
        raise ValidationError("Choose from what is offered here.")


def several(label: str) -> SelectMultipleField:
    """Boxes to tick; `offer` says which."""
    return SelectMultipleField(label, [offered], validate_choice=False, option_widget=CheckboxInput())


def offer(field: Any, rows: list[tuple[int, str]]) -> None:
    field.choices = [SelectChoice(str(id), name) for id, name in rows]


def ids(field: Any) -> set[int]:
    return {int(word) for word in field.data or []}


def one_of(label: str, words: dict[str, str], kind: type[SelectField] = SelectField) -> SelectField:
    def is_one(form: Any, field: Field) -> None:
        if applies(form, field) and field.data not in words:
            raise ValidationError("Choose one of these.")

    return kind(label, [is_one], choices=[SelectChoice(*choice) for choice in words.items()], validate_choice=False)
