"""Why a client cannot book a service, as the desk answers them on the phone, with what mends it here."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import NamedTuple

from sqlalchemy import select

from portal import wording
from portal.db import db
from portal.models import Client, Service
from portal.rules import business, obstacles
from portal.rules.obstacles import Obstacle
from portal.rules.time_obstacles import of_the_time


class Mend(NamedTuple):
    path: str
    label: str


NONE = Mend("", "")


class Reason(NamedTuple):
    words: str
    mend: Mend
    stops: bool


def services() -> list[Service]:
    """Those that can be booked at all."""
    offered = select(Service).where(Service.retired_at.is_(None))
    return list(db.session.scalars(offered.order_by(Service.position, Service.name, Service.id)))


def reasons(client: Client, service: Service, day: date | None, *, at: datetime) -> list[Reason]:
    """All that they are told themselves. With a day its vaccines, ages and limits are those of that day."""
    house = business.the_business()
    found = obstacles.obstacles(client, service, pets=client.pets, at=at)
    if day:
        noon = datetime.combine(day, time(12), wording.zone_of(house.time_zone))
        found += obstacles.of_the_pets(service, client.pets, noon, noon, None, house, at, "")
        found += of_the_time(service, noon, house.time_zone, at)
    contact = f" {business.contact()}"
    told = {one.words.removesuffix(contact): one for one in found}
    return [Reason(words, mend(one, client), bool(obstacles.stopping([one]))) for words, one in told.items()]


def mend(one: Obstacle, client: Client) -> Mend:
    """Where the desk mends it."""
    if one.kind in ("vaccine", "warn-vaccine"):
        return Mend(f"/desk/pets/{one.pet_id}", "Vaccines")
    if one.kind == "age":
        return Mend(f"/desk/pets/{one.pet_id}/profile", "Edit the pet")
    if one.kind == "blocked":
        return Mend(f"/desk/customers/{client.id}#contact", "Contact Details")
    if one.kind == "access":
        return Mend(f"/desk/customers/{client.id}/memberships", "Memberships")
    return NONE


def all_stop(found: Sequence[Reason]) -> bool:
    return any(one.stops for one in found)
