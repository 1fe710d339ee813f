"""The one session, and the one way to change things: all of it or none of it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

from flask import Flask, request
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ColumnElement, DateTime, Dialect, Executable, Integer, MetaData, Select, event, literal_column
from sqlalchemy.engine import Connection, CursorResult, Engine
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import TypeDecorator

from portal.known import known

SAFE = {"GET", "HEAD", "OPTIONS"}
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "busy_timeout=20000",
    "foreign_keys=ON",
    "mmap_size=268435456",
    "temp_store=MEMORY",
)
# On PostgreSQL each query of a page sees what is there at that moment, in a transaction or not: a page needs none.
WORDS = {
    ("sqlite", True): "BEGIN IMMEDIATE",
    ("sqlite", False): "BEGIN DEFERRED",
    ("postgresql", True): "BEGIN",
    ("postgresql", False): "",
}
P = ParamSpec("P")
R = TypeVar("R")

AnySelect = Select[*tuple[Any, ...]]
# Written in a statement, as words are by `written`.
NONE: Any = literal_column("0", Integer)

may_write: ContextVar[bool] = ContextVar("may_write", default=True)


def spelled(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be stored")
    return spelled_in_utc(moment.astimezone(UTC))


@lru_cache(1000)
def spelled_in_utc(moment: datetime) -> str:
    """A statement tells the same few moments many times. In other zones two moments may count as the same one."""
    return moment.isoformat(" ", "microseconds")[:26]


def told(word: str | None) -> datetime | None:
    return None if word is None else datetime.fromisoformat(f"{word}+00:00")


class Instant(TypeDecorator[datetime]):
    """A moment, always aware, always UTC in the database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Any:
        """SQLite keeps words. In one step: a calendar tells dozens of moments, and a list reads hundreds."""
        return spelled if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """PostgreSQL tells moments in UTC already: `portal.postgres` asks it to."""
        return told if dialect.name == "sqlite" else None

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value and value.astimezone(UTC)


NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    registry = registry(metadata=MetaData(naming_convention=NAMES), type_annotation_map={datetime: Instant})


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
migrate = Migrate()


def now() -> datetime:
    """The clock: read once at the edge of a verb or a view, then passed on."""
    return datetime.now(UTC)


def lock(row: Any) -> None:
    """Nobody else changes this row until the change is done (SQLite has locked everything already)."""
    if row not in held():
        db.session.refresh(row, with_for_update=True)
        hold(row)


def hold(row: Any) -> None:
    """It was just read and locked. What is locked inside a part of a change may become free again before its end."""
    if not db.session().in_nested_transaction():
        held().add(row)


def held() -> set[Any]:
    """The rows that are locked in this transaction: nobody asks for them twice."""
    info, transaction = db.session.info, db.session().get_transaction()
    if "held" not in info or info["held"][0] is not transaction:
        info["held"] = transaction, set()
    rows: set[Any] = info["held"][1]
    return rows


def rows_of(statement: Executable, names: Mapping[str, Any] | None = None) -> CursorResult[*tuple[Any, ...]]:
    """Rows of plain columns. Past the session, which does as much work again to make rows what they are already."""
    session = db.session()
    session.flush()
    return session.connection().execute(known(statement), names)


def written(word: str) -> ColumnElement[str]:
    """A word in the statement itself. Beside it, as a value, it would make SQLite plan the statement anew at each call:
    whether a partial index can be used would depend on it."""
    return literal_column(f"'{word}'")


def first_of(rows: AnySelect, most: Any) -> AnySelect:
    """So many of them. With a limit alone SQLAlchemy tells SQLite at each call where they begin, as one value more."""
    number = most if isinstance(most, ColumnElement) else literal_column(str(most), Integer)
    return rows.limit(number).offset(NONE)


@contextmanager
def one_change() -> Iterator[None]:
    """Commit at the outermost level only, so that a rule may call a rule."""
    info = db.session.info
    if info.get("changing"):
        yield
        return
    info["changing"] = True
    if not may_write.get():
        # A read transaction cannot become a write one on SQLite without a risk of "locked": it ends first.
        db.session.commit()
        may_write.set(True)
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        info["changing"] = False
        if info.get("in_request"):
            may_write.set(False)


@contextmanager
def only_reading() -> Iterator[None]:
    """Between two changes of somebody who may write: on SQLite nobody has to wait for what is only read."""
    db.session.commit()
    before = may_write.set(False)
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        may_write.reset(before)


def count_rows_anew() -> None:
    """SQLite chooses its ways by how many rows there were when it was last told to count them: a business grows."""
    if db.engine.dialect.name == "sqlite":
        with db.engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")


def atomic(rule: Callable[P, R]) -> Callable[P, R]:
    @wraps(rule)
    def whole(*args: P.args, **kwargs: P.kwargs) -> R:
        with one_change():
            return rule(*args, **kwargs)

    return whole


def prepare_engine(engine: Engine) -> None:
    """A change begins by name, on both databases; the driver begins nothing by itself."""
    if engine.dialect.name == "sqlite":
        prepare_sqlite(engine)
    else:
        from portal import postgres  # its driver is there only where it is the database

        postgres.prepare(engine)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # Past the engine, for which this one word would be as much work as a query.
        raw: Any = connection.connection.dbapi_connection
        if word := WORDS[engine.dialect.name, may_write.get()]:
            raw.execute(word)


def prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")


def init_app(app: Flask) -> None:
    # What people wrote, and their secrets, belong in no log: an error of the database says nothing of its values.
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", {"hide_parameters": True})
    db.init_app(app)
    migrate.init_app(app, db, compare_type=True, render_as_batch=True)
    with app.app_context():
        prepare_engine(db.engine)

    @app.before_request
    def choose_transaction() -> None:
        may_write.set(request.method not in SAFE)
        db.session.info["in_request"] = True

    @app.teardown_appcontext
    def forget(_: BaseException | None) -> None:
        may_write.set(True)
