"""Vaccine checks: what clients sent and nobody has looked at, the tap that says it is right, and asking again."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from portal.db import AnySelect, atomic, db, lock
from portal.links import public
from portal.models import Animal, Client, File, Pet, Vaccination, VaccineKind
from portal.rules import addresses, history, messages
from portal.rules.actors import Actor
from portal.rules.refused import Refused
from portal.rules.second_thoughts import must_be_in_time
from portal.rules.vaccines import WORDS

AT_ONCE = 50
# Written out, so that the database sees the condition of the partial index in it.
WAITING = and_(
    Vaccination.checked_at.is_(None),
    Vaccination.asked_at.is_(None),
    Vaccination.updated_at.is_not(None),
    or_(Vaccination.expires_on.is_not(None), Vaccination.file_id.is_not(None)),
)
HOW_MANY = select(func.count(Vaccination.id)).where(WAITING).scalar_subquery()


@dataclass(slots=True)
class Unchecked:
    """What a client sent about one vaccine, as the desk looks at it."""

    id: int
    client_id: int
    first_name: str
    last_name: str
    pet_id: int
    pet: str
    drawing: str
    photo_id: int | None
    vaccine: str
    expires_on: date | None
    updated_at: datetime
    checked_at: datetime | None
    asked_at: datetime | None
    record_name: str | None
    record_type: str | None
    record_size: int | None

    @property
    def client(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def is_picture(self) -> bool:
        return (self.record_type or "").startswith("image/")

    @property
    def version(self) -> str:
        return version(self.updated_at)


Owner = aliased(Client)
QUEUE: AnySelect = (
    select(
        Vaccination.id,
        Vaccination.client_id,
        Owner.first_name,
        Owner.last_name,
        Pet.id,
        Pet.name,
        Animal.drawing,
        Pet.photo_id,
        VaccineKind.name,
        Vaccination.expires_on,
        Vaccination.updated_at,
        Vaccination.checked_at,
        Vaccination.asked_at,
        File.name,
        File.type,
        File.size,
    )
    .join(Owner, Owner.id == Vaccination.client_id)
    .join(Pet, Pet.id == Vaccination.pet_id)
    .join(Animal, Animal.id == Pet.animal_id)
    .join(VaccineKind, VaccineKind.id == Vaccination.vaccine_kind_id)
    .outerjoin(File, File.id == Vaccination.file_id)
)
FIRST = QUEUE.where(WAITING).order_by(Vaccination.updated_at, Vaccination.id).limit(AT_ONCE)


def queue() -> list[Unchecked]:
    """The one that has waited longest first."""
    return [Unchecked(*row) for row in db.session.execute(FIRST)]


def one(vaccination: Vaccination) -> Unchecked:
    return Unchecked(*db.session.execute(QUEUE.where(Vaccination.id == vaccination.id)).one())


def version(moment: datetime | None) -> str:
    """Tells what was looked at from what has come since."""
    return f"{moment:%Y%m%d%H%M%S%f}" if moment else ""


def must_wait(vaccination: Vaccination, seen: str) -> None:
    if vaccination.checked_at:
        raise Refused(f"{vaccination.checked_by} has checked this already. Reload the page to see what is left.")
    if vaccination.updated_at is None or version(vaccination.updated_at) != seen:
        raise Refused("This has changed since you opened it. Reload the page and look at it once more.")


@atomic
def check(vaccination: Vaccination, *, expires_on: date, seen: str, by: Actor, at: datetime) -> None:
    """It is right, or right with this date. `seen` is the version that was looked at."""
    lock(vaccination)
    must_wait(vaccination, seen)
    change_day(vaccination, expires_on, by, at)
    vaccination.checked_at, vaccination.checked_by, vaccination.asked_at = at, by.name, None
    note(vaccination, "Not yet", "Checked", by=by, at=at)


def change_day(vaccination: Vaccination, expires_on: date | None, by: Actor, at: datetime) -> None:
    history.change(vaccination, {"expires_on": expires_on}, WORDS, **about(vaccination), by=by, at=at)


@atomic
def uncheck(vaccination: Vaccination, *, expires_on: date | None, by: Actor, at: datetime) -> None:
    """Back into the queue, with the date that stood there before."""
    lock(vaccination)
    if vaccination.checked_at is None:
        raise Refused("This is not checked. It is in the queue, where you can look at it.")
    must_be_in_time(vaccination.checked_at, at, "Open the pet’s page to change what is on file.")
    change_day(vaccination, expires_on, by, at)
    vaccination.checked_at = vaccination.checked_by = None
    note(vaccination, "Checked", "Not yet", by=by, at=at)


@atomic
def ask_again(vaccination: Vaccination, text: str, *, seen: str, key: str, by: Actor, at: datetime) -> None:
    """The client is asked in these words, by the way they are written to; meanwhile it waits for nobody here."""
    lock(vaccination)
    must_wait(vaccination, seen)
    if vaccination.asked_at:
        raise Refused("The client has been asked again already. What they send comes back into the queue.")
    client = db.session.get_one(Client, vaccination.client_id)
    pet = db.session.get_one(Pet, vaccination.pet_id)
    messages.begin(
        client,
        f"{pet.name}’s {vaccination.kind.name}",
        text,
        channel=addresses.first_way(client),
        key=key,
        by=by,
        at=at,
    )
    vaccination.asked_at = at
    note(vaccination, "Not yet", "Asked again", by=by, at=at)


def words_to_ask(told: Unchecked) -> str:
    """What may be said; staff change it as they like."""
    what = "certificate" if told.record_name else "date"
    link = public(f"/pets/{told.pet_id}/vaccines")
    missing = "we cannot read the date on it" if told.record_name else "there is no certificate with it"
    return (
        f"Hello {told.first_name},\n\nthank you for sending {told.pet}’s {told.vaccine} {what}. "
        f"Unfortunately {missing}. Could you send us a photo or PDF of it once more?\n\n{link}"
    )


def about(vaccination: Vaccination) -> dict[str, Any]:
    pet = db.session.get_one(Pet, vaccination.pet_id)
    subject = f"{pet.name}, {vaccination.kind.name}"
    return {"client_id": vaccination.client_id, "subject": subject, "pet_id": pet.id}


def note(vaccination: Vaccination, old: str, new: str, *, by: Actor, at: datetime) -> None:
    told = about(vaccination)
    history.note(told["client_id"], "Checked", old, new, subject=told["subject"], by=by, at=at, pet_id=told["pet_id"])
