"""What staff fill in about a class: when it is, for how many, who gives it, and how it repeats."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from wtforms import BooleanField, Field, RadioField, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from portal.inputs import Input, dont_notify, many_lines, one_line, required
from portal.inputs.amounts import ClockField, ids, minor, money, number, offer, several
from portal.inputs.days import DayField
from portal.wording import LONG_DAYS

REPEATS = {
    "once": "Once",
    "weekly": "By the week, on the weekdays below",
    "monthly": "By the month, on the same weekday: the second Tuesday",
    "monthly_last": "By the month, on the last such weekday",
    "monthly_day": "By the month, on the same day: the 15th",
}
ENDS = {"never": "Without end", "count": "After so many dates", "until": "With a last day"}
SCOPES = {"this": "Only this date", "following": "This and following dates", "all": "All dates ahead"}
LONGEST_MINUTES, MOST_PLACES, MOST_DATES = 24 * 60, 999, 200
YEARS = range(2000, 2100)
Choices = Sequence[tuple[Any, ...]]


def choice(field: Any, words: dict[str, str]) -> None:
    field.choices = [SelectChoice(*pair) for pair in words.items()]


def is_offered(form: Any, field: Field) -> None:
    if field.data not in [choice.value for choice in field.choices]:  # type: ignore[attr-defined]
        raise ValidationError("Choose one of these.")


def is_near(form: Any, field: Field) -> None:
    if field.data and field.data.year not in YEARS:
        raise ValidationError("Please check the year.")


class TimeInput(Input):
    """When, where, for how many and by whom."""

    location_id = SelectField("Location", [is_offered], validate_choice=False)
    day = DayField("Day", [required("Choose the day."), is_near], render_kw={"type": "date"})
    starts_at = ClockField("Starts at", [required("Type the time it starts at.")])
    minutes = number("Minutes", 5, LONGEST_MINUTES)
    capacity = number("Places", 1, MOST_PLACES)
    provider_ids = several("Given by")

    def __init__(self, *, locations: Choices, providers: Choices, **more: Any) -> None:
        super().__init__(**more)
        choice(self.location_id, {str(id): name for id, name in locations})
        offer(self.provider_ids, [(id, name) for id, name in providers])

    @property
    def when(self) -> tuple[date, time]:
        """Of a form that is well filled in."""
        assert self.day.data
        assert self.starts_at.data
        return self.day.data, self.starts_at.data


class DateInput(TimeInput):
    """One more date of a series."""

    quiet = dont_notify("the clients")


class ClassChangeInput(TimeInput):
    scope = RadioField(
        "For",
        [is_offered],
        choices=[SelectChoice(*pair) for pair in SCOPES.items()],
        default="this",
        validate_choice=False,
    )
    quiet = dont_notify("the clients")
    overbook = BooleanField("Allow fewer places than are taken")


class CallingOffInput(Input):
    scope = RadioField(
        "Call off",
        [is_offered],
        choices=[SelectChoice(*pair) for pair in SCOPES.items()],
        default="this",
        validate_choice=False,
    )
    reason = many_lines("Reason, for the clients to read", 500)
    quiet = dont_notify("the clients")


class ClassInput(TimeInput):
    service_id = SelectField("Class", [is_offered], validate_choice=False)
    repeats = RadioField(
        "Repeats",
        [is_offered],
        choices=[SelectChoice(*pair) for pair in REPEATS.items()],
        default="once",
        validate_choice=False,
    )
    every = number("Every so many weeks or months", 1, 12, needed=False)
    weekdays = several("Weekdays")
    ends = RadioField(
        "Ends",
        [is_offered],
        choices=[SelectChoice(*pair) for pair in ENDS.items()],
        default="never",
        validate_choice=False,
    )
    count = number("Number of dates", 1, MOST_DATES, needed=False)
    until = DayField("Last day", [is_near], render_kw={"type": "date"})

    def __init__(self, *, services: Choices, **more: Any) -> None:
        super().__init__(**more)
        choice(self.service_id, {str(id): name for id, name, *_ in services})
        offer(self.weekdays, list(enumerate(LONG_DAYS)))

    def validate_count(self, field: Field) -> None:
        if self.repeating and self.ends.data == "count" and not field.data:
            raise ValidationError("Type how many dates there are.")

    def validate_until(self, field: Field) -> None:
        if not self.repeating or self.ends.data != "until":
            return
        if not field.data:
            raise ValidationError("Choose the last day.")
        if self.day.data and field.data < self.day.data:
            raise ValidationError("The last day is before the first.")

    @property
    def repeating(self) -> bool:
        return bool(self.repeats.data != "once")

    @property
    def pattern(self) -> dict[str, Any]:
        """How it repeats, in the words of the form."""
        return {"how": self.repeats.data, "every": int(self.every.data or 1), "weekdays": ids(self.weekdays)}

    @property
    def facts(self) -> dict[str, Any]:
        """Of a draft."""
        ending = self.ends.data if self.repeating else ""
        return {
            "day": self.day.data,
            "starts_at": self.starts_at.data,
            "minutes": int(self.minutes.data or 0),
            "capacity": int(self.capacity.data or 0),
            "last_day": self.until.data if ending == "until" else None,
            "count": int(self.count.data or 0) if ending == "count" else None,
        }


class SeriesTextInput(Input):
    name = one_line("Name", 80, required("Type the name of the series."))
    description = many_lines("Description", 2_000)
    price = money("Price of all dates, for one pet")

    def __init__(self, *, currency: str, **more: Any) -> None:
        super().__init__(**more)
        self.currency = currency

    @property
    def texts(self) -> dict[str, Any]:
        amount = minor(self.price.data, self.currency) if self.price.data else None
        return {"name": self.name.data, "description": self.description.data or "", "price": amount}


class SeriesInput(ClassInput, SeriesTextInput):
    """A series and its dates at once."""

    service_id = SelectField("Service", [is_offered], validate_choice=False)

    def validate_ends(self, field: Field) -> None:
        if self.repeating and field.data == "never":
            raise ValidationError("A series has an end: say how many dates it has, or its last day.")
