"""What a column may hold: something about the client, or about the first, second or third pet of a row."""

from typing import NamedTuple

NAME, FIRST, LAST = "name", "first_name", "last_name"
CLIENT = {
    NAME: "Full name",
    FIRST: "First name",
    LAST: "Last name",
    "email": "E-mail",
    "mobile": "Mobile phone",
    "phone": "Phone, if there is no mobile",
    "street": "Street",
    "street_2": "Street, second line",
    "city": "City",
    "region": "State or region",
    "postcode": "Postcode",
    "client_note": "Note about the client",
    "account_number": "Account number here",
}
PET_NAME = "pet_name"
PET = {
    PET_NAME: "name",
    "animal": "type",
    "breed": "breed",
    "gender": "gender",
    "birthday": "birthday",
    "pet_note": "note",
}
VACCINE = "vaccine "
# Of these a row may have several columns: the first that is filled counts, notes and streets are joined.
SEVERAL = {"email", "mobile", "phone", "street_2", "client_note", "pet_note"}
DATED = {"birthday"}
LONGEST = {
    FIRST: 60,
    LAST: 60,
    "email": 254,
    "phone": 40,
    "street": 120,
    "city": 80,
    "region": 80,
    "postcode": 20,
    PET_NAME: 60,
    "breed": 80,
    "note": 10_000,
}
MOST_PETS = 8
MOST_COLUMNS = 500


class Target(NamedTuple):
    """Where a column goes; `pet` counts from 1, and is 0 for what belongs to the client."""

    field: str
    pet: int = 0

    @property
    def key(self) -> str:
        return f"{self.field}.{self.pet}" if self.pet else self.field

    @property
    def several(self) -> bool:
        return self.field in SEVERAL

    @property
    def dated(self) -> bool:
        return self.field in DATED or self.field.startswith(VACCINE)


def target(key: str) -> Target | None:
    """The target of a key, whatever somebody sends; None where there is none."""
    field, dot, number = key.rpartition(".")
    if not dot:
        return Target(key) if key in CLIENT else None
    known = field in PET or field.startswith(VACCINE)
    pet = int(number) if number.isascii() and number.isdecimal() and len(number) < 3 else 0
    return Target(field, pet) if known and 1 <= pet <= MOST_PETS else None


def options(pets: int, vaccines: list[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Groups of what may be chosen for a column, as (key, words)."""
    groups = [("Client", list(CLIENT.items()))]
    for pet in range(1, pets + 1):
        which = "Pet" if pets == 1 else f"Pet {pet}"
        fields = {**PET, **{VACCINE + name: f"{name} expires" for name in vaccines}}
        groups.append((which, [(Target(name, pet).key, f"{which}: {words}") for name, words in fields.items()]))
    return groups


def called(key: str) -> str:
    """The words for one target, as the choice says them."""
    found = target(key)
    if found is None:
        return ""
    words = PET.get(found.field) or CLIENT.get(found.field) or f"{found.field.removeprefix(VACCINE)} expires"
    return f"Pet {found.pet}: {words}" if found.pet else words


def pet_of(key: str) -> int:
    """Of the first pet of a row, the second; 0 where it is about the client, or nothing."""
    found = target(key)
    return found.pet if found else 0
