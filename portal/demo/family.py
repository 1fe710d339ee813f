"""Rosa and her animals, and the clients beside her."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO

from sqlalchemy import select

from portal import wording
from portal.db import db
from portal.demo.catalogue import ZONE, Shop
from portal.demo.made import pdf, portrait
from portal.models import Client, Gender, Pet, VaccineKind
from portal.passwords import hash_password
from portal.rules import clients, documents, files, pets, vaccines
from portal.rules.actors import Actor, as_client, as_member


@dataclass
class Rosa:
    client: Client
    biscuit: Pet
    juno: Pet
    miso: Pet

    @property
    def all(self) -> list[Pet]:
        return [self.biscuit, self.juno, self.miso]


def build(shop: Shop, at: datetime) -> Rosa:
    desk = as_member(shop.members["Nina Park"])
    joined = at - timedelta(days=680)
    client = clients.add(
        "Rosa",
        "Delgado",
        "rosa@example.com",
        "+12125550175",
        street="48 Orchard Lane",
        city="Kingston",
        region="NY",
        postcode="12401",
        by=desk,
        at=joined,
    )
    client.password_hash = hash_password("biscuit-and-me")
    rosa = as_client(client)
    omar = clients.add("Omar", "Haddad", "omar@example.com", "+12125550113", by=desk, at=at - timedelta(days=12))
    zoe = clients.add("Zoë", "Łukaszewska", "zoe@example.com", "", by=desk, at=at - timedelta(days=3))
    dog, cat = shop.animals["Dog"], shop.animals["Cat"]
    brown = files.keep_photo(BytesIO(portrait("#b9804a", "#8a5a30", "#cfe3d4")), "biscuit.jpg", at=joined)
    grey = files.keep_photo(BytesIO(portrait("#8d8f98", "#6d6f79", "#f1ddc9", cat=True)), "miso.jpg", at=joined)
    biscuit = pets.add(
        client,
        name="Biscuit",
        animal=dog,
        gender=Gender.MALE,
        breed="Cocker Spaniel mix",
        birthday=birthday(at, years=4, days=110),
        photo=brown,
        by=rosa,
        at=joined,
    )
    juno = pets.add(
        client,
        name="Juno",
        animal=dog,
        gender=Gender.FEMALE,
        breed="Whippet",
        birthday=birthday(at, years=2, days=40),
        by=rosa,
        at=joined,
    )
    miso = pets.add(
        client,
        name="Miso",
        animal=cat,
        gender=Gender.FEMALE,
        breed="Domestic Shorthair",
        birthday=birthday(at, years=7, days=201),
        photo=grey,
        by=rosa,
        at=joined,
    )
    pets.add(omar, name="Pepper", animal=dog, breed="Border Terrier", by=desk, at=at - timedelta(days=12))
    pets.add(zoe, name="Żabka", animal=shop.animals["Rabbit"], by=desk, at=at - timedelta(days=3))
    give_vaccines(biscuit, desk, at)
    give_vaccines(miso, desk, at)
    give_documents(shop, client, at)
    return Rosa(client, biscuit, juno, miso)


def birthday(at: datetime, *, years: int, days: int) -> date:
    return wording.today_in(ZONE, at) - timedelta(days=365 * years + days)


# For each kind: days until it runs out, whether a record lies beside it, and whether the front desk wrote it;
# what Rosa wrote waits to be checked.
BISCUIT = {
    "Rabies": (560, True, True),
    "DHPP": (-18, True, True),
    "Bordetella": (14, True, False),
    "Leptospirosis": (140, False, True),
}
MISO = {"Rabies": (400, True, True), "FVRCP": (230, True, True)}


def give_vaccines(pet: Pet, desk: Actor, at: datetime) -> None:
    """Biscuit has every state there is, Miso has everything in order, Juno has nothing on file."""
    today = wording.today_in(ZONE, at)
    told = BISCUIT if pet.name == "Biscuit" else MISO
    owner = as_client(pet.client)
    kinds = db.session.scalars(select(VaccineKind).where(VaccineKind.animal_id == pet.animal_id))
    for kind in kinds:
        if kind.name not in told:
            continue
        ahead, recorded, checked = told[kind.name]
        given = at - timedelta(days=60)
        record = None
        if recorded:
            page = pdf(f"{kind.name} for {pet.name}", "Kingston Veterinary Practice")
            record = files.keep(BytesIO(page), f"{kind.name} {pet.name}.pdf", at=given)
        by = desk if checked else owner
        vaccines.update(pet, kind.id, expires_on=today + timedelta(days=ahead), record=record, by=by, at=given)


def give_documents(shop: Shop, client: Client, at: datetime) -> None:
    """Of all three sources: from the business's storage, put there by staff, shared by Rosa."""
    nina, theo = as_member(shop.members["Nina Park"]), as_member(shop.members["Theo Brandt"])
    agreement, hours, *_ = shop.stored
    for stored, days in ((agreement, 19), (hours, 3)):
        documents.give(client, stored.file, name=stored.name, stored=stored, by=nina, at=at - timedelta(days=days))
    homework = pdf("Homework for Biscuit", "Ten minutes of loose-lead walking, twice a day.", "Reward every check-in.")
    file = files.keep(BytesIO(homework), "Puppy Manners homework.pdf", at=at - timedelta(days=68))
    given = documents.give(client, file, name="Puppy Manners homework", by=theo, at=at - timedelta(days=68))
    documents.see(given, at=at - timedelta(days=67))
    plan = pdf("Juno, feeding plan", "Morning: one cup, soaked.", "Evening: one cup and half a tablet.")
    documents.share(client, BytesIO(plan), "Juno feeding plan.pdf", by=as_client(client), at=at - timedelta(hours=3))
    photo = BytesIO(portrait("#c9b79c", "#a48f6f", "#dfe6f1"))
    documents.share(client, photo, "Juno at the vet.jpg", by=as_client(client), at=at - timedelta(days=22))
