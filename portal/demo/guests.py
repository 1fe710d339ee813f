"""The families who have something booked today."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select

from portal import wording
from portal.db import db
from portal.demo.catalogue import ZONE, Shop
from portal.demo.family import birthday
from portal.models import Client, Pet, VaccineKind
from portal.rules import clients, notes, pets, vaccines
from portal.rules.actors import Actor, as_member

Guests = dict[str, Pet]


class Family(NamedTuple):
    first_name: str
    last_name: str
    days: int  # since they became clients
    pets: tuple[tuple[str, str, str, int], ...]  # name, animal, breed, days since the last birthday
    vaccinated: bool = True
    note: str = ""


FAMILIES = (
    Family("Priya", "Raman", 4, (("Luna", "Cat", "Siamese", 77),)),
    Family("Hannah", "Oduya", 420, (("Waffles", "Dog", "Corgi", 0),), note="Likes to be carried over the doorstep."),
    Family("Jim", "Kowalczyk", 800, (("Bear", "Dog", "Newfoundland", 200),), vaccinated=False),
    Family("Mei-Ling", "Chen-Ramirez", 9, (("Hazel", "Dog", "Vizsla", 120),), vaccinated=False),
    Family(
        "Dana", "Whitfield", 610, (("Moose", "Dog", "Great Dane", 31),), note="Medication at noon, hidden in cheese."
    ),
    Family("Sam", "Okafor", 150, (("Ruby", "Dog", "Irish Setter", 301),)),
    Family("Lena", "Fischer", 300, (("Tofu", "Cat", "Maine Coon", 90), ("Clover", "Cat", "Manx", 190))),
    Family("Inès", "Moreau", 240, (("Coco", "Dog", "Papillon", 14),), note="Goes home with her red leash."),
    Family("Ben", "Adeyemi", 530, (("Duke", "Dog", "Boxer", 260),)),
    Family("Grace", "Abara", 95, (("Nala", "Dog", "Basenji", 0),)),
    Family("Tom", "Vander Berg", 700, (("Archie", "Dog", "Cairn Terrier", 66),)),
    Family("Carla", "Núñez", 210, (("Freya", "Dog", "Samoyed", 150),)),
    Family("Will", "Tanaka", 60, (("Otis", "Dog", "Pug", 40), ("Scout", "Dog", "Beagle", 222))),
)


def welcome(shop: Shop, at: datetime) -> Guests:
    """Every family with its profile; Omar’s Pepper is a guest too."""
    nina = as_member(shop.members["Nina Park"])
    told = [pet for number, family in enumerate(FAMILIES) for pet in move_in(family, number, shop, nina, at)]
    pepper = db.session.scalars(select(Pet).join(Client).where(Client.email == "omar@example.com")).one()
    return {pet.name: pet for pet in [*told, pepper]}


def move_in(family: Family, number: int, shop: Shop, by: Actor, at: datetime) -> list[Pet]:
    joined = at - timedelta(days=family.days)
    email = f"{family.first_name}.{family.last_name}@example.com".replace(" ", "")
    client = clients.add(family.first_name, family.last_name, email, f"+121255501{number + 30}", by=by, at=joined)
    made = []
    for name, animal, breed, days in family.pets:
        born = birthday(at, years=3, days=days) if days else four_years_ago(at)
        kind = shop.animals[animal]
        made.append(pets.add(client, name=name, animal=kind, breed=breed, birthday=born, by=by, at=joined))
    for pet in made if family.vaccinated else []:
        vaccinate(pet, by, at)
    if family.note:
        write_down(client, family.note, by, joined)
    return made


def four_years_ago(at: datetime) -> date:
    """On the very day, also on 29 February."""
    today = wording.today_in(ZONE, at)
    return today.replace(year=today.year - 4)


def vaccinate(pet: Pet, by: Actor, at: datetime) -> None:
    until = wording.today_in(ZONE, at) + timedelta(days=200)
    for kind in db.session.scalars(select(VaccineKind).where(VaccineKind.animal_id == pet.animal_id)):
        vaccines.update(pet, kind.id, expires_on=until, by=by, at=pet.created_at)


def write_down(client: Client, text: str, by: Actor, at: datetime) -> None:
    notes.write(client, text, by=by, at=at)
