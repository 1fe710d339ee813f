"""What staff fill in about a service; the form fits its kind."""

from collections.abc import Callable
from typing import Any

from wtforms import BooleanField, Field, RadioField, ValidationError

from portal.inputs import OFF, Input, many_lines, one_line, required
from portal.inputs.amounts import (
    ClockField,
    ids,
    minor,
    money,
    number,
    offer,
    one_of,
    several,
    written_money,
)
from portal.service_words import ACCESS, CHECKS, GRID, KINDS, KINDS_MEAN, UNITS, fits, in_units

AHEAD = {"days": 1, "weeks": 7}
LONGEST_AHEAD, LONGEST_NOTICE = 730, 60 * 24 * 60
TICKED = ("vaccine_kinds", "animals", "memberships", "locations", "providers", "add_ons")
TEXTS = ("name", "description", "access", "vaccine_check")
AS_THEY_ARE = ("needs_approval", "waitlist_open", "together", "arrives_at", "leaves_at")
NUMBERS = (
    "minutes",
    "buffer_before",
    "buffer_after",
    "every_minutes",
    "least_months",
    "most_months",
    "least_nights",
    "most_nights",
)


class ServiceInput(Input):
    """`offered` are the rows there are to tick, by the name of their field; `kept_kind` is that which must stay."""

    name = one_line("Name", 80, required("Type the name of the service."), render_kw=OFF)
    kind = one_of("Kind", KINDS)
    description = many_lines("Description", 2_000, render_kw=OFF)
    price = money("Price")
    minutes = number("Minutes", 5, 24 * 60)
    buffer_before = number("Kept free before", 0, 240)
    buffer_after = number("Kept free after", 0, 240)
    every_minutes = one_of("Starting times", {str(one): f"Every {one} minutes" for one in GRID})
    together = BooleanField("Several pets of a family are served at the same time")
    arrives_at = ClockField("Arriving from")
    leaves_at = ClockField("Leaving until")
    least_nights = number("Nights at least", 1, 60)
    most_nights = number("Nights at most", 1, 365, needed=False)
    access = one_of("Who can book it", ACCESS, RadioField)
    memberships = several("Memberships that open it")
    needs_approval = BooleanField("Each booking is a request that you confirm")
    waitlist_open = BooleanField("When it is full, clients can join a waitlist")
    notice = number("At the latest before the start", 0, 9_999)
    notice_unit = one_of("Counted in", {unit: unit for unit in UNITS})
    ahead = number("At the earliest before the start", 1, 999)
    ahead_unit = one_of("Counted in", {unit: unit for unit in AHEAD})
    vaccine_check = one_of("When a vaccine is missing or runs out before the end", CHECKS, RadioField)
    vaccine_kinds = several("Vaccines it asks for")
    animals = several("Animals")
    least_months = number("Youngest, in months", 0, 480, needed=False)
    most_months = number("Oldest, in months", 0, 480, needed=False)
    locations = several("Locations")
    providers = several("Providers")
    add_ons = several("Add-ons")

    def __init__(
        self, *, offered: dict[str, list[tuple[int, str]]], currency: str, kept_kind: str = "", **more: Any
    ) -> None:
        self.currency, self.kept_kind = currency, kept_kind
        super().__init__(**more)
        if kept_kind:
            self.kind.data = kept_kind
        for name in TICKED:
            offer(self[name], offered[name])
        for field in self if self.is_submitted() else ():
            if not self.applies(field.name):
                field.data, field.process_errors = None, []

    @property
    def chosen_kind(self) -> str:
        return self.kind.data if self.kind.data in KINDS else next(iter(KINDS))

    @property
    def kind_words(self) -> str:
        return KINDS[self.chosen_kind]

    @property
    def kinds_mean(self) -> list[tuple[str, str]]:
        return list(KINDS_MEAN.items())

    def applies(self, name: str) -> bool:
        return fits("places" if name.startswith("places_") else name, self.chosen_kind)

    @property
    def places_fields(self) -> list[Field]:
        return [field for field in self if field.name.startswith("places_")]

    def validate_arrives_at(self, field: Field) -> None:
        if self.applies(field.name) and field.data is None:
            raise ValidationError("Type the time from which pets are brought, such as 07:30.")

    def validate_leaves_at(self, field: Field) -> None:
        if self.applies(field.name) and field.data is None:
            raise ValidationError("Type the time until which pets are picked up, such as 18:00.")

    def validate_notice(self, field: Field) -> None:
        if self.notice_minutes > LONGEST_NOTICE:
            raise ValidationError("This is more than 60 days. Please check it.")

    def validate_ahead(self, field: Field) -> None:
        if self.ahead_days > LONGEST_AHEAD:
            raise ValidationError(f"This is more than {LONGEST_AHEAD} days. Please check it.")

    @property
    def notice_minutes(self) -> int:
        return told(self.notice) * UNITS.get(self.notice_unit.data, 1)

    @property
    def ahead_days(self) -> int:
        return told(self.ahead) * AHEAD.get(self.ahead_unit.data, 1)

    @property
    def facts(self) -> dict[str, Any]:
        """Only of what fits the kind."""
        facts: dict[str, Any] = {name: self[name].data or "" for name in TEXTS}
        facts |= {name: self[name].data for name in AS_THEY_ARE}
        facts |= {name: told(self[name]) if self[name].data else None for name in NUMBERS}
        facts = {name: value for name, value in facts.items() if self.applies(name)}
        price = minor(self.price.data or "0", self.currency)
        return facts | {"price": price, "notice_minutes": self.notice_minutes, "ahead_days": self.ahead_days}

    @property
    def ticked(self) -> dict[str, set[int]]:
        return {name: ids(self[name]) for name in TICKED if name != "locations" and self.applies(name)}

    @property
    def places(self) -> dict[int, int | None]:
        """At each location where it is offered, for how many pets a day."""
        found = {}
        for id in ids(self.locations):
            written = self[f"places_{id}"].data
            found[id] = int(written) if written else None
        return found


def told(field: Any) -> int:
    written = field.data or ""
    return int(written) if written.isascii() and written.isdecimal() else 0


def service_form(offered: dict[str, list[tuple[int, str]]]) -> Callable[..., Any]:
    """With a field for the places at each of the locations that there are."""
    label = "Pets a day at {}"
    fields = {f"places_{id}": number(label.format(name), 0, 9_999, needed=False) for id, name in offered["locations"]}
    made: Any = type("ServiceForm", (ServiceInput,), fields)
    return lambda **more: made(offered=offered, **more)


def filled_in(
    service: Any, ticked: dict[str, set[int]], places: dict[int, int | None], currency: str
) -> dict[str, Any]:
    """A service as its form shows it."""
    notice, unit = in_units(service.notice_minutes)
    weeks = service.ahead_days % 7 == 0
    words = {name: getattr(service, name) for name in (*TEXTS, *AS_THEY_ARE, "kind")}
    words |= {name: said(getattr(service, name)) for name in NUMBERS}
    words |= {name: [str(id) for id in chosen] for name, chosen in ticked.items()}
    words |= {"locations": [str(id) for id in places]}
    words |= {f"places_{id}": said(most) for id, most in places.items()}
    words |= {"price": written_money(service.price, currency), "notice": str(notice), "notice_unit": unit}
    ahead = service.ahead_days // 7 if weeks else service.ahead_days
    return words | {"ahead": str(ahead), "ahead_unit": "weeks" if weeks else "days"}


def said(number: int | None) -> str:
    return "" if number is None else str(number)
