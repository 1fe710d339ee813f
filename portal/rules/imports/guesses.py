"""What the columns of a list probably hold, by their headers, and where those are missing by what is in them."""

import re

from portal.rules.imports import header_words as words
from portal.rules.imports.fields import MOST_PETS, PET_NAME, VACCINE, Target, target

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.\w+")
PHONE = re.compile(r"[+(]?[\d(][\d\s().+/\-]{6,19}")
HEADERS_AMONG = 12
OTHER = re.compile(
    r"\b(label|labels|phonetic|formatted|id|country|organization|company|count|fax)\b"
    r"|\b(mail|phone|address|customer) .*type$"
)


def header(rows: list[list[str]]) -> int:
    """In which row the headers stand, counted from 1; 0 where there are none."""
    known = [(sum(column(cell, []) is not None for cell in cells), -number) for number, cells in enumerate(rows, 1)]
    best, number = max(known[:HEADERS_AMONG], default=(0, 0))
    if best >= 2 or (best == 1 and len(rows[-number - 1]) == 1):
        return -number
    first = next((number for number, cells in enumerate(rows, 1) if len(cells) > 1 and all(map(str.strip, cells))), 0)
    speaks = first and not any(telling(cell) for cell in rows[first - 1])
    follows = first and any(telling(cell) for cells in rows[first : first + 5] for cell in cells)
    return first if speaks and follows else 0


def telling(cell: str) -> bool:
    """An address or a number stands in no header."""
    return bool(EMAIL.search(cell) or re.search(r"\d{3}", cell))


def columns(headers: list[str], samples: list[list[str]], vaccines: list[str]) -> list[str]:
    """For each column the key of what it holds, or nothing; what can be only once goes to the first."""
    found = without_whole_address(headers, [column(name, vaccines) for name in headers])
    pets = any(target and target.field == PET_NAME for target in found)
    taken: set[Target] = set()
    keys = []
    for place, guess in enumerate(found):
        guess = guess or by_cells([row[place] for row in samples if place < len(row)], taken)
        if not pets and guess and guess.pet and not guess.field.startswith(VACCINE):
            guess = None
        if guess is None or (guess in taken and not guess.several):
            keys.append("")
            continue
        taken.add(guess)
        keys.append(guess.key)
    return without_full_name(keys)


def without_whole_address(headers: list[str], found: list[Target | None]) -> list[Target | None]:
    """Where the street has a column of its own, "Address" is all of it in one cell."""
    named = [
        guess == Target("street") and "street" in words.plain(name).split()
        for name, guess in zip(headers, found, strict=True)
    ]
    return [
        None if any(named) and guess == Target("street") and not own else guess
        for guess, own in zip(found, named, strict=True)
    ]


def without_full_name(keys: list[str]) -> list[str]:
    """Where first and last name are there, the whole name is the same once more."""
    both = {"first_name", "last_name"} <= set(keys)
    return ["" if both and key == "name" else key for key in keys]


def column(header: str, vaccines: list[str]) -> Target | None:
    said = words.plain(header)
    if not said or OTHER.search(said):
        return None
    numbers = [int(word) for word in said.split() if word.isdecimal() and len(word) < 3]
    numbers += [words.ORDINALS[word] for word in said.split() if word in words.ORDINALS and word != "first"]
    parts = [word for word in said.split() if not word.isdecimal() and (word not in words.ORDINALS or word == "first")]
    of_pet = [word for word in parts if word in words.PET_WORDS]
    number = min(max(numbers or [1]), MOST_PETS) or 1
    if vaccine := of_vaccine(parts, vaccines):
        return Target(VACCINE + vaccine, number)
    if pet := of_animal(parts, of_pet):
        return Target(pet, number)
    return None if of_pet else of_client(parts, numbers)


def of_vaccine(parts: list[str], vaccines: list[str]) -> str | None:
    """The day until which it is good; the day it was given on tells something else."""
    if {"given", "administered", "last"} & set(parts):
        return None
    rest = " ".join(word for word in parts if word not in words.DAY_WORDS | words.PET_WORDS)
    for name in vaccines:
        known = words.plain(name)
        if rest and rest in {known, *words.VACCINES.get(known, ())}:
            return name
    return None


def of_animal(parts: list[str], of_pet: list[str]) -> str | None:
    rest = " ".join(word for word in parts if word not in words.PET_WORDS)
    whole = " ".join(parts)
    if of_pet and whole not in ("animal", "patient"):
        return words.PET.get(rest) or words.PET.get(rest.removeprefix("s ").removesuffix(" s"))
    if whole in words.PET_ALONE | words.PET_IF_ANY | {"animal"}:
        return words.PET[whole]
    return None


def of_client(parts: list[str], numbers: list[int]) -> Target | None:
    for left_out in (set[str](), words.CLIENT_WORDS, words.CLIENT_WORDS | words.FILLERS):
        rest = " ".join(word for word in parts if word not in left_out)
        field = words.CLIENT.get(rest)
        if field == "street" and max(numbers or [1]) > 1:
            field = "street_2"
        if field:
            return Target(field)
    return None


def by_cells(cells: list[str], taken: set[Target]) -> Target | None:
    filled = [cell.strip() for cell in cells if cell.strip()]
    for field, sign in (("email", EMAIL), ("phone", PHONE)):
        if Target(field) not in taken and filled and all(sign.fullmatch(cell) for cell in filled):
            return Target(field)
    return None


def pets(keys: list[str]) -> int:
    """How many pets stand side by side in a row."""
    return max([1, *(found.pet for key in keys if (found := target(key)))])
