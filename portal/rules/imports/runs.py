"""Working off what waits: a list is looked through, or written, by whoever has claimed it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, or_, select, update

from portal.db import atomic, db, lock, one_change
from portal.models import ClientImport, ImportState
from portal.rules.actors import Actor
from portal.rules.business import today
from portal.rules.client_imports import KEPT, RUNNING, forget_file, opened
from portal.rules.imports import indexing, plans, writing
from portal.rules.imports.choices import chosen
from portal.rules.imports.known import known
from portal.rules.refused import Refused

LEASE = timedelta(minutes=5)
MOST_TRIES = 3
Told = Callable[[int], object]


def some_wait(at: datetime) -> bool:
    return db.session.scalar(due(at)) is not None


def due(at: datetime) -> Select[int]:
    """Those that wait to be worked on, or that somebody let go of."""
    free = or_(ClientImport.leased_until.is_(None), ClientImport.leased_until < at)
    return select(ClientImport.id).where(ClientImport.state.in_(RUNNING), free).order_by(ClientImport.id).limit(1)


@atomic
def claim(at: datetime, id: int | None = None) -> ClientImport | None:
    free = due(at).with_for_update(skip_locked=True)
    free = free.where(ClientImport.id == id) if id else free
    claimed = update(ClientImport).where(ClientImport.id == free.scalar_subquery()).returning(ClientImport)
    lease = claimed.values(leased_until=at + LEASE, tries=ClientImport.tries + 1)
    return db.session.scalars(lease.execution_options(populate_existing=True)).first()


def work(row: ClientImport, told: Told, *, at: datetime) -> None:
    """As far as it goes. `told` hears how many rows are done, and may raise to break off."""
    if row.tries > MOST_TRIES and row.state != ImportState.INDEXING:
        raise Refused("It broke off at every try. Try a smaller part of the list.")
    if row.state != ImportState.INDEXING:
        checked_or_written(row, told, at)
    if row.state == ImportState.INDEXING:
        indexing.index(told)
        end(row, ImportState.DONE, row.report, at)


def checked_or_written(row: ClientImport, told: Told, at: datetime) -> None:
    plan = looked_through(row, told, at)
    if row.state == ImportState.CHECKING or plan.problems.stopping:
        end(row, ImportState.CHECKED, {"counts": plan.counts, "problems": plan.problems.told()}, at)
    else:
        write(row, plan, at=at)


def looked_through(row: ClientImport, told: Told, at: datetime) -> plans.Plan:
    choices, here = chosen(row.choices), known(today(at))
    with opened(row) as file:
        # Nobody else has to wait while the rows are read.
        db.session.commit()
        return plans.plan(file, choices, here, told)


def write(row: ClientImport, plan: plans.Plan, *, at: datetime) -> None:
    """The clients, and the word that they are written: both or neither."""
    numbers = writing.reserve(plan)
    with one_change():
        lock(row)
        if row.state != ImportState.WRITING:
            raise Refused("Somebody else has brought in this list meanwhile.")
        by = Actor(row.by_kind, row.by_id, row.by_name)
        counts = plan.counts | writing.write(plan, numbers, row.name, by=by, at=at)
        row.report = {"counts": counts, "problems": plan.problems.told()}
        row.state, row.rows_done, row.rows = ImportState.INDEXING, 0, counts["clients"] + counts["updated"]


@atomic
def end(row: ClientImport, state: ImportState, report: dict[str, Any], at: datetime) -> None:
    lock(row)
    row.state, row.report, row.leased_until, row.ended_at = state, report, None, at
    if state == ImportState.DONE:
        row.rows = report["counts"]["rows"] + row.choices["header"]
        forget_file(row)


@atomic
def progress(id: int, done: int, *, at: datetime) -> None:
    values = {"rows_done": done, "leased_until": at + LEASE}
    db.session.execute(update(ClientImport).where(ClientImport.id == id).values(values))


@atomic
def put_back(id: int) -> None:
    """Somebody else goes on with it; this was no failed try."""
    values = {"leased_until": None, "tries": ClientImport.tries - 1}
    db.session.execute(update(ClientImport).where(ClientImport.id == id).values(values))


@atomic
def fail(id: int, words: str, *, at: datetime) -> None:
    values = {"state": ImportState.FAILED, "report": {"why": words}, "leased_until": None, "ended_at": at}
    unwritten = ClientImport.state.in_([ImportState.CHECKING, ImportState.WRITING])
    db.session.execute(update(ClientImport).where(ClientImport.id == id, unwritten).values(values))


@atomic
def sweep(at: datetime) -> None:
    """A list that nobody went on with is forgotten after a day, and its file with it."""
    left = ClientImport.state.not_in([*RUNNING, ImportState.DONE])
    for row in db.session.scalars(select(ClientImport).where(left, ClientImport.at < at - KEPT)):
        forget_file(row)
        db.session.delete(row)
