"""Tagging: a tag is put on a client or a pet, and taken off again."""

from datetime import datetime

from sqlalchemy import select

from portal.db import atomic, db, lock
from portal.models import Client, ClientTag, Pet, PetTag, Tag
from portal.rules import history, tags
from portal.rules.actors import Actor
from portal.rules.customer_words import folded
from portal.rules.refused import Refused, stale


@atomic
def put_on(of: Client | Pet, tag: Tag, *, by: Actor, at: datetime) -> None:
    lock(of)
    must_fit(of, tag)
    if worn(of, tag):
        raise stale(f"{of.name} has the tag “{tag.name}” already.")
    if isinstance(of, Pet):
        db.session.add(PetTag(client_id=of.client_id, pet_id=of.id, tag_id=tag.id))
    else:
        db.session.add(ClientTag(client_id=of.id, tag_id=tag.id))
    history.note_of(of, "Tag", "", tag.name, by=by, at=at)


@atomic
def take_off(of: Client | Pet, tag: Tag, *, by: Actor, at: datetime) -> None:
    lock(of)
    row = worn(of, tag)
    if row is None:
        raise stale(f"{of.name} does not have the tag “{tag.name}” any more.")
    db.session.delete(row)
    history.note_of(of, "Tag", tag.name, "", by=by, at=at)


@atomic
def make(of: Client | Pet, name: str, *, by: Actor, at: datetime) -> Tag:
    """A new tag, on somebody at once; one of that name is put on as it is."""
    there = tags.family(isinstance(of, Pet))
    known = [tag for tag in there if folded(tag.name) == folded(name)]
    tag = known[0] if known else tags.add(name, of_pets=isinstance(of, Pet))
    put_on(of, tag, by=by, at=at)
    return tag


def must_fit(of: Client | Pet, tag: Tag) -> None:
    if tag.of_pets != isinstance(of, Pet):
        raise Refused(f"The tag “{tag.name}” is for {'pets' if tag.of_pets else 'clients'}.")


def worn(of: Client | Pet, tag: Tag) -> ClientTag | PetTag | None:
    if isinstance(of, Pet):
        return db.session.scalar(select(PetTag).where(PetTag.pet_id == of.id, PetTag.tag_id == tag.id))
    return db.session.scalar(select(ClientTag).where(ClientTag.client_id == of.id, ClientTag.tag_id == tag.id))


def to_choose(of: Client | Pet, text: str) -> list[Tag]:
    """Those that could be put on, with every word typed somewhere in their name."""
    mine = select(PetTag.tag_id).where(PetTag.pet_id == of.id)
    if isinstance(of, Client):
        mine = select(ClientTag.tag_id).where(ClientTag.client_id == of.id)
    free = db.session.scalars(tags.NAMED.where(Tag.of_pets.is_(isinstance(of, Pet)), Tag.id.not_in(mine)))
    words = folded(text).split()
    return [tag for tag in free if all(word in folded(tag.name) for word in words)]


def makeable(of: Client | Pet, text: str) -> bool:
    """Whether what was typed is the name of no tag yet."""
    typed = folded(text)
    return bool(typed) and all(folded(tag.name) != typed for tag in tags.family(isinstance(of, Pet)))


def free(of: Client | Pet, tag_id: int) -> Tag | None:
    """The tag, unless they have it."""
    return next((tag for tag in to_choose(of, "") if tag.id == tag_id), None)
