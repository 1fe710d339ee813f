"""Bringing in lists of clients: a file is taken and looked at, staff choose, it is looked through, and all is written.

The last two are done by the worker (imports/runs.py), or at once where the list is short. The row is the truth: what
was broken off is begun anew, and the clients are written in one change with the word that they are.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from tempfile import SpooledTemporaryFile
from typing import IO

from sqlalchemy import select
from sqlalchemy.orm import load_only

from portal.db import atomic, db, lock
from portal.gateways import files, tables
from portal.models import ClientImport, File, ImportState
from portal.rules.actors import Actor
from portal.rules.business import the_business, today
from portal.rules.imports import previews
from portal.rules.imports.choices import Choices, chosen
from portal.rules.imports.fields import FIRST, LAST, NAME, called, target
from portal.rules.imports.known import known
from portal.rules.refused import Refused
from portal.wording import counted

LARGEST = 100 * 1024 * 1024
SHORT = 400
PIECE = 1024 * 1024
FIRST_LOOK = 4 * PIECE
KEPT = timedelta(days=1)
SHOWN = 20
RUNNING = {ImportState.CHECKING, ImportState.WRITING, ImportState.INDEXING}


def take(stream: IO[bytes], name: str, *, by: Actor, at: datetime) -> ClientImport:
    """Keep a file and guess what is in it. Raises tables.NoTable with words for the person."""
    if stream.seek(0, 2) > LARGEST:
        raise tables.NoTable("This file is larger than 100 MB. Bring the list in in parts.")
    here, country = known(today(at), clients=False), the_business().country
    if not db.session.info.get("changing"):
        # A long list takes seconds to look at, and nobody else should wait for it.
        db.session.commit()
    tables.refuse_what_is_none(stream, name)
    choices = previews.guess(stream, here, country)
    return recorded(files.keep_list(stream, name), choices, previews.count(stream, choices), by=by, at=at)


@atomic
def recorded(kept: files.Kept, choices: Choices, rows: int, *, by: Actor, at: datetime) -> ClientImport:
    file = File(**asdict(kept), kept_at=at)
    db.session.add(file)
    db.session.flush()
    row = ClientImport(name=kept.name, file_id=file.id, at=at, **by.signed)
    row.state, row.choices, row.report, row.rows = ImportState.CHOOSING, choices.kept(), {}, rows
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
        ClientImport.choices,
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


def columns(row: ClientImport) -> tuple[list[previews.Column], list[str]]:
    """The columns as they are taken, and the vaccines that one may hold."""
    with opened(row, FIRST_LOOK) as file:
        found = previews.columns(file, chosen(row.choices))
    return found, known(row.at.date(), clients=False).vaccine_names


@atomic
def choose(row: ClientImport, choices: Choices, *, at: datetime) -> None:
    """What staff say about the list; where its columns are cut otherwise now, they are guessed anew."""
    lock(row)
    must_wait(row)
    if choices.cut != chosen(row.choices).cut:
        with opened(row, FIRST_LOOK) as file:
            choices = previews.with_columns(file, choices, known(today(at), clients=False), header=choices.header)
    row.choices = choices.kept()
    row.state, row.report = ImportState.CHOOSING, {}


def must_wait(row: ClientImport) -> None:
    if row.state in RUNNING:
        raise Refused("The list is being worked on. Wait until that is done.")
    if row.state == ImportState.DONE:
        raise Refused("This list has been brought in already. To bring in another, choose its file.")


@atomic
def check(row: ClientImport, *, write: bool = False) -> None:
    """Have it looked through: nothing is written, or with `write` at once what has no problem."""
    lock(row)
    must_wait(row)
    must_be_clear(row.choices["columns"])
    begin(row, ImportState.WRITING if write else ImportState.CHECKING)


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


def is_short(row: ClientImport) -> bool:
    """Nobody needs to wait for the worker with such a list."""
    return row.rows <= SHORT


def summary(row: ClientImport) -> list[str]:
    """What would be written, or what was."""
    counts = row.report.get("counts", {})
    without = f", {counts['without_email']:,} of them without e-mail" if counts.get("without_email") else ""
    fresh = counts.get("clients", 0)
    told = [counted(fresh, "new client") + without] if fresh or not counts.get("updated") else []
    for name, one, many in (
        ("updated", "client who is here already", "clients who are here already"),
        ("pets", "pet", "pets"),
        ("vaccines", "vaccine date", "vaccine dates"),
        ("skipped", "row left out", "rows left out"),
    ):
        if counts.get(name):
            told.append(counted(counts[name], one, many))
    return told
