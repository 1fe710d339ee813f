"""What is said about people who work here, by owners and by themselves."""

from collections.abc import Iterable
from typing import Any

from wtforms import Field, PasswordField, RadioField, ValidationError

from portal.inputs import Input, one_line, required
from portal.inputs.accounts import LOGIN, PLAIN, NewPassword, email, is_address, password, typed

ROLES = {
    "team": "Team: the day, the inbox, the customers",
    "manager": "Manager: also settings, and looking into a client’s portal",
    "owner": "Owner: everything, also the business and its staff",
}
NAME = {"autocomplete": "name"}


class RoleInput(Input):
    role = RadioField("Role", choices=ROLES, default="team", validate_choice=False)

    def validate_role(self, field: Field) -> None:
        if field.data not in ROLES:
            raise ValidationError("Choose one of these.")


class Invite(RoleInput):
    email = email("Type the e-mail to invite.", autocomplete="off")


class AskForDeskLink(Input):
    email = one_line(
        "E-mail", 254, required("Type your e-mail."), is_address, render_kw={"inputmode": "email", **LOGIN}
    )


class Join(NewPassword):
    name = one_line("Your name", 80, required("Type your first and last name."), render_kw=NAME)

    def __init__(self, forbidden: Iterable[str], **more: Any) -> None:
        super().__init__(forbidden, **more)
        self.forbidden = [*forbidden, self.name.data or ""]


class Account(Input):
    """`kept_email` is theirs now; another one takes effect only with their password."""

    name = one_line("Name", 80, required("Type your first and last name."), render_kw=NAME)
    email = one_line(
        "E-mail",
        254,
        required("Type your e-mail: you sign in with it."),
        is_address,
        render_kw={"type": "email", "inputmode": "email", "autocomplete": "email", **PLAIN},
    )
    current = PasswordField("Your password", filters=[typed], render_kw={"autocomplete": "current-password"})


class ChangeOwnPassword(NewPassword):
    current = password("Current password", "Type your current password.", "current-password")
