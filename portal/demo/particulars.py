"""Tags and attributes: what the team has agreed to write down, and what is known of Rosa's animals and of others."""

from datetime import date, datetime, timedelta
from io import BytesIO

from sqlalchemy import select

from portal.db import db
from portal.demo.catalogue import Shop
from portal.demo.made import pdf
from portal.models import Attribute, AttributeKind, Client, Pet
from portal.rules import attribute_values, attributes, files, tagging, tags
from portal.rules.actors import Actor, as_member

TAGS = {
    False: {"VIP": "tint-4", "Multi-pet family": "tint-7", "Pays in cash": "tint-8", "Call, don’t text": "tint-2"},
    True: {"Puppy": "tint-1", "Senior": "tint-5", "Plays well with all": "tint-7", "Separate at meals": "tint-3"},
}
ASKED: dict[bool, dict[str, tuple[AttributeKind, str, bool, bool]]] = {
    False: {
        "Heard of us": (AttributeKind.CHOICE, "A friend\nWalking by\nThe internet\nTheir vet", True, False),
        "Emergency contact": (AttributeKind.TEXT, "", True, False),
        "Contract": (AttributeKind.FILE, "", True, False),
        "Key at the desk": (AttributeKind.YES_NO, "", False, True),
    },
    True: {
        "Escape artist": (AttributeKind.YES_NO, "", True, True),
        "Needs muzzle": (AttributeKind.YES_NO, "", True, True),
        "Allergies": (AttributeKind.TEXT, "", True, True),
        "Vet": (AttributeKind.TEXT, "", True, False),
        "Feeding": (
            AttributeKind.CHOICES,
            "Dry food\nWet food\nRaw\nOwn food\nTwice a day\nThree times a day",
            True,
            False,
        ),
        "Weight (lb)": (AttributeKind.NUMBER, "", True, False),
        "Evaluated on": (AttributeKind.DATE, "", False, False),
        "Microchip": (AttributeKind.TEXT, "", False, False),
    },
}
PETS: dict[str, tuple[str, dict[str, str]]] = {
    "Biscuit": (
        "Plays well with all",
        {
            "Escape artist": "Yes",
            "Vet": "Kingston Veterinary Practice\nDr. Ames, 212 555 0190",
            "Feeding": "Dry food\nTwice a day",
            "Weight (lb)": "27.5",
            "Microchip": "981 020 004 512 377",
        },
    ),
    "Juno": (
        "Separate at meals",
        {"Allergies": "Chicken", "Feeding": "Own food\nThree times a day", "Needs muzzle": "No"},
    ),
    "Miso": ("Senior", {"Vet": "Cat Clinic of Kingston", "Feeding": "Wet food"}),
    "Pepper": ("Puppy", {"Weight (lb)": "11"}),
    "Moose": ("Senior", {"Needs muzzle": "Yes", "Weight (lb)": "132"}),
    "Luna": ("Plays well with all", {"Escape artist": "Yes"}),
    "Coco": ("Puppy", {"Allergies": "Grass"}),
}


def build(shop: Shop, rosa: Client, at: datetime) -> None:
    desk = as_member(shop.members["Nina Park"])
    begun = at - timedelta(days=300)
    for of_pets, names in TAGS.items():
        for name, tone in names.items():
            tags.add(name, tone, of_pets=of_pets)
    for of_pets, asked in ASKED.items():
        for name, (kind, choices, visible, flag) in asked.items():
            attributes.add(name, kind, of_pets=of_pets, choices=choices, visible=visible, flag=flag)
    for name, (tag, facts) in PETS.items():
        pet = db.session.scalars(select(Pet).where(Pet.name == name)).first()
        if pet:
            tell(pet, [tag], facts, desk, at - timedelta(days=2))
    tell(rosa, ["VIP", "Multi-pet family"], {"Heard of us": "A friend", "Key at the desk": "Yes"}, desk, begun)
    omar = db.session.scalars(select(Client).where(Client.email == "omar@example.com")).one()
    tell(omar, ["Call, don’t text"], {"Heard of us": "Walking by"}, desk, at - timedelta(days=11))
    evaluated = (at - timedelta(days=650)).date()
    biscuit = next(pet for pet in rosa.pets if pet.name == "Biscuit")
    write(biscuit, "Evaluated on", date.isoformat(evaluated), desk, at - timedelta(days=2))
    sign(rosa, desk, begun)


def tell(of: Client | Pet, worn: list[str], facts: dict[str, str], by: Actor, at: datetime) -> None:
    for tag in tags.family(isinstance(of, Pet)):
        if tag.name in worn:
            tagging.put_on(of, tag, by=by, at=at)
    for name, value in facts.items():
        write(of, name, value, by, at)


def write(of: Client | Pet, name: str, value: str, by: Actor, at: datetime) -> None:
    attribute_values.write(of, asked(of, name), value, by=by, at=at)


def asked(of: Client | Pet, name: str) -> Attribute:
    return next(row for row in attributes.family(isinstance(of, Pet)) if row.name == name)


def sign(rosa: Client, by: Actor, at: datetime) -> None:
    page = pdf("Contract", "Maple & Paw and Rosa Delgado", "Signed at the desk.")
    contract = files.keep(BytesIO(page), "Contract Rosa Delgado.pdf", at=at)
    attribute_values.write(rosa, asked(rosa, "Contract"), contract.name, file=contract, by=by, at=at)
