"""What a file is, decided by its content; its name must agree."""

import re
from dataclasses import dataclass, replace
from typing import IO

from portal.gateways.files import foreign, names, office, text
from portal.gateways.files.foreign import Foreign
from portal.gateways.files.unacceptable import Unacceptable


@dataclass(frozen=True, slots=True)
class Kind:
    type: str
    words: str

    @property
    def endings(self) -> tuple[str, ...]:
        return names.ENDINGS[names.essence(self.type)]

    @property
    def is_picture(self) -> bool:
        return self.type.startswith("image/")


PDF = Kind("application/pdf", "a PDF")
JPEG = Kind("image/jpeg", "a JPEG picture")
PNG = Kind("image/png", "a PNG picture")
WEBP = Kind("image/webp", "a WebP picture")
GIF = Kind("image/gif", "a GIF picture")
HEIC = Kind("image/heic", "a HEIC picture")
DOC = Kind("application/msword", "a Word 97 document")
XLS = Kind("application/vnd.ms-excel", "an Excel 97 document")
DOCX = Kind(office.DOCX, "a Word document")
XLSX = Kind(office.XLSX, "an Excel document")
TXT = Kind("text/plain", "a text file")
CSV = Kind("text/csv", "a CSV table")
BY_ENDING = {
    ending: kind
    for kind in (PDF, JPEG, PNG, WEBP, GIF, HEIC, DOC, XLS, DOCX, XLSX, TXT, CSV)
    for ending in kind.endings
}

SIGNATURES = (
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*%PDF-\d"), PDF),
    (re.compile(rb"\xff\xd8\xff"), JPEG),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), PNG),
    (re.compile(rb"RIFF....WEBPVP8", re.DOTALL), WEBP),
    (re.compile(rb"GIF8[79]a"), GIF),
)
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}
ARCHIVE = b"PK\x03\x04"
COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def kind_of(file: IO[bytes], name: str) -> Kind:
    """What it is; Unacceptable when that is not taken, or when the name says something else.

    One picture under the name of another is taken, for browsers and chat apps save them so; it is renamed.
    """
    ending = names.ending(name)
    claimed = BY_ENDING.get(ending)
    kind = found(file, ending)
    if isinstance(kind, Foreign):
        raise Unacceptable(kind.refusal(claimed.words if claimed else None))
    if not ending or ending in kind.endings or (claimed and claimed.is_picture and kind.is_picture):
        return kind
    rename = f"Rename it to end in {kind.endings[0]}, and choose it again."
    if claimed:
        raise Unacceptable(f"This says it is {claimed.words}, but it is {kind.words}. {rename}")
    raise Unacceptable(f"This is {kind.words}, but its name ends in {ending}. {rename}")


def found(file: IO[bytes], ending: str) -> Kind | Foreign:
    file.seek(0)
    head = file.read(4096)
    for signature, kind in SIGNATURES:
        if signature.match(head):
            return complete(file) if kind is PDF else kind
    if is_heic(head):
        return HEIC
    if head.startswith(ARCHIVE):
        inside = office.in_archive(file)
        return {DOCX.type: DOCX, XLSX.type: XLSX}.get(inside) or foreign.ARCHIVES[inside]
    if head.startswith(COMPOUND_FILE):
        return compound_file(file, ending) or foreign.OTHER
    return written(file, ending) or foreign.by_head(head)


def complete(pdf: IO[bytes]) -> Kind:
    size = pdf.seek(0, 2)
    pdf.seek(max(0, size - 65_536))
    if b"%%EOF" not in pdf.read():
        raise Unacceptable("This PDF is damaged or incomplete. Open it, save it again, and choose the new file.")
    return PDF


def is_heic(head: bytes) -> bool:
    size = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12]} | {head[at : at + 4] for at in range(16, size - 3, 4)}
    return head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS | {b"mif1", b"msf1"} and bool(brands & HEIC_BRANDS)


def compound_file(file: IO[bytes], ending: str) -> Kind | None:
    file.seek(0)
    inside = office.in_compound_file(file.read())
    if "xls" in inside and (ending == ".xls" or "doc" not in inside):
        return XLS
    return DOC if "doc" in inside else None


def written(file: IO[bytes], ending: str) -> Kind | Foreign | None:
    """A text or a table; the type carries its encoding, since the bytes stay as they are."""
    encoding = text.encoding(file)
    if not encoding:
        return None
    if opening := text.markup(file, encoding):
        return foreign.by_markup(opening)
    if text.opening_bytes(file).startswith(b"{\\rtf"):
        return foreign.RTF
    kind = CSV if ending in CSV.endings else TXT
    return replace(kind, type=f"{kind.type}; charset={encoding}")
