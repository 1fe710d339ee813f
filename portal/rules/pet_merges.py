"""Pet merges: two records of one animal become one, after their families have been merged or were one already."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased, joinedload

from portal import wording
from portal.db import atomic, db
from portal.models import (
    Booking,
    BookingPet,
    Cancellation,
    Location,
    Note,
    Pet,
    Service,
    ServiceSession,
    Vaccination,
    WaitlistEntry,
)
from portal.rules import customer_words, history, merges, pets, settlements
from portal.rules.actors import Actor
from portal.rules.merges import GONE, SAME, Fact
from portal.rules.refused import Refused
from portal.rules.settlements import Merging

FACTS = {"name": "Name", "breed": "Breed", "gender": "Gender", "birthday": "Birthday"}
COUNTED: dict[str, Any] = {
    "booking": BookingPet,
    "waitlist entry": WaitlistEntry,
    "vaccine": Vaccination,
    "note": Note,
}


def candidates(pet: Pet) -> list[Pet]:
    """The other animals of the family, those of the same kind first."""
    family = select(Pet).where(Pet.client_id == pet.client_id, Pet.id != pet.id).options(joinedload(Pet.animal))
    return sorted(db.session.scalars(family), key=lambda other: (other.animal_id != pet.animal_id, other.name))


def must_be_mergeable(lost: Pet, kept: Pet) -> None:
    if lost.id == kept.id:
        raise Refused(SAME)
    if lost.client_id != kept.client_id:
        raise Refused(f"{lost.name} and {kept.name} belong to different families. Merge the two profiles first.")
    if lost.animal_id != kept.animal_id:
        kinds = f"{lost.name} is a {lost.animal.name.lower()} and {kept.name} a {kept.animal.name.lower()}"
        raise Refused(f"{kinds}. If that is a mistake, edit the type first, then merge them.")


def facts(lost: Pet, kept: Pet) -> list[Fact]:
    return [Fact(name, label, said(lost, name), said(kept, name)) for name, label in FACTS.items()]


def said(pet: Pet, name: str) -> str:
    words = history.spoken(getattr(pet, name))
    return "" if name == "gender" and words == "Unknown" else words


def booked_twice(lost: Pet, kept: Pet, *, at: datetime) -> list[str]:
    """Sessions ahead in which both have a place, each by a booking of its own."""
    one, other = aliased(Booking), aliased(Booking)
    same = (one.service_session_id == other.service_session_id) & (one.id != other.id)
    called_off = exists().where(Cancellation.booking_id.in_((one.id, other.id)))
    twice = (
        select(Service.name, ServiceSession.starts_at, Location.time_zone)
        .select_from(one)
        .join(other, same)
        .join(ServiceSession, ServiceSession.id == one.service_session_id)
        .join(Service, Service.id == ServiceSession.service_id)
        .join(Location, Location.id == ServiceSession.location_id)
        .where(one.id.in_(booked(lost)), other.id.in_(booked(kept)), ServiceSession.starts_at > at, ~called_off)
        .order_by(ServiceSession.starts_at)
        .distinct()
    )
    return [f"{name}, {wording.moment(starts, zone, at)}" for name, starts, zone in db.session.execute(twice)]


def booked(pet: Pet) -> Any:
    return select(BookingPet.booking_id).where(BookingPet.pet_id == pet.id)


def mark(pet: Pet) -> str:
    """Names this very animal: an id alone may come again."""
    return f"{pet.id}-{pet.created_at.timestamp():.6f}"


def both(lost: str, kept: str) -> tuple[Pet, Pet]:
    numbers = [told.partition("-")[0] for told in (lost, kept)]
    ids = [int(number) for number in numbers if number.isdecimal() and len(number) < 10]
    rows = select(Pet).where(Pet.id.in_(ids)).order_by(Pet.id)
    fresh = rows.with_for_update(of=Pet).execution_options(populate_existing=True)
    found = {mark(pet): pet for pet in db.session.scalars(fresh)}
    if lost not in found or kept not in found:
        raise Refused(GONE)
    return found[lost], found[kept]


@atomic
def merge(lost_mark: str, kept_mark: str, from_lost: Mapping[str, bool], *, by: Actor, at: datetime) -> Pet:
    """Everything of the one animal goes over to the other, with the facts that were chosen. It cannot be undone."""
    lost, kept = both(lost_mark, kept_mark)
    must_be_mergeable(lost, kept)
    values = {name: getattr(lost if from_lost.get(name) else kept, name) for name in FACTS}
    photo = lost.photo if not kept.photo else None
    gone, since = in_words(lost), min(lost.created_at, kept.created_at)
    merging = Merging("pet", lost.id, kept.id, kept.client_id, lost.name, kept.name, by, at)
    settlements.hand_over(merging)
    merges.remove(lost)
    merging.note("Merged", gone, f"Into {merging.kept_name}", subject=merging.kept_name, pet_id=kept.id)
    pets.change(kept, **values, animal=kept.animal, photo=photo, by=by, at=at)
    kept.created_at = since
    db.session.flush()
    customer_words.index([kept.client_id])
    return kept


def in_words(pet: Pet) -> str:
    return ", ".join([said(pet, name) for name in FACTS if said(pet, name)])
