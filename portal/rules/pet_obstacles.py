"""Why a pet cannot come: the wrong kind of animal, its age on the day, a vaccine, or it is booked already."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from portal import wording
from portal.models import (
    Pet,
    Service,
    ServiceSession,
    VaccineCheck,
)
from portal.rules.demands import Vaccine
from portal.rules.pet_engagements import Engaged, engaged, meets

WARNING = "warn-"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that stands in the way, in words for the client, and where it can be mended."""

    kind: str
    words: str
    mend: str = ""
    mend_label: str = ""
    waitlist: bool = False
    pet_id: int | None = None

    @property
    def warns(self) -> bool:
        """It stops nobody, and is only to be known."""
        return self.kind.startswith(WARNING)


def mending(path: str, back: str) -> str:
    """An address that leads back to where somebody was."""
    return f"{path}?back={quote(back, safe='')}" if back else path


def of_animal(service: Service, pets: Iterable[Pet], kinds: dict[int, str]) -> list[Obstacle]:
    """No kind at all: for every kind of animal."""
    names = wording.listed([f"{name.lower()}s" for name in kinds.values()])
    return [
        Obstacle("animal", f"{service.name} is for {names}, and {pet.name} is not one of them.", pet_id=pet.id)
        for pet in pets
        if kinds and pet.animal_id not in kinds
    ]


def of_age(service: Service, pets: Iterable[Pet], first: date, last: date, back: str, mend: bool) -> list[Obstacle]:
    """Too young even on the last of these days, or too old already on the first."""
    found = []
    least, most = service.least_months, service.most_months
    for pet in pets if least is not None or most is not None else ():
        if pet.birthday is None:
            words = f"{service.name} is for pets {ages(least, most)}, and we do not know {pet.name}’s birthday."
            path = mending(f"/pets/{pet.id}/profile", back) if mend else ""
            found.append(Obstacle("age", words, path, "Add birthday" if mend else "", pet_id=pet.id))
        elif least is not None and months_between(pet.birthday, last) < least:
            old = old_enough(pet.birthday, least)
            words = f"{service.name} is for pets {ages(least, most)}. {pet.name} is from {wording.full_day(old)} on."
            found.append(Obstacle("age", words, pet_id=pet.id))
        elif most is not None and months_between(pet.birthday, first) > most:
            words = f"{service.name} is for pets {ages(least, most)}, and {pet.name} will be older."
            found.append(Obstacle("age", words, pet_id=pet.id))
    return found


def ages(least: int | None, most: int | None) -> str:
    """from 4 months on; up to 2 years old; between 4 months and 2 years old"""
    if least is not None and most is not None:
        return f"between {age(least)} and {age(most)} old"
    return f"from {age(least)} on" if least is not None else f"up to {age(most or 0)} old"


def age(months: int) -> str:
    return wording.counted(months, "month") if months % 12 or not months else wording.counted(months // 12, "year")


def months_between(birthday: date, day: date) -> int:
    return (day.year - birthday.year) * 12 + day.month - birthday.month - (day.day < birthday.day)


def old_enough(birthday: date, months: int) -> date:
    """The first day on which a pet is so many months old; the first of the next month where the day is missing."""
    year, month = divmod(birthday.month - 1 + months, 12)
    try:
        return date(birthday.year + year, month + 1, birthday.day)
    except ValueError:
        return date(birthday.year + year, month + 2, 1)


def of_vaccines(service: Service, asked_for: Iterable[Vaccine], last: date, dated: bool, back: str) -> list[Obstacle]:
    """A vaccine must hold through the last day of the booking: what lapses during a stay will not do."""
    kind = "vaccine" if service.vaccine_check == VaccineCheck.STOP else "warn-vaccine"
    return [
        Obstacle(
            kind,
            vaccine_words(one.pet, one.name, one.expires_on, dated),
            mending(f"/pets/{one.pet_id}/vaccines/{one.id}", back),
            f"Update {one.name}",
            pet_id=one.pet_id,
        )
        for one in asked_for
        if one.expires_on is None or one.expires_on < last
    ]


def vaccine_words(pet: str, vaccine: str, expires_on: date | None, dated: bool) -> str:
    if expires_on is None:
        return f"{pet}’s {vaccine} has no expiry date on file."
    when = wording.full_day(expires_on)
    return (
        f"{pet}’s {vaccine} expires on {when}, before this is over." if dated else f"{pet}’s {vaccine} expired: {when}."
    )


def booked_already(
    service: Service,
    pets: Sequence[Pet],
    *,
    starts_at: datetime,
    ends_at: datetime,
    zone: str,
    session: ServiceSession | None,
    except_booking: int | None,
    at: datetime,
) -> list[Obstacle]:
    """No pet is twice in one session, nor twice in the same service at the same time; nor, though staff may want it so,
    at two places at once."""
    found = []
    for one in engaged(pets, starts_at, ends_at, at=at, except_booking=except_booking):
        in_class = session is not None and one.session_id == session.id
        if in_class or meets(one, service.kind, starts_at, ends_at, zone):
            kind = "pet-twice" if in_class or one.service_id == service.id else "pet-elsewhere"
            words, path = already_words(one, kind, at), f"/bookings/{one.booking_id}"
            found.append(Obstacle(kind, words, path, "View Booking", pet_id=one.pet_id))
    return found


def already_words(one: Engaged, kind: str, at: datetime) -> str:
    if one.given_up:
        return f"{one.pet}’s place at that time was just given up, and is held for a moment in case it was a mistake."
    if kind == "pet-twice":
        return f"{one.pet} is already booked at that time."
    when = wording.midway(wording.moment(one.starts_at, one.zone, at))
    return f"{one.pet} is booked for {one.service} then, {when}. Move or cancel that first."
