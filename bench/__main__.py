"""Measures what the pages cost, prints a table, and with --write puts it into the README."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from unittest.mock import patch

from bench import databases, instructions, table, visit, weight
from bench.pages import PAGES
from bench.times import Times
from bench.visit import Key
from tests import postgres

BOOKINGS, FEW, MANY = 200_000, 1_000, 1_000_000
PARTS = ("sqlite", "postgres", "instructions", "weight", "growth")


def main() -> int:
    asked = arguments()
    results = {page.name: table.Result(page) for page in PAGES}
    settings = databases.on_sqlite(databases.of(BOOKINGS))
    for part in PARTS:
        if part in asked.parts or not asked.parts:
            print(f"Measuring: {part}", file=sys.stderr)
            globals()[f"measure_{part}"](results, settings)
    text = table.markdown(results)
    print(text)
    if asked.write:
        table.write(text)
    over = table.over_budget(results)
    print("\n".join(["", "Over budget:", *over] if over else ["", "Everything is within budget."]))
    return 1 if over else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"only some of: {', '.join(PARTS)}")
    parser.add_argument("--write", action="store_true", help="put the table into README.md")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"there is no part '{unknown.pop()}'; there are: {', '.join(PARTS)}")
    return asked


def measure_instructions(results: Mapping[str, table.Result], settings: Mapping[str, str]) -> None:
    counts = instructions.counted({**settings, "BENCH_KEY": json.dumps(key(settings))})
    for name, result in results.items():
        result.instructions, result.bare_instructions = counts[name], counts[instructions.BARE]


def measure_sqlite(results: Mapping[str, table.Result], settings: Mapping[str, str]) -> None:
    for name, found in times(settings).items():
        results[name].sqlite = found


def measure_postgres(results: Mapping[str, table.Result], _: Mapping[str, str]) -> None:
    if postgres.programs() is None:
        print("PostgreSQL: not found, skipped", file=sys.stderr)
        return
    with databases.on_postgres(databases.of(BOOKINGS)) as settings:
        for name, found in times(settings).items():
            results[name].postgres = found


def measure_weight(results: Mapping[str, table.Result], settings: Mapping[str, str]) -> None:
    for name, found in weight.weighed(key(settings), settings).items():
        results[name].weight = found


def measure_growth(results: Mapping[str, table.Result], _: Mapping[str, str]) -> None:
    for side, bookings in (("small", FEW), ("large", MANY)):
        for name, found in times(databases.on_sqlite(databases.of(bookings))).items():
            setattr(results[name], side, found)


def times(settings: Mapping[str, str]) -> dict[str, Times]:
    """In a process of its own, so that nothing measured before is in its way."""
    command = [sys.executable, "-m", "bench.times"]
    printed = subprocess.run(command, env={**os.environ, **settings}, check=True, stdout=subprocess.PIPE).stdout
    return {name: Times(*found) for name, found in json.loads(printed).items()}


def key(settings: Mapping[str, str]) -> Key:
    with patch.dict(os.environ, settings):
        return visit.visitor().key


if __name__ == "__main__":
    sys.exit(main())
