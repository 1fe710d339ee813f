"""Pets as their pages introduce them, and what they can be: animals and breeds."""

from calendar import isleap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, case, func, select

from portal import wording
from portal.db import AnySelect, db, rows_of
from portal.models import Animal, Client, Gender, Pet, Vaccination, VaccineKind

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
BREEDS = Path(__file__).parents[1] / "breeds"


@dataclass(slots=True)
class Profile:
    """A pet as its page shows it, with how many of its required vaccines are missing, and how many are due."""

    today: date
    id: int
    name: str
    animal: str
    drawing: str
    gender: Gender
    breed: str
    birthday: date | None
    photo_id: int | None
    vaccine_kinds: int
    missing: int
    due: int
    created_at: datetime

    @property
    def to_update(self) -> int:
        return self.missing + self.due

    @property
    def description(self) -> str:
        """Cocker Spaniel mix, male"""
        known = [] if self.gender == Gender.UNKNOWN else [self.gender.value]
        return ", ".join([self.breed or self.animal, *known])

    @property
    def is_birthday(self) -> bool:
        """On the 29th of February one waits for the 1st of March where there is none."""
        day, today = self.birthday, self.today
        if day is None or day > today:
            return False
        return (day.month, day.day) == (today.month, today.day) or (
            (day.month, day.day, today.month, today.day) == (2, 29, 3, 1) and not isleap(today.year)
        )

    @property
    def age(self) -> str:
        """4 years old, birthday 12 March"""
        if self.birthday is None:
            return ""
        return f"{age(self.birthday, self.today)}, birthday {self.birthday.day} {MONTHS[self.birthday.month - 1]}"


class Owner(NamedTuple):
    id: int
    first_name: str
    last_name: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


UNDATED = VaccineKind.required.is_(True) & Vaccination.expires_on.is_(None)
DUE = VaccineKind.required.is_(True) & (Vaccination.expires_on <= bindparam("soon"))
OF_ALL: AnySelect = (
    select(
        Pet.id,
        Pet.name,
        Animal.name,
        Animal.drawing,
        Pet.gender,
        Pet.breed,
        Pet.birthday,
        Pet.photo_id,
        func.count(VaccineKind.id),
        func.count(case((UNDATED, 1))),
        func.count(case((DUE, 1))),
        Pet.created_at,
    )
    .join(Animal, Animal.id == Pet.animal_id)
    .outerjoin(VaccineKind, (VaccineKind.animal_id == Pet.animal_id) & VaccineKind.retired_at.is_(None))
    .outerjoin(Vaccination, (Vaccination.pet_id == Pet.id) & (Vaccination.vaccine_kind_id == VaccineKind.id))
    .group_by(Pet.id, Animal.id)
)
PROFILES = OF_ALL.where(Pet.client_id == bindparam("client_id", type_=Integer))
PROFILE = PROFILES.where(Pet.id == bindparam("pet_id", type_=Integer))
WITH_OWNER = (
    OF_ALL.add_columns(Client.id, Client.first_name, Client.last_name)
    .join(Client, Client.id == Pet.client_id)
    .where(Pet.id == bindparam("pet_id", type_=Integer))
    .group_by(Client.id)
)


def profiles(client_id: int, *, today: date, days: int) -> list[Profile]:
    """All pets of a client; a vaccine is due that runs out within so many days."""
    return in_order(today, rows_of(PROFILES, {"client_id": client_id, **as_of(today, days)}))


def in_order(today: date, rows: Iterable[Sequence[Any]]) -> list[Profile]:
    return sorted((Profile(today, *row) for row in rows), key=lambda pet: (pet.name.casefold(), pet.id))


def as_of(today: date, days: int) -> dict[str, date]:
    return {"soon": today + timedelta(days=days)}


def profile(client_id: int, pet_id: int, *, today: date, days: int) -> Profile | None:
    """One pet of a client, or None if it is not theirs."""
    names = {"client_id": client_id, "pet_id": pet_id, **as_of(today, days)}
    row = rows_of(PROFILE, names).first()
    return Profile(today, *row) if row else None


def with_owner(pet_id: int, *, today: date, days: int) -> tuple[Profile, Owner] | None:
    """Any pet, and whose it is."""
    row = rows_of(WITH_OWNER, {"pet_id": pet_id, **as_of(today, days)}).first()
    return (Profile(today, *row[:-3]), Owner(*row[-3:])) if row else None


def age(birthday: date, today: date) -> str:
    """4 years old; what is young is counted in months, weeks or days."""
    days = (today - birthday).days
    months = (today.year - birthday.year) * 12 + today.month - birthday.month - (today.day < birthday.day)
    if days < 1:
        return "Born today"
    if days < 14:
        return f"{wording.counted(days, 'day')} old"
    if months < 4:
        return f"{wording.counted(days // 7, 'week')} old"
    if months < 12:
        return f"{wording.counted(months, 'month')} old"
    return f"{wording.counted(months // 12, 'year')} old"


def animals() -> list[Animal]:
    """The kinds of animals that the business looks after."""
    return list(db.session.scalars(select(Animal).order_by(Animal.id)))


def named_animals() -> list[tuple[int, str]]:
    return [(animal.id, animal.name) for animal in animals()]


@cache
def breeds(drawing: str) -> tuple[str, ...]:
    """Well-known breeds to choose from; any other may be written as well."""
    known = BREEDS / f"{drawing}.txt"
    return tuple(known.read_text(encoding="utf-8").splitlines()) if known.exists() else ()
