"""Registering: somebody new adds themself and their first pet."""

from datetime import datetime

from portal.db import atomic, db
from portal.models import Animal, Client, NoticeKind
from portal.rules import accounts, clients, letters, notices, pets, throttles
from portal.rules.actors import Actor, as_client
from portal.rules.clients import KnownAlready


def register(
    first_name: str, last_name: str, email: str, phone: str, *, pet: str, animal_id: int, origin: str, at: datetime
) -> None:
    """A profile, the pet, and a letter with the link to set a password. An e-mail that is known raises KnownAlready."""
    throttles.take((throttles.REGISTRATIONS, throttles.place(origin)), at=at)
    try:
        add(first_name, last_name, email, phone, pet=pet, animal_id=animal_id, at=at)
    except KnownAlready:
        if not accounts.neutral(at):
            raise
        remind(email, at=at)


@atomic
def add(first_name: str, last_name: str, email: str, phone: str, *, pet: str, animal_id: int, at: datetime) -> Client:
    newcomer = Actor("client", None, f"{first_name} {last_name}")
    client = clients.add(first_name, last_name, email, phone, by=newcomer, at=at)
    # Whoever registers may give somebody else's e-mail with a phone of their own: no code goes to that phone.
    client.phone_unproven = True
    by = as_client(client)
    notices.tell(NoticeKind.DATA_CHANGED, f"{client.name} registered", client_id=client.id, at=at)
    pets.add(client, name=pet, animal=db.session.get_one(Animal, animal_id), by=by, at=at)
    accounts.invite(client, by=by, at=at)
    return client


@atomic
def remind(email: str, *, at: datetime) -> None:
    """A letter to the known address instead of an answer, but not so often that it could annoy anybody."""
    client = clients.with_email(email)
    if client and throttles.count(throttles.REMINDERS, f"client {client.id}", at=at) <= throttles.REMINDERS.most:
        letters.known_already(client, at=at)
