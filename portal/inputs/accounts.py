"""What people fill in at the door: to sign in, to set a password, to register."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from email_validator import EmailNotValidError, validate_email
from wtforms import BooleanField, Field, PasswordField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired

from portal import passwords, phones
from portal.inputs import Input, one_line, required

CODE = re.compile(r"[0-9]{6}")
LONGEST_ADDRESS = 254


def typed(value: Any) -> Any:
    """A password is taken as it is; a file where it belongs is none."""
    return value if value is None or isinstance(value, str) else ""


def password(label: str, words: str, autocomplete: str) -> PasswordField:
    return PasswordField(label, [InputRequired(words)], filters=[typed], render_kw={"autocomplete": autocomplete})


def new_password(label: str, words: str) -> PasswordField:
    return password(label, words, "new-password")


def email(words: str, *, autocomplete: str = "email") -> StringField:
    """An address as it is typed; `rules.clients.folded` is the form in which it is kept."""
    kind = {"type": "email", "inputmode": "email", "autocomplete": autocomplete}
    return one_line("E-mail", LONGEST_ADDRESS, required(words), is_address, render_kw={**kind, **PLAIN})


def is_address(form: Any, field: Field) -> None:
    """One that is too long is told so by its field, and looking it through would take seconds."""
    if len(field.data) > LONGEST_ADDRESS:
        return
    try:
        validate_email(field.data, check_deliverability=False)
    except EmailNotValidError:
        raise ValidationError("This is no e-mail address yet. It looks like name@example.com.") from None


# Phones would begin a login with a capital letter and mend its spelling.
PLAIN = {"autocapitalize": "none", "spellcheck": "false"}
TELEPHONE = {"type": "tel", "inputmode": "tel", "autocomplete": "tel"}
LOGIN = {"autocomplete": "username", **PLAIN}


def login() -> StringField:
    words = "Type your e-mail or your account number."
    return one_line("E-mail or account number", 254, required(words), render_kw=LOGIN)


class SignIn(Input):
    login = login()
    password = password("Password", "Type your password.", "current-password")
    remember = BooleanField("Remember me")


class DeskSignIn(Input):
    email = one_line("E-mail", 254, required("Type your e-mail."), render_kw={"inputmode": "email", **LOGIN})
    password = password("Password", "Type your password.", "current-password")


class AskForLink(Input):
    email = email("Type the e-mail of your profile.", autocomplete="username")


class AskForCode(Input):
    login = login()


class EnterCode(Input):
    code = one_line(
        "Code",
        20,
        required("Type the six digits."),
        render_kw={"inputmode": "numeric", "autocomplete": "one-time-code", **PLAIN},
    )

    remember = BooleanField("Remember me")

    def validate_code(self, field: Field) -> None:
        if not CODE.fullmatch(self.digits):
            raise ValidationError("The code has six digits.")

    @property
    def digits(self) -> str:
        return "".join((self.code.data or "").split()).replace("-", "")


class NewPassword(Input):
    """`forbidden` are the words of which a password must not be made."""

    password = new_password("New password", "Choose a password.")
    again = new_password("New password again", "Type the same password again.")

    def __init__(self, forbidden: Iterable[str], **more: Any) -> None:
        super().__init__(**more)
        self.forbidden = forbidden

    def validate_password(self, field: Field) -> None:
        if problem := passwords.problem(field.data, self.forbidden):
            raise ValidationError(problem)

    def validate_again(self, field: Field) -> None:
        if field.data != self.password.data:
            raise ValidationError("The two are not the same. Type this one again.")


class Registration(Input):
    """`animals` are the kinds to choose from, each an id and a name."""

    first_name = one_line(
        "First name", 60, required("Tell us your first name."), render_kw={"autocomplete": "given-name"}
    )
    last_name = one_line(
        "Last name", 60, required("Tell us your last name."), render_kw={"autocomplete": "family-name"}
    )
    email = email("We need your e-mail to send you the link to set a password.")
    phone = one_line("Phone", 40, required("Tell us a number at which we can reach you."), render_kw=TELEPHONE)
    pet = one_line("Name of your pet", 60, required("Tell us your pet’s name."), render_kw={"autocomplete": "off"})
    animal_id = SelectField("Kind of animal", validate_choice=False)

    def __init__(self, *, animals: Sequence[tuple[int, str]], country: str, **more: Any) -> None:
        super().__init__(**more)
        self.country = country
        self.animal_id.choices = [(str(id), name) for id, name in animals]

    def validate_phone(self, field: Field) -> None:
        if not self.number:
            raise ValidationError("This is no phone number that we can call. Look it over, with its area code.")

    def validate_animal_id(self, field: SelectField) -> None:
        if field.data not in [choice[0] for choice in field.choices or []]:
            raise ValidationError("Choose one of these.")

    @property
    def number(self) -> str | None:
        return phones.kept(self.phone.data or "", self.country)
