"""The whole portal on a port of its own with the demo inside, for browser tests, screenshots and benchmarks."""

import os
import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask
from sqlalchemy import select
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wsgi import ClosingIterator

from app import create_app
from portal.db import db, now
from portal.models import Client, Member
from portal.rules import sign_ins
from tests import databases

# Seconds for what a browser still asked when its test was over.
LAST_ANSWERS = 10


class Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """The test says what it expects; a line for each request would drown it."""


class Stage:
    """One address for the whole run; what is behind it is changed for every test."""

    def __init__(self) -> None:
        self.server = make_server("127.0.0.1", 0, self.answer, threaded=True, request_handler=Quiet)
        # A passkey belongs to a name, so it is localhost and not 127.0.0.1.
        self.address = f"http://localhost:{self.server.server_port}"
        self.app: Flask | None = None
        self.asked = 0
        self.quiet = threading.Condition()

    @contextmanager
    def shows(self, app: Flask) -> Iterator[None]:
        """Until the block is over, and what was asked in it is answered."""
        self.app = app
        try:
            yield
        finally:
            with self.quiet:
                self.app = None
                self.quiet.wait_for(lambda: not self.asked, timeout=LAST_ANSWERS)

    def answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with self.quiet:
            app = self.app
            self.asked += app is not None
        if app is None:
            start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
            return [b"Between two tests nobody is here."]
        # All of it at once: what a browser has left in the middle of an answer, the server would never close.
        try:
            with closing(ClosingIterator(app(environ, start_response))) as pieces:
                return [*pieces]
        finally:
            with self.quiet:
                self.asked -= 1
                self.quiet.notify_all()


@contextmanager
def raised() -> Iterator[Stage]:
    stage = Stage()
    threading.Thread(target=stage.server.serve_forever, daemon=True).start()
    try:
        yield stage
    finally:
        stage.server.shutdown()
        stage.server.server_close()


def portal(folder: Path, database_url: str, address: str) -> Flask:
    """The app as a newcomer runs it, settings from the environment, but with its own folder, database and address."""
    settings = {
        "PORTAL_DEVELOPMENT": "1",
        "PORTAL_DATA": str(folder),
        "PORTAL_DATABASE_URL": database_url,
        "PORTAL_URL": address,
    }
    with patch.dict(os.environ, settings):
        return create_app()


def command(app: Flask, *words: str) -> None:
    """flask db upgrade, flask demo: as on the command line, but here."""
    result = app.test_cli_runner().invoke(args=words)
    if result.exit_code != 0:
        raise RuntimeError(f"flask {' '.join(words)} failed:\n{result.output}") from result.exception


class Demo:
    """A template of the demo, database and files, built once; everybody who asks finds it as new."""

    def __init__(self, folder: Path, worker: str = "main", demo: tuple[str, ...] = ("demo",)) -> None:
        self.folder, self.demo = folder, demo
        self.apps: dict[str, Flask] = {}
        (folder / "template").mkdir(parents=True)
        self.template = databases.prepare(worker, self.build, name="demo")

    def build(self, url: str) -> None:
        app = portal(self.folder / "template", url, "http://localhost")
        command(app, "db", "upgrade")
        command(app, *self.demo)
        close(app)

    @contextmanager
    def copy(self, address: str) -> Iterator[Flask]:
        """The app is the same for the same address: its templates take longer to read than a page to be made."""
        if address not in self.apps:
            folder = self.folder / str(len(self.apps))
            self.fill(folder)
            self.apps[address] = portal(folder, databases.fresh(self.template), address)
        app = self.apps[address]
        here = app.extensions["portal-settings"]
        self.fill(here.data)
        databases.renew(here.database_url, self.template)
        try:
            yield app
        finally:
            close(app)
            databases.drop(here.database_url)
            shutil.rmtree(here.data, ignore_errors=True)

    def fill(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder / "template", folder)


def key(app: Flask, email: str) -> tuple[str, str]:
    """Name and value of the cookie that somebody has who signed in a moment ago."""
    with app.app_context():
        row, door = signed_in(email)
    browser = app.test_client()
    with browser.session_transaction(door) as cookie:
        cookie["_user_id"] = row
    name, _, value = browser.get(door).request.environ["HTTP_COOKIE"].partition("=")
    return name, value


def signed_in(email: str) -> tuple[str, str]:
    hour, at = timedelta(hours=1), now()
    member = db.session.scalar(select(Member).where(Member.email == email))
    if member:
        return sign_ins.begin_for_member(member, idle=hour, end=hour, device="", at=at), "/desk/"
    client = db.session.scalars(select(Client).where(Client.email == email)).one()
    return sign_ins.begin_for_client(client, remember=False, device="", at=at), "/"


def close(app: Flask) -> None:
    with app.app_context():
        for engine in app.extensions["sqlalchemy"].engines.values():
            engine.dispose()
