"""What a person tells about one vaccine of a pet."""

from datetime import date
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, ValidationError

from portal.inputs import Input
from portal.inputs.days import DayField, years_from

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
        if field.data and field.data > years_from(self.today, LONGEST):
            raise ValidationError("This is more than ten years ahead. Please check the year.")
        if field.data and field.data < years_from(self.today, -OLDEST):
            raise ValidationError(f"This is more than {OLDEST} years ago. Please check the year.")
