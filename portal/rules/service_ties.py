"""What a service is tied to: animals, vaccines, memberships, providers, add-ons, and the locations that offer it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import literal, select, union_all

from portal.db import db
from portal.models import (
    AddOn,
    Animal,
    Location,
    Membership,
    MembershipService,
    Offering,
    Provider,
    Service,
    ServiceAddOn,
    ServiceAnimal,
    ServiceProvider,
    ServiceVaccine,
    VaccineKind,
)
from portal.rules import queues, ties

Offered = dict[str, list[tuple[int, str]]]
Places = Mapping[int, int | None]
TIES: dict[str, tuple[Any, Any]] = {
    "animals": (ServiceAnimal.service_id, ServiceAnimal.animal_id),
    "vaccine_kinds": (ServiceVaccine.service_id, ServiceVaccine.vaccine_kind_id),
    "memberships": (MembershipService.service_id, MembershipService.membership_id),
    "providers": (ServiceProvider.service_id, ServiceProvider.provider_id),
    "add_ons": (ServiceAddOn.service_id, ServiceAddOn.add_on_id),
}
THERE_IS = union_all(
    *(
        select(literal(word), model.id, model.name, literal("")).where(in_use)
        for word, model, in_use in (
            ("animals", Animal, Animal.id.is_not(None)),
            ("memberships", Membership, Membership.retired_at.is_(None)),
            ("locations", Location, Location.deactivated_at.is_(None)),
            ("providers", Provider, Provider.retired_at.is_(None)),
            ("add_ons", AddOn, AddOn.retired_at.is_(None)),
        )
    ),
    select(literal("vaccine_kinds"), VaccineKind.id, VaccineKind.name, Animal.name)
    .join(Animal, Animal.id == VaccineKind.animal_id)
    .where(VaccineKind.retired_at.is_(None)),
)


def offered() -> Offered:
    """All that a service can be tied to, each kind by name."""
    found: Offered = {word: [] for word in (*TIES, "locations")}
    for word, id, name, animal in db.session.execute(THERE_IS):
        found[word].append((id, f"{name}, {animal.lower()}" if animal else name))
    for rows in found.values():
        rows.sort(key=lambda row: row[1].casefold())
    return found


def chosen(service: Service) -> tuple[dict[str, set[int]], dict[int, int | None]]:
    """What it is tied to now, and at which locations it has how many places."""
    parts = [select(literal(word), other, literal(0)).where(own == service.id) for word, (own, other) in TIES.items()]
    places = select(literal("locations"), Offering.location_id, Offering.places)
    found: dict[str, set[int]] = {word: set() for word in TIES}
    at: dict[int, int | None] = {}
    for word, id, limit in db.session.execute(union_all(*parts, places.where(Offering.service_id == service.id))):
        if word == "locations":
            at[id] = limit
        else:
            found[word].add(id)
    return found, at


def hold(service_id: int) -> None:
    """Before a service is changed: in the order in which a booking takes them, so that neither waits for the other. Of
    a location no more than that: whoever has its service may still say that they come there."""
    db.session.scalars(select(Location.id).order_by(Location.id).with_for_update(key_share=True)).all()
    of_it = select(Offering.id).where(Offering.service_id == service_id)
    db.session.scalars(of_it.order_by(Offering.location_id).with_for_update()).all()


def choose(service: Service, ticked: Mapping[str, set[int]], places: Places, *, at: datetime) -> None:
    there = offered()
    for word, wanted in ticked.items():
        own, other = TIES[word]
        ties.tie(own, service.id, other, offered=[id for id, _ in there[word]], chosen=wanted)
    offer_at(service, places, [id for id, _ in there["locations"]], at)


def offer_at(service: Service, places: Places, open_locations: list[int], at: datetime) -> None:
    """Where there are more places now, those who wait are asked."""
    mine = select(Offering).where(Offering.service_id == service.id)
    before = {row.location_id: row for row in db.session.scalars(mine)}
    for id in open_locations:
        row = before.get(id)
        if id not in places:
            if row:
                db.session.delete(row)
        elif row is None:
            db.session.add(Offering(service_id=service.id, location_id=id, places=places[id]))
        else:
            more = is_more(row.places, places[id])
            row.places = places[id]
            if more:
                queues.check(service.id, id, due_at=at)
    db.session.flush()


def is_more(before: int | None, now: int | None) -> bool:
    """None is no limit."""
    return before is not None and (now is None or now > before)
