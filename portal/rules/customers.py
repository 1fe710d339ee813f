"""Customers: looking through them and finding some, a page at a time, fast however many there are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, String, bindparam, exists, func, select, tuple_
from sqlalchemy.orm import aliased

from portal.db import NONE, AnySelect, rows_of
from portal.models import Client, ClientTag, ClientWord, Pet, Tag
from portal.rules.customer_words import ACTIVE, EVERYBODY, INACTIVE, LAST, PROSPECT, asked_for, tagged
from portal.rules.packing import packed, units, unpacked

PAGE = 25
MOST_WORDS, MOST_LETTERS = 5, 2
NEAR, MANY = 1_000, 8_000  # a word that more than NEAR have is common; they are counted up to MANY
FEW = 500  # a single letter that more have is as good as common
GATHERED = 2  # of so many words further those who have them are gathered
NEW = timedelta(days=30)

__all__ = ["ACTIVE", "INACTIVE", "PROSPECT", "Customer", "Found", "find", "is_new"]


class Worn(NamedTuple):
    """A tag as it is seen on somebody."""

    position: int
    id: int
    tone: str
    name: str


@dataclass(slots=True)
class Customer:
    """A client as a list shows them."""

    pets: list[str]
    tags: list[Worn]
    id: int
    first_name: str
    last_name: str
    email: str | None
    phone: str
    account_number: str
    photo_id: int | None
    created_at: datetime

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


class Found(NamedTuple):
    """One page; `after` is the last client on it where there are more."""

    rows: list[Customer]
    after: int | None


def find(
    text: str, *, shelf: str = ACTIVE, tag: int | None = None, after: int | None = None, most: int = PAGE
) -> Found:
    """All of a shelf, or those of whom every word is found at the beginning of one of theirs; each of them once."""
    words = sought(text)
    if text and not words:
        return Found([], None)
    words += [tagged(tag)] if tag else []
    words = words or [EVERYBODY]
    names: dict[str, Any] = {"shelf": shelf, "after": after, "most": most + 1}
    counts, words = rarest_first(words, shelf)
    rows = [customer(tuple(row)) for row in looked_for(counts, names | bounds(words), after is not None)]
    return Found(rows[:most], rows[most - 1].id if len(rows) > most else None)


def sought(text: str) -> list[str]:
    """The longest few words, and of single letters fewer: nearly everybody has each of them, and few have them all."""
    return [word for place, word in enumerate(asked_for(text)[:MOST_WORDS]) if place < MOST_LETTERS or len(word) > 1]


def looked_for(counts: list[int], names: dict[str, Any], goes_on: bool) -> Sequence[Any]:
    """Where all words are common, mostly the first few to be walked past have them all, and fill the page. Where they
    do not, those who have the next words are gathered, instead of being looked up for each."""
    words, common = len(counts), len(counts) > 1 and counts[0] > NEAR
    found = rows_of(search(words, goes_on, near=common), names).all()
    if common and len(found) < names["most"]:
        found = rows_of(search(words, goes_on, gathered=GATHERED), names).all()
    return found


def customer(row: tuple[Any, ...]) -> Customer:
    return Customer(sorted(units(row[8]), key=str.casefold), worn(row[9]), *row[:8])


def worn(told: str | None) -> list[Worn]:
    """The tags of one client out of one column, in their order."""
    parts = unpacked(told, 4)
    return sorted(Worn(int(position), int(id), tone, name) for position, id, tone, name in parts)


def bounds(words: list[str]) -> dict[str, str]:
    begin = {f"from{place}": word for place, word in enumerate(words)}
    return begin | {f"to{place}": word + LAST for place, word in enumerate(words)}


def rarest_first(words: list[str], shelf: str) -> tuple[list[int], list[str]]:
    """The search walks along the first word, so that is the one fewest have."""
    if len(words) < 2:
        return [0], words
    most = {f"most{place}": FEW if len(word) == 1 else MANY for place, word in enumerate(words)}
    counts = rows_of(how_many(len(words)), {"shelf": shelf} | bounds(words) | most).one()
    told = [MANY if count == FEW and len(word) == 1 else count for count, word in zip(counts, words, strict=True)]
    ranked = sorted(zip(told, words, strict=True), key=lambda pair: pair[0])
    return [count for count, _ in ranked], [word for _, word in ranked]


@cache
def how_many(words: int) -> AnySelect:
    counted = []
    for place in range(words):
        row = aliased(ClientWord)
        some = select(row.client_id).where(*of_word(row, place)).limit(bindparam(f"most{place}")).subquery()
        counted.append(select(func.count()).select_from(some).scalar_subquery())
    return select(*counted)


def of_word(row: Any, place: int) -> list[Any]:
    return [row.shelf == bindparam("shelf"), *between(row, place)]


def between(row: Any, place: int) -> list[Any]:
    return [row.word >= begin(place), row.word < end(place)]


def begin(place: int) -> Any:
    return bindparam(f"from{place}", type_=String)


def end(place: int) -> Any:
    return bindparam(f"to{place}", type_=String)


def near_by(row: Any, further: Callable[[Any], list[Any]]) -> list[Any]:
    """The first few with the first word, and whoever has the same word as the last of them."""
    other = aliased(ClientWord)
    walk = select(other.word).where(*of_word(other, 0), *further(other)).order_by(other.word, other.client_id)
    last = walk.limit(1).offset(NEAR).scalar_subquery()
    return [row.shelf == bindparam("shelf"), row.word >= begin(0), row.word <= func.coalesce(last, end(0))]


PETS = select(packed(Pet.name)).where(Pet.client_id == Client.id).scalar_subquery()
TAGS = (
    select(packed(Tag.position, Tag.id, Tag.tone, Tag.name))
    .join(ClientTag, ClientTag.tag_id == Tag.id)
    .where(ClientTag.client_id == Client.id)
    .scalar_subquery()
)


@cache
def search(words: int, goes_on: bool, *, near: bool = False, gathered: int = 0) -> AnySelect:
    """Along the index of the first word, in its order, until the page is full. A client with two words that begin
    alike counts at the first of them. `near` looks no further than at the first few."""
    row, client = aliased(ClientWord), bindparam("after", type_=Integer)

    def further(at: Any) -> list[Any]:
        if not goes_on:
            return []
        seen = aliased(ClientWord)
        last = select(func.min(seen.word)).where(seen.client_id == client, *between(seen, 0)).scalar_subquery()
        return [at.word >= last, tuple_(at.word, at.client_id) > tuple_(last, client)]

    walked = near_by(row, further) if near else of_word(row, 0)
    statement = select(row.word, row.client_id).where(*walked, *further(row))
    for place in range(1, words):
        other = aliased(ClientWord)
        if place <= gathered:
            # The sum and the offset change nothing but the plan: nobody is looked up by these one at a time.
            have = select(other.client_id).where(*of_word(other, place)).offset(NONE)
            statement = statement.where((row.client_id + NONE).in_(have))
        else:
            statement = statement.where(exists().where(other.client_id == row.client_id, *between(other, place)))
    former = aliased(ClientWord)
    twice = exists().where(former.client_id == row.client_id, *between(former, 0), former.word < row.word)
    statement = statement.where(~twice)
    page = statement.order_by(row.word, row.client_id).limit(bindparam("most", type_=Integer)).subquery()
    return (
        select(
            Client.id,
            Client.first_name,
            Client.last_name,
            Client.email,
            Client.phone,
            Client.account_number,
            Client.photo_id,
            Client.created_at,
            PETS,
            TAGS,
        )
        .join(page, page.c.client_id == Client.id)
        .order_by(page.c.word, page.c.client_id)
    )


def is_new(created_at: datetime, at: datetime) -> bool:
    return at - created_at <= NEW
