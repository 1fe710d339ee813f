"""What a file is called: to the person who chose it, and to the browser that saves it."""

import re
import unicodedata
from urllib.parse import quote

from portal.composed import composed
from portal.gateways.files.office import DOCX, XLSX

LONGEST = 120
ENDINGS = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "image/gif": (".gif",),
    "image/heic": (".heic", ".heif"),
    "application/msword": (".doc",),
    "application/vnd.ms-excel": (".xls",),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
    "text/plain": (".txt",),
    "text/csv": (".csv",),
}
ACCEPTED = {ending for endings in ENDINGS.values() for ending in endings}
ENDING = re.compile(r"\.(?=[0-9]*[a-z])[a-z0-9]{1,8}$", re.IGNORECASE)

# Joiners stay, since emoji and several scripts are written with them; what turns the direction of reading does not.
DIRECTION = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
INVISIBLE = re.compile(f"[{DIRECTION}\u200b\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
DANGLING = "\u200c\u200d\ufe0e\ufe0f"


def ending(name: str) -> str:
    """The lower-case ending with its dot, or nothing: in "Rabies 3.2" the dot ends no name."""
    found = ENDING.search(plain(name))
    return found[0].lower() if found else ""


def clean_name(name: str, type: str) -> str:
    """The name as typed, without folders or anything unseen, short enough, and ending in what the file is."""
    endings = ENDINGS[essence(type)]
    stem, last = plain(name), ending(name)
    if last in ACCEPTED:
        stem = stem[: -len(last)]
    last = last if last in endings else endings[0]
    stem = stem[: LONGEST - len(last)].strip(" ." + DANGLING)
    return (stem or "document") + last


def disposition(name: str, inline: bool) -> str:
    """The Content-Disposition of RFC 6266: the name for every browser, and a plainer one for the oldest."""
    name = plain(name) or "document"
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plainer = re.sub(r'["\\%/:*?<>|]', "_", letters).strip()
    if plainer.startswith(".") or not plainer:
        plainer = "document" + plainer
    way = "inline" if inline else "attachment"
    return f"{way}; filename=\"{plainer}\"; filename*=UTF-8''{quote(name, safe='!#$&+^`|')}"


def essence(type: str) -> str:
    return type.partition(";")[0]


def plain(name: str) -> str:
    """One line in composed form, of the last part of a path."""
    last = re.split(r"[/\\]", name.rstrip("/\\"))[-1]
    seen = "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in INVISIBLE.sub("", last))
    return " ".join(composed(seen).split()).rstrip(" .")
