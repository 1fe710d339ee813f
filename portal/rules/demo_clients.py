"""Demo clients: as whom members of staff try the portal, each as one of their own, with a pet."""

from datetime import datetime

from sqlalchemy import select

from portal.db import atomic, db, lock
from portal.models import Animal, Client, DemoClient, Member
from portal.rules import clients, pets
from portal.rules.actors import as_member
from portal.rules.refused import Refused


def of_member(member_id: int) -> Client | None:
    mine = select(Client).join(DemoClient, DemoClient.client_id == Client.id)
    return db.session.scalar(mine.where(DemoClient.member_id == member_id))


@atomic
def ready(member: Member, *, at: datetime) -> Client:
    """Theirs, made when it is first needed. Its name says what it is, wherever it turns up."""
    lock(member)
    return of_member(member.id) or make(member, at)


def make(member: Member, at: datetime) -> Client:
    animal = db.session.scalar(select(Animal).order_by(Animal.id).limit(1))
    if animal is None:
        raise Refused("There is no kind of animal yet, so no pet can be made.")
    first, _, last = member.name.partition(" ")
    client = clients.add(first, f"{last} (demo)".strip(), None, by=as_member(member), at=at)
    db.session.add(DemoClient(client_id=client.id, member_id=member.id))
    pets.add(client, name="Marble", animal=animal, by=as_member(member), at=at)
    return client
