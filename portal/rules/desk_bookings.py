"""All that the desk's page of one booking tells, in one query."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, bindparam

from portal.db import rows_of
from portal.models import Booking, Cancellation, Client, Decision
from portal.rules import given_by
from portal.rules.booking_facts import ADD_ONS, ASKED, SERIES, priced
from portal.rules.packing import units
from portal.rules.standing import STANDING, WIDTH, Standing, as_standing


@dataclass(slots=True)
class AtTheDesk:
    booking: Standing
    add_ons: list[tuple[str, int]]
    providers: list[str]
    client: str
    series: str
    asked: str | None
    notes: str
    overbooked: bool
    made_at: datetime
    decided_by: str | None
    cancelled_by: str | None
    cancelled_why: str | None

    @property
    def total(self) -> int:
        return self.booking.price + sum(price for _, price in self.add_ons)


FACTS = (
    STANDING.join(Client, Client.id == Booking.client_id)
    .add_columns(
        ADD_ONS,
        given_by.OF_BOOKING,
        Client.first_name + " " + Client.last_name,
        SERIES,
        ASKED,
        Booking.notes,
        Booking.overbooked,
        Booking.made_at,
        Decision.by_name,
        Cancellation.by_name,
        Cancellation.reason,
    )
    .where(Booking.id == bindparam("booking_id", type_=Integer))
)


def facts(booking_id: int) -> AtTheDesk | None:
    row = rows_of(FACTS, {"booking_id": booking_id}).first()
    if row is None:
        return None
    told = tuple(row)
    add_ons, providers, client, series, *rest = told[WIDTH:]
    return AtTheDesk(as_standing(told), priced(add_ons), sorted(units(providers)), client, series or "", *rest)
