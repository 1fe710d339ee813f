"""Works off lists of clients: in the worker beside its letters, or at once where a list is short."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event

from portal.db import db, now
from portal.rules.imports import runs
from portal.rules.refused import Refused

log = logging.getLogger("portal.import")
EVERY = timedelta(seconds=1)
BROKEN = "Something broke on our side, and nothing was brought in. Try once more."


class Stopped(Exception):
    """The process is to end; another goes on."""


def work_off(id: int | None = None, *, stopping: Event | None = None) -> bool:
    """The list of this id, or any that waits; whether there was one."""
    row = runs.claim(now(), id)
    if row is None:
        return False
    number = row.id
    try:
        runs.work(row, teller(number, stopping or Event()), at=now())
    except Stopped:
        runs.put_back(number)
    except Refused as no:
        runs.fail(number, str(no), at=now())
    except Exception as error:
        # The error's own words may hold those of the list, which belong in no log.
        log.error("import %s: %s", number, type(error).__name__)
        db.session.rollback()
        runs.fail(number, BROKEN, at=now())
    return True


def teller(id: int, stopping: Event) -> Callable[[int], None]:
    """Writes down how far it is, not too often."""
    told = now()

    def tell(done: int) -> None:
        nonlocal told
        at: datetime = now()
        if stopping.is_set():
            raise Stopped
        if at - told >= EVERY:
            told = at
            runs.progress(id, done, at=at)

    return tell
