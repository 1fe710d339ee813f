"""Vaccines: what is on file about each, whether that will do, and bringing it up to date."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import IO, Any

from sqlalchemy import Integer, bindparam, select

from portal import wording
from portal.db import AnySelect, atomic, db, lock, rows_of
from portal.gateways.files import Unacceptable
from portal.models import File, Pet, Vaccination, VaccineKind, WaitlistEntry
from portal.rules import files, history, looks, pets
from portal.rules.actors import Actor

WORDS = {"file": "Vaccination Record", "expires_on": "Expiry Date"}


class State(StrEnum):
    MISSING = "Missing"
    EXPIRED = "Expired"
    EXPIRING = "Expiring"
    CURRENT = "Up to Date"


def state(expires_on: date | None, today: date, days: int) -> State:
    """A vaccine is good through its last day; in the last `days` it is expiring."""
    if expires_on is None:
        return State.MISSING
    if expires_on < today:
        return State.EXPIRED
    return State.EXPIRING if expires_on <= today + timedelta(days=days) else State.CURRENT


@dataclass(slots=True)
class Vaccine:
    """One kind of vaccine as it stands with one pet; without anything on file too."""

    today: date
    days: int
    id: int  # of the kind: on the page of one pet there is one of each
    name: str
    required: bool
    expires_on: date | None
    checked_at: datetime | None
    asked_at: datetime | None
    updated_at: datetime | None
    record_name: str | None
    record_type: str | None
    record_size: int | None
    pet_id: int

    @property
    def state(self) -> State:
        return state(self.expires_on, self.today, self.days)

    @property
    def unchecked(self) -> bool:
        """What the client put on file last has not been looked at by staff."""
        told = self.expires_on is not None or self.record_name is not None
        seen = self.updated_at is None or (self.checked_at is not None and self.checked_at >= self.updated_at)
        return told and not seen

    @property
    def asked_again(self) -> bool:
        """Staff could not check it and have asked for it once more."""
        return self.unchecked and self.asked_at is not None

    @property
    def until(self) -> str:
        """Expires Sat 5 Dec 2026, in 12 days"""
        if self.expires_on is None:
            return ""
        when, away = wording.full_day(self.expires_on), (self.expires_on - self.today).days
        if away < 0:
            return f"Expired {when}"
        if self.state == State.CURRENT:
            return f"Expires {when}"
        return f"Expires {when}, {('today', 'tomorrow')[away] if away < 2 else f'in {away} days'}"


VACCINES: AnySelect = (
    select(
        VaccineKind.id,
        VaccineKind.name,
        VaccineKind.required,
        Vaccination.expires_on,
        Vaccination.checked_at,
        Vaccination.asked_at,
        Vaccination.updated_at,
        File.name,
        File.type,
        File.size,
        Pet.id,
    )
    .join(Pet, Pet.animal_id == VaccineKind.animal_id)
    .outerjoin(Vaccination, (Vaccination.pet_id == Pet.id) & (Vaccination.vaccine_kind_id == VaccineKind.id))
    .outerjoin(File, File.id == Vaccination.file_id)
    .where(Pet.id == bindparam("pet_id", type_=Integer), VaccineKind.retired_at.is_(None))
    .order_by(VaccineKind.position, VaccineKind.id)
)
VACCINE = VACCINES.where(VaccineKind.id == bindparam("kind_id", type_=Integer))
OWN_VACCINE = VACCINE.where(Pet.client_id == bindparam("client_id", type_=Integer))


def vaccines(pet_id: int, *, today: date, days: int) -> list[Vaccine]:
    """Each kind that the business asks for with this pet's kind of animal, in the order it has chosen."""
    return [Vaccine(today, days, *row) for row in rows_of(VACCINES, {"pet_id": pet_id})]


def vaccine(pet_id: int, kind_id: int, *, today: date, days: int) -> Vaccine | None:
    """One of them, or None where that kind is for another animal."""
    row = rows_of(VACCINE, {"pet_id": pet_id, "kind_id": kind_id}).first()
    return Vaccine(today, days, *row) if row else None


def own_vaccine(client_id: int, pet_id: int, kind_id: int, *, today: date, days: int) -> Vaccine | None:
    """The same, of a client's own pet only."""
    row = rows_of(OWN_VACCINE, {"client_id": client_id, "pet_id": pet_id, "kind_id": kind_id}).first()
    return Vaccine(today, days, *row) if row else None


def record(pet_id: int, kind_id: int) -> File | None:
    """The certificate on file."""
    return db.session.scalar(
        select(File)
        .join(Vaccination, Vaccination.file_id == File.id)
        .where(Vaccination.pet_id == pet_id, Vaccination.vaccine_kind_id == kind_id)
    )


def keep_record(stream: IO[bytes], name: str, *, at: datetime) -> File:
    """Keep a certificate: a PDF, or pictures of one. Raises Unacceptable."""
    file = files.keep(stream, name, at=at)
    if file.type != "application/pdf" and not file.type.startswith("image/"):
        raise Unacceptable("A vaccination record is a PDF or a photo. Save this as a PDF, or take a photo of it.")
    return file


@atomic
def update(
    pet: Pet,
    kind_id: int,
    *,
    expires_on: date | None,
    record: File | None = None,
    remove_record: bool = False,
    by: Actor,
    at: datetime,
) -> None:
    """Counts at once. What a client writes waits for a check by staff; what staff save is checked by that."""
    lock(pet)
    vaccination = on_file(pet, kind_id)
    if vaccination is None:
        if expires_on is None and record is None:
            return
        vaccination = begun(pet, kind_id)
    values: dict[str, Any] = {"expires_on": expires_on}
    if record or remove_record:
        values["file"] = record
    name = vaccination.kind.name
    subject = f"{pet.name}, {name}"
    changed = history.change(
        vaccination, values, WORDS, client_id=pet.client_id, subject=subject, by=by, at=at, pet_id=pet.id
    )
    staff = by.kind == "member"
    if not changed and not (staff and vaccination.updated_at and vaccination.checked_at is None):
        return
    if not changed:
        history.note(pet.client_id, "Checked", "Not yet", "Checked", subject=subject, by=by, at=at, pet_id=pet.id)
    vaccination.updated_at, vaccination.asked_at = at, None
    vaccination.checked_at, vaccination.checked_by = (at, by.name) if staff else (None, None)
    if changed:
        looks.again(WaitlistEntry.pet_id == pet.id, at)
        pets.tell(pet, f"{by.name} changed {pet.name}’s {name}: {told(changed)}", by=by, at=at)


def on_file(pet: Pet, kind_id: int) -> Vaccination | None:
    where = select(Vaccination).where(Vaccination.pet_id == pet.id, Vaccination.vaccine_kind_id == kind_id)
    return db.session.scalar(where)


def begun(pet: Pet, kind_id: int) -> Vaccination:
    """The row to write to, where there is none yet."""
    row = Vaccination(client_id=pet.client_id, pet_id=pet.id, vaccine_kind_id=kind_id)
    db.session.add(row)
    db.session.flush()
    return row


def told(changed: dict[str, tuple[str, str]]) -> str:
    """Expiry Date Tue 3 Nov 2026 → Wed 3 Nov 2027"""
    return ", ".join(f"{word} {old or 'none'} → {new or 'none'}" for word, (old, new) in changed.items())
