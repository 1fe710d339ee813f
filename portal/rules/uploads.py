"""Uploads: several files at once, of which each is taken, or not, by itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO, Generic, TypeVar

from portal.gateways.files import Unacceptable
from portal.rules.refused import Refused
from portal.rules.shelves import kind

D = TypeVar("D")


@dataclass(slots=True)
class Outcome(Generic[D]):
    """What became of one file that was sent: a document, or why not."""

    name: str
    document: D | None = None
    why: str = ""

    @property
    def kind(self) -> str:
        return kind(self.name)


def each(sent: Sequence[tuple[str, IO[bytes]]], keep: Callable[[IO[bytes], str], D]) -> list[Outcome[D]]:
    """One that is not taken says why, and the others go through."""
    return [outcome(name, stream, keep) for name, stream in sent]


def outcome(name: str, stream: IO[bytes], keep: Callable[[IO[bytes], str], D]) -> Outcome[D]:
    try:
        return Outcome(name, keep(stream, name))
    except (Unacceptable, Refused) as no:
        return Outcome(name, why=str(no))
