"""Instructions of one request, counted by callgrind: the same number however busy the machine is.

Everything runs in one process under valgrind. A call of getppid, which nothing else makes, marks where the requests of
a page begin and end; callgrind writes what it has counted at each mark.
"""

import gc
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from bench import visit
from bench.pages import Page, here
from bench.visit import Visitor

WARM = 10
REPEATS = 20
BARE = "bare Flask"


class NoCallgrind(Exception):
    """The words say how to get it."""


def counted(environment: Mapping[str, str], pages: Iterable[Page]) -> dict[str, float]:
    """Instructions a request for the bare page and for every page, by name."""
    if shutil.which("valgrind") is None:
        raise NoCallgrind("Counting instructions needs valgrind. On Debian: apt-get install valgrind")
    folder = Path(tempfile.mkdtemp(prefix="callgrind-"))
    command = [
        "valgrind",
        "--quiet",
        "--tool=callgrind",
        "--dump-before=getppid",
        f"--callgrind-out-file={folder}/count",
    ]
    try:
        subprocess.run(
            [*command, f"--callgrind-out-file={folder}/count", sys.executable, "-m", "bench.instructions"],
            env={**os.environ, **environment, "PYTHONHASHSEED": "0"},
            check=True,
        )
        return read(folder, pages)
    finally:
        shutil.rmtree(folder)


def read(folder: Path, pages: Iterable[Page]) -> dict[str, float]:
    """Dump 1 is everything before the first mark; from then on the even ones are requests."""
    names = [(BARE, 1), *((page.name, len(page.calls)) for page in pages)]
    marks = len(list(folder.glob("count.*")))
    if marks != 2 * len(names):
        raise RuntimeError(f"{marks} marks were counted instead of {2 * len(names)}: something else calls getppid")
    return {
        name: total(folder / f"count.{2 * number}") / (REPEATS * calls)
        for number, (name, calls) in enumerate(names, start=1)
    }


def total(dump: Path) -> int:
    found = re.search(r"^totals: (\d+)$", dump.read_text(), re.MULTILINE)
    if not found:
        raise RuntimeError(f"callgrind wrote no totals into {dump.name}")
    return int(found[1])


def perform(visitor: Visitor, page: Page) -> None:
    asked = visitor.prepared(page)
    for _ in range(WARM):
        for call in asked:
            visitor.call(call)
    gc.collect()
    os.getppid()
    for _ in range(REPEATS):
        for call in asked:
            visitor.call(call)
    os.getppid()


def main() -> None:
    perform(visit.empty(), visit.nothing())
    visitor = visit.visitor()
    for page in here().pages:
        perform(visitor, page)


if __name__ == "__main__":
    main()
