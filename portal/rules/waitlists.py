"""Waitlists: who waits for what, and leaving."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import aliased

from portal.db import AnySelect, atomic, db, lock, rows_of
from portal.models import (
    Animal,
    Client,
    Location,
    Notice,
    NoticeKind,
    Pet,
    Series,
    Service,
    ServiceSession,
    WaitlistEntry,
)
from portal.rules import history, notices
from portal.rules.actors import Actor
from portal.rules.refused import Refused
from portal.rules.standing import PetMark

UNDO = timedelta(seconds=10)


@dataclass(slots=True)
class Waiting:
    """An entry as lists show it; without a date it is a general one."""

    pet: PetMark
    id: int
    service: str
    location: str
    zone: str
    starts_at: datetime | None
    ends_at: datetime | None
    removed_at: datetime | None


OfSession, OfEntry = aliased(Location), aliased(Location)
WAITING: AnySelect = (
    select(
        WaitlistEntry.id,
        func.coalesce(Series.name, Service.name),
        func.coalesce(OfSession.name, OfEntry.name, ""),
        func.coalesce(OfSession.time_zone, OfEntry.time_zone, ""),
        ServiceSession.starts_at,
        ServiceSession.ends_at,
        WaitlistEntry.removed_at,
        Pet.id,
        Animal.drawing,
        Pet.photo_id,
        Pet.name,
    )
    .join(Service, Service.id == WaitlistEntry.service_id)
    .join(Pet, Pet.id == WaitlistEntry.pet_id)
    .join(Animal, Animal.id == Pet.animal_id)
    .outerjoin(Series, Series.id == WaitlistEntry.series_id)
    .outerjoin(ServiceSession, ServiceSession.id == WaitlistEntry.service_session_id)
    .outerjoin(OfSession, OfSession.id == ServiceSession.location_id)
    .outerjoin(OfEntry, OfEntry.id == WaitlistEntry.location_id)
)


def as_waiting(row: tuple[Any, ...]) -> Waiting:
    return Waiting(PetMark(*row[7:11]), *row[:7])


def waiting(entry_id: int) -> Waiting:
    return as_waiting(tuple(rows_of(WAITING.where(WaitlistEntry.id == entry_id)).one()))


@atomic
def join(
    client: Client,
    pet: Pet,
    service: Service,
    *,
    session: ServiceSession | None = None,
    series: Series | None = None,
    location: Location | None = None,
    by: Actor,
    at: datetime,
) -> WaitlistEntry:
    entry = WaitlistEntry(
        client_id=client.id,
        pet_id=pet.id,
        service_id=service.id,
        series_id=series.id if series else None,
        service_session_id=session.id if session else None,
        location_id=location.id if location else None,
        joined_at=at,
    )
    db.session.add(entry)
    db.session.flush()
    note(entry, "", "Waiting", by=by, at=at)
    return entry


@atomic
def leave(entry: WaitlistEntry, *, by: Actor, at: datetime) -> Waiting:
    lock(entry)
    if entry.removed_at:
        raise Refused("This entry has already been removed from the waitlist.")
    entry.removed_at = at
    note(entry, "Waiting", "Removed", by=by, at=at)
    name = waiting(entry.id)
    notices.tell(
        NoticeKind.CANCELLATION,
        f"{by.name} left the waitlist for {name.service} ({name.pet.name})",
        client_id=entry.client_id,
        by=by,
        mailed_at=at + UNDO,
        at=at,
    )
    return name


@atomic
def return_to(entry: WaitlistEntry, *, by: Actor, at: datetime) -> Waiting:
    """Undo leaving: the entry keeps its turn, because it was hardly away."""
    lock(entry)
    if entry.removed_at is None:
        raise Refused("This entry is on the waitlist.")
    if at > entry.removed_at + UNDO:
        raise Refused("The time to undo is over. Join the waitlist anew, at its end.")
    told = Notice.client_id == entry.client_id, Notice.at == entry.removed_at
    db.session.execute(delete(Notice).where(*told, Notice.kind == NoticeKind.CANCELLATION))
    entry.removed_at = None
    note(entry, "Removed", "Waiting", by=by, at=at)
    db.session.flush()
    return waiting(entry.id)


def note(entry: WaitlistEntry, old: str, new: str, *, by: Actor, at: datetime) -> None:
    db.session.flush()
    name = waiting(entry.id)
    history.note(
        entry.client_id,
        "Waitlist",
        old,
        new,
        subject=f"{name.service}, {name.pet.name}",
        by=by,
        at=at,
        pet_id=entry.pet_id,
    )
