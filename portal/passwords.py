"""Passwords: kept as Argon2id, taken exactly as they were typed, refused only when they are easy to guess."""

import gzip
import re
import string
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 8, 128
MEMORY_KIB = 46 * 1024
COMMON = Path(__file__).with_name("common_passwords.txt.gz")
NOT_LETTERS = str.maketrans("", "", string.digits + string.punctuation + string.whitespace)

hasher = PasswordHasher(time_cost=1, memory_cost=MEMORY_KIB, parallelism=1)
# Each hashing takes 46 MiB; the others wait their turn.
turns = BoundedSemaphore(4)
# Nobody's password: checked where there is no account, so that the answer takes as long as for a wrong password.
NOBODY = f"$argon2id$v=19$m={MEMORY_KIB},t=1,p=1${'A' * 22}${'A' * 43}"


def hash_password(password: str) -> str:
    with turns:
        return hasher.hash(as_typed(password))


def verify(kept: str | None, password: str) -> bool:
    """False for None, after the same work."""
    try:
        with turns:
            return hasher.verify(kept or NOBODY, as_typed(password)) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(kept: str) -> bool:
    return hasher.check_needs_rehash(kept)


def problem(password: str, forbidden_words: Iterable[str] = ()) -> str | None:
    """Why this password cannot be taken, in words; forbidden are the business, the product, the person's own e-mail."""
    if len(password) < SHORTEST:
        return f"Please use at least {SHORTEST} characters. Three or four words in a row are easy to remember."
    if len(password) > LONGEST:
        return f"Please use at most {LONGEST} characters."
    if password.casefold() in common():
        return "Many people use this password, so it is among the first to be tried. Please choose another."
    if made_of(password, forbidden_words):
        return "This password is made of a name that is easy to guess. Please add a few words of your own."
    return None


def as_typed(password: str) -> bytes:
    """No trimming, no normalisation: what is set is what is asked for."""
    return password.encode("utf-8", "surrogatepass")


@cache
def common() -> frozenset[str]:
    return frozenset(gzip.decompress(COMMON.read_bytes()).decode().splitlines())


def made_of(password: str, words: Iterable[str]) -> bool:
    """Nothing but these words, in any order, with digits and signs around them."""
    whole = {word.casefold() for word in words}
    whole |= {word.partition("@")[0] for word in whole}
    rest = letters(password)
    if not rest:
        return password.casefold() in whole
    for part in sorted(parts(whole), key=len, reverse=True):
        rest = rest.replace(part, "")
    return not rest


def parts(words: Iterable[str]) -> set[str]:
    found = {letters(part) for word in words for part in [word, *re.split(r"[\W\d_]+", word.replace("&", " and "))]}
    return found - {""}


def letters(text: str) -> str:
    return text.casefold().translate(NOT_LETTERS)
