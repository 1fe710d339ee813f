"""Cells that a spreadsheet would take for a formula are made plain text, and plain text is brought back.

An apostrophe goes before what begins with = + - @, a tab or a return, as OWASP advises. Numbers and telephone numbers
stay as they are, -12.50 and +44 20 7946 0958: digits alone call nothing, and are wanted as they are written.
"""

import re

BEGINS = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
HARMLESS = re.compile(r"[+-]?\d[\d .,]*", re.ASCII)
DEFUSED = re.compile(r"'(?='*[=+\-@\t\r\n＝＋－＠])")


def defused(cell: str) -> str:
    return f"'{cell}" if BEGINS.match(cell) and not HARMLESS.fullmatch(cell) else cell


def restored(cell: str) -> str:
    return cell[1:] if DEFUSED.match(cell) else cell
