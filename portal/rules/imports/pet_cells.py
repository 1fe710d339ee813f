"""Pets in a cell: one or several, and what belongs to each of them."""

import re

from portal.rules.imports.wrong import Wrong
from portal.wording import counted

# Not within brackets: Bella (dog, Labrador) & Max
SEVERAL = re.compile(r"\s*(?:[,;/&+|\n]|\s(?:and|und|et|y|en)\s)\s*(?![^(]*\))", re.IGNORECASE)
# What stands in dates must not part them.
BETWEEN_DAYS = (
    re.compile(r"\s*[;|&\n]\s*"),
    re.compile(r"\s*,\s+|\s+and\s+"),
    re.compile(r"\s*,\s*"),
    re.compile(r"\s+/\s+"),
)
IN_BRACKETS = re.compile(r"(.*?)\s*\(([^()]*)\)")
KINDS = {
    "dog": {"dog", "dogs", "canine", "canis", "k9", "puppy", "d", "hund", "hündin", "chien", "perro", "perra", "hond"},
    "cat": {"cat", "cats", "feline", "kitten", "c", "katze", "kater", "chat", "gato", "gata", "kat"},
    "rabbit": {"rabbit", "bunny", "lagomorph", "kaninchen", "lapin", "conejo", "konijn"},
    "bird": {"bird", "avian", "parrot", "vogel", "oiseau", "pájaro", "ave"},
    "horse": {"horse", "equine", "pony", "pferd", "cheval", "caballo", "paard"},
    "guinea pig": {"guinea pig", "cavy", "meerschweinchen"},
    "ferret": {"ferret", "frettchen"},
}


def names(cell: str, split: bool) -> list[tuple[str, str]]:
    """Each name with what stands behind it in brackets; an empty part is none."""
    parts = SEVERAL.split(cell) if split else [cell]
    found = []
    for part in filter(None, (part.strip() for part in parts)):
        bracketed = IN_BRACKETS.fullmatch(part) if split else None
        found.append((bracketed[1], bracketed[2].strip()) if bracketed and bracketed[1] else (part, ""))
    return found


def shared(cell: str, count: int) -> list[str]:
    """A kind, a breed: one for each, or one for all."""
    if count == 1 or not cell:
        return [cell] * count
    parts = SEVERAL.split(cell)
    return parts if len(parts) == count else [cell] * count


def each(cell: str, count: int, what: str) -> list[str]:
    """A date, a gender: whose is it, where there are two pets and one date?"""
    if count == 1 or not cell:
        return [cell] * count
    for mark in (*BETWEEN_DAYS, SEVERAL):
        parts = mark.split(cell)
        if len(parts) == count:
            return parts
    why = f"There are {counted(count, 'pet')} in this row. Write one {what} for each, with semicolons between."
    if what == "gender":
        raise Wrong(f"{why} Until then it is not known.", stops=False)
    raise Wrong(why)


def animal(cell: str, animals: dict[str, int]) -> int:
    """The kind of animal, in whatever language it is written."""
    said = " ".join(cell.casefold().split())
    if said in animals:
        return animals[said]
    for name, called in KINDS.items():
        if said in called and name in animals:
            return animals[name]
    known = ", ".join(name.capitalize() for name in animals)
    raise Wrong(f"This kind of animal is not looked after here. There are: {known}.")
