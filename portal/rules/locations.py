"""Locations: where the business is."""

from sqlalchemy import select

from portal.db import db
from portal.models import Location


def every() -> list[Location]:
    return list(db.session.scalars(select(Location).order_by(Location.name, Location.id)))
