"""What a cell says: an address, a number, a name, a kind of animal."""

import re
import unicodedata
from datetime import date

from email_validator import EmailNotValidError, validate_email

from portal import phones
from portal.composed import composed
from portal.gateways.tables import restored
from portal.models import Gender
from portal.rules.clients import folded
from portal.rules.imports.choices import DateOrder
from portal.rules.imports.dates import day
from portal.rules.imports.fields import LONGEST
from portal.rules.imports.wrong import Wrong

OLDEST = 60
FIRST_YEAR, LAST_YEAR = 1990, 2100
UNREADABLE = "Some letters here cannot be read. Choose another encoding, or mend the cell."
# Google puts this between several values in one cell.
BETWEEN = re.compile(r"\s*:::\s*|\s*[;,|\n]\s*|\s+/\s+")
ADDRESS = re.compile(r"<([^<>]+@[^<>]+)>")
FEMALE = {
    "f",
    "female",
    "girl",
    "fs",
    "sf",
    "spayed",
    "spayed female",
    "female spayed",
    "w",
    "weiblich",
    "hündin",
    "femelle",
    "hembra",
    "vrouwelijk",
    "teef",
    "mare",
    "bitch",
    "female neutered",
    "female fixed",
    "female intact",
}
MALE = {
    "m",
    "male",
    "boy",
    "mn",
    "nm",
    "mc",
    "neutered",
    "neutered male",
    "male neutered",
    "castrated male",
    "männlich",
    "rüde",
    "mâle",
    "macho",
    "mannelijk",
    "reu",
    "gelding",
    "stallion",
    "male fixed",
    "male intact",
    "h",
}
UNKNOWN = {"", "u", "unknown", "not known", "n/a", "na", "-", "?", "other", "unbekannt"}


def plain(cell: str) -> str:
    """As it was meant: without what made it safe, composed, trimmed."""
    if not cell:
        return ""
    return composed(restored(cell)).replace("\r\n", "\n").replace("\r", "\n").strip()


def words(cell: str, field: str, joint: str = " ") -> str:
    """One line that fits its place."""
    text = joint.join(" ".join(line.split()) for line in cell.split("\n") if line.strip())
    return fitting(text, field)


def fitting(text: str, field: str) -> str:
    if "\ufffd" in text:
        raise Wrong(UNREADABLE)
    if len(text) > LONGEST[field]:
        raise Wrong(f"This is too long: at most {LONGEST[field]:,} characters fit.")
    if not text.isprintable() and any(
        unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in text
    ):
        raise Wrong("This holds a character that cannot be shown. Type it anew.")
    return text


def email(cell: str) -> str:
    """The first of several; out of “Rosa <rosa@example.com>” only the address."""
    inside = ADDRESS.search(cell)
    first = inside[1] if inside else BETWEEN.split(cell.removeprefix("mailto:"))[0]
    address = fitting(first.strip(), "email")
    try:
        validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        raise Wrong("This is no e-mail address. It looks like name@example.com.") from None
    return folded(address)


def phone(cell: str, country: str) -> tuple[str, bool]:
    """As it is kept, and whether it can be called; what is no number stays as it is written."""
    first = cell.split(":::")[0].strip().removesuffix(".0")
    number = phones.kept(first, country) or (phones.kept(f"+{first[2:]}", country) if first.startswith("00") else None)
    if number is None:
        for part in BETWEEN.split(cell):
            number = number or phones.kept(part, country)
    return (number, True) if number else (words(first, "phone"), False)


def name(cell: str) -> tuple[str, str]:
    """First and last: “Delgado, Rosa” and “Rosa Maria Delgado”."""
    whole = words(cell, "street")
    last, comma, first = whole.partition(",")
    if not (comma and first.strip()):
        first, _, last = whole.rpartition(" ")
    if not first:
        first, last = last, ""
    return fitting(first.strip(), "first_name"), fitting(last.strip(), "last_name")


def gender(cell: str) -> Gender:
    said = " ".join(re.sub(r"[\W_]+", " ", cell).casefold().split())
    if said in FEMALE:
        return Gender.FEMALE
    if said in MALE:
        return Gender.MALE
    if said in UNKNOWN or not said:
        return Gender.UNKNOWN
    raise Wrong("This is no gender that is known here. Write female, male or unknown.")


def birthday(cell: str, order: DateOrder, today: date) -> date:
    found = day(cell, order, today)
    if found > today:
        raise Wrong("This birthday is in the future. Look at the year.")
    if found.year < today.year - OLDEST:
        raise Wrong(f"This birthday is more than {OLDEST} years ago. Look at the year.")
    return found


def expiry(cell: str, order: DateOrder, today: date) -> date:
    found = day(cell, order, today)
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Wrong("No vaccine runs out in this year. Look at the year.")
    return found
