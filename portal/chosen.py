"""What somebody has chosen in Book Now so far. All of it stands in the address, so that going back keeps it."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

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
        names = [field.name for field in fields(self) if field.name not in without]
        return [(name, word) for name in names for word in spelled(getattr(self, name))]

    def query(self, **changes: Any) -> str:
        """The address of the same with something else in it: step=… goes back to one step."""
        own = {field.name for field in fields(self)}
        changed = replace(self, **{name: value for name, value in changes.items() if name in own})
        more = [(name, str(value)) for name, value in changes.items() if name not in own]
        return urlencode([*changed.pairs(), *more], safe=":")


def spelled(value: Any) -> list[str]:
    if isinstance(value, tuple):
        return [word for one in value for word in spelled(one)]
    if isinstance(value, datetime):
        return [value.strftime("%Y-%m-%dT%H:%MZ")]
    return [] if value is None else [str(value)]
