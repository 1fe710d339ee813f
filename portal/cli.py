"""Commands: flask demo, flask worker."""

import logging

import click
from flask import Flask
from flask.cli import with_appcontext

from portal import demo, worker
from portal.db import now
from portal.demo import volume
from portal.settings import settings


def init_app(app: Flask) -> None:
    app.cli.add_command(fill_demo)
    app.cli.add_command(start_worker)


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
