"""History: who changed what about a client or a pet, old → new."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, literal, select

from portal import wording
from portal.db import AnySelect, db
from portal.models import Client, History, Pet
from portal.rules.actors import Actor


def note(
    client_id: int, field: str, old: str, new: str, *, subject: str, by: Actor, at: datetime, pet_id: int | None = None
) -> None:
    db.session.add(
        History(
            client_id=client_id,
            pet_id=pet_id,
            subject=subject,
            field=field,
            old=old,
            new=new,
            at=at,
            **by.signed,
        )
    )


def note_of(of: Client | Pet, field: str, old: str, new: str, *, by: Actor, at: datetime) -> None:
    """On the profile of a client, or of a pet under its name."""
    if isinstance(of, Pet):
        note(of.client_id, field, old, new, subject=of.name, by=by, at=at, pet_id=of.id)
    else:
        note(of.id, field, old, new, subject="Profile", by=by, at=at)


def note_each(known: AnySelect, field: str, *, by: Actor, at: datetime) -> None:
    """What was known of many is gone: for each row of client, pet, subject and old value a line, in one statement."""
    kinds, rows = History.__table__.c, known.subquery()
    same = {"field": field, "new": "", "at": at, **by.signed}
    lines = select(*rows.c, *(literal(value, kinds[name].type) for name, value in same.items()))
    db.session.execute(insert(History).from_select(["client_id", "pet_id", "subject", "old", *same], lines))


def change(
    row: Any,
    values: Mapping[str, Any],
    words: Mapping[str, str],
    *,
    client_id: int,
    subject: str,
    by: Actor,
    at: datetime,
    pet_id: int | None = None,
) -> dict[str, tuple[str, str]]:
    """Set the values that differ, note each, and return them as {word: (old, new)}."""
    changed: dict[str, tuple[str, str]] = {}
    for name, value in values.items():
        before = getattr(row, name)
        if before == value:
            continue
        setattr(row, name, value)
        old, new = spoken(before), spoken(value)
        changed[words[name]] = (old, new)
        note(client_id, words[name], old, new, subject=subject, by=by, at=at, pet_id=pet_id)
    return changed


def spoken(value: Any) -> str:
    """A day in full, a choice as its word, a row by its name."""
    if value is None:
        return ""
    if isinstance(value, date):
        return wording.full_day(value)
    if isinstance(value, StrEnum):
        return value.capitalize()
    return str(getattr(value, "name", value))
