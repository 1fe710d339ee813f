"""Cells that a spreadsheet would take for a formula are made plain text, and plain text is brought back.

An apostrophe goes before what begins with = + - @, a tab or a return, as OWASP advises. Numbers and telephone numbers
stay as they are, -12.50 and +44 20 7946 0958: digits alone call nothing, and are wanted as they are written.
Where a spreadsheet cuts cells at semicolons, as it does in half of Europe, another cell begins after each of them.
"""

import re

SIGNS = r"'*[=+\-@\t\r\n＝＋－＠]"
BEGINS, BEGINS_LATER = re.compile(SIGNS), re.compile(rf"([;\t]\s*)(?={SIGNS})")
HARMLESS = re.compile(r"[+-]?\d[\d .,]*", re.ASCII)
DEFUSED, DEFUSED_LATER = re.compile(rf"'(?={SIGNS})"), re.compile(rf"([;\t]\s*)'(?={SIGNS})")


def defused(cell: str) -> str:
    later = BEGINS_LATER.sub(r"\1'", cell)
    return f"'{later}" if BEGINS.match(cell) and not HARMLESS.fullmatch(cell) else later


def restored(cell: str) -> str:
    return DEFUSED_LATER.sub(r"\1", cell[1:] if DEFUSED.match(cell) else cell)
