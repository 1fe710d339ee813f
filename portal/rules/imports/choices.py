"""What staff choose about a list before it is brought in."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from portal.gateways.tables import Shape


class DateOrder(StrEnum):
    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"
    YEAR_FIRST = "ymd"


class Duplicates(StrEnum):
    """What becomes of a row whose e-mail a client has already."""

    REPORT = "report"
    SKIP = "skip"
    UPDATE = "update"


class WithoutEmail(StrEnum):
    PROBLEM = "problem"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Choices:
    """`header` is the row of the headers, 0 where there are none; `columns` holds a key of `fields` for each."""

    encoding: str = "utf-8"
    delimiter: str = ","
    header: int = 1
    dates: DateOrder = DateOrder.DAY_FIRST
    country: str = "US"
    animal_id: int = 0
    pets: int = 1
    split: bool = True
    duplicates: Duplicates = Duplicates.REPORT
    without_email: WithoutEmail = WithoutEmail.PROBLEM
    columns: list[str] = field(default_factory=list)

    @property
    def shape(self) -> Shape:
        return Shape(self.encoding, self.delimiter)

    @property
    def cut(self) -> tuple[str, str, int]:
        """What decides which columns there are."""
        return self.encoding, self.delimiter, self.header

    def kept(self) -> dict[str, Any]:
        return asdict(self)


def chosen(kept: dict[str, Any]) -> Choices:
    words = {
        "dates": DateOrder(kept["dates"]),
        "duplicates": Duplicates(kept["duplicates"]),
        "without_email": WithoutEmail(kept["without_email"]),
    }
    return Choices(**{**kept, **words})
