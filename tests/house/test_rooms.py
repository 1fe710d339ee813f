"""A line of code knows its room, and its floor."""

import ast
import re
from pathlib import Path

import pytest

ROOMS = {"client", "staff", "public"}
TEMPLATES = sorted(path for kind in ("pages", "partials") for path in Path("portal", kind).rglob("*.html"))
VIEWS = sorted(Path("portal/views").rglob("*.py"))
RULES = sorted(Path("portal/rules").rglob("*.py"))
CLOCKS = {
    "now",
    "datetime.now",
    "datetime.utcnow",
    "date.today",
    "time.time",
    "time.monotonic",
    "monotonic",
    "perf_counter",
}
# They wait for others, maybe until the time to undo is over, and add how long that took to the moment they were told.
WAIT = {"portal/rules/bookings.py": {"monotonic"}, "portal/rules/series_cancellations.py": {"monotonic"}}
# What a room may name besides its own: sign-in is on the way out, the brand and the logo belong to everybody.
OPEN = {"public.brand", "public.show_logo", "public.sign_in"}


def room_of(path: Path) -> str:
    return path.relative_to("portal").parts[1]


@pytest.mark.parametrize("path", [path for path in TEMPLATES if room_of(path) in ROOMS], ids=str)
def test_a_template_links_and_includes_only_from_its_room(path: Path) -> None:
    text = path.read_text()
    ends = set(re.findall(r'url_for\(\s*"(\w+\.\w+)"', text))
    parts = set(re.findall(r'"(?:pages|partials)/(\w+)/', text))
    strangers = {end for end in ends - OPEN if end.split(".")[0] != room_of(path)}
    assert not strangers, strangers
    assert parts <= {room_of(path), "shared", "public"} - ({"public"} if "pages/client" in str(path) else set()), parts


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_a_template_holds_nothing_that_the_browser_refuses_or_a_stranger_could_use(path: Path) -> None:
    text = path.read_text()
    for wrong in (r"\|\s*safe\b", r"\sstyle=", r"<script>", r"\son[a-z]+=", r"hx-on", r"javascript:", r"hx-vals=.js:"):
        assert not re.search(wrong, text), wrong
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", text, re.DOTALL):
        assert "csrf_token" in form or "token()" in form, form[:120]
    for tag in re.findall(r"<(\w+)[^>]*\shx-(?:get|post|delete)=", text):
        assert tag in ("a", "form", "button"), tag
    for link in re.findall(r"<a [^>]*hx-get=[^>]*>", text):
        assert "href=" in link, link
    for tag in re.findall(r"<[^>]*hx-trigger=\"every[^>]*>", text):
        assert 'id="watch"' in tag, "by this the house knows that it asks by itself, and nobody need be there"


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_a_template_stays_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 100


def test_a_part_exists_only_if_something_includes_it() -> None:
    said = "\n".join(path.read_text() for path in [*TEMPLATES, *Path("portal").rglob("*.py")])
    for path in TEMPLATES:
        if "partials" in path.parts:
            name = str(path.relative_to("portal/partials")).removesuffix(".html")
            assert f'partials/{name}.html"' in said or f'"{name}"' in said, f"{path} is used nowhere"


@pytest.mark.parametrize("path", [path for path in VIEWS if path.parts[2] in ROOMS], ids=str)
def test_a_view_imports_and_renders_only_its_room(path: Path) -> None:
    room, tree = path.parts[2], ast.parse(path.read_text())
    said = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    said += [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    others = "|".join(ROOMS - {room, "public"})
    assert not [word for word in said if word and re.search(rf"portal\.views\.({others})\b|^({others})/", word)]


@pytest.mark.parametrize("path", VIEWS, ids=str)
def test_views_stay_thin(path: Path) -> None:
    for function in ast.walk(ast.parse(path.read_text())):
        if isinstance(function, ast.FunctionDef):
            assert (function.end_lineno or 0) - function.lineno < 20, function.name


def test_most_views_are_very_thin() -> None:
    lengths = sorted(
        (function.end_lineno or 0) - function.lineno + 1
        for path in VIEWS
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef) and function.decorator_list
    )
    assert lengths[len(lengths) // 2] <= 7


@pytest.mark.parametrize("path", RULES, ids=str)
def test_rules_know_no_web_and_never_read_the_clock(path: Path) -> None:
    tree = ast.parse(path.read_text())
    modules = {(node.module or "").split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not modules & {"flask", "htmx_flask", "flask_wtf", "flask_login", "werkzeug", "wtforms"}
    calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert calls & CLOCKS == WAIT.get(str(path), set())


def test_the_schema_has_no_verbs() -> None:
    files = list(Path("portal/models").glob("*.py"))
    assert len(files) > 5
    for node in (node for path in files for node in ast.walk(ast.parse(path.read_text()))):
        if isinstance(node, ast.ImportFrom):
            assert not (node.module or "").startswith("portal.rules")
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 6, node.name


@pytest.mark.parametrize("path", sorted(Path("portal").rglob("*.py")), ids=str)
def test_a_file_can_be_read_in_one_sitting(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= (300 if path.parent.name == "models" else 250)
    assert path.name == "__init__.py" or ast.get_docstring(ast.parse(text)), "a file says in one line what it is"
