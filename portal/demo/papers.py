"""What waits to be looked at, and what staff keep for themselves: certificates, notes, a document nobody else sees."""

from datetime import datetime, timedelta
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import select

from portal import wording
from portal.db import db
from portal.demo.catalogue import ZONE, Shop
from portal.demo.inbox import client
from portal.demo.made import pdf
from portal.models import Client, Pet, VaccineKind
from portal.rules import documents, files, notes, vaccines
from portal.rules.actors import as_client, as_member


def build(shop: Shop, rosa: Client, at: datetime) -> None:
    certificates(at)
    what_is_written(shop, rosa, at)
    hidden_from(rosa, shop, at)


def certificates(at: datetime) -> None:
    """Two with a page of the vet’s, one photographed, one without a certificate; the oldest has waited a day."""
    send("Bear", "Rabies", 380, "photo", at - timedelta(hours=26))
    send("Hazel", "Bordetella", 170, "pdf", at - timedelta(hours=5))
    send("Hazel", "Canine Influenza", 340, "pdf", at - timedelta(hours=5, minutes=-2))
    send("Duke", "Leptospirosis", 205, "", at - timedelta(minutes=50))


def send(name: str, vaccine: str, days: int, kind: str, at: datetime) -> None:
    pet = db.session.scalars(select(Pet).where(Pet.name == name)).one()
    of = select(VaccineKind).where(VaccineKind.animal_id == pet.animal_id, VaccineKind.name == vaccine)
    until = wording.today_in(ZONE, at) + timedelta(days=days)
    lines = (
        f"{vaccine} vaccination",
        f"{pet.name}, {pet.breed}",
        f"Owner: {pet.client.name}",
        f"Valid until {wording.full_day(until)}",
        "Kingston Veterinary Practice",
    )
    made = {"photo": photographed(lines), "pdf": pdf(*lines)}.get(kind)
    ending = {"photo": "jpg", "pdf": "pdf"}.get(kind)
    record = files.keep(BytesIO(made), f"{name} {vaccine}.{ending}", at=at) if made else None
    vaccines.update(
        pet, db.session.scalars(of).one().id, expires_on=until, record=record, by=as_client(pet.client), at=at
    )


def photographed(lines: tuple[str, ...]) -> bytes:
    """A certificate on a table, as a phone takes it."""
    table, paper = Image.new("RGB", (900, 1200), "#8a6a4c"), Image.new("RGB", (680, 940), "#fbf9f2")
    pen = ImageDraw.Draw(paper)
    pen.rectangle((30, 30, 650, 910), outline="#2f6f6b", width=4)
    for number, line in enumerate(lines):
        pen.text((70, 90 + 90 * number), line, fill="#23313a", font=ImageFont.load_default(40 if number else 48))
    pen.ellipse((440, 680, 600, 840), outline="#a03a2c", width=7)
    turned = paper.rotate(3, expand=True, fillcolor="#8a6a4c")
    table.paste(turned, (90, 110))
    out = BytesIO()
    table.save(out, "JPEG", quality=82)
    return out.getvalue()


def what_is_written(shop: Shop, rosa: Client, at: datetime) -> None:
    nina, theo = as_member(shop.members["Nina Park"]), as_member(shop.members["Theo Brandt"])
    biscuit, juno, _ = sorted(rosa.pets, key=lambda pet: pet.name)[:3]
    plan = files.keep(BytesIO(pdf("Juno, medication", "Half a tablet in the evening, with food.")), "Juno.pdf", at=at)
    notes.write(rosa, "Prefers a call over an e-mail. Works nights on weekends.", by=nina, at=at - timedelta(days=200))
    notes.write(
        rosa, "Guards his bowl: feed him apart from the others.", pet=biscuit, by=theo, at=at - timedelta(days=34)
    )
    notes.write(
        rosa,
        "The vet has changed the dose. The sheet is from Friday; ask again in a month.",
        pet=juno,
        files=[plan],
        by=nina,
        at=at - timedelta(days=2),
    )
    notes.write(client("Jim"), "Bear pulls to the left. Take the wide lead.", by=theo, at=at - timedelta(days=90))


def hidden_from(rosa: Client, shop: Shop, at: datetime) -> None:
    """What only staff see, until somebody taps the eye."""
    nina = as_member(shop.members["Nina Park"])
    page = pdf("Evaluation of Biscuit", "Friendly with all dogs, shy of loud voices.", "Fits the morning group.")
    file = files.keep(BytesIO(page), "Evaluation of Biscuit.pdf", at=at - timedelta(days=300))
    documents.give(rosa, file, visible=False, by=nina, at=at - timedelta(days=300))
