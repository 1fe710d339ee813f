"""A database of its own for every test: copied from a template that is built once per worker, on SQLite or PostgreSQL.

    template = databases.prepare(worker, build)     once; build(url) makes the schema and the cast
    url = databases.fresh(template)                 for every test
    databases.drop(url)                             after it

TEST_DATABASE chooses (sqlite, the default, or postgres). TEST_POSTGRES_URL names a server that runs already, with
{name} where the database's name goes; without it a private one is started for this process.
"""

import atexit
import itertools
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, closing
from functools import cache
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from tests import postgres, refills

SIDE_FILES = ("", "-wal", "-shm")

number = itertools.count(1)
visitors: dict[str, refills.Connection] = {}


def kind() -> str:
    chosen = os.environ.get("TEST_DATABASE", "sqlite")
    if chosen not in ("sqlite", "postgres"):
        raise ValueError(f"TEST_DATABASE is '{chosen}', but it must be sqlite or postgres.")
    return chosen


def prepare(worker: str, build: Callable[[str], None], name: str = "template") -> str:
    """The template's address. Do not connect to it afterwards: PostgreSQL copies only what nobody uses."""
    template = empty(f"{name}_{worker}_{os.getpid()}")
    build(template)
    settle(template)
    return template


def empty(name: str) -> str:
    if kind() == "sqlite":
        return f"sqlite:///{folder() / name}.db"
    execute(f'CREATE DATABASE "{name}"')
    return server().format(name=name)


def settle(template: str) -> None:
    """All of it in one file, or nobody connected: only then can it be copied."""
    name = make_url(template).database or ""
    if template.startswith("sqlite"):
        with closing(sqlite3.connect(name)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        with inside(name) as connection:
            refills.remember(connection)
        execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")


def fresh(template: str) -> str:
    source = make_url(template).database or ""
    copy = f"{source.removesuffix('.db')}_{next(number)}"
    if template.startswith("sqlite"):
        shutil.copyfile(source, f"{copy}.db")
        return f"sqlite:///{copy}.db"
    execute(f'CREATE DATABASE "{copy}" TEMPLATE "{source}"')
    return server().format(name=copy)


def renew(url: str, template: str) -> None:
    """The same address with nothing in it but the template's, for those who keep their engine."""
    source, name = make_url(template).database or "", make_url(url).database or ""
    if template.startswith("sqlite"):
        drop(url)
        shutil.copyfile(source, name)
    elif not refills.put_back(visitor(name)):
        drop(url)
        execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')


def drop(url: str) -> None:
    name = make_url(url).database or ""
    if url.startswith("sqlite"):
        for ending in SIDE_FILES:
            Path(name + ending).unlink(missing_ok=True)
    else:
        if visitor := visitors.pop(name, None):
            visitor.close()
        execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@cache
def folder() -> Path:
    path = Path(tempfile.mkdtemp(prefix="sqlite-", dir=postgres.memory_or_disk()))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


@cache
def server() -> str:
    if running := os.environ.get("TEST_POSTGRES_URL"):
        return running
    life = ExitStack()
    atexit.register(life.close)
    return life.enter_context(postgres.server())


def visitor(name: str) -> refills.Connection:
    """Who stays inside until the database goes, or all is over."""
    if name not in visitors:
        visitors[name] = inside(name)
        atexit.register(visitors[name].close)
    return visitors[name]


def inside(name: str) -> refills.Connection:
    address = make_url(server().format(name=name)).set(drivername="postgresql")
    options = "-c lock_timeout=5s"
    return psycopg.connect(address.render_as_string(hide_password=False), autocommit=True, options=options)


def execute(statement: str) -> None:
    visitor("postgres").execute(statement.encode())
