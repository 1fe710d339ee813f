"""What staff fill in at the waitlists: which date to offer, and for what somebody waits."""

from collections.abc import Sequence

from flask import request
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from portal.inputs import Input
from portal.inputs.classes import is_near
from portal.inputs.days import DayField

Choices = Sequence[tuple[int, str]]


class OfferInput(Input):
    """A class that has places, or days."""

    session = SelectField("Class", coerce=int)
    location = SelectField("Location", coerce=int)
    day = DayField("Day", [is_near])
    last = DayField("Last day", [is_near])

    def offer(self, sessions: Choices, locations: Choices) -> None:
        self.session.choices = [SelectChoice(*one) for one in sessions] or [SelectChoice(0, "")]
        self.location.choices = [SelectChoice(*one) for one in locations] or [SelectChoice(0, "")]


def tells() -> bool:
    """The client hears of it, unless staff say otherwise."""
    return not request.form.get("quiet")
