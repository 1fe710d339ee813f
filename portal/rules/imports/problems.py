"""What is wrong with a list, by row and column, with the cell."""

from dataclasses import asdict, dataclass, field
from typing import Any

MOST = 500
LONGEST_CELL = 120


@dataclass(frozen=True, slots=True)
class Problem:
    """`stops`: with it nothing is brought in. The others only say what will be done about the cell."""

    row: int
    column: str
    cell: str
    words: str
    stops: bool = True


@dataclass(slots=True)
class Problems:
    """The first of each kind are kept whole, all are counted."""

    stopping: int = 0
    passing: int = 0
    kept: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)

    def add(self, row: int, column: str, cell: str, words: str, *, stops: bool = True) -> None:
        shown = cell if len(cell) <= LONGEST_CELL else cell[:LONGEST_CELL] + "…"
        shelf = self.kept if stops else self.remarks
        if len(shelf) < MOST:
            shelf.append(Problem(row, column, shown, words, stops))
        self.stopping += stops
        self.passing += not stops

    def told(self) -> dict[str, Any]:
        return asdict(self)
