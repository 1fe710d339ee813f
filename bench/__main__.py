"""Measures what the pages cost, prints a table, and with --write puts it into the README."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from unittest.mock import patch

from bench import databases, instructions, table, visit, weight
from bench.pages import ROOMS
from bench.times import Times
from bench.visit import Key
from tests import postgres

FEW, USUAL, MANY = databases.Size(25, 1_000), databases.Size(5_000, 200_000), databases.Size(100_000, 1_000_000)
PARTS = ("sqlite", "postgres", "instructions", "weight", "growth", "desk", "desk_postgres")
TITLES = {"client": f"A client, among {USUAL}:", "desk": f"The front desk, with {MANY}:"}
Results = Mapping[str, table.Result]


def main() -> int:
    asked = arguments()
    rooms = {name: {page.name: table.Result(page) for page in room.pages} for name, room in ROOMS.items()}
    measured = [part for part in PARTS if part in asked.parts or not asked.parts]
    for part in measured:
        print(f"Measuring: {part}", file=sys.stderr)
        globals()[f"measure_{part}"](rooms["desk" if part.startswith("desk") else "client"])
    seen = {"desk" if part.startswith("desk") else "client" for part in measured}
    for room in sorted(seen):
        text = f"{TITLES[room]}\n\n{table.markdown(rooms[room])}"
        print(f"{text}\n")
        if asked.write:
            table.write(room, text)
    over = [words for results in rooms.values() for words in table.over_budget(results)]
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


def measure_sqlite(results: Results) -> None:
    for name, found in times(databases.on_sqlite(USUAL)).items():
        results[name].sqlite = found


def measure_postgres(results: Results) -> None:
    on_postgres(results, USUAL, "client")


def measure_instructions(results: Results) -> None:
    instructions_of(results, databases.on_sqlite(USUAL))


def measure_weight(results: Results) -> None:
    settings = databases.on_sqlite(USUAL)
    for name, found in weight.weighed(key(settings), settings).items():
        results[name].weight = found


def measure_growth(results: Results) -> None:
    for side, size in (("small", FEW), ("large", MANY)):
        for name, found in times(databases.on_sqlite(size)).items():
            setattr(results[name], side, found)


def measure_desk(results: Results) -> None:
    settings = {**databases.on_sqlite(MANY), "BENCH_ROOM": "desk"}
    for name, found in times(settings).items():
        results[name].sqlite = found
    instructions_of(results, settings)


def measure_desk_postgres(results: Results) -> None:
    on_postgres(results, MANY, "desk")


def on_postgres(results: Results, size: databases.Size, room: str) -> None:
    if postgres.programs() is None:
        print("PostgreSQL: not found, skipped", file=sys.stderr)
        return
    with databases.on_postgres(size) as settings:
        for name, found in times({**settings, "BENCH_ROOM": room}).items():
            results[name].postgres = found


def instructions_of(results: Results, settings: Mapping[str, str]) -> None:
    pages = [result.page for result in results.values()]
    counts = instructions.counted({**settings, "BENCH_KEY": json.dumps(key(settings))}, pages)
    for name, result in results.items():
        result.instructions, result.bare_instructions = counts[name], counts[instructions.BARE]


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
