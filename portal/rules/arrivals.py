"""Arrivals: somebody new who comes to book, tells who they are, and goes on in the same browser."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, func, or_, select

from portal.db import atomic, db
from portal.models import Animal, Booking, Client, Gender, NoticeKind, Pet, ServiceKind, SignIn, SignInCode
from portal.rules import accounts, clients, notices, pets, places, registrations, throttles
from portal.rules.actors import Actor, as_client
from portal.rules.clients import KnownAlready
from portal.rules.plans import Plan
from portal.rules.refused import Refused

GOES_ON = timedelta(hours=1)
MOST = 10


@dataclass(slots=True)
class Animals:
    """A pet as its person tells of it."""

    name: str
    animal_id: int
    breed: str
    gender: Gender


def arrive(
    first_name: str,
    last_name: str,
    email: str,
    phone: str,
    *,
    family: Sequence[Animals],
    origin: str,
    at: datetime,
) -> Client | None:
    """A profile with its pets, kept whether or not anything is booked, and a letter with the link to set a password.

    An e-mail that is known raises KnownAlready. Where nobody is told what is known, a letter leads on: None.
    """
    throttles.take((throttles.REGISTRATIONS, throttles.place(origin)), at=at)
    neutral = accounts.neutral(at)
    try:
        client = add(first_name, last_name, email, phone, family=family, at=at)
    except KnownAlready:
        if not neutral:
            raise
        registrations.remind(email, at=at)
        return None
    return None if neutral else client


@atomic
def add(first_name: str, last_name: str, email: str, phone: str, *, family: Sequence[Animals], at: datetime) -> Client:
    """Not a client before the first booking. No code goes to a phone that only the form has named."""
    newcomer = Actor("client", None, f"{first_name} {last_name}")
    client = clients.add(first_name, last_name, email, phone, prospect=True, by=newcomer, at=at)
    client.phone_unproven = True
    by = as_client(client)
    notices.tell(NoticeKind.DATA_CHANGED, f"{client.name} came to book", client_id=client.id, at=at)
    for pet in family:
        animal = db.session.get_one(Animal, pet.animal_id)
        pets.add(client, name=pet.name, animal=animal, gender=pet.gender, breed=pet.breed, by=by, at=at)
    accounts.invite(client, by=by, at=at)
    return client


def still_here(client_id: int, *, at: datetime) -> Client | None:
    """The profile that was made in this browser. As soon as anybody has proven the e-mail, it is theirs alone."""
    client = db.session.get(Client, client_id)
    if client is None or client.deactivated_at or client.password_hash or client.credential_version:
        return None
    signed_in = exists().where(SignIn.client_id == client_id)
    asked_for_code = exists().where(SignInCode.client_id == client_id)
    proven = db.session.scalar(select(signed_in | asked_for_code))
    return None if proven or client.created_at < at - GOES_ON else client


def pet_ids(client: Client) -> tuple[int, ...]:
    return tuple(db.session.scalars(select(Pet.id).where(Pet.client_id == client.id).order_by(Pet.id)))


@atomic
def must_be_few(plan: Plan, key: str) -> None:
    """The address is not proven yet: whoever's it is gets no heap of letters, and nobody fills the house unseen. What
    was just booked with this form is not counted again."""
    if plan.client is None:
        return
    places.lock_client(plan.client.id)
    other = or_(Booking.key.is_(None), Booking.key.not_in([key, *(f"{key}-{day}" for day in plan.chosen.day)]))
    before = select(func.count()).select_from(Booking).where(Booking.client_id == plan.client.id, other)
    more = len(plan.chosen.day) if plan.kind == ServiceKind.DAY else 1
    if db.session.execute(before).scalar_one() + more > MOST:
        raise Refused(
            f"These are more than {MOST} dates. Choose fewer, or set your password with the link in our letter: signed "
            "in, you book as many as you like."
        )
