"""Ties: which rows belong to a row, chosen from what is offered. What is not offered any more stays as it is."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from portal.db import db

Column = Any


def of(own: Column, id: int, other: Column) -> set[int]:
    return set(db.session.scalars(select(other).where(own == id)))


def tie(own: Column, id: int, other: Column, *, offered: Iterable[int], chosen: Iterable[int]) -> None:
    """`own` and `other` are the two columns of the table that ties them."""
    before, wanted, open_to = of(own, id, other), set(chosen), set(offered)
    gone = before & open_to - wanted
    # One by one, so that the history of the settings sees them go.
    for row in (
        db.session.scalars(select(own.class_).where(own == id, other.in_(gone)).with_for_update()) if gone else ()
    ):
        db.session.delete(row)
    db.session.add_all([own.class_(**{own.key: id, other.key: new}) for new in (wanted & open_to) - before])
    db.session.flush()
