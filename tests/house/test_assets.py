"""What browsers keep: small, whole, safe, and nothing in it that no page uses."""

import gzip
import re
import threading
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import brotli
import pytest
from flask import Flask, Response, send_file
from flask.testing import FlaskClient

from portal import assets, compression, headers, settings
from portal.models import Client
from portal.views import files
from tests.conftest import Browse
from tests.house import crawl

STATIC = Path("static")
SCRIPTS = [STATIC / "portal.js", STATIC / "drafts.js", STATIC / "uploads.js"]
TEMPLATES = list(Path("portal").rglob("*.html"))
NAMES = ("portal.css", "portal.js", "sprite.svg", "logo.svg")  # what a client's first visit asks for


def packed(name: str) -> int:
    return len(brotli.compress(assets.published()[name][1]))


def test_every_style_is_joined_and_only_those_there_are() -> None:
    assert sorted(assets.STYLES + assets.DESK_STYLES + assets.BOOK_STYLES + assets.CALENDAR_STYLES) == sorted(
        path.stem for path in (STATIC / "css").glob("*.css")
    )


def test_the_joined_style_is_whole_and_needs_nothing_else() -> None:
    style = assets.style(STATIC)
    assert style.startswith("@layer reset,base,layout,components,utilities;")
    assert style.count("{") == style.count("}")
    assert "/*" not in style
    assert "@import" not in style
    assert {address[:5] for address in re.findall(r'url\("?([^")]+)', style)} == {"data:"}


def test_what_stands_in_quotes_survives_the_squeeze() -> None:
    spaced = '@media (width >= 22rem) { /* "a" */ .a::before { content: " ,  { " ; grid: "lead  text" auto / 1fr } }'
    close = '@media (width >= 22rem){.a::before{content: " ,  { ";grid: "lead  text" auto / 1fr}}'
    assert assets.squeeze_style(spaced) == close


def test_the_first_visit_is_light() -> None:
    """All styles 14 KB, My Bookings 42 KB with a page of 4 KB and what the headers weigh."""
    assert packed("portal.css") <= 14_000
    assert sum(packed(name) for name in NAMES) <= 35_000


def test_the_scripts_can_be_squeezed_line_by_line() -> None:
    for path in SCRIPTS:
        lines = path.read_text().splitlines()
        assert len(lines) <= 280
        assert [line for line in lines if line.count("`") % 2] == [], "a template literal over several lines"
    assert b'version:"2.0.11"' in assets.published()["portal.js"][1]
    for name in ("portal.js", "uploads.js"):
        assert b"\n//" not in assets.published()[name][1]


def test_wherever_files_are_chosen_there_is_the_script_for_it(browse: Browse, rosa: Client) -> None:
    """Also for what is swapped into a page; most of those that are opened first need none of it."""
    browser, script, light = browse(rosa), assets.asset("uploads.js"), 0
    for page in crawl.walk(browser, "/"):
        if script in page.text or "<html" not in page.text:
            continue
        light += 1
        swapped = [browser.swap(unescape(path), "get").text for path in re.findall(r'hx-get="([^"]+)"', page.text)]
        assert [part for part in (page.text, *swapped) if re.search("data-uploads|data-chosen", part)] == [], (
            page.address
        )
    assert light > 5
    for path in ("/documents", "/documents/share", "/messages/new", "/profile"):
        assert script in browser.get(path).text, path


def test_the_scripts_make_no_markup_from_words() -> None:
    for path in SCRIPTS:
        assert re.findall(r"innerHTML =|outerHTML =|insertAdjacentHTML|eval\(|new Function", path.read_text()) == []


def test_pages_use_only_attributes_that_the_scripts_know() -> None:
    known = set(re.findall(r"data-[a-z-]+", "".join(path.read_text() for path in SCRIPTS)))
    used = {(name, str(path)) for path in TEMPLATES for name in re.findall(r"[\s\"](data-[a-z-]+)", path.read_text())}
    assert {(name, path) for name, path in used if name not in known} == set()


