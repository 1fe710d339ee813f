"""The results as a Markdown table, what is over budget in bold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from bench.pages import PAGES as CLIENT_PAGES
from bench.pages import Page
from bench.times import Times
from bench.weight import Weight

README = Path("README.md")
BEGIN, END = "<!-- bench: {room} -->\n", "<!-- /bench: {room} -->"
FIRST = CLIENT_PAGES[0].name
KILO = 1024


@dataclass
class Result:
    """Of one page; what was not measured is None."""

    page: Page
    sqlite: Times | None = None
    postgres: Times | None = None
    instructions: float | None = None
    bare_instructions: float | None = None
    weight: Weight | None = None
    small: Times | None = None
    large: Times | None = None


class Column(NamedTuple):
    """How a figure is found and written, and the most that a page and a swap may have.

    It may be meant for `only` one page, or for those that read: with what is written go letters, notices and history.
    """

    title: str
    figure: Callable[[Result], float | None]
    pattern: str
    page_budget: float | None = None
    swap_budget: float | None = None
    only: str = ""
    reading: bool = False
    desk_budget: float | None = None
    own: str = ""  # the page's own limit, where it has one

    def budget(self, page: Page) -> float | None:
        if (self.only and self.only != page.name) or (self.reading and page.writes):
            return None
        return self.most(page)

    def most(self, page: Page) -> float | None:
        if self.own and (limit := getattr(page, self.own)) is not None:
            return float(limit)
        if page.desk and self.desk_budget:
            return self.desk_budget
        return self.swap_budget if page.swap else self.page_budget

    def over(self, result: Result) -> bool:
        figure, most = self.figure(result), self.budget(result.page)
        return figure is not None and most is not None and round(figure, 2) > most

    def cell(self, result: Result) -> str:
        figure = self.figure(result)
        if figure is None:
            return "–"
        text = self.pattern.format(figure)
        return f"**{text}**" if self.over(result) else text


def times(side: str, figure: str, unit: float = 1) -> Callable[[Result], float | None]:
    def find(result: Result) -> float | None:
        found = getattr(result, side)
        return getattr(found, figure) / unit if found else None

    return find


def millions(result: Result) -> float | None:
    return result.instructions / 1e6 if result.instructions else None


def times_bare(result: Result) -> float | None:
    if result.instructions is None or result.bare_instructions is None:
        return None
    return result.instructions / result.bare_instructions


def growth(figure: str) -> Callable[[Result], float | None]:
    def find(result: Result) -> float | None:
        if result.small is None or result.large is None:
            return None
        before, after = getattr(result.small, figure), getattr(result.large, figure)
        return after / before if before else None

    return find


COLUMNS = [
    Column("queries", times("sqlite", "queries"), "{:.0f}", 3, 2, reading=True, desk_budget=4, own="queries"),
    Column("instructions, millions", millions, "{:.1f}", 14.4, 12.5, reading=True),
    Column("× bare Flask", times_bare, "{:.0f}", 42, 38, reading=True),
    Column("processor × bare, SQLite", times("sqlite", "ratio"), "{:.0f}", 45, 38, reading=True),
    Column("PostgreSQL", times("postgres", "ratio"), "{:.0f}", 48, 41, reading=True),
    Column("HTML KB", times("sqlite", "plain", KILO), "{:.1f}", 24, 20),
    Column("gzip", times("sqlite", "compressed", KILO), "{:.1f}", 4, 3),
    Column("first visit KB", times("weight", "first", KILO), "{:.1f}", 45, only=FIRST),
    Column("requests", times("weight", "requests"), "{:.0f}", 8, only=FIRST),
    Column("next visit KB", times("weight", "again", KILO), "{:.1f}", 8),
    Column("growth of the query", growth("query_ratio"), "{:.2f}", 1.3, 1.3, reading=True),
    Column("of the page", growth("ratio"), "{:.2f}", 1.3, 1.3, reading=True),
]


def markdown(results: Mapping[str, Result]) -> str:
    shown = [column for column in COLUMNS if any(column.figure(result) is not None for result in results.values())]
    head = ["page", *(column.title for column in shown)]
    rows = [[result.page.name, *(column.cell(result) for column in shown)] for result in results.values()]
    for words, kind in (("budget of a page", False), ("budget of a swap that reads", True)):
        example = Page("", (), swap=kind, desk=next(iter(results.values())).page.desk)
        rows.append([f"*{words}*", *(limit(column, column.most(example)) for column in shown)])
    lines = [head, ["---", *("---:" for _ in shown)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def limit(column: Column, most: float | None) -> str:
    return "" if most is None else f"≤ {column.pattern.format(most)}"


def over_budget(results: Mapping[str, Result]) -> list[str]:
    return [
        f"{result.page.name}: {column.title} {column.cell(result)}, budget {column.budget(result.page)}"
        for result in results.values()
        for column in COLUMNS
        if column.over(result)
    ]


def write(room: str, text: str) -> None:
    """The table of one room, in its place; that of the other stays as it is."""
    first, last = BEGIN.format(room=room), END.format(room=room)
    before, begin, rest = README.read_text().partition(first)
    _, end, after = rest.partition(last)
    if not begin or not end:
        raise SystemExit(f"{README} has no lines {first.strip()} and {last} to put the table between.")
    README.write_text(f"{before}{first}{text}\n{last}{after}")
