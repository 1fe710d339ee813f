"""Where a booking is to go, as the address says it."""

from datetime import date, datetime
from typing import NamedTuple
from urllib.parse import urlencode

from portal.inputs import asked, id_of
from portal.inputs.book import day_of, moment_of


class Chosen(NamedTuple):
    """What cannot be read counts as not chosen."""

    session_id: int
    starts_at: datetime | None
    day: date | None
    last: date | None

    @property
    def words(self) -> str:
        """The same as it stands in an address."""
        told = {"session": self.session_id, "day": self.day, "last": self.last}
        known = {name: str(value) for name, value in told.items() if value}
        return urlencode(known | ({"at": f"{self.starts_at:%Y-%m-%dT%H:%MZ}"} if self.starts_at else {}), safe=":")


def chosen() -> Chosen | None:
    told = Chosen(id_of(asked("session")), moment_of(asked("at")), day_of(asked("day")), day_of(asked("last")))
    return told if any(told) else None


def since(otherwise: date, last: date) -> date:
    """From which day on times are looked at."""
    return min(max(day_of(asked("since")) or otherwise, otherwise), last)
