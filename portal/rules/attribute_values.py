"""Attribute values: what is written about one client or one pet, and how it is said."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from portal import wording
from portal.attribute_kinds import CHOSEN, NO, YES
from portal.db import atomic, db, lock
from portal.models import Attribute, AttributeKind, AttributeValue, Client, File, Pet
from portal.rules import history
from portal.rules.actors import Actor
from portal.rules.attributes import must_be_in_use
from portal.rules.refused import Refused

LONGEST_FLAG = 40


def spoken(kind: AttributeKind, value: str) -> str:
    """A day in full, several choices as a list."""
    if not value:
        return ""
    if kind == AttributeKind.DATE:
        return wording.full_day(date.fromisoformat(value))
    if kind == AttributeKind.CHOICES:
        return ", ".join(value.split("\n"))
    return value


def flagged(kind: AttributeKind, name: str, value: str) -> str:
    """As a flag: only its name where that is all there is to say. What is not so has no flag."""
    if not value or (kind == AttributeKind.YES_NO and value == NO):
        return ""
    said = name if kind == AttributeKind.YES_NO else f"{name}: {' '.join(spoken(kind, value).split())}"
    return said if len(said) <= LONGEST_FLAG else said[: LONGEST_FLAG - 1].rstrip() + "…"


def written(of: Client | Pet, attribute: Attribute) -> AttributeValue | None:
    rows = select(AttributeValue).where(AttributeValue.attribute_id == attribute.id)
    if isinstance(of, Pet):
        return db.session.scalar(rows.where(AttributeValue.pet_id == of.id, AttributeValue.client_id == of.client_id))
    return db.session.scalar(rows.where(AttributeValue.pet_id.is_(None), AttributeValue.client_id == of.id))


@atomic
def write(
    of: Client | Pet,
    attribute: Attribute,
    value: str,
    *,
    file: File | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Nothing written is no value. A file is named in its value."""
    lock(of)
    must_fit(of, attribute)
    row = written(of, attribute)
    old = row.value if row else ""
    must_be_offered(attribute, value, old)
    if value == old and file is None:
        return
    keep(of, attribute, row, value, file)
    kind = attribute.kind
    history.note_of(of, attribute.name, spoken(kind, old), spoken(kind, value), by=by, at=at)


def must_fit(of: Client | Pet, attribute: Attribute) -> None:
    must_be_in_use(attribute)
    if attribute.of_pets != isinstance(of, Pet):
        raise Refused(f"“{attribute.name}” is for {'pets' if attribute.of_pets else 'clients'}.")


def must_be_offered(attribute: Attribute, value: str, old: str) -> None:
    """A choice that went out of the list may stay where it is."""
    if attribute.kind == AttributeKind.YES_NO and value not in (YES, NO, ""):
        raise Refused("Choose Yes or No.")
    if attribute.kind in CHOSEN and value:
        known = {*attribute.choices.split("\n"), *old.split("\n")}
        for choice in value.split("\n"):
            if choice not in known:
                raise Refused(f"“{choice}” is not offered any more. Reload the page to see what is.")


def keep(of: Client | Pet, attribute: Attribute, row: AttributeValue | None, value: str, file: File | None) -> None:
    if row and not value:
        db.session.delete(row)
        return
    if row is None:
        whose: dict[str, Any] = {"client_id": of.client_id, "pet_id": of.id} if isinstance(of, Pet) else {}
        row = AttributeValue(**(whose or {"client_id": of.id}), attribute_id=attribute.id)
        db.session.add(row)
    row.value, row.file = value, file
