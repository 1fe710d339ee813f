"""A lived-in business, made by calling the rules: Maple & Paw, with Rosa, Omar, Zoë, Nina and Theo."""

from datetime import datetime

from sqlalchemy import func, select

from portal.db import db, one_change
from portal.demo import (
    bell,
    bookings,
    catalogue,
    customers,
    desk,
    doubles,
    family,
    inbox,
    letters,
    opening,
    papers,
    particulars,
    team,
)
from portal.models import Client


def is_empty() -> bool:
    return not db.session.scalar(select(func.count()).select_from(Client))


def fill(at: datetime) -> None:
    """Everything lies around `at`, whichever day it is. One change: all of the demo, or none of it."""
    with one_change():
        shop = catalogue.build(at)
        rosa = family.build(shop, at)
        opening.build(shop, rosa, at)
        made = bookings.build(shop, rosa, at)
        desk.build(shop, at)
        team.build(shop, at)
        letters.build(shop, rosa, made, at)
        inbox.build(shop, at)
        customers.build(shop, rosa.client, at)
        particulars.build(shop, rosa.client, at)
        papers.build(shop, rosa.client, at)
        doubles.build(shop, at)
        bell.build(shop, at)
