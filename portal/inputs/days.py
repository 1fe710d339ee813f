"""A day that a person picks or types."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import DateField


class DayField(DateField):
    """Nothing typed is no day, and what is no day is said in words."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        typed = [value for value in valuelist if isinstance(value, str)]
        self.raw_data = typed
        self.data = None
        if not "".join(typed).strip():
            return
        try:
            super().process_formdata(typed)
        except ValueError:
            raise ValueError("This is not a day. Write it as year-month-day, like 2027-03-14.") from None


def years_from(day: date, years: int) -> date:
    """The same day so many years later or, with a negative number, earlier; for 29 February the day before."""
    year = day.year + years
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)
