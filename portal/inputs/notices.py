"""What staff say about their notices."""

from collections.abc import Iterable
from enum import StrEnum
from typing import TypeVar

from flask import request

from portal.inputs import id_of

Kind = TypeVar("Kind", bound=StrEnum)


def seen_until() -> int:
    """The last notice that the list could show; a form that does not say it has shown none."""
    return id_of(request.form.get("until", ""))


def ways(kinds: Iterable[Kind]) -> dict[Kind, tuple[bool, bool]]:
    """For each kind whether in the app and whether by e-mail: what is not ticked is not wanted."""
    ticked = {way: set(request.form.getlist(way)) for way in ("in_app", "by_email")}
    return {kind: (kind.value in ticked["in_app"], kind.value in ticked["by_email"]) for kind in kinds}
