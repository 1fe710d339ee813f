"""What is no table, by name, and how to get a table out of it."""

import re
from typing import IO

from portal.gateways.files import Unacceptable, foreign, kinds, names, text
from portal.gateways.tables import encodings

EXPORT = "Export the list as CSV from the program that it comes from, and choose that."
SHEET = "Open it in Excel, Numbers or LibreOffice, save it as “CSV UTF-8”, and choose the new file."
INSIDE = "Unpack it, and choose the CSV file inside it."
INSTEAD = {
    kinds.XLSX.words: SHEET,
    kinds.XLS.words: SHEET,
    foreign.OPEN_DOCUMENT.words: SHEET,
    foreign.PAGE.words: f"Some programs save such a page under the name of an Excel file. {SHEET}",
    foreign.ZIP.words: INSIDE,
    foreign.ARCHIVE.words: INSIDE,
}
CARDS = "This is a file of vCards, as address books make it. Export the contacts as CSV instead, and choose that."
JSON = f"This is a JSON file. {EXPORT}"
CALENDAR = f"This is a calendar. {EXPORT}"
TEXTS = (
    (re.compile(r"\s*BEGIN:VCARD", re.IGNORECASE), CARDS),
    (re.compile(r"\s*BEGIN:VCALENDAR", re.IGNORECASE), CALENDAR),
    (re.compile(r"\s*[\[{]\s*[\[{\"]"), JSON),
    (re.compile(r"\{\\rtf"), f"This is {foreign.RTF.words}. {EXPORT}"),
)
BINARY = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f]")


class NoTable(Exception):
    """The message tells what the file is instead, and what to do."""


def refuse_what_is_none(file: IO[bytes], name: str) -> None:
    head = encodings.opening(file)
    if not head.strip():
        raise NoTable(f"This file is empty. {EXPORT}")
    if is_binary(head):
        raise NoTable(called(file, name))
    encoding = encodings.found(file)
    opening = head.decode(encodings.codec(encoding, head), "ignore").removeprefix("\ufeff")
    for sign, words in TEXTS:
        if sign.match(opening):
            raise NoTable(words)
    if text.MARKUP.match(opening):
        what = foreign.by_markup(opening.lower()).words
        raise NoTable(f"This is {what}. {INSTEAD.get(what, EXPORT)}")


def is_binary(head: bytes) -> bool:
    """UTF-16 is full of noughts, in every other place."""
    if any(signature.match(head) for signature, _ in kinds.SIGNATURES):
        return True
    known = head.startswith((kinds.ARCHIVE, kinds.COMPOUND_FILE)) or kinds.is_heic(head)
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff")) or encodings.order(head)
    return known or (not wide and bool(BINARY.search(head)))


def called(file: IO[bytes], name: str) -> str:
    try:
        what = kinds.found(file, names.ending(name)).words
    except Unacceptable as no:
        return f"{no} Here only a CSV file can be read: {SHEET}"
    if what == foreign.OTHER.words:
        return f"This is no CSV file. {EXPORT}"
    return f"This is {what}. {INSTEAD.get(what, EXPORT)}"
