"""Second thoughts: for how long staff can take back what they removed."""

from datetime import datetime, timedelta

from portal.rules.bookings import UNDO_STAFF as UNDO
from portal.rules.refused import Refused

__all__ = ["UNDO", "must_be_in_time", "seconds_left"]


def seconds_left(since: datetime | None, at: datetime, time: timedelta = UNDO) -> int:
    """Whole seconds until that time is over, begun ones counted; 0 where it never began."""
    return max(0, -(-(since + time - at) // timedelta(seconds=1))) if since else 0


def must_be_in_time(since: datetime, at: datetime, instead: str) -> None:
    if at > since + UNDO:
        raise Refused(f"The time to undo is over. {instead}")
