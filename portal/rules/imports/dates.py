"""Days as people write them."""

import re
from datetime import date, timedelta
from functools import cache

from babel.dates import get_month_names

from portal.rules.imports.choices import DateOrder
from portal.rules.imports.wrong import Wrong

SPOKEN = {
    DateOrder.DAY_FIRST: "day, month, year",
    DateOrder.MONTH_FIRST: "month, day, year",
    DateOrder.YEAR_FIRST: "year, month, day",
}
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt")
# Where most people write the month first, and where the year.
MONTH_FIRST = {"US", "PH", "FM", "MH", "PW", "PR", "GU", "AS", "VI", "MP", "UM"}
YEAR_FIRST = {"CN", "JP", "KR", "TW", "HU", "LT", "MN", "SE", "IR", "CA"}

NUMBERS = re.compile(r"(\d{1,4})[./\-\s]+(\d{1,2})[./\-\s]+(\d{1,4})\.?(?:[T ,]+\d.*)?", re.ASCII)
DAY_MONTH = re.compile(
    r"(?:[^\W\d_]+,?\s+)?(\d{1,2})(?:st|nd|rd|th|º|er)?[\s./\-]*(?:de\s+|of\s+)?([^\W\d_]+)[\s./\-,]*(?:de\s+)?(\d{2,4})"
)
MONTH_DAY = re.compile(r"(?:[^\W\d_]+,\s+)?([^\W\d_]+)[\s./\-]*(\d{1,2})(?:st|nd|rd|th)?[\s./\-,]+(\d{2,4})")
PRESSED = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
# A cell of a spreadsheet that lost its looks: days since the last day but one of 1899.
SERIAL = re.compile(r"[2-6]\d{4}(?:\.\d+)?", re.ASCII)
ZERO = date(1899, 12, 30)


def day(cell: str, order: DateOrder, today: date) -> date:
    parts = numbers(cell, order)
    if parts is None and SERIAL.fullmatch(cell):
        return ZERO + timedelta(days=int(float(cell)))
    if parts is None:
        raise Wrong(f"This is no date that can be read as {SPOKEN[order]}.")
    year, month, number = parts
    try:
        return date(in_full(year, today), month, number)
    except ValueError:
        raise Wrong(f"There is no such day, when read as {SPOKEN[order]}.") from None


def numbers(cell: str, order: DateOrder) -> tuple[int, int, int] | None:
    """Year, month and day; a year of four digits and a month in letters need no order."""
    if found := PRESSED.fullmatch(cell):
        return int(found[1]), int(found[2]), int(found[3])
    if found := NUMBERS.fullmatch(cell):
        first, second, third = int(found[1]), int(found[2]), int(found[3])
        if len(found[1]) > 2 or (order == DateOrder.YEAR_FIRST and len(found[3]) < 3):
            return first, second, third
        return (third, first, second) if order == DateOrder.MONTH_FIRST else (third, second, first)
    if (found := DAY_MONTH.fullmatch(cell)) and (day_first := with_month(found[3], found[2], found[1])):
        return day_first
    found = MONTH_DAY.fullmatch(cell)
    return with_month(found[3], found[1], found[2]) if found else None


def with_month(year: str, month: str, number: str) -> tuple[int, int, int] | None:
    place = months().get(month.casefold().rstrip("."))
    return (int(year), place, int(number)) if place else None


def in_full(year: int, today: date) -> int:
    """Of two digits: within the next twenty years, or before."""
    if year >= 100:
        return year
    century = today.year // 100 * 100
    return century + year if century + year <= today.year + 20 else century - 100 + year


@cache
def months() -> dict[str, int]:
    return {
        name.casefold().rstrip("."): place
        for language in LANGUAGES
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
        for place, name in get_month_names(width, context, language).items()
    } | {"sept": 9}


def usual(country: str) -> DateOrder:
    if country in MONTH_FIRST:
        return DateOrder.MONTH_FIRST
    return DateOrder.YEAR_FIRST if country in YEAR_FIRST else DateOrder.DAY_FIRST


def order(cells: list[str], country: str) -> DateOrder:
    """Told by the days after the twelfth; where none are, what is usual there."""
    day_first = month_first = year_first = 0
    for cell in cells:
        if found := NUMBERS.fullmatch(cell.strip()):
            if len(found[1]) > 2:
                year_first += 1
            else:
                day_first += int(found[1]) > 12
                month_first += int(found[2]) > 12
    if day_first or month_first:
        return DateOrder.DAY_FIRST if day_first >= month_first else DateOrder.MONTH_FIRST
    return DateOrder.YEAR_FIRST if year_first else usual(country)
