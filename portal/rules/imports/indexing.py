"""Clients whose words are not written yet get them, a few at a time, so that nobody has to wait for all."""

from collections.abc import Callable
from time import sleep

from sqlalchemy import exists, select

from portal.db import db, one_change
from portal.models import Client, ClientWord
from portal.rules import customer_words
from portal.rules.imports import bulk

AT_ONCE = 500
# SQLite lets one write at a time: between two stretches others get their turn.
PAUSE = 0.01
NO_WORDS = select(Client.id).where(~exists().where(ClientWord.client_id == Client.id)).order_by(Client.id)


def index(told: Callable[[int], object]) -> None:
    """Begins anew where it was broken off; `told` hears how many are done."""
    last = done = 0
    while True:
        with one_change():
            ids = list(db.session.scalars(NO_WORDS.where(Client.id > last).limit(AT_ONCE)))
            bulk.add(ClientWord, list(customer_words.entries(ids)))
        if not ids:
            return
        last, done = ids[-1], done + len(ids)
        told(done)
        sleep(PAUSE)
