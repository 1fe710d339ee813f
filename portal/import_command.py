"""flask import-clients: what the page does, for those who sit at the machine."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from portal.db import now
from portal.gateways import tables
from portal.models import ClientImport, ImportState
from portal.rules import client_imports
from portal.rules.actors import SYSTEM
from portal.rules.imports import runs
from portal.rules.imports.choices import Choices, DateOrder, Duplicates, WithoutEmail, chosen
from portal.rules.imports.fields import called, target
from portal.rules.refused import Refused
from portal.wording import counted, listed

MOST_SHOWN = 50
PICK: Any = click.Choice


@click.command("import-clients")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only tell what would be done, and what is wrong.")
@click.option("--encoding", type=PICK(list(tables.ENCODINGS)), help="Else found out.")
@click.option("--delimiter", type=PICK(list(tables.DELIMITERS)), help="Else found out.")
@click.option("--header", type=click.IntRange(0), help="The row of the headers, 0 for none; else found out.")
@click.option("--dates", type=PICK([str(order) for order in DateOrder]), help="Day, month and year; else found out.")
@click.option("--country", help="Of phone numbers without one, such as US; else that of the business.")
@click.option("--duplicates", type=PICK([str(way) for way in Duplicates]), default="report", show_default=True)
@click.option("--without-email", type=PICK([str(way) for way in WithoutEmail]), default="problem", show_default=True)
@click.option(
    "--column", "columns", multiple=True, metavar="HEADER=FIELD", help="What a column holds; may be repeated."
)
@with_appcontext
def import_clients(file: Path, dry_run: bool, columns: tuple[str, ...], **given: Any) -> None:
    """Bring in a list of clients with their pets from a CSV file: all of it, or nothing.

    FIELD is one of name, first_name, last_name, email, mobile, phone, street, street_2, city, region, postcode,
    client_note, account_number; pet_name.1, animal.1, breed.1, gender.1, birthday.1, pet_note.1, and the same with 2, 3
    and so on for more pets in a row; or "vaccine Rabies.1". Nothing leaves the column out.
    """
    try:
        row = taken(file, columns, given)
        client_imports.check(row, write=not dry_run)
        finish(row)
        tell(row)
    except (tables.NoTable, Refused) as no:
        raise click.ClickException(str(no)) from None


def taken(file: Path, columns: tuple[str, ...], given: dict[str, Any]) -> ClientImport:
    with file.open("rb") as stream:
        row = client_imports.take(stream, file.name, by=SYSTEM, at=now())
    client_imports.choose(row, chosen({**row.choices, **cut(given)}), at=now())
    said = {name: given[name] for name in ("dates", "country", "duplicates", "without_email") if given[name]}
    client_imports.choose(row, with_columns(row, chosen({**row.choices, **said}), columns), at=now())
    return row


def cut(given: dict[str, Any]) -> dict[str, Any]:
    """How the file is written, as far as it is said."""
    told = {**given, "delimiter": tables.DELIMITERS.get(given["delimiter"] or "")}
    return {name: told[name] for name in ("encoding", "delimiter", "header") if told[name] is not None}


def with_columns(row: ClientImport, choices: Choices, columns: tuple[str, ...]) -> Choices:
    names = [column.name for column in client_imports.columns(row)[0]]
    keys = [*choices.columns]
    for told in columns:
        name, _, key = told.rpartition("=")
        if name not in names or (key and target(key) is None):
            raise Refused(f"{told!r} is no header of the file with a field. There are the headers {listed(names)}.")
        keys[names.index(name)] = key
    for name, key in zip(names, keys, strict=True):
        click.echo(f"  {name}: {called(key) or 'left out'}")
    return replace(choices, columns=keys)


def finish(row: ClientImport) -> None:
    """The same work that the worker does, here and now."""
    runs.claim(now(), row.id)
    try:
        with click.progressbar(length=row.rows, label=row.name) as bar:
            runs.work(row, lambda done: bar.update(min(done, row.rows) - bar.pos), at=now())
    except BaseException:
        # Whoever broke it off does not want the worker to go on with it.
        runs.fail(row.id, "It was broken off.", at=now())
        raise


def tell(row: ClientImport) -> None:
    problems, done = row.report["problems"], row.state == ImportState.DONE
    for problem in problems["kept"][:MOST_SHOWN] + problems["remarks"][:MOST_SHOWN]:
        where = f"Row {problem['row']:,}" + (f", {problem['column']}" if problem["column"] else "")
        click.echo(f"  {where}: {problem['cell']!r}: {problem['words']}", err=problem["stops"])
    said = f"{'Brought in' if done else 'To be brought in'}: {listed(client_imports.summary(row))}."
    if not done:
        client_imports.discard(row)
    if problems["stopping"]:
        why = f"{counted(problems['stopping'], 'problem')}, so nothing was brought in."
        raise Refused(f"{why} Mend the file, or choose otherwise.")
    click.echo(said)
