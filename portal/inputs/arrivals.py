"""What somebody new tells who comes to book: who they are, and who is to come."""

from collections.abc import Sequence
from typing import Any

from flask import request
from wtforms import SelectField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import AnyOf

from portal.inputs import OFF, Input, id_of, one_line, required
from portal.inputs.accounts import TELEPHONE, Registration, email
from portal.inputs.pets import GENDERS

MOST = 8


class Arriving(Registration):
    """Their own part. The phone can stay empty."""

    email = email("We need your e-mail: the confirmation goes there.")
    phone = one_line("Phone", 40, render_kw=TELEPHONE)
    pet = None  # type: ignore[assignment]
    animal_id = None  # type: ignore[assignment]

    def __init__(self, *, country: str) -> None:
        Input.__init__(self)
        self.country = country

    def validate_phone(self, field: Any) -> None:
        if field.data:
            super().validate_phone(field)


class ArrivingPet(Input):
    """One of the pets; what comes after the first may be left empty."""

    name = one_line("Name", 60, required("Tell us your pet’s name."), render_kw=OFF)
    animal_id = SelectField("Kind of animal", validate_choice=False)
    breed = one_line("Breed", 80, render_kw=OFF)
    gender = SelectField(
        "Gender",
        [AnyOf(GENDERS, "Please choose one of these.")],
        choices=[SelectChoice(*gender) for gender in GENDERS.items()],
        default="unknown",
        validate_choice=False,
    )

    def __init__(self, *, animals: Sequence[tuple[int, str]], place: int) -> None:
        super().__init__(prefix=f"pet-{place}-")
        self.place = place
        self.animal_id.choices = [(str(id), name) for id, name in animals]
        self.kinds = [str(id) for id, _ in animals]

    @property
    def empty(self) -> bool:
        return self.place > 1 and not (self.name.data or self.breed.data)

    def validate_animal_id(self, field: SelectField) -> None:
        if field.data not in self.kinds:
            raise ValidationError("Choose one of these.")


class Arrival:
    """The whole form: one person and as many pets as they asked room for."""

    def __init__(self, *, animals: Sequence[tuple[int, str]], country: str) -> None:
        more = 1 if "more" in request.form else 0
        count = min(max(id_of(request.form.get("pets", "1")), 1) + more, MOST)
        self.person = Arriving(country=country)
        self.pets = [ArrivingPet(animals=animals, place=place) for place in range(1, count + 1)]

    @property
    def asks_for_more(self) -> bool:
        return "more" in request.form

    @property
    def family(self) -> list[ArrivingPet]:
        return [pet for pet in self.pets if not pet.empty]

    def validate(self) -> bool:
        return all([self.person.validate(), *(pet.validate() for pet in self.family)])

    @property
    def wrong(self) -> list[Any]:
        return [field for form in (self.person, *self.pets) for field in form if field.errors]
