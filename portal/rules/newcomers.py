"""Newcomers: somebody at the desk or on the phone, and the pet they come with, in one step."""

from datetime import datetime

from portal.db import atomic
from portal.models import Animal, Client, Pet
from portal.rules import clients, pets
from portal.rules.actors import Actor


@atomic
def add(
    first_name: str,
    last_name: str,
    email: str,
    phone: str,
    *,
    pet: str,
    animal: Animal,
    by: Actor,
    at: datetime,
) -> tuple[Client, Pet]:
    """Both profiles or none. Raises clients.KnownAlready where the e-mail has a profile."""
    client = clients.add(first_name, last_name, email, phone, by=by, at=at)
    return client, pets.add(client, name=pet, animal=animal, by=by, at=at)
