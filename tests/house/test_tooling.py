"""The tools keep what they promise: the lock, the scripts, the checks, the layers."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests import browsers, checks, postgres

ROOT = Path(__file__).parents[2]
SCRIPTS = ["bin/dev", "bin/test", "bin/shots", "bin/bench", "bin/lock"]
PINNED = re.compile(r"^([a-z0-9._-]+)==(\S+)", re.MULTILINE)
HASHED = re.compile(r"^\S+==[^\n]*(?:\\\n    --hash=sha256:[0-9a-f]{64} ?)+$", re.MULTILINE)


def wanted() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = [words for group in project["project"]["optional-dependencies"].values() for words in group]
    words = [*project["project"]["dependencies"], *extras, *project["dependency-groups"]["test"]]
    return [Requirement(line) for line in words]


def test_the_lock_pins_and_hashes_every_package_and_names_no_place() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    pinned = dict(PINNED.findall(lock))
    for requirement in wanted():
        version = pinned.get(requirement.name, "")
        assert version, f"{requirement.name} is not locked: run bin/lock"
        assert version in requirement.specifier, f"{requirement} is locked at {version}: run bin/lock"
    assert len(HASHED.findall(lock)) == len(PINNED.findall(lock))
    assert "://" not in lock


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_can_be_run_and_read(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    assert subprocess.run(["bash", "-n", ROOT / script]).returncode == 0


def test_ci_runs_what_people_run() -> None:
    assert (ROOT / ".ci/run").read_text().split("\n") == ["exec bash bin/test", ""]


def test_a_taken_port_is_said_with_the_way_out() -> None:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        port = door.getsockname()[1]
        answer = dev({"PORTAL_PORT": str(port)})
    assert answer.returncode != 0
    assert f"Port {port} is taken" in answer.stderr
    assert f"PORTAL_PORT={port + 1} bin/dev" in answer.stderr


@pytest.mark.parametrize("port", ["many", "70000", "0"])
def test_a_wrong_port_is_said_by_name(port: str) -> None:
    answer = dev({"PORTAL_PORT": port})
    assert answer.returncode != 0
    assert "PORTAL_PORT" in answer.stderr


def dev(settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = ["bash", str(ROOT / "bin/dev")]
    return subprocess.run(command, env={**os.environ, **settings}, capture_output=True, text=True, timeout=60)


def test_a_failed_step_fails_the_whole_and_the_tests_are_added_up(capsys: pytest.CaptureFixture[str]) -> None:
    steps = [
        checks.Step("one", "first", lambda _: checks.Outcome(True, counts=checks.Counts(3, 0, 1))),
        checks.Step("two", "second", lambda _: checks.Outcome(False, "it broke here", checks.Counts(1, 2))),
        checks.Step("three", "third", lambda _: checks.Outcome(True, counts=checks.Counts(5))),
    ]
    assert checks.run(steps, fail_fast=False, pytest_words=[]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert "it broke here" in lines
    assert lines[-2:] == ["Failed: second", "9 passed, 2 failed, 1 skipped"]
    assert checks.run(steps, fail_fast=True, pytest_words=[]) == 1
    assert "third" not in capsys.readouterr().out
    assert checks.run(steps[:1], fail_fast=False, pytest_words=[]) == 0


def test_a_step_that_hangs_is_stopped_and_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "LONGEST", 0.5)
    outcome = checks.command(["sh", "-c", "echo so far; exec sleep 60"])
    assert not outcome.well
    assert outcome.output.split("\n") == ["so far", "", "Stopped after 0.5 seconds.", ""]


def test_errors_and_failures_are_counted_as_failed(tmp_path: Path) -> None:
    report = tmp_path / "counts.xml"
    report.write_text('<testsuites><testsuite tests="9" failures="1" errors="2" skipped="3"/></testsuites>')
    assert checks.counts(report) == checks.Counts(3, 3, 3)
    assert checks.counts(tmp_path / "missing.xml") == checks.Counts()


def test_a_step_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        checks.main(["sqllite"])
    assert "there is no step 'sqllite'; there are: static, quick, lint" in capsys.readouterr().err


def test_where_postgresql_is_missing_that_is_said_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "programs", lambda: None)
    assert checks.on_postgres([]) == checks.Outcome(well=True, left_out="PostgreSQL: not found, skipped")


def test_where_no_browser_is_to_be_had_the_way_to_one_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER_PATH", "/nowhere/chromium")
    with pytest.raises(browsers.NoBrowser, match="BROWSER_PATH is '/nowhere/chromium'"):
        browsers.find("")
    monkeypatch.delenv("BROWSER_PATH")
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(browsers, "MAC", "/nowhere")
    with pytest.raises(browsers.NoBrowser, match="apt-get install -y --no-install-recommends chromium"):
        browsers.find("")


def test_the_quick_browser_is_taken_where_it_is_and_the_whole_one_on_demand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BROWSER_PATH", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    shell, chromium = (str(tmp_path / name) for name in ("chromium-headless-shell", "chromium"))
    found = []
    for path in (chromium, shell):
        Path(path).touch(mode=0o755)
        found.append((browsers.find(""), browsers.find("", whole=True)))
    assert found == [(chromium, chromium), (shell, chromium)]
    assert (browsers.find(shell), browsers.find(shell, whole=True)) == (None, shell), "Playwright’s own, if it is here"


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("portal/rules/planted.py", "import flask"),
        ("portal/gateways/planted.py", "from werkzeug import Response"),
        ("portal/rules/planted.py", "from portal.views import client"),
        ("portal/views/planted.py", "import app"),
    ],
)
def test_an_arrow_upward_is_caught(module: str, line: str, tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "portal", tmp_path / "portal", ignore=shutil.ignore_patterns("pages", "partials", "*.gz"))
    (tmp_path / module).write_text(f"{line}\n")
    lint = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    answer = subprocess.run(lint, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True)
    assert answer.returncode == 1
    assert Path(module).stem.encode() in answer.stdout
