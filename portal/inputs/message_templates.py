"""The forms of message templates and of the times of reminders."""

from wtforms import Field, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from portal.inputs import OFF, Input, many_lines, one_line, required
from portal.inputs.catalogue import WHOLE, whole

UNITS = {"minutes": 1, "hours": 60, "days": 24 * 60}
MOST_DAYS = 60


class MessageTemplateInput(Input):
    subject = one_line("Subject", 200, required("Type a subject."), render_kw=OFF)
    text = many_lines("Message", 5_000, required("Type the message."), render_kw={"rows": 10, **OFF})
    # Whose booking it is shown with; the newest of anybody where it is empty.
    client = one_line("Client", 200, render_kw={"placeholder": "E-mail or account number", **OFF})


class ReminderInput(Input):
    amount = one_line("How long before", 5, render_kw=WHOLE)
    unit = SelectField("Unit", choices=[SelectChoice(word, word) for word in UNITS], default="hours")
    # What the two buttons say, once it has been told how many are within that time already.
    also = StringField(default="")

    def validate_amount(self, field: Field) -> None:
        if not 0 < self.minutes <= MOST_DAYS * UNITS["days"]:
            raise ValidationError(f"Type a number from 1; at most {MOST_DAYS} days before.")

    @property
    def minutes(self) -> int:
        return (whole(self.amount.data, MOST_DAYS * UNITS["days"]) or 0) * UNITS.get(self.unit.data or "", 0)
