"""A portal of its own for every test, with the cast in it; `browse(rosa)` is a browser in Rosa's hands."""

import contextvars
import gc
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import exists, or_, select
from werkzeug.test import TestResponse

from app import create_app
from portal import passwords
from portal.db import db
from portal.gateways import files
from portal.models import (
    UNSETTLED,
    AppointmentDay,
    Booking,
    ClassDay,
    Client,
    Location,
    Member,
    Pet,
    ServiceSession,
    TakenDay,
    VisitDay,
)
from portal.models.lengths import length_of
from portal.models.local_days import local_day
from portal.rules import class_days, sign_ins, taken_days, visit_days
from tests import cast, databases

SECRET = "not-a-secret-not-a-secret-not-a-secret"
Browse = Callable[..., "Browser"]
# Where there is none of these, nothing can be kept of them that is not so.
ANYTHING = select(
    or_(
        *(
            exists().select_from(model)
            for model in (Booking, ServiceSession, ClassDay, TakenDay, VisitDay, AppointmentDay)
        )
    )
)
DEAR = passwords.hasher, passwords.NOBODY
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1), DEAR[1].replace(f"m={passwords.MEMORY_KIB}", "m=8")


def make_app(data: Path, url: str, **more: Any) -> Flask:
    os.environ.setdefault("PORTAL_DEVELOPMENT", "1")
    os.environ["PORTAL_DATA"] = str(data)
    chosen = {"secret_key": SECRET, "database_url": url, "url": "http://localhost", **more}
    return create_app(**chosen)


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """To hash is dear on purpose, and nearly everything tested behind a password has another purpose."""
    with pytest.MonkeyPatch.context() as patched:
        hash_with(CHEAP, patched)
        yield


@pytest.fixture
def dear_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is in earnest; the cast's passwords are kept cheaply all the same."""
    hash_with(DEAR, monkeypatch)


def hash_with(way: tuple[PasswordHasher, str], patched: pytest.MonkeyPatch) -> None:
    patched.setattr(passwords, "hasher", way[0])
    patched.setattr(passwords, "NOBODY", way[1])


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> str:
    def build(url: str) -> None:
        app = make_app(tmp_path_factory.mktemp("template"), url)
        with app.app_context():
            upgrade(directory=str(Path(__file__).parents[1] / "migrations"))
            cast.gather()
            db.session.remove()
            db.engine.dispose()

    return databases.prepare(os.environ.get("PYTEST_XDIST_WORKER", "main"), build)


