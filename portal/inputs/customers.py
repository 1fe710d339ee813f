"""What staff fill in about a customer."""

from wtforms import BooleanField, Field, PasswordField, ValidationError

from portal.inputs import OFF, Input, one_line, required
from portal.inputs.accounts import PLAIN, TELEPHONE, is_address, typed
from portal.inputs.reachable import Person

ADDRESS = {"type": "email", "inputmode": "email", **OFF, **PLAIN}


class CustomerInput(Person):
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

    def validate_email(self, field: Field) -> None:
        if field.data:
            is_address(self, field)
        elif self.kept_email is not None:
            raise ValidationError("Type the e-mail: the client signs in with it.")


class Choices(Input):
    """What is switched off for a client."""

    no_automatic_email = BooleanField("Stop automated e-mail")
    no_automatic_text = BooleanField("Stop automated texts")
    blocked_online = BooleanField("Block from booking online")


class Look(Input):
    """Why somebody looks into a client’s portal."""

    reason = one_line("Reason", 200, required("Say why: it stands in the history."), render_kw=OFF)
    password = PasswordField("Your password", filters=[typed], render_kw={"autocomplete": "current-password"})
