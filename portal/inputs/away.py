"""When somebody is away, or a location is closed."""

from datetime import date, time
from typing import Any

from wtforms import Field, ValidationError

from portal.inputs import OFF, Input, one_line
from portal.inputs.amounts import ClockField
from portal.inputs.days import DayField, years_from

LONGEST_YEARS = 3


class DaysInput(Input):
    """`today` is that of the business: what lies years away is a slip of the finger."""

    first_day = DayField("First day")
    last_day = DayField("Last day")
    reason = one_line("Reason", 120, render_kw=OFF)

    def __init__(self, *, today: date, **more: Any) -> None:
        super().__init__(**more)
        self.today = today

    def validate_first_day(self, field: Field) -> None:
        if field.data is None:
            raise ValidationError("Say from which day on.")
        self.must_be_likely(field)

    def validate_last_day(self, field: Field) -> None:
        self.must_be_likely(field)
        if field.data and self.first_day.data and field.data < self.first_day.data:
            raise ValidationError("The last day lies before the first.")

    def must_be_likely(self, field: Field) -> None:
        years = LONGEST_YEARS
        if field.data and not years_from(self.today, -years) <= field.data <= years_from(self.today, years):
            raise ValidationError("This is more than three years away. Please check the year.")

    @property
    def first(self) -> date:
        return self.first_day.data or self.today

    @property
    def last(self) -> date:
        """One day where only the first is said."""
        return self.last_day.data or self.first


class TimeOffInput(DaysInput):
    """Whole days, or from and until a time of day."""

    since = ClockField("From what time")
    until = ClockField("Until what time")

    @property
    def times(self) -> tuple[time | None, time | None]:
        return self.since.data, self.until.data
