"""Files: kept with a row, and swept when nobody needs them."""

import os
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.db import Base, db
from portal.gateways import files as store
from portal.gateways.files import Unacceptable
from portal.models import Business, Client, File
from portal.rules import documents, files
from portal.rules.actors import SYSTEM
from tests import samples
from tests.cast import NOON

LATER = NOON + timedelta(hours=2)


def kept(content: bytes = samples.txt(), name: str = "plan.txt") -> File:
    return files.keep(BytesIO(content), name, at=NOON)


def is_there(key: str) -> bool:
    try:
        return bool(store.read(key))
    except FileNotFoundError:
        return False


@pytest.mark.usefixtures("app")
def test_a_document_is_kept_with_what_is_known_about_it() -> None:  # DOC-4
    file = kept(samples.pdf("Rabies"), "Rabies certificate.pdf")
    db.session.expire_all()
    row = db.session.get_one(File, file.id)
    assert (row.name, row.type, row.kept_at) == ("Rabies certificate.pdf", "application/pdf", NOON)
    assert store.read(row.key) == samples.pdf("Rabies")


@pytest.mark.usefixtures("app")
def test_a_photo_is_kept_small_with_its_square() -> None:  # PRO-1
    file = files.keep_photo(BytesIO(samples.jpeg(width=1800, height=1200)), "me.jpg", at=NOON)
    assert (file.type, file.width, file.height) == ("image/webp", 341, 512)
    assert is_there(store.thumbnail(file.key))


@pytest.mark.usefixtures("app")
def test_what_is_not_taken_leaves_no_row() -> None:  # DOC-4
    with pytest.raises(Unacceptable):
        kept(samples.html(), "page.pdf")
    assert db.session.scalars(select(File)).all() == []


@pytest.mark.usefixtures("app")
def test_a_file_nobody_needs_goes_with_its_bytes() -> None:  # DOC-3
    key, newest = kept().key, kept()
    assert files.sweep(LATER) == 2
    assert db.session.scalars(select(File.id)).all() == [newest.id]
    assert not is_there(key)
    assert not is_there(newest.key)


@pytest.mark.usefixtures("app")
def test_no_file_gets_the_id_of_one_that_is_gone() -> None:  # PRO-1
    """Or a browser would show the photo it has kept of somebody else."""
    former = kept().id
    files.sweep(LATER)
    assert kept().id != former


@pytest.mark.usefixtures("app")
def test_a_file_just_kept_waits_for_its_row() -> None:
    key = kept().key
    assert files.sweep(NOON + timedelta(minutes=59)) == 0
    assert is_there(key)


def test_a_file_somebody_needs_stays(rosa: Client) -> None:
    file = files.keep_photo(BytesIO(samples.png()), "me.png", at=NOON)
    rosa.photo_id = file.id
    db.session.commit()
    assert files.sweep(LATER) == 0
    assert is_there(file.key)
    assert is_there(store.thumbnail(file.key))


@pytest.mark.usefixtures("app")
def test_every_column_that_points_at_a_file_is_asked() -> None:
    asked = {str(need.left) for need in files.needs()}  # type: ignore[attr-defined]
    named = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.name in ("file_id", "photo_id", "logo_id")
    }
    assert asked == named
    assert "vaccination.file_id" in asked


@pytest.mark.usefixtures("app")
def test_however_many_are_not_needed_they_all_go(monkeypatch: pytest.MonkeyPatch) -> None:  # DOC-3
    monkeypatch.setattr(files, "AT_ONCE", 2)
    kept_here = [kept(f"Plan {number}".encode()).key for number in range(5)]
    assert files.sweep(LATER) == 5
    assert not any(is_there(key) for key in kept_here)


def test_a_file_that_is_taken_into_use_while_they_are_looked_for_stays(rosa: Client) -> None:  # DOC-3
    taken, left = kept(), kept()
    ids = files.unused(LATER, after=0)
    assert ids == [taken.id, left.id]
    documents.give(rosa, taken, by=SYSTEM, at=LATER)
    assert files.let_go(ids) == [left.key]


@pytest.mark.usefixtures("app")
def test_files_are_looked_for_while_somebody_else_writes() -> None:
    key = kept().key
    with db.engine.connect() as other:
        other.execute(update(Business).values(tagline="Come in"))
        assert len(files.unused(LATER, after=0)) == 1
    assert is_there(key)


def test_bytes_that_no_row_came_to_know_go_too(app: Flask) -> None:
    stray = store.keep(BytesIO(samples.txt()), "plan.txt").key
    place = app.extensions["portal-settings"].data / "files" / stray
    assert files.sweep(LATER) == 0
    os.utime(place, (0, 0))
    assert files.sweep(LATER) == 1
    assert not is_there(stray)
