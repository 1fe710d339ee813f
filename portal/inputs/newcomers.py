"""Somebody new at the front desk: as much as is needed to book for them."""

from wtforms import SelectField

from portal.inputs import OFF, one_line, required
from portal.inputs.accounts import PLAIN, TELEPHONE, is_address
from portal.inputs.reachable import Reachable

ADDRESS = {"type": "email", "inputmode": "email", **OFF, **PLAIN}


class Newcomer(Reachable):
    """`animals` are the kinds to choose from, each an id and a name."""

    first_name = one_line("First name", 60, required("Type the first name."), render_kw=OFF)
    last_name = one_line("Last name", 60, required("Type the last name."), render_kw=OFF)
    email = one_line("E-mail", 254, required("Type the e-mail: confirmations go there."), is_address, render_kw=ADDRESS)
    phone = one_line("Phone", 40, render_kw={**TELEPHONE, **OFF})
    pet = one_line("Pet’s name", 60, required("Type the name of the pet."), render_kw=OFF)
    animal_id = SelectField("Kind of animal", coerce=int)

    def __init__(self, *, animals: list[tuple[int, str]], country: str) -> None:
        super().__init__(kept_phone="", home=country)
        self.animal_id.choices = animals
