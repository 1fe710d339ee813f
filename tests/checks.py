"""Every check as a list of named steps; bin/test runs it, and so does CI."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from tests import browsers, postgres

ROOT = Path(__file__).parent.parent
TOOLS = Path(sys.executable).parent
CORES = min(os.cpu_count() or 2, 8)
# One more than can work: a test waits for its database or its browser, a browser for its page.
WORKERS = f"--numprocesses={CORES + 1}"
LONGEST = 1800
NOT_BROWSER = ["tests", "--ignore=tests/browser"]
# They have run on SQLite, and a second time would say the same.
KNOWING_NO_DATABASE = [
    f"--ignore={path}"
    for path in (
        "tests/gateways",
        "tests/house/test_rooms.py",
        "tests/house/test_assets.py",
        "tests/house/test_tooling.py",
    )
]
# The last is a wish to keep no bytecode: then each of the many programs that tests start reads all its modules anew.
UNWANTED = ("PORTAL_", "FLASK_", "PYTHONDONTWRITEBYTECODE")
SIGHT = ["--screenshot=only-on-failure", "--full-page-screenshot", "--output=test-results"]


class Counts(NamedTuple):
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __str__(self) -> str:
        words = f"{self.passed} passed, {self.failed} failed"
        return f"{words}, {self.skipped} skipped" if self.skipped else words


@dataclass
class Outcome:
    """What became of a step: well or not, what it printed, the tests it counted, or why it was left out."""

    well: bool
    output: str = ""
    counts: Counts | None = None
    left_out: str = ""


Check = Callable[[list[str]], Outcome]


class Step(NamedTuple):
    word: str
    title: str
    check: Check


def main(words: Sequence[str] | None = None) -> int:
    asked = arguments(words)
    if asked.list:
        print("\n".join(f"{step.word:10} {step.title}" for step in STEPS))
        return 0
    return run(chosen(asked.steps), asked.fail_fast, asked.pytest)


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/test", description="Runs every check, or the steps named.")
    known = [*GROUPS, *(step.word for step in STEPS)]
    parser.add_argument("steps", nargs="*", metavar="STEP", help=f"one or more of: {', '.join(known)}")
    parser.add_argument("--list", action="store_true", help="tell the steps and stop")
    parser.add_argument("--fail-fast", action="store_true", help="stop at the first step that fails")
    given = list(sys.argv[1:] if words is None else words)
    cut = given.index("--") if "--" in given else len(given)
    asked = parser.parse_args(given[:cut])
    asked.pytest = given[cut + 1 :]
    for word in asked.steps:
        if word not in known:
            parser.error(f"there is no step '{word}'; there are: {', '.join(known)}")
    return asked


def chosen(words: Iterable[str]) -> list[Step]:
    wanted = {name for word in words for name in GROUPS.get(word, [word])}
    return [step for step in STEPS if step.word in wanted or not wanted]


def run(steps: Iterable[Step], fail_fast: bool, pytest_words: list[str]) -> int:
    began, total, broken = time.monotonic(), Counts(), []
    for step in steps:
        outcome = told(step, [*pytest_words, *(["-x"] if fail_fast else [])])
        total = Counts(*map(sum, zip(total, outcome.counts or Counts(), strict=True)))
        if not outcome.well:
            broken.append(step.title)
            print(outcome.output.rstrip(), flush=True)
            if fail_fast:
                break
    print(f"\n{'all checks':28}{time.monotonic() - began:7.1f} s")
    print("Failed: " + ", ".join(broken) if broken else "Everything is well.")
    print(total)
    return 1 if broken else 0


def told(step: Step, pytest_words: list[str]) -> Outcome:
    print(f"{step.title:28}", end="", flush=True)
    began = time.monotonic()
    outcome = step.check(pytest_words)
    state = outcome.left_out or ("ok" if outcome.well else "FAILED")
    print(f"{time.monotonic() - began:7.1f} s  {state}{f'  {outcome.counts}' if outcome.counts else ''}", flush=True)
    return outcome


def tool(name: str, *words: str) -> Check:
    def check(_: list[str]) -> Outcome:
        return command([TOOLS / name, *words])

    return check


def on_sqlite(words: list[str]) -> Outcome:
    return pytest([*NOT_BROWSER, WORKERS, *words], {"TEST_DATABASE": "sqlite"})


def on_postgres(words: list[str]) -> Outcome:
    if postgres.programs() is None:
        return Outcome(well=True, left_out="PostgreSQL: not found, skipped")
    with postgres.server() as address:
        chosen = {"TEST_DATABASE": "postgres", "TEST_POSTGRES_URL": address}
        return pytest([*NOT_BROWSER, *KNOWING_NO_DATABASE, WORKERS, *words], chosen)


def in_browser(words: list[str]) -> Outcome:
    missing = browsers.get()
    if missing:
        return Outcome(well=False, output=missing)
    return pytest(["tests/browser", WORKERS, "--dist=worksteal", *SIGHT, *words], {"TEST_DATABASE": "sqlite"})


def pytest(words: list[str], environment: Mapping[str, str]) -> Outcome:
    notes = Path(tempfile.mkdtemp(prefix="test-"))
    try:
        outcome = command([TOOLS / "pytest", "--quiet", f"--junitxml={notes}/counts.xml", *words], environment)
        outcome.counts = counts(notes / "counts.xml")
        return outcome
    finally:
        shutil.rmtree(notes)


def command(words: list[str | Path], environment: Mapping[str, str] | None = None) -> Outcome:
    """Run it without the settings of whoever calls: the tests bring their own."""
    calm = {name: value for name, value in os.environ.items() if not name.startswith(UNWANTED)}
    with tempfile.TemporaryFile("w+", errors="replace") as printed:
        try:
            ran = subprocess.run(
                words,
                cwd=ROOT,
                env={**calm, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.STDOUT,
                timeout=LONGEST,
            )
            well = ran.returncode == 0
        except subprocess.TimeoutExpired:
            well = False
            printed.write(f"\nStopped after {LONGEST} seconds.\n")
        printed.seek(0)
        return Outcome(well, printed.read())


def counts(junit: Path) -> Counts:
    if not junit.exists():
        return Counts()
    suites = ElementTree.parse(junit).getroot().iter("testsuite")
    total = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for suite in suites:
        for name in total:
            total[name] += int(suite.get(name, 0))
    failed = total["failures"] + total["errors"]
    return Counts(total["tests"] - failed - total["skipped"], failed, total["skipped"])


STEPS = [
    Step("lint", "ruff check", tool("ruff", "check", ".")),
    Step("format", "ruff format", tool("ruff", "format", "--check", ".")),
    Step("types", "mypy", tool("mypy")),
    Step("imports", "import-linter", tool("lint-imports")),
    Step("sqlite", "pytest on SQLite", on_sqlite),
    Step("postgres", "pytest on PostgreSQL", on_postgres),
    Step("browser", "pytest in the browser", in_browser),
]
GROUPS = {
    "static": ["lint", "format", "types", "imports"],
    "quick": ["lint", "format", "types", "imports", "sqlite"],
}

if __name__ == "__main__":
    sys.exit(main())
