"""The business as every page knows it: a few columns, read with the person who is here."""

from typing import NamedTuple

from sqlalchemy import select

from portal.db import AnySelect
from portal.models import Business


class BusinessHere(NamedTuple):
    """What every page needs to know about the business."""

    name: str
    tagline: str
    hide_name: bool
    logo_id: int | None
    colour: str
    email: str
    phone: str
    time_zone: str
    currency: str
    country: str
    header_label: str
    header_link: str
    registration_open: bool
    neutral_answers: bool
    uploads_open: bool
    vaccine_days: int
    calendar_open: bool
    booking_open: bool
    public_booking_open: bool
    moves_open: bool
    requests_open: bool
    waitlist_open: bool
    pets_open: bool
    profile_open: bool
    first_steps: bool


# As much as is asked of it: of the row itself, or of what every page has read of it anyway.
House = Business | BusinessHere
BUSINESS = [getattr(Business, name) for name in BusinessHere._fields]
THE_BUSINESS: AnySelect = select(*BUSINESS).order_by(Business.id).limit(1)
