"""What somebody has chosen in Book Now so far. All of it stands in the address, so that going back keeps it."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

ANY = 0  # no provider in particular; no more add-ons


@dataclass(frozen=True, slots=True)
class Chosen:
    """Each is called as its word in the address; rows are named by their ids."""

    service: int | None = None
    series: int | None = None
    location: int | None = None
    pet: tuple[int, ...] = ()
    add_on: tuple[int, ...] = ()  # ANY is in it as soon as they were asked
    provider: int | None = None
    session: int | None = None
    at: datetime | None = None
    day: tuple[date, ...] = ()
    first: date | None = None
    last: date | None = None

    def pairs(self, *without: str) -> list[tuple[str, str]]:
        """What a form carries on besides its own fields."""
        return [(name, word) for name in NAMES if name not in without for word in spelled(getattr(self, name))]

    def query(self, **changes: Any) -> str:
        """The address of the same with something else in it: step=… goes back to one step. Numbers, moments and steps
        are written in an address as they are."""
        told = {name: getattr(self, name) for name in NAMES} | changes
        return "&".join(f"{name}={word}" for name, value in told.items() for word in spelled(value))


NOTHING = Chosen()
NAMES = tuple(field.name for field in fields(Chosen))


def spelled(value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, tuple):
        return [word for one in value for word in spelled(one)]
    return [value.strftime("%Y-%m-%dT%H:%MZ") if isinstance(value, datetime) else str(value)]
