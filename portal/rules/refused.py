"""A no."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError

from portal.db import db


class Refused(Exception):
    """A rule said no, in words for the person who asked."""


class Misfit(Refused):
    """It is about one thing that was typed: `field` is its name in the form."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


def stale(words: str) -> Refused:
    """Somebody was faster, so that what the page shows is no longer so."""
    return Refused(f"{words} Reload the page to see how it is now.")


@contextmanager
def only_one(no: Callable[[], Refused]) -> Iterator[None]:
    """The database itself holds that there is one; whoever writes it at the same moment hears the no."""
    try:
        with db.session.begin_nested():
            yield
    except IntegrityError as error:
        raise no() from error
