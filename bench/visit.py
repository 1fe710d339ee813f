"""A signed-in client who asks the app for pages, without a server or a network in between."""

import io
import json
import os
import re
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from bench import bare
from bench.pages import Call, Page, here
from tests import stage

Environ = dict[str, Any]
ANYBODY = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost", "HTTP_ACCEPT_ENCODING": "gzip, deflate, br"}


class Key(NamedTuple):
    """Cookie and CSRF token of somebody signed in, and the ids of this person's rows."""

    cookie: str
    token: str
    rows: dict[str, str]


def enter(app: Flask) -> Key:
    room = here()
    name, value = stage.key(app, room.person)
    client = app.test_client()
    client.set_cookie(name, value)
    token = re.search(r'name="csrf-token" content="([^"]+)"', client.get(room.door).text)
    rows: dict[str, str] = {}
    for row, (address, pattern) in room.rows.items():
        rows[row] = found(client, row, address.format(**rows), pattern)
    cookie = client.get(room.door).request.environ["HTTP_COOKIE"]
    return Key(cookie, token[1] if token else "", rows)


def found(client: FlaskClient, row: str, address: str, pattern: str) -> str:
    match = re.search(pattern, client.get(address).text)
    if not match:
        raise LookupError(f"{here().person} has no {row} on {address}")
    return match[1]


class Visitor:
    """Each page is asked for with everything a browser would send; the answer must be a good one."""

    def __init__(self, app: Flask, key: Key | None = None) -> None:
        self.app = app
        self.key = key or Key("", "", {})
        self.body = b""
        self.status = ""
        self.headers: dict[str, str] = {}

    def prepared(self, page: Page) -> list[Environ]:
        return [self.environ(call, page.swap) for call in page.calls]

    def environ(self, call: Call, swap: bool) -> Environ:
        parts = urlsplit(call.address.format(**self.key.rows))
        form = urlencode({name: value.format(**self.key.rows) for name, value in call.data.items()}).encode()
        environ: Environ = {
            **ANYBODY,
            "REQUEST_METHOD": call.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(form)),
            "HTTP_COOKIE": self.key.cookie,
            "HTTP_X_CSRFTOKEN": self.key.token,
            "wsgi.url_scheme": "http",
            "wsgi.input": form,
            "wsgi.errors": io.StringIO(),
        }
        return {**environ, "HTTP_HX_REQUEST": "true"} if swap else environ

    def call(self, environ: Environ) -> None:
        asked = {**environ, "wsgi.input": io.BytesIO(environ["wsgi.input"])}
        answer = self.app(asked, self.start)
        self.body = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        if not self.status.startswith("200"):
            raise RuntimeError(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} answered {self.status}")

    def start(self, status: str, headers: list[tuple[str, str]], _: object = None) -> Callable[[bytes], object]:
        self.status, self.headers = status, dict(headers)
        return self.unread

    def unread(self, _: bytes) -> None:
        raise RuntimeError("the old way of WSGI to write an answer is not in use here")


def nothing() -> Page:
    return Page("bare Flask", (Call("/"),))


def empty() -> Visitor:
    return Visitor(bare.create_app())


def visitor() -> Visitor:
    """With the key in BENCH_KEY where somebody has signed in already: under callgrind a sign-in takes a minute."""
    app = create_app()
    kept = os.environ.get("BENCH_KEY")
    return Visitor(app, Key(*json.loads(kept)) if kept else enter(app))
