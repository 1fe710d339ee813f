"""The business: its one row, and how to reach it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, select

from portal import wording
from portal.business_here import House
from portal.db import atomic, db, lock
from portal.models import Booking, Business, File
from portal.rules.refused import Refused


def the_business() -> Business:
    return db.session.scalars(select(Business).order_by(Business.id).limit(1)).one()


def contact(house: House | None = None) -> str:
    """The next step after a no: Please call (212) 555-0148 or write to hello@example.com."""
    business = house or the_business()
    ways = [f"call {wording.phone_words(business.phone)}"] if business.phone else []
    ways += [f"write to {business.email}"] if business.email else []
    return f"Please {' or '.join(ways)}." if ways else f"Please contact {business.name}."


def today(at: datetime, house: House | None = None) -> date:
    """The day that it is where the business is."""
    return wording.today_in((house or the_business()).time_zone, at)


@atomic
def change(business: Business, **facts: Any) -> None:
    lock(business)
    for name, value in facts.items():
        setattr(business, name, value)


class MoneyExists(Refused):
    """Prices were agreed on in the currency that there is."""


@atomic
def describe(business: Business, facts: Mapping[str, Any], *, logo: File | None, remove_logo: bool) -> None:
    """What it is called, how it looks, how it is reached."""
    lock(business)
    if facts["currency"] != business.currency and db.session.scalar(select(exists().where(Booking.price > 0))):
        raise MoneyExists(f"There are bookings with prices in {business.currency} already, so the currency stays.")
    for name, value in facts.items():
        setattr(business, name, value)
    if logo or remove_logo:
        business.logo_id = logo.id if logo else None
