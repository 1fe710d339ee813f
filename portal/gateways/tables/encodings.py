"""In which encoding a table was saved."""

import codecs
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import IO

from charset_normalizer import from_bytes

PIECE = 1024 * 1024
ENCODINGS = {"utf-8": "UTF-8", "utf-16": "UTF-16", "windows-1252": "Windows-1252", "mac-roman": "Mac Roman"}
MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
PLAIN = bytes({*range(0x20, 0x7F), *b"\t\n\r\f"})
MOST_LINES, LONGEST_LINE = 1_000, 500


def found(file: IO[bytes]) -> str:
    """By its mark; else whatever reads: a few broken letters do not make another encoding of UTF-8."""
    head = opening(file)
    for mark, encoding in MARKS.items():
        if head.startswith(mark):
            return encoding
    if order(head):
        return "utf-16"
    good, broken = letters(file)
    if broken * 10 <= good:
        return "utf-8"
    return eight_bit(file)


def codec(encoding: str, head: bytes) -> str:
    """What Python calls it; UTF-16 without a mark by the place of its noughts."""
    if encoding == "utf-8":
        return "utf-8-sig"
    if encoding == "utf-16" and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return order(head) or "utf-16-le"
    return {"windows-1252": "cp1252", "mac-roman": "mac_roman"}.get(encoding, encoding)


def order(head: bytes) -> str:
    """Blanks and digits and commas have a nought beside them, whatever the language."""
    pairs = len(head) // 2
    first, second = head[::2].count(0) * 8 > pairs, head[1::2].count(0) * 8 > pairs
    if first == second:
        return ""
    return "utf-16-be" if first else "utf-16-le"


def letters(file: IO[bytes]) -> tuple[int, int]:
    """How many letters beyond ASCII read as UTF-8, and how many do not."""
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode
    good = broken = 0
    for piece in pieces(file):
        if not piece.isascii():
            text = decode(piece)
            wrong = text.count("\ufffd")
            broken += wrong
            good += len(text) - len(text.encode("ascii", "ignore")) - wrong
    return good, broken


def eight_bit(file: IO[bytes]) -> str:
    """Windows or an old Mac: looked at where it makes a difference."""
    file.seek(0)
    lines = iter(partial(file.readline, LONGEST_LINE), b"")
    telling = b"".join(islice((line for line in lines if line.translate(None, PLAIN)), MOST_LINES))
    best = from_bytes(telling, cp_isolation=["cp1252", "mac_roman"]).best()
    return "mac-roman" if best and best.encoding == "mac_roman" else "windows-1252"


def opening(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read(4096)


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(PIECE):
        yield piece
