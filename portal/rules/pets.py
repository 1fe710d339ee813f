"""Pets: adding one to a family, and changing what is known about it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from portal.db import atomic, db, lock
from portal.models import Animal, Client, File, Gender, NoticeKind, Pet
from portal.rules import business, history, notices
from portal.rules.actors import Actor
from portal.rules.refused import Refused

MOST = 50
WORDS = {
    "photo": "Photo",
    "name": "Name",
    "gender": "Gender",
    "animal": "Type",
    "breed": "Breed",
    "birthday": "Birthday",
}


@atomic
def add(
    client: Client,
    *,
    name: str,
    animal: Animal,
    gender: Gender = Gender.UNKNOWN,
    breed: str = "",
    birthday: date | None = None,
    photo: File | None = None,
    by: Actor,
    at: datetime,
) -> Pet:
    """A pet of this client. Names may repeat: a family may well have two Lunas."""
    db.session.flush()
    lock(client)
    if count(client) >= MOST:
        raise Refused(f"There are {MOST} pets here already, which is as many as we can take. {business.contact()}")
    pet = Pet(
        client_id=client.id,
        name=name,
        animal_id=animal.id,
        gender=gender,
        breed=breed,
        birthday=birthday,
        photo_id=photo.id if photo else None,
        created_at=at,
    )
    db.session.add(pet)
    db.session.flush()
    history.note(client.id, "Pet", "", f"{name}, {animal.name}", subject=name, by=by, at=at, pet_id=pet.id)
    tell(pet, f"{by.name} added {name}", by=by, at=at)
    return pet


@atomic
def change(
    pet: Pet,
    *,
    name: str,
    animal: Animal,
    gender: Gender,
    breed: str,
    birthday: date | None,
    photo: File | None = None,
    remove_photo: bool = False,
    by: Actor,
    at: datetime,
) -> None:
    """A new photo takes the place of the old one. Vaccinations stay with a pet whose type was mended."""
    must_be_open(by)
    lock(pet)
    subject = pet.name
    values: dict[str, Any] = {"name": name, "animal": animal, "gender": gender, "breed": breed, "birthday": birthday}
    if photo or remove_photo:
        values["photo"] = photo
    changed = history.change(pet, values, WORDS, client_id=pet.client_id, subject=subject, by=by, at=at, pet_id=pet.id)
    if changed:
        tell(pet, f"{by.name} changed {subject}: {', '.join(changed)}", by=by, at=at)


def must_be_open(by: Actor) -> None:
    """Whether clients change their pets, and add some to those they came with, is for the business to choose."""
    if by.kind == "client" and not business.the_business().pets_open:
        raise Refused(f"What is known about your pets is changed by our team. {business.contact()}")


def count(client: Client) -> int:
    return db.session.execute(select(func.count()).where(Pet.client_id == client.id)).scalar_one()


def tell(pet: Pet, text: str, *, by: Actor, at: datetime) -> None:
    """Staff hear of what a client changes; of what they change themselves they know."""
    if by.kind == "client":
        notices.tell(NoticeKind.DATA_CHANGED, text, client_id=pet.client_id, pet_id=pet.id, at=at)
