"""What a client can change about themselves."""

from flask_wtf.file import FileField
from wtforms import BooleanField, Field, PasswordField, ValidationError

from portal.inputs import one_line, required
from portal.inputs.accounts import PLAIN, TELEPHONE, NewPassword, is_address, password, typed
from portal.inputs.reachable import Person

ADDRESS = {"type": "email", "inputmode": "email", "autocomplete": "email", **PLAIN}


def fact(label: str, most: int, autocomplete: str, *checks: object) -> Field:
    return one_line(label, most, *checks, render_kw={"autocomplete": autocomplete})


class ProfileInput(Person):
    unreachable = "This is no phone number that we can call. Look it over, with its area code."

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

    def validate_email(self, field: Field) -> None:
        if field.data:
            is_address(self, field)
        elif self.kept_email:
            raise ValidationError("Type your e-mail: you sign in with it.")


class ChangePassword(NewPassword):
    current = password("Current password", "Type your current password.", "current-password")
