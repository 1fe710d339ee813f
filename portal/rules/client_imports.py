"""Bringing in lists of clients: a file is taken and looked at, staff choose, it is looked through, and all is written.

The last two are done by the worker, or at once where the list is short. The row is the truth: what was broken off is
begun anew, and the clients are written in one change with the word that they are.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import load_only

from portal.db import atomic, db, lock, one_change
from portal.gateways import files, tables
from portal.models import ClientImport, File, ImportState
from portal.rules.actors import Actor
from portal.rules.business import the_business
from portal.rules.imports import indexing, plans, previews, writing
from portal.rules.imports.choices import Choices, chosen
from portal.rules.imports.fields import FIRST, LAST, NAME, called, target
from portal.rules.imports.known import known, today_here
from portal.rules.refused import Refused

LARGEST = 100 * 1024 * 1024
SHORT = 400
PIECE = 1024 * 1024
FIRST_LOOK = 4 * PIECE
KEPT = timedelta(days=1)
LEASE = timedelta(minutes=5)
MOST_TRIES = 3
SHOWN = 20
RUNNING = {ImportState.CHECKING, ImportState.WRITING, ImportState.INDEXING}
Told = Callable[[int], object]


@atomic
def take(stream: IO[bytes], name: str, *, by: Actor, at: datetime) -> ClientImport:
    """Keep a file and guess what is in it. Raises tables.NoTable with words for the person."""
    if stream.seek(0, 2) > LARGEST:
        raise tables.NoTable("This file is larger than 100 MB. Bring the list in in parts.")
    tables.refuse_what_is_none(stream, name)
    choices = previews.guess(stream, known(today_here(at), clients=False), the_business().country)
    file = File(**asdict(files.keep_list(stream, name)), kept_at=at)
    db.session.add(file)
    db.session.flush()
    row = ClientImport(name=file.name, file_id=file.id, at=at, by_kind=by.kind, by_id=by.id, by_name=by.name)
    row.choices, row.rows = choices.kept(), previews.count(stream, choices)
    db.session.add(row)
    db.session.flush()
    return row


def newest() -> list[ClientImport]:
    """Without what was found in them."""
    told = load_only(
        ClientImport.name,
        ClientImport.state,
        ClientImport.at,
        ClientImport.by_name,
        ClientImport.rows,
        ClientImport.ended_at,
    )
    return list(db.session.scalars(select(ClientImport).options(told).order_by(ClientImport.id.desc()).limit(SHOWN)))


@contextmanager
def opened(row: ClientImport, most: int = LARGEST) -> Iterator[IO[bytes]]:
    """The file, or as much of its beginning."""
    file = db.session.get(File, row.file_id) if row.file_id else None
    if file is None:
        raise Refused("The file is no longer here: it is kept for a day. Choose it again.")
    with SpooledTemporaryFile(PIECE) as copy:
        for piece in files.open(file.key):
            copy.write(piece)
            if copy.tell() >= most:
                break
        copy.seek(0)
        yield copy


def columns(row: ClientImport) -> list[previews.Column]:
    with opened(row, FIRST_LOOK) as file:
        return previews.columns(file, chosen(row.choices))


@atomic
def choose(row: ClientImport, choices: Choices, *, guess: bool, at: datetime) -> None:
    """What staff say about the list; where its columns are cut otherwise now, they are guessed anew."""
    lock(row)
    must_wait(row)
    if guess:
        with opened(row, FIRST_LOOK) as file:
            choices = previews.with_columns(file, choices, known(today_here(at), clients=False), header=choices.header)
    row.choices = choices.kept()
    row.state, row.report = ImportState.CHOOSING, {}


def must_wait(row: ClientImport) -> None:
    if row.state in RUNNING:
        raise Refused("The list is being worked on. Wait until that is done.")
    if row.state == ImportState.DONE:
        raise Refused("This list has been brought in already. To bring in another, choose its file.")


@atomic
def check(row: ClientImport) -> None:
    """Have it looked through: nothing is written yet."""
    lock(row)
    must_wait(row)
    must_be_clear(row.choices["columns"])
    begin(row, ImportState.CHECKING)


def must_be_clear(keys: list[str]) -> None:
    for key in dict.fromkeys(keys):
        found = target(key)
        if found and not found.several and keys.count(key) > 1:
            raise Refused(f"“{called(key)}” is chosen for two columns. Choose it for one of them.")
    if not {NAME, FIRST, LAST} & set(keys):
        raise Refused("No column holds the client’s name. Choose “Full name”, or “First name” and “Last name”.")


@atomic
def run(row: ClientImport) -> None:
    """Have it written, if there is nothing wrong with it."""
    lock(row)
    must_wait(row)
    if row.state != ImportState.CHECKED:
        raise Refused("The list must be looked through first. Press “Check the List”.")
    if row.report["problems"]["stopping"]:
        raise Refused("There are problems in the list. Mend them in the file, or choose otherwise, and check again.")
    begin(row, ImportState.WRITING)


def begin(row: ClientImport, state: ImportState) -> None:
    row.state, row.rows_done, row.tries, row.leased_until = state, 0, 0, None


@atomic
def discard(row: ClientImport) -> None:
    lock(row)
    must_wait(row)
    forget_file(row)
    db.session.delete(row)


def forget_file(row: ClientImport) -> None:
    """The bytes go as soon as they are not needed; what was known about them is swept with all other files."""
    file = db.session.get(File, row.file_id) if row.file_id else None
    row.file_id = None
    if file:
        files.remove(file.key)


@atomic
def claim(at: datetime, id: int | None = None) -> ClientImport | None:
    """One that waits to be worked on, or that somebody let go of."""
    due = (
        select(ClientImport.id)
        .where(
            ClientImport.state.in_(RUNNING), or_(ClientImport.leased_until.is_(None), ClientImport.leased_until < at)
        )
        .order_by(ClientImport.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    due = due.where(ClientImport.id == id) if id else due
    claimed = update(ClientImport).where(ClientImport.id == due.scalar_subquery()).returning(ClientImport)
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
    choices, here = chosen(row.choices), known(today_here(at))
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
