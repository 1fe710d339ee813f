"""Is it text, in which encoding, and is it really markup?"""

import codecs
import re
from typing import IO

PIECE = 1024 * 1024
NOT_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
MARKUP = re.compile(r"^\s*<(?:[a-z!?/])|<(?:html|head|body|script|iframe|svg)\b", re.IGNORECASE)


def encoding(file: IO[bytes]) -> str | None:
    """The name of the encoding in which all of it reads as text, or None."""
    start = opening_bytes(file)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16" if reads(file, "utf-16") else None
    if reads(file, "utf-8"):
        return "utf-8"
    return "windows-1252" if reads(file, "windows-1252") else None


def markup(file: IO[bytes], encoding: str) -> str:
    """The opening, in lower case, of what a browser would take for a page or a drawing; else nothing."""
    opening = opening_bytes(file).decode(encoding, errors="ignore").removeprefix("\ufeff")
    return opening.lower() if MARKUP.search(opening) else ""


def opening_bytes(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read(1024)


def reads(file: IO[bytes], encoding: str) -> bool:
    decode = codecs.getincrementaldecoder(encoding)().decode
    file.seek(0)
    try:
        while piece := file.read(PIECE):
            if NOT_TEXT.search(decode(piece)):
                return False
        return not decode(b"", True)
    except UnicodeDecodeError:
        return False
