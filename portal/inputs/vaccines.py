"""What a person tells about one vaccine of a pet."""

from datetime import date
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, ValidationError
from wtforms.validators import InputRequired, Optional

from portal.inputs import Input, many_lines, required, tidy
from portal.inputs.days import DayField, years_from
from portal.inputs.messages import new_key, whole

LONGEST, OLDEST = 10, 40


class VaccinationInput(Input):
    """Several may be open on one page, so their fields have ids of their own."""

    record = FileField("Vaccination Record")
    remove_record = BooleanField("Remove file")
    expires_on = DayField("Expiry Date")

    def __init__(self, *, kind_id: int, today: date, **more: Any) -> None:
        super().__init__(**more)
        self.today = today
        for field in self:
            field.id = field.label.field_id = f"{field.name}-{kind_id}"

    def validate_expires_on(self, field: DayField) -> None:
        must_be_likely(field, self.today)


def must_be_likely(field: DayField, today: date) -> None:
    if field.data and field.data > years_from(today, LONGEST):
        raise ValidationError("This is more than ten years ahead. Please check the year.")
    if field.data and field.data < years_from(today, -OLDEST):
        raise ValidationError(f"This is more than {OLDEST} years ago. Please check the year.")


class CheckInput(Input):
    """What the certificate says. `seen` is the version that was looked at."""

    expires_on = DayField("Expiry Date", [InputRequired("Type the expiry date that the certificate says.")])
    seen = HiddenField(filters=[tidy])

    def __init__(self, *, today: date, **more: Any) -> None:
        super().__init__(**more)
        self.today = today

    def validate_expires_on(self, field: DayField) -> None:
        must_be_likely(field, self.today)


class UndoCheck(Input):
    """The date that stood there before."""

    expires_on = DayField("Expiry Date", [Optional()])


class AskAgain(Input):
    text = many_lines("Message", 5_000, required("Say what you need."))
    seen = HiddenField(filters=[tidy])
    key = HiddenField(default=new_key, filters=[whole])
