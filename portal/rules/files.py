"""Files: what people give us, looked at and kept, and what goes when nobody needs it any more."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import IO

from sqlalchemy import ColumnElement, delete, exists, func, select

from portal.db import Base, atomic, db, only_reading
from portal.gateways import files
from portal.models import File
from portal.settings import settings

# No request takes this long to keep a file and then the row that needs it.
GRACE = timedelta(hours=1)
AT_ONCE, GIGABYTE = 500, 1_000_000_000


def keep(stream: IO[bytes], name: str, *, at: datetime) -> File:
    """Keep a document. The caller gives it to a row that needs it; otherwise it is swept. Raises Unacceptable."""
    return recorded(looked_at(files.keep, stream, name), at=at)


def keep_photo(stream: IO[bytes], name: str, *, at: datetime) -> File:
    """Keep a photo of a person or a pet, made small and without notes. Raises Unacceptable."""
    return recorded(looked_at(files.keep_photo, stream, name), at=at)


def looked_at(look: Callable[[IO[bytes], str], files.Kept], stream: IO[bytes], name: str) -> files.Kept:
    """A large picture takes seconds, and nobody else should wait for them: what was read so far is let go first."""
    must_have_room()
    if not db.session.info.get("changing"):
        db.session.commit()
    return look(stream, name)


def must_have_room() -> None:
    """Whoever it comes from, so that nobody fills the disk on which the bookings lie, too."""
    most = settings().files_gb
    taken = db.session.execute(select(func.coalesce(func.sum(File.size), 0))).scalar_one() if most else 0
    if most and taken >= most * GIGABYTE:
        raise files.Unacceptable(
            f"There is no room for more files: all of them together may take {most} GB. "
            "Remove what is not needed any more, or ask whoever looks after this portal for more room."
        )


@atomic
def recorded(kept: files.Kept, *, at: datetime) -> File:
    file = File(**asdict(kept), kept_at=at)
    db.session.add(file)
    db.session.flush()
    return file


def sweep(at: datetime) -> int:
    """Let go of the files that no row needs, and of bytes that no file knows; how many."""
    gone, last = 0, 0
    while ids := unused(at, after=last):
        keys, last = let_go(ids), ids[-1]
        for key in keys:
            files.remove(key)
        gone += len(keys)
    with only_reading():
        known = set(db.session.scalars(select(File.key)))
    return gone + files.sweep(known, GRACE)


def unused(at: datetime, *, after: int) -> Sequence[int]:
    """Found while others go on writing: it is a question to many tables."""
    old = select(File.id).where(File.id > after, File.kept_at < at - GRACE, *nobody_needs())
    with only_reading():
        return db.session.scalars(old.order_by(File.id).limit(AT_ONCE)).all()


@atomic
def let_go(ids: Sequence[int]) -> list[str]:
    """The rows go first: bytes without a row are found again, a row without bytes would be a broken page.

    What was taken into use since stays: first nobody else may take one of them, then it is asked again.
    """
    db.session.execute(select(File.id).where(File.id.in_(ids)).order_by(File.id).with_for_update())
    rows = db.session.execute(select(File.id, File.key).where(File.id.in_(ids), *nobody_needs())).all()
    # SQLite gives the highest id anew, and browsers keep a photo by its id: the newest row stays, without bytes.
    newest = db.session.scalar(select(func.max(File.id)))
    db.session.execute(delete(File).where(File.id.in_([id for id, _ in rows if id != newest])))
    return [key for _, key in rows]


def nobody_needs() -> list[ColumnElement[bool]]:
    return [~exists().where(need) for need in needs()]


def needs() -> list[ColumnElement[bool]]:
    """Every column of every table that points at a file, so that none is forgotten when a table is added."""
    columns = [column for table in Base.metadata.tables.values() for column in table.columns]
    return [
        column == File.id for column in columns if any(key.column.table.name == "file" for key in column.foreign_keys)
    ]
