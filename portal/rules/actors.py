"""Who does something: passed to every verb, written into what it leaves behind."""

from dataclasses import dataclass
from typing import Any

from portal.models import Client, Member


@dataclass(frozen=True, slots=True)
class Actor:
    kind: str
    id: int | None
    name: str

    @property
    def signed(self) -> dict[str, Any]:
        """As a row says who did it."""
        return {"by_kind": self.kind, "by_id": self.id, "by_name": self.name}


SYSTEM = Actor("system", None, "Latchkey")


def as_client(client: Client) -> Actor:
    return Actor("client", client.id, client.name)


def as_member(member: Member) -> Actor:
    return Actor("member", member.id, member.name)
