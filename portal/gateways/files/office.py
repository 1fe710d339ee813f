"""What lies in a Word or Excel file, old or new, without opening the document itself."""

import re
import zlib
from typing import IO
from zipfile import BadZipFile, ZipFile

from portal.gateways.files.unacceptable import Unacceptable

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAIN_PARTS = {f"{DOCX}.main+xml": DOCX, f"{XLSX}.main+xml": XLSX}
CONTENTS = "[Content_Types].xml"
CONTENT_TYPE = re.compile(rb"""ContentType\s*=\s*["']([^"']+)""")
ACTIVE = re.compile(r"vbaproject|macroenabled|macrosheets?/|activex|ms-excel\.(?:intl)?macrosheet", re.IGNORECASE)
LARGEST_INDEX = 1024 * 1024
END, SECOND_END, FARTHEST = b"PK\x05\x06", b"PK\x06\x07", 65_558

MACROS = "Office documents with macros are not accepted. Save it without macros, or as a PDF, and choose that."
LOCKED = "This document is locked with a password. Save it without the password, and choose that."


def in_archive(file: IO[bytes]) -> str:
    """DOCX, XLSX, or what else the archive is: presentation, opendocument, zip."""
    if index_size(file) > LARGEST_INDEX:
        return "zip"
    try:
        with ZipFile(file) as archive:
            names = archive.namelist()
            types = content_types(archive) if CONTENTS in names else set()
    except (BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, OSError, zlib.error):
        return "zip"
    if types and any(ACTIVE.search(word) for word in (*names, *types)):
        raise Unacceptable(MACROS)
    for main_part, type in MAIN_PARTS.items():
        if main_part in types:
            return type
    if any(name.startswith("ppt/") for name in names):
        return "presentation"
    return "opendocument" if "META-INF/manifest.xml" in names and "mimetype" in names else "zip"


def index_size(file: IO[bytes]) -> int:
    """The index is read into memory whole, so its size is asked before; found where the reader will find it.

    Where a second end stands before the end, for archives of more than 4 GB, the reader believes that one.
    """
    size = file.seek(0, 2)
    file.seek(max(0, size - FARTHEST - len(END) * 5))
    tail = file.read()
    end = tail.rfind(END, 0, len(tail) - 18)
    if end < 0:
        return 0
    told = int.from_bytes(tail[end + 12 : end + 16], "little")
    return size if tail[max(0, end - 20) : end].startswith(SECOND_END) else told


def content_types(archive: ZipFile) -> set[str]:
    if archive.getinfo(CONTENTS).file_size > LARGEST_INDEX:
        return set()
    return {found.decode(errors="replace") for found in CONTENT_TYPE.findall(archive.read(CONTENTS))}


def in_compound_file(data: bytes) -> set[str]:
    """Which of "doc" and "xls" a file of the years before 2007 holds: the one may be embedded in the other."""
    names = entry_names(data)
    if any(name.startswith("_VBA_PROJECT") for name in names):
        raise Unacceptable(MACROS)
    if "EncryptedPackage" in names:
        raise Unacceptable(LOCKED)
    found = {"doc"} if "WordDocument" in names else set()
    return found | ({"xls"} if names & {"Workbook", "Book"} else set())


def entry_names(data: bytes) -> set[str]:
    """Every 128 bytes that read as an entry of a directory, wherever they lie: nothing hides outside the chain."""
    names = set()
    for at in range(512, len(data) - 127, 128):
        length = data[at + 64] + 256 * data[at + 65]
        if 2 < length <= 64 and data[at + 66] in (1, 2, 5):
            names.add(data[at : at + length - 2].decode("utf-16-le", errors="replace"))
    return names
