"""What a client can change about themselves."""

from flask_wtf.file import FileField
from wtforms import BooleanField, Field, PasswordField, ValidationError

from portal import phones
from portal.inputs import Input, one_line, required
from portal.inputs.accounts import PLAIN, TELEPHONE, NewPassword, is_address, password, typed
from portal.wording import address_words

ADDRESS = {"type": "email", "inputmode": "email", "autocomplete": "email", **PLAIN}


def fact(label: str, most: int, autocomplete: str, *checks: object) -> Field:
    return one_line(label, most, *checks, render_kw={"autocomplete": autocomplete})


class ProfileInput(Input):
    """`kept_email` and `kept_phone` are on the profile now; an imported one may lack what we ask for."""

    photo = FileField("Photo")
    remove_photo = BooleanField("Remove photo")
    first_name = fact("First name", 60, "given-name", required("Tell us your first name."))
    last_name = fact("Last name", 60, "family-name", required("Tell us your last name."))
    email = one_line("E-mail", 254, render_kw=ADDRESS)
    phone = one_line("Phone", 40, render_kw=TELEPHONE)
    street = fact("Street", 120, "street-address")
    city = fact("City", 80, "address-level2")
    region = fact("Region", 80, "address-level1")
    postcode = fact("Postcode", 20, "postal-code")
    password = PasswordField("Your password", filters=[typed], render_kw={"autocomplete": "current-password"})

    def __init__(self, *, kept_email: str | None, kept_phone: str, country: str, **more: object) -> None:
        self.kept_email, self.kept_phone, self.country = kept_email, kept_phone, country
        self.shown_phone = phones.editable(kept_phone, country)
        super().__init__(**more)
        self.region.label.text, self.postcode.label.text = address_words(country)
        if not self.is_submitted():
            self.phone.data = self.shown_phone

    def validate_email(self, field: Field) -> None:
        if field.data:
            is_address(self, field)
        elif self.kept_email:
            raise ValidationError("Type your e-mail: you sign in with it.")

    def validate_phone(self, field: Field) -> None:
        if self.number is None:
            raise ValidationError("This is no phone number that we can call. Look it over, with its area code.")

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


class ChangePassword(NewPassword):
    current = password("Current password", "Type your current password.", "current-password")
