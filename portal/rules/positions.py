"""Positions: lists that the business puts in an order of its own."""

from typing import Any


def reorder(rows: list[Any], row: Any, up: bool) -> None:
    """One place up or down; at an end it stays."""
    place = rows.index(row)
    other = min(max(place + (-1 if up else 1), 0), len(rows) - 1)
    rows.insert(other, rows.pop(place))
    for number, moved in enumerate(rows, 1):
        moved.position = number