@pytest.fixture(scope="session")
def house(template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Built once: its templates take longer to read than most tests take to run."""
    url = databases.fresh(template)
    built = make_app(tmp_path_factory.mktemp("house"), url)
    # It stays to the end, and whoever looks for what can be thrown away need not look through all of it each time.
    gc.freeze()
    yield built
    with built.app_context():
        db.engine.dispose()
    databases.drop(url)


@pytest.fixture
def app(house: Flask, template: str, tmp_path: Path) -> Iterator[Flask]:
    """The house with a database, files and settings as new. The context is open, so that a test may call the rules;
    requests get one of their own."""
    config, built_with = dict(house.config), house.extensions["portal-settings"]
    here = replace(built_with, data=tmp_path, files_url=(tmp_path / "files").as_uri())
    house.extensions["portal-settings"] = here
    files.init(here.files_url)
    house.test_client_class = Browser
    databases.renew(here.database_url, template)
    with house.app_context():
        yield house
        db.session.remove()
        unsettled = untrue() if db.session.scalar(ANYTHING) else []
        db.session.remove()
        if databases.kind() == "sqlite":
            db.engine.dispose()
    house.config.clear()
    house.config.update(config)
    house.extensions["portal-settings"] = built_with
    assert unsettled == [], "Whatever a test does, what is kept of bookings and of days is what the rows say."


def untrue() -> list[Any]:
    """What is kept, and differs from what the rows say."""
    return [*db.session.scalars(UNSETTLED), *mismeasured(), *misplaced(), *miscounted(), *mistaken()]


def mismeasured() -> list[int]:
    """Bookings that say of themselves another length than their times do."""
    told = db.session.execute(select(Booking.id, Booking.starts_at, Booking.ends_at, Booking.length))
    return [id for id, starts_at, ends_at, length in told if length != length_of(ends_at - starts_at)]


def misplaced() -> list[int]:
    """Sessions that say they were on another day than the clock of their location does."""
    told = db.session.execute(
        select(ServiceSession.id, ServiceSession.day, ServiceSession.starts_at, Location.time_zone).join(
            Location, Location.id == ServiceSession.location_id
        )
    )
    return [id for id, day, starts_at, zone in told if day != local_day(starts_at, zone)]


def miscounted() -> set[Any]:
    """Days that say they had more or fewer classes, bookings or pets than they have."""
    kept = select(ClassDay.day, ClassDay.service_id, ClassDay.location_id, ClassDay.sessions)
    classes = {*map(tuple, db.session.execute(kept))} ^ {*map(tuple, db.session.execute(class_days.EVERY))}
    for days, rows in zip(visit_days.DAYS, visit_days.every(db.session.connection()), strict=True):
        told = {tuple(row) for row in db.session.execute(select(*days.table.columns))}
        classes |= told ^ {(*key, *of) for key, of in rows.items()}
    return classes


def mistaken() -> set[Any]:
    """Days of providers that say they were taken at other times than they are."""
    kept = db.session.execute(select(TakenDay.provider_id, TakenDay.day, TakenDay.spans))
    told = {((provider_id, day), spans) for provider_id, day, spans in kept}
    return told ^ {*taken_days.every(db.session.connection()).items()}


class Browser(FlaskClient):
    """A request begins with nothing of the test's, and the test sees what it changed."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        db.session.commit()
        answer = contextvars.Context().run(super().open, *args, **kwargs)
        # A large body lies in a temporary file, which the test client would leave open.
        answer.request.environ["wsgi.input"].close()
        db.session.expire_all()
        return answer

    def csrf(self, path: str = "/sign-in") -> str:
        """A token of this browser's own, as a page holds it."""
        return self.get(path).text.split('name="csrf-token" content="')[1].split('"')[0]

    def token(self, path: str = "/sign-in") -> str:
        """The same without a page, for whoever asks at a thousand doors: nothing that was said is shown on the way."""
        with self.session_transaction(path) as cookie:
            secret = cookie.setdefault("csrf_token", secrets.token_hex())
        return URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(secret)

    def post(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Every form carries its token; pass token=None for one that does not."""
        token = kwargs.pop("token", "own")
        if token:
            path = "/desk/sign-in" if str(args[0]).startswith("/desk") else "/sign-in"
            headers = dict(kwargs.pop("headers", {}))
            headers["X-CSRFToken"] = self.token(path) if token == "own" else token
            kwargs["headers"] = headers
        return super().post(*args, **kwargs)

    def swap(self, path: str, method: str = "post", **kwargs: Any) -> TestResponse:
        """What htmx does: the same, asking for a part."""
        headers = {**kwargs.pop("headers", {}), "HX-Request": "true"}
        answer: TestResponse = getattr(self, method)(path, headers=headers, **kwargs)
        return answer


@pytest.fixture
def monday(app: Flask) -> Iterator[None]:
    """The shop is open, and it stays ten o'clock of a Monday in New York."""
    cast.open_shop()
    with time_machine.travel(cast.NOON, tick=False):
        yield


@pytest.fixture
def browse(app: Flask) -> Browse:
    """A browser, signed in as a client or a member of staff, or as nobody."""

    def as_(person: Client | Member | None = None) -> Browser:
        browser = app.test_client()
        assert isinstance(browser, Browser)
        if person is None:
            return browser
        at = datetime.now(UTC)
        staff = isinstance(person, Member)
        if isinstance(person, Member):
            key = sign_ins.begin_for_member(
                person, idle=sign_ins.CLIENT_IDLE, end=sign_ins.CLIENT_END, device="", at=at
            )
        else:
            key = sign_ins.begin_for_client(person, remember=False, device="", at=at)
        with browser.session_transaction("/desk/" if staff else "/") as cookie:
            cookie["_user_id"] = key
        return browser

    return as_


@pytest.fixture
def rosa(app: Flask) -> Client:
    return db.session.query(Client).filter_by(first_name="Rosa").one()


@pytest.fixture
def omar(app: Flask) -> Client:
    return db.session.query(Client).filter_by(first_name="Omar").one()


@pytest.fixture
def pepper(omar: Client) -> Pet:
    return omar.pets[0]


@pytest.fixture
def zoe(app: Flask) -> Client:
    return db.session.query(Client).filter_by(first_name="Zoë").one()


@pytest.fixture
def biscuit(app: Flask) -> Pet:
    return db.session.query(Pet).filter_by(name="Biscuit").one()


@pytest.fixture
def juno(app: Flask) -> Pet:
    return db.session.query(Pet).filter_by(name="Juno").one()


@pytest.fixture
def nina(app: Flask) -> Member:
    return db.session.query(Member).filter_by(email="nina@example.com").one()


@pytest.fixture
def theo(app: Flask) -> Member:
    return db.session.query(Member).filter_by(email="theo@example.com").one()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is about the other database, or about none and has run on it, is no test on this one."""
    elsewhere = [
        item for item in items if any(mark.args != (databases.kind(),) for mark in item.iter_markers("only_on"))
    ]
    config.hook.pytest_deselected(items=elsewhere)
    items[:] = [item for item in items if item not in elsewhere]


def pytest_make_parametrize_id(val: object) -> str | None:
    """Octets are named by how many there are: files made in code differ, and every worker must say the same name."""
    return f"{len(val)} octets" if isinstance(val, bytes) else None
