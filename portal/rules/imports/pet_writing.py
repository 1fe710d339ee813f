"""Writing the pets of a list with their vaccines and notes, beside what is known of them already."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.models import Gender, Note, Pet, Vaccination, VaccineKind
from portal.rules.actors import Actor
from portal.rules.imports import bulk
from portal.rules.imports.listed import ListedClient, ListedPet

FACTS = ("animal_id", "gender", "breed", "birthday")
Owners = list[tuple[int, ListedClient]]
Owned = list[tuple[int, int, ListedPet]]


@dataclass(slots=True)
class Written:
    added: int = 0
    changed: int = 0


def write(owners: Owners, animal_id: int, *, by: Actor, at: datetime) -> Written:
    here = pets_here([id for id, client in owners if client.known_id])
    fresh: list[tuple[int, ListedPet]] = []
    known: Owned = []
    for id, client in owners:
        for pet in client.pets:
            row = here.get((id, pet.name.casefold()))
            if row:
                known.append((row.id, id, pet))
            else:
                fresh.append((id, pet))
    ids = add(fresh, animal_id, at)
    rows = {row.id: row for row in here.values()}
    changed = change(known, rows)
    suit([(rows[id].animal_id, pet) for id, _, pet in known if pet.vaccines and not pet.animal_id])
    pets = [*known, *((pet_id, id, pet) for pet_id, (id, pet) in zip(ids, fresh, strict=True))]
    protect(pets, {client_id for _, client_id, _ in known}, by, at)
    write_notes(owners, pets, by, at)
    return Written(len(ids), changed)


def pets_here(client_ids: list[int]) -> dict[tuple[int, str], Any]:
    if not client_ids:
        return {}
    rows = select(Pet.id, Pet.client_id, Pet.name, *[getattr(Pet, fact) for fact in FACTS])
    found = db.session.execute(rows.where(Pet.client_id.in_(client_ids)).order_by(Pet.id.desc()))
    return {(row.client_id, row.name.casefold()): row for row in found}


def add(fresh: list[tuple[int, ListedPet]], animal_id: int, at: datetime) -> list[int]:
    ids = list(bulk.ids(Pet, len(fresh)))
    rows = [
        {
            "id": pet_id,
            "client_id": id,
            "name": pet.name,
            "animal_id": pet.animal_id or animal_id,
            "gender": pet.gender,
            "breed": pet.breed,
            "birthday": pet.birthday,
            "created_at": at,
        }
        for pet_id, (id, pet) in zip(ids, fresh, strict=True)
    ]
    bulk.add(Pet, rows)
    return ids


def change(known: Owned, here: dict[int, Any]) -> int:
    """What the list says; what it leaves empty stays."""
    rows = []
    for id, _, pet in known:
        said = {fact: getattr(pet, fact) for fact in FACTS if getattr(pet, fact) not in (0, "", None, Gender.UNKNOWN)}
        now = {fact: getattr(here[id], fact) for fact in FACTS}
        if now != {**now, **said}:
            rows.append({"id": id, **now, **said})
    bulk.change(Pet, rows)
    return len(rows)


def suit(pets: list[tuple[int, ListedPet]]) -> None:
    """Where the list does not say what animal a known pet is, its vaccines are those of the animal it is."""
    if not pets:
        return
    kinds = db.session.execute(select(VaccineKind.id, VaccineKind.animal_id, VaccineKind.name)).all()
    names = {id: name for id, _, name in kinds}
    ids = {(animal_id, name): id for id, animal_id, name in kinds}
    for animal_id, pet in pets:
        told = {ids.get((animal_id, names[kind])): day for kind, day in (pet.vaccines or {}).items()}
        pet.vaccines = {kind: day for kind, day in told.items() if kind}


def protect(pets: Owned, client_ids: set[int], by: Actor, at: datetime) -> None:
    """Days of vaccines, checked by whoever brings them in."""
    wanted = select(Vaccination.id, Vaccination.pet_id, Vaccination.vaccine_kind_id, Vaccination.expires_on)
    here = db.session.execute(wanted.where(Vaccination.client_id.in_(client_ids))) if client_ids else ()
    on_file: dict[tuple[int, int], tuple[int, date | None]] = {(pet, kind): (id, day) for id, pet, kind, day in here}
    fresh, changed = [], []
    for pet_id, client_id, pet in pets:
        for kind, day in (pet.vaccines or {}).items():
            values = {"expires_on": day, "checked_at": at, "checked_by": by.name, "updated_at": at}
            id, before = on_file.get((pet_id, kind), (None, None))
            if id is None:
                fresh.append({"client_id": client_id, "pet_id": pet_id, "vaccine_kind_id": kind, **values})
            elif before != day:
                changed.append({"id": id, **values})
    bulk.add(Vaccination, fresh)
    bulk.change(Vaccination, changed)


def write_notes(owners: Owners, pets: Owned, by: Actor, at: datetime) -> None:
    """What is noted already in the same words is not noted again."""
    told: list[tuple[int, int | None, str]] = [(id, None, client.note) for id, client in owners if client.note]
    told += [(client_id, pet_id, pet.note) for pet_id, client_id, pet in pets if pet.note]
    known = [id for id, client in owners if client.known_id]
    here: dict[int, set[tuple[int | None, str]]] = defaultdict(set)
    if known and told:
        for client_id, pet_id, text in db.session.execute(
            select(Note.client_id, Note.pet_id, Note.text).where(Note.client_id.in_(known))
        ):
            here[client_id].add((pet_id, text))
    rows = [
        {"client_id": client_id, "pet_id": pet_id, "text": text, "at": at, **by.signed}
        for client_id, pet_id, text in told
        if (pet_id, text) not in here[client_id]
    ]
    bulk.add(Note, rows)