def drawn() -> list[str]:
    return re.findall(r'<symbol id="([^"]+)"', assets.sprite(STATIC))


def sources() -> list[Path]:
    return [*TEMPLATES, *Path("portal").rglob("*.py"), *SCRIPTS]


def test_every_drawing_asked_for_is_there() -> None:
    asked = {
        (name, str(path))
        for path in sources()
        for name in re.findall(r"\b(?:icon|drawing)\(\s*[\"']([a-z0-9-]+)[\"']", path.read_text())
    }
    assert len(asked) > 10
    assert {(name, path) for name, path in asked if name not in drawn()} == set()


def test_no_drawing_is_carried_for_nothing() -> None:
    text = "".join(path.read_text() for path in sources())
    idle = [name for name in drawn() if not re.search(rf"[\"']{name}[\"']", text)]
    assert idle == [], f"take these out of static/icons.svg or pets.svg: {' '.join(idle)}"


def test_no_style_is_carried_for_nothing() -> None:
    style = re.sub(
        r"url\([^)]*\)",
        "",
        assets.style(STATIC, assets.STYLES + assets.DESK_STYLES + assets.BOOK_STYLES + assets.CALENDAR_STYLES),
    )
    text = "".join(path.read_text() for path in sources())
    classes = set(re.findall(r"\.([a-z][\w-]*)", style))
    idle = sorted(name for name in classes if not re.search(rf"(?<![\w-]){name}(?![\w-])", text))
    assert idle == [], f"take these out of static/css: {' '.join(idle)}"


def test_no_drawing_is_there_twice() -> None:
    assert len(drawn()) == len(set(drawn()))


def test_an_address_changes_with_the_content_and_with_nothing_else() -> None:
    assert assets.hashed("a.css", b"1") == assets.hashed("a.css", b"1") != assets.hashed("a.css", b"2")
    assert assets.HASHED.search(assets.asset("portal.css"))


