"""Kept: what is reckoned from many rows, day by day, for those who look at a calendar. It is reckoned anew at the end
of each change that touched one of those rows; nothing is added to it or taken off, so that nothing adds up wrongly.

At the end, and always in the same order: who changes the same days at once waits for the other, and never in a ring.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection, event, inspect
from sqlalchemy.orm import Session, SessionTransaction

from portal.db import db

Key = tuple[Any, ...]
Keys = set[Key]


class Kept(NamedTuple):
    """The keys that rows belong to, as the database has them now; and how what is kept of such keys is reckoned, or all
    of it at once."""

    keys_of: Callable[[Connection, list[Any]], Keys]
    reckon: Callable[[Connection, list[Key]], None]
    reckon_all: Callable[[Connection], None]


KEPT: list[Kept] = []


def touched(session: Session) -> dict[Kept, Keys]:
    found: dict[Kept, Keys] = session.info.setdefault("touched", {kept: set() for kept in KEPT})
    return found


def is_touched() -> bool:
    """Something is changed, and not reckoned yet."""
    db.session.flush()
    return any(touched(db.session()).values())


def is_changed(row: Any, names: Iterable[str]) -> bool:
    """In one of these, or it goes."""
    told = inspect(row).attrs
    return any(told[name].history.has_changes() for name in names) or row in db.session.deleted


@event.listens_for(db.session, "before_flush")
def leave(session: Session, *_: Any) -> None:
    """Where they were."""
    note(session, [*session.dirty, *session.deleted])


@event.listens_for(db.session, "after_flush")
def arrive(session: Session, *_: Any) -> None:
    note(session, [*session.new, *session.dirty])


def note(session: Session, rows: list[Any]) -> None:
    for kept, keys in touched(session).items():
        keys.update(kept.keys_of(session.connection(), rows))


@event.listens_for(db.session, "before_commit")
def settle(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    for kept, keys in touched(session).items():
        if keys:
            kept.reckon(session.connection(), sorted(keys))
            keys.clear()


@event.listens_for(db.session, "after_soft_rollback")
def forget(session: Session, ended: SessionTransaction) -> None:
    """Where only a part was taken back, what the rest has touched is reckoned all the same; so it is where a part ends
    by a row that the database did not take."""
    if ended.parent is None:
        session.info.pop("touched", None)


def reckon_all() -> None:
    """After what was written past the session, in bulk."""
    for kept in KEPT:
        kept.reckon_all(db.session.connection())
