"""Who does something: passed to every verb, written into what it leaves behind."""

from dataclasses import dataclass

from portal.models import Client, Member


@dataclass(frozen=True, slots=True)
class Actor:
    kind: str
    id: int | None
    name: str


SYSTEM = Actor("system", None, "Latchkey")


def as_client(client: Client) -> Actor:
    return Actor("client", client.id, client.name)


def as_member(member: Member) -> Actor:
    return Actor("member", member.id, member.name)
