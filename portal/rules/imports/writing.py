"""Writing the clients of a list, in bulk: all of them in one change, a stretch at a time."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import delete, select, update

from portal.db import atomic, db
from portal.models import Client, ClientWord, History, SignInCode
from portal.rules import clients, profiles
from portal.rules.actors import Actor
from portal.rules.imports import bulk, pet_writing
from portal.rules.imports.listed import FACTS, ListedClient
from portal.rules.imports.plans import Plan
from portal.rules.refused import Refused

AT_ONCE = 1_000


class ChangedMeanwhile(Refused):
    """What was looked through is not so any more."""


def stretches(plan: Plan) -> Iterator[list[ListedClient]]:
    left = iter(plan.clients)
    while some := list(islice(left, AT_ONCE)):
        yield some


def reserve(plan: Plan) -> list[str]:
    """Account numbers for the new ones, before anything is locked: those that stay unused are merely never given."""
    fresh = sum(client.known_id is None for client in plan.clients)
    return [number for begin in range(0, fresh, AT_ONCE) for number in clients.reserve(min(AT_ONCE, fresh - begin))]


@atomic
def write(plan: Plan, numbers: list[str], name: str, *, by: Actor, at: datetime) -> dict[str, int]:
    """Everything that the plan holds, and how much of what was written."""
    written = dict.fromkeys(("clients", "updated", "pets", "pets_updated"), 0)
    given = iter(numbers)
    for some in stretches(plan):
        fresh = [client for client in some if client.known_id is None]
        ids = add(fresh, given, at)
        notes = [told(id, f"Imported from {name}", "", by, at) for id in ids]
        changed = change([client for client in some if client.known_id], name, by, at)
        bulk.add(History, notes + changed)
        owners = [
            *zip(ids, fresh, strict=True),
            *((client.known_id or 0, client) for client in some if client.known_id),
        ]
        pets = pet_writing.write(owners, plan.choices.animal_id, by=by, at=at)
        written["clients"] += len(ids)
        written["updated"] += len(some) - len(fresh)
        written["pets"] += pets.added
        written["pets_updated"] += pets.changed
    return written


def add(fresh: list[ListedClient], numbers: Iterator[str], at: datetime) -> list[int]:
    ids = list(bulk.ids(Client, len(fresh)))
    bulk.add(
        Client,
        [
            {"id": id, "account_number": next(numbers), "email": client.email, "created_at": at, **facts(client)}
            for id, client in zip(ids, fresh, strict=True)
        ],
    )
    return ids


def facts(client: ListedClient) -> dict[str, str]:
    return {name: getattr(client, name) for name in FACTS}


def change(known: list[ListedClient], name: str, by: Actor, at: datetime) -> list[dict[str, Any]]:
    """What the list knows better takes the place of what is here; the history tells both."""
    by_id = {client.known_id: client for client in known}
    if not by_id:
        return []
    statement = select(Client.id, *[getattr(Client, fact) for fact in FACTS]).where(Client.id.in_(by_id))
    here = {row.id: row for row in db.session.execute(statement.with_for_update())}
    if len(here) < len(by_id):
        raise ChangedMeanwhile("A client of this list was deleted meanwhile. Look through the list once more.")
    rows, notes = [], []
    for id, row in here.items():
        differing = {fact: new for fact, new in facts(by_id[id]).items() if new and new != getattr(row, fact)}
        words = profiles.words()
        old = "; ".join(f"{words[fact]} {getattr(row, fact)}" for fact in differing if getattr(row, fact))
        new = "; ".join(f"{words[fact]} {said}" for fact, said in differing.items())
        notes.append(told(id, f"Imported from {name}{': ' if new else ''}{new}", old, by, at))
        rows.append({"id": id, **{fact: getattr(row, fact) for fact in FACTS}, **differing})
    end_codes([row["id"] for row in rows if row["phone"] != here[row["id"]].phone], at)
    bulk.change(Client, rows)
    db.session.execute(delete(ClientWord).where(ClientWord.client_id.in_(by_id)))
    return notes


def end_codes(ids: list[int], at: datetime) -> None:
    """A code on its way to a number that is the client's no more opens nothing."""
    codes = update(SignInCode).where(SignInCode.client_id.in_(ids), SignInCode.ended_at.is_(None))
    db.session.execute(codes.values(ended_at=at))


def told(id: int, new: str, old: str, by: Actor, at: datetime) -> dict[str, Any]:
    return {"client_id": id, "subject": "Profile", "field": "Profile", "old": old, "new": new, "at": at, **by.signed}
