"""The demo in volume: on SQLite kept until tomorrow or until the schema changes, on PostgreSQL made each time."""

import datetime
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import psycopg

from tests import postgres

KEPT = Path("instance/bench")
SOURCES = ("portal/models", "portal/demo", "migrations/versions")


class Size(NamedTuple):
    clients: int
    bookings: int

    def __str__(self) -> str:
        return f"{self.bookings:,} bookings of {self.clients:,} clients"


def on_sqlite(size: Size) -> Mapping[str, str]:
    """The settings with which the app finds it."""
    folder = KEPT / f"{size.clients}-{size.bookings}"
    settings = production(folder, f"sqlite:///{folder.resolve()}/portal.db")
    stamp, wanted = folder / "made-of", fingerprint()
    if not stamp.exists() or stamp.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        fill(size, settings)
        stamp.write_text(wanted)
    return settings


@contextmanager
def on_postgres(size: Size) -> Iterator[Mapping[str, str]]:
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        with postgres.server() as server:
            plain = server.format(name="postgres").replace("+psycopg", "")
            with psycopg.connect(plain, autocommit=True) as connection:
                connection.execute("CREATE DATABASE bench")
            settings = production(folder, server.format(name="bench"))
            fill(size, settings)
            with psycopg.connect(plain.replace("/postgres?", "/bench?"), autocommit=True) as connection:
                connection.execute("VACUUM ANALYZE")
            yield settings
    finally:
        shutil.rmtree(folder)


def production(folder: Path, database: str) -> Mapping[str, str]:
    return {
        "PORTAL_DATA": str(folder.resolve()),
        "PORTAL_DATABASE_URL": database,
        "PORTAL_URL": "http://localhost",
        "PORTAL_SECRET_KEY": sha256(database.encode()).hexdigest(),
    }


def fill(size: Size, settings: Mapping[str, str]) -> None:
    print(f"Making {size} on {settings['PORTAL_DATABASE_URL'].partition(':')[0]}", file=sys.stderr)
    flask(settings, "db", "upgrade")
    flask(settings, "demo", "--clients", str(size.clients), "--bookings", str(size.bookings))


def flask(settings: Mapping[str, str], *words: str) -> None:
    command = [str(Path(sys.executable).parent / "flask"), *words]
    subprocess.run(command, env={**os.environ, **settings}, check=True, stdout=sys.stderr)


def fingerprint() -> str:
    """Bookings are upcoming or past by the day they are made on."""
    digest = sha256(datetime.date.today().isoformat().encode())  # noqa: DTZ011
    for source in SOURCES:
        path = Path(source)
        for file in sorted(path.glob("*.py")) if path.is_dir() else [path]:
            digest.update(file.read_bytes())
    return digest.hexdigest()
