"""Who else stands in the lists of customers: somebody who only asked, somebody who moved away, choices of others."""

from datetime import datetime, timedelta

from sqlalchemy import select

from portal.db import db
from portal.demo.catalogue import Shop
from portal.models import Client
from portal.rules import clients, pets, records
from portal.rules.actors import as_member


def build(shop: Shop, rosa: Client, at: datetime) -> None:
    desk = as_member(shop.members["Nina Park"])
    asked, left = at - timedelta(days=5), at - timedelta(days=410)
    mateo = clients.add("Mateo", "Ruiz", "mateo@example.com", "+12125550151", prospect=True, by=desk, at=asked)
    pets.add(mateo, name="Churro", animal=shop.animals["Dog"], breed="Chihuahua", by=desk, at=asked)
    gwen = clients.add("Gwen", "Harlow", "gwen@example.com", "+12125550152", by=desk, at=left)
    pets.add(gwen, name="Winston", animal=shop.animals["Dog"], breed="Bulldog", by=desk, at=left)
    records.deactivate(gwen, by=desk, at=at - timedelta(days=90))
    rosa.marketing_since = at - timedelta(days=300)
    omar = db.session.scalars(select(Client).where(Client.email == "omar@example.com")).one()
    records.choose(omar, {"no_automatic_text": True}, by=desk, at=at - timedelta(days=11))
