"""Who is there in a time is looked for by how long they may have been there."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from portal.models.lengths import LENGTHS
from portal.rules.stretches import stretched


def test_a_length_is_as_many_hours_when_the_clock_is_set_forward_meanwhile() -> None:
    until = datetime(2027, 3, 13, tzinfo=ZoneInfo("America/New_York"))
    ends = stretched("over", until)
    assert [ends[f"over_{number}"] - until.astimezone(UTC) for number in range(len(LENGTHS))] == [*LENGTHS]
