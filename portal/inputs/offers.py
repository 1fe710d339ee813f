"""What staff fill in about add-ons, memberships and providers: what goes with services."""

from typing import Any

from wtforms import Field, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from portal.inputs import OFF, Input, id_of, many_lines, one_line, required
from portal.inputs.amounts import ids, minor, money, number, offer, several, written_money
from portal.inputs.days import DayField

Rows = list[tuple[int, str]]


class WithServices(Input):
    """`offered` are the services to tick."""

    services = several("Services")

    def __init__(self, *, offered: Rows, **more: Any) -> None:
        super().__init__(**more)
        offer(self.services, offered)

    @property
    def service_ids(self) -> set[int]:
        return ids(self.services)


class AddOnInput(WithServices):
    name = one_line("Name", 80, required("Type the name of the add-on."), render_kw=OFF)
    description = many_lines("Description", 1_000, render_kw=OFF)
    price = money("Price")
    minutes = number("Minutes more", 0, 480)

    def __init__(self, *, currency: str, **more: Any) -> None:
        self.currency = currency
        super().__init__(**more)

    @property
    def facts(self) -> dict[str, Any]:
        words = {"name": self.name.data or "", "description": self.description.data or ""}
        price = minor(self.price.data or "0", self.currency)
        return {**words, "price": price, "minutes": int(self.minutes.data or 0)}


def add_on_words(add_on: Any, service_ids: set[int], currency: str) -> dict[str, Any]:
    """An add-on as its form shows it."""
    price, ticked = written_money(add_on.price, currency), [str(id) for id in service_ids]
    plain = {"name": add_on.name, "description": add_on.description, "minutes": str(add_on.minutes)}
    return {**plain, "price": price, "services": ticked}


class MembershipInput(WithServices):
    name = one_line("Name", 80, required("Type the name of the membership."), render_kw=OFF)
    description = many_lines("Description", 1_000, render_kw=OFF)


class ProviderInput(WithServices):
    """`members` are the members of staff to choose from."""

    name = one_line("Name", 80, required("Type the name of the provider."), render_kw=OFF)
    member_id = SelectField("Member of staff", validate_choice=False, default="")

    def __init__(self, *, members: Rows, **more: Any) -> None:
        super().__init__(**more)
        nobody = SelectChoice("", "Nobody who signs in here")
        self.member_id.choices = [nobody, *(SelectChoice(str(id), name) for id, name in members)]

    def validate_member_id(self, field: Any) -> None:
        if field.data not in [choice.value for choice in field.choices]:
            raise ValidationError("Choose one of these.")

    @property
    def member(self) -> int | None:
        return id_of(self.member_id.data or "") or None


class SubscriptionInput(Input):
    """A client is given a membership, for good or until a day."""

    membership_id = SelectField("Membership", validate_choice=False)
    first_day = DayField("From")
    last_day = DayField("Until")

    def __init__(self, *, offered: Rows, **more: Any) -> None:
        super().__init__(**more)
        offer(self.membership_id, offered)

    def validate_membership_id(self, field: Any) -> None:
        if field.data not in [choice.value for choice in field.choices]:
            raise ValidationError("Choose one of these.")

    def validate_first_day(self, field: Field) -> None:
        if field.data is None:
            raise ValidationError("Say from which day on.")

    @property
    def membership(self) -> int:
        return id_of(self.membership_id.data or "")

    @property
    def days(self) -> dict[str, Any]:
        return {"first_day": self.first_day.data, "last_day": self.last_day.data}
