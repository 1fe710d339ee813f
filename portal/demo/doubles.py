"""Somebody who stands in the list twice: she asked on the phone, and nobody saw that she is a client already."""

from datetime import datetime, timedelta

from portal.demo.catalogue import Shop
from portal.rules import clients, notes, pets
from portal.rules.actors import as_member


def build(shop: Shop, at: datetime) -> None:
    theo, asked = as_member(shop.members["Theo Brandt"]), at - timedelta(days=12)
    again = clients.add("Ines", "Moreau", "ines.moreau@example.net", "+12125550161", prospect=True, by=theo, at=asked)
    pets.add(again, name="Coco", animal=shop.animals["Dog"], breed="Papillon", by=theo, at=asked)
    notes.write(again, "Asked on the phone about a week in July.", by=theo, at=asked)
