"""Settlements: what becomes of two rows when two clients or two pets become one, and there may be only one row.

Nothing goes unsaid: whatever is not kept stands in the history, and its file among the documents.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import MetaData, select, update
from sqlalchemy.orm import aliased

from portal.db import Base, db
from portal.models import (
    AttributeValue,
    Booking,
    BookingPet,
    Client,
    ClientTag,
    File,
    Message,
    Outcome,
    Pet,
    PetTag,
    ServiceRequest,
    ServiceRequestPet,
    Vaccination,
    WaitlistEntry,
)
from portal.rules import belongings, documents, history, offers, queues
from portal.rules.actors import Actor
from portal.rules.belongings import Reference

# Ways in, which are not handed over; and words to search by, which are made anew.
ENDS = {"sign_in", "hand_over", "sign_in_code", "email_change", "client_word", "feed"}


@dataclass(slots=True)
class Merging:
    """Who becomes whom: `lost` and `kept` are ids of the same kind of owner, `client_id` is who it all belongs to."""

    owner: str
    lost: int
    kept: int
    client_id: int
    name: str
    kept_name: str
    by: Actor
    at: datetime

    def note(self, field: str, old: str, new: str, *, subject: str, pet_id: int | None = None) -> None:
        history.note(self.client_id, field, old, new, subject=subject, by=self.by, at=self.at, pet_id=pet_id)


def hand_over(merging: Merging, metadata: MetaData = Base.metadata) -> None:
    """Everything that refers to the lost one: it ends, is settled, or goes over."""
    db.session.flush()
    found = belongings.references(metadata, merging.owner)
    for reference in found:
        if reference.table.name in ENDS:
            belongings.end(reference, merging.lost)
        else:
            settle(reference, merging)
    if merging.owner == "pet":
        wait_for_any_once(merging)
    db.session.flush()
    db.session.expire_all()
    for reference in found:
        belongings.move(reference, merging.lost, merging.kept)
    if merging.owner == "client":
        for table in belongings.signed(metadata):
            belongings.sign_over(table, merging.lost, merging.kept)


def settle(reference: Reference, merging: Merging) -> None:
    for only_one in belongings.only_ones(reference):
        rule = RULES[merging.owner, reference.table.name]
        for clash in belongings.clashes(reference, only_one, merging.lost, merging.kept):
            rule(clash.lost, clash.kept, merging)


def put_once(model: type[Any]) -> Callable[[int, int, Merging], None]:
    """The same on both: once is enough."""

    def rule(lost: int, kept: int, merging: Merging) -> None:
        db.session.delete(db.session.get_one(model, lost))

    return rule


def forget_form(model: type[Any]) -> Callable[[int, int, Merging], None]:
    """What was written stays; only the name of the form it was written in goes."""

    def rule(lost: int, kept: int, merging: Merging) -> None:
        db.session.execute(update(model).where(model.id == lost).values(key=None))

    return rule


def wait_once(lost: int, kept: int, merging: Merging) -> None:
    """Who waits twice for the same keeps the earlier turn; the later entry is removed."""
    entries = db.session.get_one(WaitlistEntry, lost), db.session.get_one(WaitlistEntry, kept)
    later = max(entries, key=lambda entry: (entry.joined_at, entry.id))
    offers.end(later, Outcome.EXPIRED, at=merging.at)
    merging.note("Waitlist", "Waiting twice", "Waiting", subject=merging.kept_name, pet_id=merging.kept)


def wait_for_any_once(merging: Merging) -> None:
    """The same for a series, or for any date, where no index says that there is only one."""
    one, other = aliased(WaitlistEntry), aliased(WaitlistEntry)
    undated = [
        wanted.is_(None) for of in (one, other) for wanted in (of.removed_at, of.service_session_id, of.first_day)
    ]
    twice = select(one.id, other.id).where(
        one.pet_id == merging.lost,
        other.pet_id == merging.kept,
        one.service_id == other.service_id,
        one.series_id.is_not_distinct_from(other.series_id),
        one.location_id.is_not_distinct_from(other.location_id),
        *undated,
    )
    for lost, kept in db.session.execute(twice).all():
        wait_once(lost, kept, merging)


def go_once(lost: int, kept: int, merging: Merging) -> None:
    """Both went by the same booking: now one does, at the price that was agreed. The other place is free."""
    row = db.session.get_one(BookingPet, lost)
    booking = db.session.get_one(Booking, row.booking_id)
    db.session.delete(row)
    if booking.ends_at > merging.at:
        queues.freed(booking, due_at=merging.at)
    both = f"{merging.kept_name} and {merging.name}"
    merging.note("Booked together", both, merging.kept_name, subject=merging.kept_name, pet_id=merging.kept)


def keep_value(lost: int, kept: int, merging: Merging) -> None:
    """The value of whoever stays; an empty one takes over the other."""
    other, own = db.session.get_one(AttributeValue, lost), db.session.get_one(AttributeValue, kept)
    if not own.value and not own.file_id:
        own.value, own.file_id = other.value, other.file_id
    elif (other.value, other.file_id) != (own.value, own.file_id):
        name, pet_id = own.attribute.name, own.pet_id
        merging.note(name, said(other), said(own), subject=merging.kept_name, pet_id=pet_id)
        put_away(other.file, f"{name}, {merging.name}", merging)
    db.session.delete(other)


def said(value: AttributeValue) -> str:
    return ", ".join(value.value.splitlines()) or (value.file.name if value.file else "")


def keep_longest(lost: int, kept: int, merging: Merging) -> None:
    """The vaccination that is good for longer, with its own certificate; the other certificate is put away."""
    rows = db.session.get_one(Vaccination, lost), db.session.get_one(Vaccination, kept)
    worse, better = sorted(rows, key=lambda row: (row.expires_on or date.min, bool(row.file_id), row.id == kept))
    name = better.kind.name
    if (worse.expires_on, worse.file_id) != (better.expires_on, better.file_id):
        subject = f"{merging.kept_name}, {name}"
        old, new = history.spoken(worse.expires_on), history.spoken(better.expires_on)
        merging.note("Expiry Date", old or "none", new or "none", subject=subject, pet_id=merging.kept)
        put_away(worse.file, f"{name}, {db.session.get_one(Pet, worse.pet_id).name}", merging)
    db.session.delete(worse)


def put_away(file: File | None, name: str, merging: Merging) -> None:
    """Among the documents, where only staff see it."""
    if file:
        client = db.session.get_one(Client, merging.client_id)
        documents.give(client, file, name=f"{name} (before merging)", visible=False, by=merging.by, at=merging.at)


RULES: dict[tuple[str, str], Callable[[int, int, Merging], None]] = {
    ("client", "client_tag"): put_once(ClientTag),
    ("client", "message"): forget_form(Message),
    ("client", "booking"): forget_form(Booking),
    ("client", "service_request"): forget_form(ServiceRequest),
    ("client", "attribute_value"): keep_value,
    ("pet", "pet_tag"): put_once(PetTag),
    ("pet", "booking_pet"): go_once,
    ("pet", "service_request_pet"): put_once(ServiceRequestPet),
    ("pet", "waitlist_entry"): wait_once,
    ("pet", "attribute_value"): keep_value,
    ("pet", "vaccination"): keep_longest,
}
