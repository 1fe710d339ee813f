"""Styles, scripts and drawings: joined, hashed and compressed once when the app starts, then kept by browsers for ever.

A source file in static/ is edited as it is; there is no build step. In a page, `asset("portal.css")` is its address.
"""

import gzip
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote
from wsgiref.headers import Headers

import brotli
from flask import Flask
from whitenoise import WhiteNoise

from portal.headers import SECURITY_HEADERS

STATIC = Path(__file__).parents[1] / "static"
PREFIX = "/static/"
# First the layers and tokens; inside one layer a later file has the last word.
STYLES = (
    *("_global", "reset", "base", "layout", "bars", "buttons", "tags", "avatars", "rows", "strip", "fields"),
    *("dialogs", "toasts", "tabs", "threads", "welcome", "utilities", "print"),
)
DESK_STYLES = ("desk",)  # a client never needs them
BOOK_STYLES = ("book",)  # nor these before they book
CALENDAR_STYLES = ("calendar",)
HASHED = re.compile(r"\.[0-9a-f]{8}\.[a-z]+$")

Environ = dict[str, object]
Body = Iterable[bytes]


def asset(name: str) -> str:
    """The address of portal.css or another style or script, sprite.svg or logo.svg. It changes with the content."""
    return PREFIX + published()[name][0]


@cache
def published() -> Mapping[str, tuple[str, bytes]]:
    """For each name its hashed name and its content."""
    contents = {
        "portal.css": style(STATIC),
        "desk.css": style(STATIC, DESK_STYLES),
        "book.css": style(STATIC, BOOK_STYLES),
        "calendar.css": style(STATIC, CALENDAR_STYLES),
        "portal.js": "\n".join(
            [(STATIC / "htmx.js").read_text().strip(), script(STATIC, "portal.js"), script(STATIC, "drafts.js")]
        ),
        "uploads.js": script(STATIC, "uploads.js"),
        "sprite.svg": sprite(STATIC),
        "logo.svg": (STATIC / "logo.svg").read_text(),
    }
    return {name: (hashed(name, text.encode()), text.encode()) for name, text in contents.items()}


def hashed(name: str, content: bytes) -> str:
    stem, _, kind = name.rpartition(".")
    return f"{stem}.{sha256(content).hexdigest()[:8]}.{kind}"


def style(static: Path, names: Iterable[str] = STYLES) -> str:
    joined = "\n".join((static / "css" / f"{name}.css").read_text() for name in names)
    inlined = re.sub(r'url\("?\.\./(\w+\.svg)"?\)', lambda found: data_address(static / found[1]), joined)
    return squeeze_style(inlined)


def squeeze_style(style: str) -> str:
    """Comments and spaces go, what stands in quotes stays."""
    bare = re.sub(r'("[^"]*")|/\*.*?\*/', lambda found: found[1] or "", style, flags=re.DOTALL)
    close = re.sub(r'("[^"]*")|\s+', lambda found: found[1] or " ", bare)
    return re.sub(r'("[^"]*")|\s*([{};,])\s*', lambda found: found[1] or found[2], close).strip()


def data_address(drawing: Path) -> str:
    return f'url("data:image/svg+xml,{quote(drawing.read_text().strip(), safe=" =:/")}")'


def script(static: Path, name: str) -> str:
    """Line by line: spaces at its ends go, and what is only said to whoever reads it."""
    ours = [line.strip() for line in (static / name).read_text().splitlines()]
    return "\n".join([*(line for line in ours if line and not line.startswith("//")), ""])


def sprite(static: Path) -> str:
    """All drawings in one file, so that the browser asks once; each keeps the notice of where it comes from."""
    files = [(static / name).read_text() for name in ("icons.svg", "pets.svg")]
    notices = [re.match(r"<!--.*?-->", text, re.DOTALL) for text in files]
    symbols = [symbol for text in files for symbol in re.findall(r"<symbol.*?</symbol>", text, re.DOTALL)]
    close = re.sub(r">\s+<", "><", "".join(symbols))
    said = "".join(notice[0] for notice in notices if notice)
    return f'{said}<svg xmlns="http://www.w3.org/2000/svg">{close}</svg>'


def write(folder: Path) -> None:
    """Several workers may start at once: each file appears whole, and the plain one last."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in published().values():
        if not (folder / name).exists():
            put(folder / f"{name}.br", squeezed(content, brotli.compress))
            put(folder / f"{name}.gz", squeezed(content, gzip.compress))
            put(folder / name, content)


@cache
def squeezed(content: bytes, by: Callable[[bytes], bytes]) -> bytes:
    return by(content)


def put(place: Path, content: bytes) -> None:
    draft = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
    draft.write_bytes(content)
    draft.replace(place)


class Shelf(WhiteNoise):
    """Serves what was published, whole; anything else is the app's to answer."""

    def __call__(self, environ: Environ, start_response: Callable[..., object]) -> Body:
        answer: Body
        if environ["PATH_INFO"] in self.files and environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            environ.pop("HTTP_RANGE", None)
            answer = super().__call__(environ, start_response)
        else:
            answer = self.application(environ, start_response)
        return answer


def add_headers(headers: Headers, path: str, url: str) -> None:
    for name, value in SECURITY_HEADERS.items():
        headers[name] = value


def init_app(app: Flask) -> None:
    folder: Path = app.extensions["portal-settings"].data / "assets"
    write(folder)
    shelf = Shelf(
        app.wsgi_app, allow_all_origins=False, add_headers_function=add_headers, immutable_file_test=HASHED.pattern
    )
    for name, _ in published().values():
        shelf.add_file_to_dictionary(PREFIX + name, str(folder / name))
    app.wsgi_app = shelf  # type: ignore[method-assign]
    app.jinja_env.globals["asset"] = asset
