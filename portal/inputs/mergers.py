"""What staff choose when two become one."""

from collections.abc import Iterable

from flask import request

from portal.inputs import tidy


def from_lost(names: Iterable[str]) -> dict[str, bool]:
    """Of which facts that of the one merged away is kept; of all others it is that of the one that stays."""
    return {name: request.values.get(name) == "lost" for name in names}


def told(name: str) -> str:
    """What the form says about whom it is; anything else names nobody."""
    value: str = tidy(request.values.get(name, ""))
    return value if value.isprintable() and len(value) <= 40 else ""
