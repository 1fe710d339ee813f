"""What staff fill in about a customer."""

from wtforms import BooleanField, Field, PasswordField, ValidationError

from portal import phones
from portal.inputs import Input, one_line, required
from portal.inputs.accounts import PLAIN, TELEPHONE, is_address, typed
from portal.wording import address_words

OFF = {"autocomplete": "off"}
ADDRESS = {"type": "email", "inputmode": "email", **OFF, **PLAIN}


class CustomerInput(Input):
    """`kept_email` and `kept_phone` are on the profile now; an imported one may lack what we ask for."""

    first_name = one_line("First name", 60, required("Type the first name."), render_kw=OFF)
    last_name = one_line("Last name", 60, required("Type the last name."), render_kw=OFF)
    email = one_line("E-mail", 254, render_kw=ADDRESS)
    phone = one_line("Phone", 40, render_kw={**TELEPHONE, **OFF})
    street = one_line("Street", 120, render_kw=OFF)
    city = one_line("City", 80, render_kw=OFF)
    region = one_line("Region", 80, render_kw=OFF)
    postcode = one_line("Postcode", 20, render_kw=OFF)
    prospect = BooleanField("A prospect: not a client yet")
    another = BooleanField("And create a new customer")

    def __init__(self, *, country: str, kept_email: str | None = "", kept_phone: str = "", **more: object) -> None:
        self.kept_email, self.kept_phone, self.country = kept_email, kept_phone, country
        self.shown_phone = phones.editable(kept_phone, country)
        super().__init__(**more)
        self.region.label.text, self.postcode.label.text = address_words(country)
        if not self.is_submitted():
            self.phone.data = self.shown_phone

    def validate_email(self, field: Field) -> None:
        if field.data:
            is_address(self, field)
        elif self.kept_email is not None:
            raise ValidationError("Type the e-mail: the client signs in with it.")

    def validate_phone(self, field: Field) -> None:
        if self.number is None:
            raise ValidationError("This is no phone number that can be called. Look it over, with its area code.")

    @property
    def number(self) -> str | None:
        """As it is kept; one that came in broken stays as long as nobody touches it."""
        written = self.phone.data or ""
        if written in ("", self.shown_phone):
            return self.kept_phone if written else ""
        return phones.kept(written, self.country)

    @property
    def facts(self) -> dict[str, str]:
        names = ("first_name", "last_name", "phone", "street", "city", "region", "postcode")
        return {name: self[name].data or "" for name in names} | {"phone": self.number or ""}


class Choices(Input):
    """What is switched off for a client."""

    no_automatic_email = BooleanField("Stop automated e-mail")
    no_automatic_text = BooleanField("Stop automated texts")
    blocked_online = BooleanField("Block from booking online")


class Look(Input):
    """Why somebody looks into a client’s portal."""

    reason = one_line("Reason", 200, required("Say why: it stands in the history."), render_kw=OFF)
    password = PasswordField("Your password", filters=[typed], render_kw={"autocomplete": "current-password"})
