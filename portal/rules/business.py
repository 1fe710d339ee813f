"""The business: its one row, and how to reach it."""

from typing import Any

from sqlalchemy import select

from portal.db import atomic, db, lock
from portal.models import Business
from portal.wording import phone_words


def the_business() -> Business:
    return db.session.scalars(select(Business).order_by(Business.id).limit(1)).one()


def contact() -> str:
    """The next step after a no: "Call (212) 555-0148 or write to hello@example.com."""
    business = the_business()
    ways = [f"call {phone_words(business.phone)}"] if business.phone else []
    ways += [f"write to {business.email}"] if business.email else []
    return f"Please {' or '.join(ways)}." if ways else f"Please contact {business.name}."


@atomic
def change(business: Business, **facts: Any) -> None:
    lock(business)
    for name, value in facts.items():
        setattr(business, name, value)
