"""Statements that are made once are also found once among what was compiled, and not reckoned anew at each call."""

from typing import Any


class Known(tuple[Any, ...]):
    """What a statement is known by, as long as itself: its hash is made once, and not at each call."""

    def __init__(self, _: Any) -> None:
        self.made = tuple.__hash__(self)

    def __hash__(self) -> int:
        return self.made


def known(statement: Any) -> Any:
    """The compiled statement is looked for by this key, which SQLAlchemy keeps for each statement."""
    kept = "_generate_cache_key"
    if kept not in statement.__dict__ and (key := statement._generate_cache_key()):
        key = key._replace(key=Known(key.key))
        statement._set_memoized_attribute(kept, lambda *_, **__: key)
    return statement
