"""Merges: two profiles of one client become one. What they hold, which facts stay, and the merge itself, for good."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, exists, func, select

from portal import wording
from portal.db import atomic, db
from portal.models import Booking, Client, DemoClient, Document, Message, Note, OfClient, Pet, Thread, WaitlistEntry
from portal.rules import clients, customer_words, customers, records, settlements
from portal.rules.actors import Actor
from portal.rules.refused import Refused
from portal.rules.settlements import Merging
from portal.wording import counted

FACTS = {"first_name": "First name", "last_name": "Last name", "email": "E-mail", "phone": "Phone"}
ADDRESS = ("street", "city", "region", "postcode")
GONE = "One of these two is no longer there: it has been merged or deleted. Search for it among the customers."
SAME = "These are one and the same. Choose another one to merge it into."
COUNTED: dict[str, type[OfClient]] = {
    "booking": Booking,
    "waitlist entry": WaitlistEntry,
    "conversation": Thread,
    "message": Message,
    "document": Document,
    "note": Note,
}
LIKELY = 12


class Fact(NamedTuple):
    """What both say about one thing; `lost` is suggested where the one that stays says nothing."""

    name: str
    label: str
    lost: str
    kept: str

    @property
    def suggested(self) -> str:
        return "kept" if self.kept or not self.lost else "lost"


def candidates(client: Client, words: str) -> list[customers.Customer]:
    """Clients and prospects who may be the same person."""
    shelves = customers.ACTIVE, customers.PROSPECT
    found = [row for shelf in shelves for row in customers.find(words, shelf=shelf, most=LIKELY).rows]
    return [row for row in found if row.id != client.id][:LIKELY]


def must_be_mergeable(lost: Client, kept: Client) -> None:
    if lost.id == kept.id:
        raise Refused(SAME)
    if db.session.scalar(select(exists().where(DemoClient.client_id.in_((lost.id, kept.id))))):
        raise Refused("One of these is there to try the portal with. It cannot be merged with a customer.")
    if kept.deactivated_at and not lost.deactivated_at:
        raise Refused(f"{kept.name} is deactivated. Reactivate that profile first, or merge it into {lost.name}.")


def facts(lost: Client, kept: Client) -> list[Fact]:
    return [Fact(name, label, getattr(lost, name) or "", getattr(kept, name) or "") for name, label in FACTS.items()]


def holdings(counted_by: Mapping[str, type[Any]], owner: str, *ids: int) -> list[list[str]]:
    """How much there is of each: 12 bookings, 3 conversations."""
    counts = [
        select(func.count()).where(getattr(of, owner) == id).scalar_subquery()
        for id in ids
        for of in counted_by.values()
    ]
    numbers, size = list(db.session.execute(select(*counts)).one()), len(counted_by)
    parts = [numbers[place : place + size] for place in range(0, len(numbers), size)]
    return [[worded(*pair) for pair in zip(part, counted_by, strict=True) if pair[0]] for part in parts]


def worded(number: int, word: str) -> str:
    return counted(number, word, "waitlist entries" if word == "waitlist entry" else "")


def both(lost: str, kept: str) -> tuple[Client, Client]:
    """By account number, which never comes back, and locked in one order: of two who merge at once one is refused."""
    rows = select(Client).where(Client.account_number.in_((lost, kept))).order_by(Client.id)
    fresh = rows.with_for_update().execution_options(populate_existing=True)
    found = {client.account_number: client for client in db.session.scalars(fresh)}
    if lost not in found or kept not in found:
        raise Refused(GONE)
    return found[lost], found[kept]


@atomic
def merge(lost_number: str, kept_number: str, from_lost: Mapping[str, bool], *, by: Actor, at: datetime) -> Client:
    """Everything of the one goes over to the other, with the facts that were chosen. It cannot be undone.

    No way in goes over: sign-ins, links, codes and the password of the one that is merged away are dead.
    """
    lost, kept = both(lost_number, kept_number)
    must_be_mergeable(lost, kept)
    gone, values = in_words(lost), chosen(lost, kept, from_lost)
    flags, rest = stricter(lost, kept), by_the_way(lost, kept, from_lost)
    became_client = kept.prospect and not lost.prospect
    merging = Merging("client", lost.id, kept.id, kept.id, lost.name, kept.name, by, at)
    settlements.hand_over(merging)
    remove(lost)
    merging.note("Merged", gone, f"Into {merging.kept_name}", subject="Profile")
    email = values.pop("email") or ""
    records.change(kept, values, email=email, by=by, at=at)
    records.choose(kept, flags, by=by, at=at)
    records.end_codes(kept, at)
    go_on(kept, rest, merging)
    if became_client:
        clients.welcome(kept, by=by, at=at)
    db.session.flush()
    customer_words.index([kept.id])
    return kept


def by_the_way(lost: Client, kept: Client, from_lost: Mapping[str, bool]) -> dict[str, Any]:
    """A client since the earlier day; what hangs on an address or a number comes with it."""
    return {
        "created_at": min(lost.created_at, kept.created_at),
        "marketing_since": (lost if from_lost.get("email") else kept).marketing_since,
        "phone_unproven": (lost if from_lost.get("phone") else kept).phone_unproven,
    }


def go_on(kept: Client, rest: Mapping[str, Any], merging: Merging) -> None:
    before = kept.marketing_since
    for name, value in rest.items():
        setattr(kept, name, value)
    if before and not kept.marketing_since:
        merging.note("Offers", "Subscribed", "Unsubscribed", subject="Profile")
    if kept.marketing_since and not before:
        merging.note("Offers", "Unsubscribed", "Subscribed", subject="Profile")


def in_words(client: Client) -> str:
    """All that its profile said, so that the history still knows it."""
    number = f"account {wording.account_number(client.account_number)}"
    lines = wording.address_lines(client.street, client.city, client.region, client.postcode)
    return ", ".join(filter(None, (client.name, client.email, wording.phone_words(client.phone), *lines, number)))


def chosen(lost: Client, kept: Client, from_lost: Mapping[str, bool]) -> dict[str, Any]:
    """The facts as chosen. The one that stays gets a photo and an address from the other where it has none."""
    values = {name: getattr(lost if from_lost.get(name) else kept, name) for name in FACTS}
    if lost.photo and not kept.photo:
        values["photo"] = lost.photo
    if not any(getattr(kept, name) for name in ADDRESS):
        values |= {name: getattr(lost, name) for name in ADDRESS}
    return values


def stricter(lost: Client, kept: Client) -> dict[str, bool]:
    """What either of them has been spared, or barred from, stays so."""
    return {name: getattr(lost, name) or getattr(kept, name) for name in records.CHOICES}


def remove(row: Client | Pet) -> None:
    """Nothing refers to it any more; where something does, the database refuses."""
    model, id = type(row), row.id
    db.session.expunge(row)
    db.session.execute(delete(model).where(model.id == id), execution_options={"words_kept": True})
