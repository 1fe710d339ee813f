"""Positions: lists that the business puts in an order of its own."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select

from portal.db import db


def behind(rows: Iterable[Any]) -> int:
    """The position of one more, behind these."""
    return max((row.position for row in rows), default=0) + 1


def behind_all(model: Any) -> int:
    return (db.session.scalar(select(func.max(model.position))) or 0) + 1


def reorder(rows: list[Any], row: Any, up: bool) -> None:
    """One place up or down; at an end it stays."""
    place = rows.index(row)
    other = min(max(place + (-1 if up else 1), 0), len(rows) - 1)
    rows.insert(other, rows.pop(place))
    for number, moved in enumerate(rows, 1):
        moved.position = number
