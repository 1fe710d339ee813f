"""The hours of a week, several windows a day, in a form that needs no script."""

from collections.abc import Sequence
from typing import Any

from wtforms import Field

from portal.inputs import Input
from portal.inputs.amounts import ClockField
from portal.windows import WEEKDAYS, Window, wrong

MOST = 4


class WeekInput(Input):
    """Fields since_0_0, until_0_0 and so on: weekday, and number of the window."""

    def __init__(self, windows: Sequence[Window] = (), **more: Any) -> None:
        super().__init__(data=typed(windows), **more)

    @property
    def days(self) -> list[tuple[str, list[tuple[Field, Field]]]]:
        """Each weekday with two windows or, where more are filled in, one more than these."""
        found = []
        for weekday, name in enumerate(WEEKDAYS):
            pairs = [self.pair(weekday, number) for number in range(MOST)]
            shown = max([1, *(number + 1 for number, pair in enumerate(pairs) if is_filled(pair))])
            found.append((name, pairs[: shown + 1]))
        return found

    def pair(self, weekday: int, number: int) -> tuple[Field, Field]:
        return self[f"since_{weekday}_{number}"], self[f"until_{weekday}_{number}"]

    @property
    def filled(self) -> list[tuple[Window, Field]]:
        """The windows that are whole, each with the field at which it ends."""
        found = []
        for weekday in range(7):
            for since, until in (self.pair(weekday, number) for number in range(MOST)):
                if since.data is not None and until.data is not None:
                    found.append((Window(weekday, since.data, until.data), until))
        return found

    @property
    def windows(self) -> list[Window]:
        return sorted(window for window, _ in self.filled)

    def validate(self, extra_validators: Any = None) -> bool:
        well: bool = super().validate(extra_validators)
        for weekday in range(7):
            for since, until in (self.pair(weekday, number) for number in range(MOST)):
                if (since.data is None) != (until.data is None) and not (since.errors or until.errors):
                    (since if since.data is None else until).errors = ["Type both times, or none."]
                    well = False
        filled = self.filled
        for number, words in wrong([window for window, _ in filled]).items():
            filled[number][1].errors, well = [words], False
        return well


def is_filled(pair: tuple[Field, Field]) -> bool:
    return any(field.data is not None or field.errors for field in pair)


def typed(windows: Sequence[Window]) -> dict[str, Any]:
    """Hours as the form shows them."""
    found: dict[str, Any] = {}
    for weekday in range(7):
        for number, window in enumerate(sorted(one for one in windows if one.weekday == weekday)):
            found |= {f"since_{weekday}_{number}": window.since, f"until_{weekday}_{number}": window.until}
    return found


for weekday, name in enumerate(WEEKDAYS):
    for number in range(MOST):
        setattr(WeekInput, f"since_{weekday}_{number}", ClockField(f"{name} from"))
        setattr(WeekInput, f"until_{weekday}_{number}", ClockField(f"{name} to"))
