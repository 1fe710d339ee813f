"""What staff say about a booking: why it is declined or cancelled, where it goes, and if the client hears of it."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from wtforms import HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Optional

from portal import wording
from portal.inputs import Input, dont_notify, many_lines, required, tidy
from portal.inputs.amounts import ClockField
from portal.inputs.classes import choice, is_near, is_offered
from portal.inputs.days import DayField

LONGEST_STAY = timedelta(days=366)


class ConfirmInput(Input):
    quiet = dont_notify()
    anyway = HiddenField(filters=[tidy])


class DeclineInput(Input):
    reason = many_lines("Reason", 1_000, required("Give a reason: the client reads it."))
    quiet = dont_notify()


class CancelInput(Input):
    """Of a booking that is one date of a series: this date, or all that are ahead."""

    scope = RadioField("Cancel", [is_offered], default="this", validate_choice=False)
    reason = many_lines("Reason", 1_000)
    quiet = dont_notify()

    def __init__(self, *, series: str = "", dates: int = 0, **more: Any) -> None:
        super().__init__(**more)
        choice(self.scope, {"this": "Only this date", "all": f"All {dates} dates ahead of {series}"})
        if dates < 2:
            del self["scope"]

    @property
    def is_whole(self) -> bool:
        return "scope" in self and self.scope.data == "all"


class MoveInput(Input):
    """A class by its date; anything else by day and time, of the location's clock."""

    session_id = SelectField("Class", coerce=int, validators=[InputRequired("Choose the class.")])
    location_id = SelectField("Location", coerce=int, validators=[InputRequired("Choose the location.")])
    day = DayField("Day", [InputRequired("Choose the day."), is_near])
    starts_at = ClockField("Start", [InputRequired("Type the time, like 14:30.")])
    last = DayField("Last day", [InputRequired("Choose the last day."), is_near])
    ends_at = ClockField("End", [Optional()])
    provider_id = SelectField("Provider", coerce=int, validators=[Optional()])
    quiet = dont_notify()
    anyway = HiddenField(filters=[tidy])

    def offer(self, name: str, choices: list[tuple[int, str]]) -> None:
        self[name].choices = [SelectChoice(*one) for one in choices]

    def without(self, *names: str) -> None:
        for name in names:
            del self[name]

    @property
    def last_day(self) -> str:
        return "last" if "last" in self else "day"

    def in_order(self) -> bool:
        """It ends after it began."""
        if "day" not in self:
            return True
        if self.ends_at.data is None:
            if "last" in self:
                self.ends_at.errors = ["Type the time, like 16:00."]
            return "last" not in self
        if "last" in self and self["last"].data - self["day"].data > LONGEST_STAY:
            self.last.errors = [*self.last.errors, "This is more than a year. Please check the last day."]
            return False
        if (self.day.data, self.starts_at.data) < (self[self.last_day].data, self.ends_at.data):
            return True
        self.ends_at.errors = [*self.ends_at.errors, "This is not after the start."]
        return False

    def moment(self, day: str, clock: str, zone: str) -> datetime:
        """A time that comes twice is meant when it comes first."""
        on, at = self[day].data, self[clock].data
        return datetime.combine(on, at, wording.zone_of(zone)).astimezone(UTC)


def told_of(starts_at: datetime, ends_at: datetime, zone: str) -> dict[str, Any]:
    """What stands in the form first."""
    begin, end = wording.local(starts_at, zone), wording.local(ends_at, zone)
    told: dict[str, date | time] = {
        "day": begin.date(),
        "starts_at": begin.time(),
        "last": end.date(),
        "ends_at": end.time(),
    }
    return told