def test_several_workers_may_publish_at_once(tmp_path: Path) -> None:
    workers = [threading.Thread(target=assets.write, args=(tmp_path,)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    names = {name for name, _ in assets.published().values()}
    assert {path.name for path in tmp_path.iterdir()} == {name + end for name in names for end in ("", ".br", ".gz")}
    for name, content in assets.published().values():
        assert (tmp_path / name).read_bytes() == content
        assert brotli.decompress((tmp_path / f"{name}.br").read_bytes()) == content
        assert gzip.decompress((tmp_path / f"{name}.gz").read_bytes()) == content


def test_what_is_published_is_not_written_again(tmp_path: Path) -> None:
    assets.write(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assets.write(tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[FlaskClient]:
    """A small app with what every answer passes through, and nothing else."""
    app = Flask("plain", static_folder=None)
    settings.init_app(app, settings.load({"PORTAL_DEVELOPMENT": "1", "PORTAL_DATA": str(tmp_path)}))
    compression.init_app(app)
    headers.init_app(app)
    assets.init_app(app)
    (tmp_path / "paper.txt").write_text("x" * 2000)
    app.add_url_rule("/page", view_func=lambda: "<p>Biscuit and Juno</p>" * 100, endpoint="page")
    app.add_url_rule("/short", view_func=lambda: "short", endpoint="short")
    app.add_url_rule("/picture", view_func=lambda: Response(b"x" * 2000, mimetype="image/png"), endpoint="picture")
    app.add_url_rule("/parts", view_func=lambda: Response(iter(["x" * 900] * 2)), endpoint="parts")
    app.add_url_rule("/file", view_func=lambda: send_file(tmp_path / "paper.txt"), endpoint="file")
    app.add_url_rule("/papers", view_func=own_policy, endpoint="papers")
    with app.test_client() as client:
        yield client


def own_policy() -> Response:
    said = {"Content-Security-Policy": files.BOX, "Cache-Control": "private, max-age=60"}
    return Response("paper", headers=said)


def test_a_browser_keeps_an_asset_for_ever(plain: FlaskClient) -> None:
    for name in NAMES:
        for accepted, unpack in (("br", brotli.decompress), ("gzip", gzip.decompress), ("", bytes)):
            answer = plain.get(assets.asset(name), headers={"Accept-Encoding": accepted}, buffered=True)
            assert answer.status_code == 200
            assert answer.headers.get("Content-Encoding", "") == accepted
            assert unpack(answer.data) == assets.published()[name][1]
            assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable"
            assert answer.headers["Vary"] == "Accept-Encoding"
            assert "Access-Control-Allow-Origin" not in answer.headers
            assert headers.SECURITY_HEADERS.items() <= dict(answer.headers).items()


def test_only_what_is_published_is_served(plain: FlaskClient) -> None:
    address = assets.asset("portal.css")
    for path in (
        "/static/portal.css",
        "/static/css/base.css",
        f"{address}.br",
        "/static/../app.py",
        "/static/",
        f"{address}/",
    ):
        answer = plain.get(path)
        assert answer.status_code == 404, path
        assert answer.headers["Cache-Control"] == "no-store"
    assert plain.head(address).status_code == 200
    assert plain.get(address, headers={"Range": "bytes=0-9"}, buffered=True).status_code == 200
    refused = plain.open(address, method="DELETE")
    assert refused.status_code == 404
    assert refused.headers["Content-Security-Policy"] == headers.CONTENT_SECURITY_POLICY


def test_every_answer_says_what_may_be_loaded_kept_and_shown(plain: FlaskClient) -> None:
    for path, status in (("/page", 200), ("/file", 200), ("/nowhere", 404)):
        answer = plain.get(path, buffered=True)
        assert answer.status_code == status
        assert headers.SECURITY_HEADERS.items() <= dict(answer.headers).items()
        assert answer.headers["Cache-Control"] == "no-store"
        assert {"cookie", "hx-request"} <= {name.lower() for name in answer.vary}


def test_a_view_may_be_stricter_and_may_let_an_answer_be_kept(plain: FlaskClient) -> None:
    answer = plain.get("/papers")
    assert answer.headers.getlist("Content-Security-Policy") == [files.BOX]
    assert answer.headers["Cache-Control"] == "private, max-age=60"


def test_only_a_safe_line_is_made_the_only_one(plain: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in plain.get("/page").headers
    assert plain.get("/page", base_url="https://localhost").headers["Strict-Transport-Security"] == headers.TWO_YEARS


def test_nothing_is_allowed_that_a_policy_must_not_allow() -> None:
    for word in ("unsafe-inline", "unsafe-eval", "*", "http:", "https:"):
        assert word not in headers.CONTENT_SECURITY_POLICY
    for part in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'"):
        assert part in headers.CONTENT_SECURITY_POLICY


def test_a_page_travels_compressed(plain: FlaskClient) -> None:
    answer = plain.get("/page", headers={"Accept-Encoding": "br, gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert int(answer.headers["Content-Length"]) == len(answer.data) < 300
    assert gzip.decompress(answer.data).decode() == "<p>Biscuit and Juno</p>" * 100


def test_the_size_of_a_page_does_not_tell_small_differences(plain: FlaskClient) -> None:
    sizes = {len(plain.get("/page", headers={"Accept-Encoding": "gzip"}).data) for _ in range(60)}
    assert len(sizes) > 10


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "br"])
def test_who_cannot_unpack_gets_it_plain(plain: FlaskClient, accepted: str) -> None:
    answer = plain.get("/page", headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer.headers
    assert "accept-encoding" in {name.lower() for name in answer.vary}


@pytest.mark.parametrize("path", ["/short", "/picture", "/parts", "/file"])
def test_what_gains_nothing_is_left_as_it_is(plain: FlaskClient, path: str) -> None:
    assert "Content-Encoding" not in plain.get(path, headers={"Accept-Encoding": "gzip"}, buffered=True).headers
