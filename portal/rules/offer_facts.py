"""What a client is told of the place that is held for them, before they take it or let it go."""

from dataclasses import dataclass
from datetime import datetime

from portal.db import db
from portal.models import Location, Outcome, Pet, Service, WaitlistEntry
from portal.rules import offers, series_offers
from portal.rules.occupancy import days_of
from portal.rules.series_registrations import price_of
from portal.rules.turns import everybody


@dataclass(slots=True)
class OfferFacts:
    entry_id: int
    service: str
    location: str
    address: str
    zone: str
    pets: list[Pet]
    starts_at: datetime
    ends_at: datetime
    dates: list[tuple[datetime, datetime]]  # of a series each of them
    until: datetime
    price: int
    needs_approval: bool
    why_not: str | None
    booking_id: int | None


def facts(entry: WaitlistEntry, *, at: datetime) -> OfferFacts | None:
    """Of the latest offer for this entry; None where there has never been one."""
    offer = offers.latest(entry)
    if offer is None:
        return None
    service, place = db.session.get_one(Service, offer.service_id), db.session.get_one(Location, offer.location_id)
    days = days_of(service.kind, offer.starts_at, offer.ends_at, place.time_zone)
    series, together = series_offers.series_of(offer), db.session.scalars(series_offers.together(offer.id)).all()
    pets = [one.pet for one in everybody(entry) if one.booking_id or one.removed_at in (None, offer.ended_at)]
    price = service.price * offer.places * len(days)
    if series:
        price = price_of(series, service, len(together), offer.places)
    return OfferFacts(
        entry_id=entry.id,
        service=series.name if series else service.name,
        location=place.name,
        address=place.address,
        zone=place.time_zone,
        pets=pets,
        starts_at=offer.starts_at,
        ends_at=offer.ends_at,
        dates=[(row.starts_at, row.ends_at) for row in together] if series else [],
        until=offer.until,
        price=price,
        needs_approval=service.needs_approval and offer.by_kind != "member",
        why_not=offers.why_not_open(offer, at),
        booking_id=entry.booking_id if offer.outcome == Outcome.ACCEPTED else None,
    )
