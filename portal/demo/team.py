"""Who is to work at Maple & Paw besides Nina and Theo."""

from datetime import datetime, timedelta

from portal.demo.catalogue import Shop
from portal.models import Role
from portal.rules import invitations
from portal.rules.actors import as_member


def build(shop: Shop, at: datetime) -> None:
    nina = as_member(shop.members["Nina Park"])
    invitations.invite("ines@example.com", Role.MANAGER, by=nina, at=at - timedelta(days=1))
