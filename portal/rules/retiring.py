"""Retiring: what the business offers no more stays on file under its name, and can be brought back."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.db import atomic, db, lock
from portal.rules.refused import Misfit, stale


def must_be_free(model: Any, name: str, noun: str, but: int | None = None) -> None:
    """No two of one name, whatever its capitals, so that nobody mistakes them."""
    rows = db.session.execute(select(model.id, model.name, model.retired_at))
    same = next((row for row in rows if row.name.casefold() == name.casefold() and row.id != but), None)
    if same and same.retired_at:
        raise Misfit("name", f"“{same.name}” is retired. Bring it back instead, or choose another name.")
    if same:
        raise Misfit("name", f"There is {noun} “{same.name}” already. Choose another name.")


@atomic
def retire(row: Any, *, at: datetime) -> None:
    lock(row)
    if row.retired_at:
        raise stale(f"{row.name} is retired already.")
    row.retired_at = at


@atomic
def bring_back(row: Any) -> None:
    lock(row)
    if row.retired_at is None:
        raise stale(f"{row.name} is not retired.")
    row.retired_at = None
