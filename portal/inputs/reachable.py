"""What forms have in common whose subject has a phone, and those about a person with an address besides."""

from typing import Any

from wtforms import Field, StringField, ValidationError

from portal import phones
from portal.inputs import Input
from portal.wording import address_words

FACTS = ("first_name", "last_name", "phone", "street", "city", "region", "postcode")


class Reachable(Input):
    """`kept_phone` is on file now, `home` is the country whose numbers are written without their prefix."""

    phone: StringField
    unreachable = "This is no phone number that can be called. Look it over, with its area code."

    def __init__(self, *, kept_phone: str, home: str, **more: Any) -> None:
        self.kept_phone, self.home = kept_phone, home
        self.shown_phone = phones.editable(kept_phone, home)
        super().__init__(**more)
        if not self.is_submitted():
            self.phone.data = self.shown_phone

    def validate_phone(self, field: Field) -> None:
        if self.number is None:
            raise ValidationError(self.unreachable)

    @property
    def number(self) -> str | None:
        """As it is kept; one that came in broken stays as long as nobody touches it."""
        written = self.phone.data or ""
        if written in ("", self.shown_phone):
            return self.kept_phone if written else ""
        return phones.kept(written, self.home)


class Person(Reachable):
    """`kept_email` and `kept_phone` are on the profile now; an imported one may lack what we ask for."""

    def __init__(self, *, country: str, kept_email: str | None = "", kept_phone: str = "", **more: Any) -> None:
        self.kept_email = kept_email
        super().__init__(kept_phone=kept_phone, home=country, **more)
        self["region"].label.text, self["postcode"].label.text = address_words(country)

    @property
    def facts(self) -> dict[str, str]:
        return {name: self[name].data or "" for name in FACTS} | {"phone": self.number or ""}
