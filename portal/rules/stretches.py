"""Stretches of an index: whoever is there in a time is found in one of them for each length that a booking may have."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Integer, bindparam, literal_column, select, union_all

from portal.db import NONE, Instant
from portal.models import Booking
from portal.models.lengths import LENGTHS

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
ALL = range(len(LENGTHS) + 1)


def stretches(name: str) -> Any:
    """The lengths, and when whatever has begun before the end of a time is over at the latest."""
    ends = [bindparam(f"{name}_{length}", type_=Instant) for length in ALL]
    rows = [
        select(literal_column(str(length), Integer).label("length"), ends[length].label("ends_before"))
        for length in ALL
    ]
    return union_all(*rows).cte(name)


def stretched(name: str, until: datetime) -> dict[str, datetime]:
    """By hours that pass. By those of a clock that is set forward meanwhile, an hour would be missing."""
    until = until.astimezone(UTC)
    return {f"{name}_{length}": until + LENGTHS[length] if length < len(LENGTHS) else NEVER for length in ALL}


def there(table: Any, since: Any, until: Any) -> tuple[Any, ...]:
    """Begun before the end of a time, and not over before it began."""
    return (
        Booking.length == table.c.length,
        Booking.ends_at >= since,
        Booking.ends_at < table.c.ends_before,
        Booking.starts_at < until,
    )


# Written out, so that the database sees the condition of the partial index in it.
LASTS_LONG = Booking.length > NONE
OF_ANY_LENGTH = Booking.length.in_([literal_column(str(length), Integer) for length in ALL])
