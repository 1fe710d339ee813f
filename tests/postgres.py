"""A private PostgreSQL server: a throw-away cluster on a unix socket, gone when its maker is gone."""

import glob
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

ROOM_WANTED = 2 * 1024**3
STARTING_SECONDS = 30
# No test needs its data after a power cut, nor anybody from outside.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "200",
}
# The shell waits on a pipe that only this process holds open: however this process ends, the server ends, its files go.
KEEPER = """
"$@" & server=$!
read -r _ || true
kill -INT $server; wait $server; rm -rf "$HOUSE"
"""


class NoServer(Exception):
    """PostgreSQL is not here, or did not start; the words say which."""


def programs() -> Path | None:
    """The folder with initdb and postgres: the newest of Debian's, or the one on the PATH."""
    debian = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: float(Path(path).parent.name))
    on_path = [str(Path(found).parent)] if (found := shutil.which("initdb")) else []
    for folder in [*reversed(debian), *on_path, *told_by_config()]:
        if all(os.access(Path(folder, name), os.X_OK) for name in ("initdb", "postgres")):
            return Path(folder)
    return None


def told_by_config() -> list[str]:
    if shutil.which("pg_config") is None:
        return []
    return [subprocess.check_output(["pg_config", "--bindir"], text=True).strip()]


@contextmanager
def server() -> Iterator[str]:
    """The address of a server that lives as long as the block: postgresql+psycopg://…/{name}, name to be filled in."""
    folder = programs()
    if folder is None:
        raise NoServer("PostgreSQL's programs (initdb, postgres) are not on this machine.")
    house = tempfile.mkdtemp(prefix="pg-", dir=memory_or_disk())
    someone = owner()
    if someone:
        shutil.chown(house, someone)
    try:
        initialise(folder, house, someone)
        with kept(folder, house, someone) as keeper:
            wait_until_open(house, keeper)
            yield f"postgresql+psycopg://postgres@/{{name}}?host={house}"
    finally:
        shutil.rmtree(house, ignore_errors=True)


def owner() -> str | None:
    """PostgreSQL refuses to run as root, so root lends it to somebody who owns nothing else here."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise NoServer("PostgreSQL does not run as root, and there is no user postgres or nobody to run it.")


def memory_or_disk() -> str:
    memory = Path("/dev/shm")
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM_WANTED:
        return str(memory)
    return "/tmp"


def initialise(folder: Path, house: str, someone: str | None) -> None:
    locale = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
    command = [
        str(folder / "initdb"),
        "--pgdata",
        f"{house}/data",
        "--auth=trust",
        "--username=postgres",
        "--encoding=UTF8",
    ]
    made = subprocess.run(
        [*command, f"--locale={locale}", "--no-sync", "--no-instructions"],
        user=someone,
        cwd=house,
        capture_output=True,
        text=True,
    )
    if made.returncode != 0:
        raise NoServer(f"PostgreSQL could not make its files:\n{made.stderr}")


@contextmanager
def kept(folder: Path, house: str, someone: str | None) -> Iterator[subprocess.Popen[bytes]]:
    options = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    with open(f"{house}/log", "wb") as log:
        keeper = subprocess.Popen(
            ["sh", "-c", KEEPER, "keeper", folder / "postgres", "-D", f"{house}/data", "-k", house, *options],
            user=someone,
            cwd=house,
            env={**os.environ, "HOUSE": house},
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield keeper
    finally:
        keeper.communicate()


def wait_until_open(house: str, keeper: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + STARTING_SECONDS
    while keeper.poll() is None and time.monotonic() < give_up:
        try:
            psycopg.connect(host=house, user="postgres", dbname="postgres").close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise NoServer(f"PostgreSQL did not start:\n{Path(house, 'log').read_text()}")
