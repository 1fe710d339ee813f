"""Tags: words that staff put on clients and on pets, and take off again."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Integer, cast, delete, func, literal, null, select

from portal import wording
from portal.db import AnySelect, atomic, db, lock, rows_of
from portal.models import ClientTag, Pet, PetTag, Tag
from portal.rules import customer_words, history, positions
from portal.rules.actors import Actor
from portal.rules.refused import Refused, only_one
from portal.tones import PALETTE

MOST = 100
# The words by which clients are found are taken away with the tag, all at once.
KEPT = {"words_kept": True, "synchronize_session": False}


class Taken(Refused):
    """There is such a tag."""


class Label(NamedTuple):
    """A tag as customers are narrowed down by it."""

    id: int
    name: str
    tone: str
    of_pets: bool


class Listed(NamedTuple):
    """A tag as lists show it, and how many carry it."""

    id: int
    name: str
    tone: str
    of_pets: bool
    carried: int

    @property
    def carriers(self) -> str:
        return wording.carriers(self.carried, self.of_pets)


ON_CLIENTS = select(func.count()).where(ClientTag.tag_id == Tag.id).scalar_subquery()
ON_PETS = select(func.count()).where(PetTag.tag_id == Tag.id).scalar_subquery()
COUNTED: AnySelect = select(Tag.id, Tag.name, Tag.tone, Tag.of_pets, ON_CLIENTS + ON_PETS).order_by(
    Tag.of_pets, Tag.position, Tag.id
)
NAMED = select(Tag).order_by(Tag.of_pets, Tag.position, Tag.id)
LABELS: AnySelect = select(Tag.id, Tag.name, Tag.tone, Tag.of_pets).order_by(Tag.of_pets, Tag.position, Tag.id)


def counted() -> list[Listed]:
    """All tags in their order, those of clients first."""
    return [Listed(*row) for row in db.session.execute(COUNTED)]


def named() -> list[Label]:
    return [Label(*row) for row in rows_of(LABELS)]


def carried(tag: Tag) -> int:
    model = PetTag if tag.of_pets else ClientTag
    return db.session.execute(select(func.count()).where(model.tag_id == tag.id)).scalar_one()


def family(of_pets: bool) -> list[Tag]:
    return list(db.session.scalars(NAMED.where(Tag.of_pets.is_(of_pets))))


@atomic
def add(name: str, tone: str = "", *, of_pets: bool) -> Tag:
    """Behind those there are; without a colour it gets the next one of the palette."""
    there = family(of_pets)
    if len(there) >= MOST:
        raise Refused(f"There are {MOST} tags already, which is as many as anybody can choose from. Remove one first.")
    must_be_free(name, there)
    place = positions.behind(there)
    tag = Tag(name=name, tone=tone or list(PALETTE)[(place - 1) % len(PALETTE)], of_pets=of_pets, position=place)
    keep(tag)
    return tag


@atomic
def change(tag: Tag, *, name: str, tone: str) -> None:
    lock(tag)
    must_be_free(name, [other for other in family(tag.of_pets) if other.id != tag.id])
    tag.name, tag.tone = name, tone
    keep(tag)


def must_be_free(name: str, others: list[Tag]) -> None:
    if any(customer_words.folded(other.name) == customer_words.folded(name) for other in others):
        raise taken(name)


def taken(name: str) -> Taken:
    return Taken(f"There is a tag “{name}” already. Choose another name.")


def keep(tag: Tag) -> None:
    with only_one(lambda: taken(tag.name)):
        db.session.add(tag)


@atomic
def move(tag: Tag, *, up: bool) -> None:
    """One place up or down; at an end it stays."""
    lock(tag)
    positions.reorder(family(tag.of_pets), tag, up)


@atomic
def remove(tag: Tag, *, by: Actor, at: datetime) -> None:
    """For good, and off everybody who carries it; the history of each says so."""
    lock(tag)
    model: Any = PetTag if tag.of_pets else ClientTag
    history.note_each(worn_by(tag), "Tag", by=by, at=at)
    db.session.execute(delete(model).where(model.tag_id == tag.id), execution_options=KEPT)
    customer_words.forget_tag(tag.id)
    db.session.delete(tag)


def worn_by(tag: Tag) -> AnySelect:
    if tag.of_pets:
        rows = select(PetTag.client_id, PetTag.pet_id, Pet.name, literal(tag.name))
        return rows.join(Pet, Pet.id == PetTag.pet_id).where(PetTag.tag_id == tag.id)
    pet, subject = cast(null(), Integer), literal("Profile")
    return select(ClientTag.client_id, pet, subject, literal(tag.name)).where(ClientTag.tag_id == tag.id)
