"""Commands: flask owner, flask demo, flask worker, flask inbound-mail, flask import-clients."""

import logging
import sys
from typing import NoReturn

import click
from flask import Flask
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from portal import demo, import_command, worker
from portal.db import now
from portal.demo import volume
from portal.gateways import files
from portal.rules import inbound, members
from portal.rules.refused import Refused
from portal.settings import settings


def init_app(app: Flask) -> None:
    app.cli.add_command(open_business)
    app.cli.add_command(fill_demo)
    app.cli.add_command(start_worker)
    app.cli.add_command(take_mail)
    app.cli.add_command(import_command.import_clients)


@click.command("owner")
@click.option("--business", prompt="Name of the business", help="Its name, as clients read it.")
@click.option("--name", prompt="Your name", help="First and last name of the owner.")
@click.option("--email", prompt="Your e-mail", help="The owner signs in with it.")
@click.password_option(help="At least 8 characters; asked for where it is not given.")
@with_appcontext
def open_business(business: str, name: str, email: str, password: str) -> None:
    """Open a new portal: name the business and make its first owner."""
    try:
        members.open_business(business, name, email, password)
    except Refused as no:
        raise click.ClickException(str(no)) from None
    click.echo(f"{business} is open. Sign in at {settings().url}/desk")


@click.command("demo")
@click.option("--clients", type=click.IntRange(0, 1_000_000), default=0, help="So many more clients, for benchmarks.")
@click.option("--bookings", type=click.IntRange(0, 10_000_000), default=0, help="So many bookings among them.")
@click.option("--when-empty", is_flag=True, help="Do nothing, without a word, where there are clients already.")
@with_appcontext
def fill_demo(clients: int, bookings: int, when_empty: bool) -> None:
    """Fill an empty portal with Maple & Paw: Rosa, Omar, Zoë, Nina and Theo."""
    if not demo.is_empty():
        if when_empty:
            return
        raise click.ClickException("There are clients here already; the demo only goes into an empty portal.")
    at = now()
    demo.fill(at)
    if clients:
        with click.progressbar(length=clients + bookings, label="Volume") as bar:
            volume.fill(clients, bookings, at, bar.update)
    click.echo(f"Maple & Paw is open at {settings().url}")
    click.echo("  Clients: rosa@example.com / biscuit-and-me; omar@example.com has no password yet")
    click.echo(
        f"  Staff, at {settings().url}/desk: nina@example.com / front-desk-nina, theo@example.com / front-desk-theo"
    )


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
@with_appcontext
def start_worker(once: bool) -> None:
    """Send what is due and clear away what is over, until stopped. Any number may run at once."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    worker.work(once=once)


# What a mail server understands (sysexits.h).
DATA_ERROR, NO_USER, TRY_LATER = 65, 67, 75


@click.command("inbound-mail")
@click.option("--to", default="", help="The address it was delivered to; else those that the message names.")
@with_appcontext
def take_mail(to: str) -> None:
    """Take one e-mail from standard input; an answer to a letter of ours joins its conversation.

    Ends with 67 where no conversation has the address, 65 where it cannot be read, 75 where it may be sent again later.
    """
    raw = sys.stdin.buffer.read(inbound.LARGEST + 1)
    try:
        message = inbound.receive(raw, to, at=now())
    except inbound.UnknownAddress as no:
        end(NO_USER, str(no))
    except (inbound.TooLarge, inbound.Unreadable) as no:
        end(DATA_ERROR, str(no))
    except (DBAPIError, files.Unavailable) as fault:
        end(TRY_LATER, f"It cannot be taken just now ({type(fault).__name__}).")
    click.echo("It joined its conversation." if message else "Nobody wrote this, so it was left out.")


def end(code: int, words: str) -> NoReturn:
    click.echo(words, err=True)
    raise SystemExit(code)
