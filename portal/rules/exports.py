"""Clients, pets and bookings taken out of the portal, a stretch at a time; and who took them."""

from datetime import date, datetime
from typing import Any, NamedTuple

import phonenumbers
from sqlalchemy import Integer, bindparam, func, select

from portal import wording
from portal.db import AnySelect, atomic, db
from portal.models import Animal, Booking, Client, DemoClient, Export, Pet, Vaccination, VaccineKind
from portal.rules.actors import Actor
from portal.rules.business import the_business
from portal.rules.standing import STANDING, WIDTH, as_standing, status

AT_ONCE = 1_000
SHOWN = 5
CLIENT_HEADERS = ("Account number", "First name", "Last name", "E-mail", "Phone")
ADDRESS_HEADERS = ("Street", "City", "Region", "Postcode")
PET_HEADERS = ("Pet name", "Type", "Breed", "Gender", "Birthday")
BOOKING_HEADERS = ("Booking", "Pets", "Service", "Location", "Starts", "Ends", "Status", "Price", "Currency", "Made")


class Stretch(NamedTuple):
    """Some rows, and after which id it goes on; None at the end."""

    rows: list[list[str]]
    after: int | None


@atomic
def note(subject: str, *, by: Actor, at: datetime) -> None:
    db.session.add(Export(subject=subject, at=at, **by.signed))


def newest() -> list[Export]:
    return list(db.session.scalars(select(Export).order_by(Export.id.desc()).limit(SHOWN)))


CONTACT = [Client.account_number, Client.first_name, Client.last_name, Client.email, Client.phone]
REAL = Client.id.not_in(select(DemoClient.client_id))
CLIENTS: AnySelect = (
    select(
        Client.id,
        *CONTACT,
        Client.street,
        Client.city,
        Client.region,
        Client.postcode,
        Client.deactivated_at,
        Client.prospect,
        Client.created_at,
    )
    .where(Client.id > bindparam("after", type_=Integer), REAL)
    .order_by(Client.id)
    .limit(AT_ONCE)
)
PETS: AnySelect = (
    select(Pet.id, *CONTACT, Pet.name, Animal.name, Pet.breed, Pet.gender, Pet.birthday)
    .join(Client, Client.id == Pet.client_id)
    .join(Animal, Animal.id == Pet.animal_id)
    .where(Pet.id > bindparam("after", type_=Integer), REAL)
    .order_by(Pet.id)
    .limit(AT_ONCE)
)
BOOKINGS: AnySelect = (
    STANDING.join(Client, Client.id == Booking.client_id)
    .add_columns(*CONTACT, Booking.made_at)
    .where(Booking.id > bindparam("after", type_=Integer), REAL)
    .order_by(Booking.id)
    .limit(AT_ONCE)
)


def clients(after: int, at: datetime) -> Stretch:
    rows = db.session.execute(CLIENTS, {"after": after}).all()
    zone = the_business().time_zone
    told = [
        [*contact(row), *row[6:10], standing_of(row), wording.local(row.created_at, zone).date().isoformat()]
        for row in rows
    ]
    return stretch(told, rows)


def client_headers() -> list[str]:
    return [*CLIENT_HEADERS, *ADDRESS_HEADERS, "Standing", "Client since"]


def standing_of(row: Any) -> str:
    if row.deactivated_at:
        return "Inactive"
    return "Prospect" if row.prospect else "Active"


def pets(after: int, at: datetime) -> Stretch:
    rows = db.session.execute(PETS, {"after": after}).all()
    names, days = vaccine_names(), vaccine_days([row.id for row in rows])
    told = [
        [*contact(row), row[6], row[7], row[8], row[9].value, day_of(row[10])]
        + [day_of(days.get((row.id, name))) for name in names]
        for row in rows
    ]
    return stretch(told, rows)


def pet_headers() -> list[str]:
    return [*CLIENT_HEADERS, *PET_HEADERS, *(f"{name} expires" for name in vaccine_names())]


def vaccine_names() -> list[str]:
    kinds = select(VaccineKind.name).group_by(VaccineKind.name).order_by(func.min(VaccineKind.id))
    return list(db.session.scalars(kinds))


def vaccine_days(pet_ids: list[int]) -> dict[tuple[int, str], date | None]:
    days = select(Vaccination.pet_id, VaccineKind.name, Vaccination.expires_on).join(Vaccination.kind)
    return {(id, name): day for id, name, day in db.session.execute(days.where(Vaccination.pet_id.in_(pet_ids)))}


def bookings(after: int, at: datetime) -> Stretch:
    """Times are those of the location's wall clock."""
    rows = [tuple(row) for row in db.session.execute(BOOKINGS, {"after": after})]
    currency = the_business().currency
    digits = wording.currency_shape(currency)[1]
    told = []
    for row in rows:
        booking = as_standing(row)
        starts, ends = (clock(moment, booking.zone) for moment in (booking.starts_at, booking.ends_at))
        names = ", ".join(pet.name for pet in booking.pets)
        price = f"{booking.price / 10**digits:.{digits}f}"
        what = [str(booking.id), names, booking.service, booking.location, starts, ends, status(booking, at)]
        *client, made_at = row[WIDTH:]
        told.append([*contact((0, *client)), *what, price, currency, clock(made_at, booking.zone)])
    return stretch(told, rows)


def booking_headers() -> list[str]:
    return [*CLIENT_HEADERS, *BOOKING_HEADERS]


def stretch(told: list[list[str]], rows: Any) -> Stretch:
    return Stretch(told, rows[-1][0] if len(rows) == AT_ONCE else None)


def contact(row: Any) -> list[str]:
    """Account number, names, e-mail and phone."""
    return [row[1], row[2], row[3], row[4] or "", phone(row[5])]


def phone(kept: str) -> str:
    """+44 20 7946 0958: digits and blanks, which a spreadsheet takes for text and leaves alone."""
    try:
        number = phonenumbers.parse(kept, None)
    except phonenumbers.NumberParseException:
        return kept
    told = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return " ".join("".join(sign if sign.isdecimal() or sign == "+" else " " for sign in told).split())


def day_of(day: date | None) -> str:
    return day.isoformat() if day else ""


def clock(moment: datetime, zone: str) -> str:
    return wording.local(moment, zone).strftime("%Y-%m-%d %H:%M")
