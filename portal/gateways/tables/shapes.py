"""How a table is written: what stands between its cells, and the cells themselves, row by row."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO, TextIOWrapper
from itertools import islice
from typing import IO

from portal.gateways.tables import encodings

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
HEAD = 256 * 1024
LOOKED_AT = 200
# Excel is told so in a first line of its own what stands between the cells.
TOLD = re.compile(r"\ufeff?\"?sep=([,;|\t])\"?\r?\n?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shape:
    encoding: str
    delimiter: str


NEVER_CLOSED = "A quotation mark opens a cell here and never closes it, so nothing after it can be read."
STRAY = "A quotation mark stands inside a cell in quotation marks. Write it twice, or take it out."
ENDLESS = "This row is too long to be one of a list of clients. Look at it in the file."
# As wide as a sheet can be, with room for what people write into the cells that they use.
MOST_CELLS, LONGEST_ROW = 16_384, 1_000_000
MOST_ROWS = 250_000
MANY = f"A list of more than {MOST_ROWS:,} rows is not taken. Bring it in in parts."


class Unreadable(Exception):
    """From here on the table cannot be read; `row` says where."""

    def __init__(self, row: int, words: str) -> None:
        super().__init__(words)
        self.row = row


def shape(file: IO[bytes]) -> Shape:
    name = encoding(file)
    return Shape(name, delimiter(file, name))


def encoding(file: IO[bytes]) -> str:
    return encodings.found(file)


def delimiter(file: IO[bytes], encoding: str) -> str:
    """What cuts the first rows into the most cells, and all of them into as many."""
    text = head(file, encoding)
    if told := TOLD.match(text):
        return told[1]
    return max(DELIMITERS.values(), key=lambda mark: evenness(text, mark))


def evenness(text: str, mark: str) -> float:
    try:
        filled = [len(row) for row in islice(csv.reader(StringIO(text, newline=""), delimiter=mark), LOOKED_AT) if row]
    except csv.Error:
        return 0
    if not filled:
        return 0
    cells, times = max(Counter(filled).items(), key=lambda pair: (pair[1], pair[0]))
    return times / len(filled) * (1 + min(cells, 40) / 40) if cells > 1 else 0


def head(file: IO[bytes], encoding: str) -> str:
    """The first whole lines."""
    file.seek(0)
    start = file.read(HEAD)
    text = start.decode(encodings.codec(encoding, start), "replace")
    whole, line_end, _ = text.rpartition("\n")
    return whole + line_end if len(start) == HEAD and whole else text


def rows(file: IO[bytes], shape: Shape) -> Iterator[tuple[int, list[str]]]:
    """Numbered as a spreadsheet numbers them, which counts empty ones. Letters that cannot be read come as U+FFFD."""
    start = encodings.opening(file)
    file.seek(0)
    text = TextIOWrapper(file, encodings.codec(shape.encoding, start), "replace", newline="")
    try:
        yield from numbered(text, shape.delimiter)
    finally:
        text.detach()


def numbered(text: TextIOWrapper, mark: str) -> Iterator[tuple[int, list[str]]]:
    number, room = 0, LONGEST_ROW

    def lines() -> Iterator[str]:
        nonlocal room
        while line := text.readline(room + 1):
            room -= len(line)
            if room < 0:
                raise Unreadable(number + 1, ENDLESS)
            yield line

    try:
        for number, cells in enumerate(csv.reader(lines(), delimiter=mark, strict=True), 1):
            room = LONGEST_ROW
            if number > MOST_ROWS or len(cells) > MOST_CELLS:
                raise Unreadable(number, MANY if number > MOST_ROWS else ENDLESS)
            if number == 1 and cells and TOLD.fullmatch(mark.join(cells)):
                continue
            yield number, cells
    except csv.Error as error:
        open_end = "end of data" in str(error) or "limit" in str(error)
        raise Unreadable(number + 1, NEVER_CLOSED if open_end else STRAY) from None
