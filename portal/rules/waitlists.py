"""Waitlists: who waits for what, joining and leaving."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Select, delete, func, select

from portal.db import atomic, db, lock
from portal.models import (
    Client,
    Location,
    Notice,
    NoticeKind,
    Outcome,
    Pet,
    Series,
    Service,
    ServiceSession,
    WaitlistEntry,
)
from portal.rules import messages, notices, obstacles, offers, places
from portal.rules.actors import Actor
from portal.rules.business import contact, the_business
from portal.rules.chances import Wish
from portal.rules.looks import look
from portal.rules.offers import note
from portal.rules.refused import Refused
from portal.rules.turns import Waiting, in_full, waiting
from portal.wording import listed

UNDO = timedelta(seconds=10)
MOST = 200
PROMISE = "As soon as a place is free for you, we hold it for a while and write to you."
# Waiting is what a full class is for; there is time to see the vet, and what was booked instead can be given up.
MENDED_WHILE_WAITING = {"full", "vaccine", "pet-elsewhere"}


@atomic
def join(
    client: Client,
    pet: Pet,
    service: Service,
    *,
    session: ServiceSession | None = None,
    series: Series | None = None,
    location: Location | None = None,
    first_day: date | None = None,
    last_day: date | None = None,
    by: Actor,
    at: datetime,
) -> WaitlistEntry:
    """One pet, at the end of the line, whatever was before."""
    wish = Wish(service, session, location, first_day, last_day or first_day, series)
    places.lock_client(client.id)
    entry = stand_in_line(pet, wish, by=by, at=at)
    look(entry, at)
    return entry


def stand_in_line(pet: Pet, wish: Wish, *, by: Actor, at: datetime) -> WaitlistEntry:
    entry = WaitlistEntry(
        client_id=pet.client_id,
        pet_id=pet.id,
        service_id=wish.service.id,
        series_id=wish.series.id if wish.series else None,
        service_session_id=wish.session.id if wish.session else None,
        location_id=wish.at_place.id if wish.at_place else None,
        first_day=wish.first_day,
        last_day=wish.last_day,
        joined_at=at,
    )
    twice = db.session.scalar(like(entry))
    if twice:
        raise Refused(f"{pet.name} is on the waitlist for {in_full(waiting(twice))} already.")
    db.session.add(entry)
    db.session.flush()
    note(entry, "", "Waiting", by=by, at=at)
    return entry


def like(entry: WaitlistEntry) -> Select[int]:
    """An entry of the same pet for the very same thing."""
    names = ["pet_id", "service_id", "series_id", "service_session_id", "first_day", "last_day"]
    if not entry.service_session_id:
        names.append("location_id")
    same = [getattr(WaitlistEntry, name).is_not_distinct_from(getattr(entry, name)) for name in names]
    return select(WaitlistEntry.id).where(*same, WaitlistEntry.removed_at.is_(None))


@atomic
def join_all(
    client: Client,
    pets: Sequence[Pet],
    wishes: Sequence[Wish],
    *,
    together: bool,
    tell: bool = True,
    by: Actor,
    at: datetime,
) -> list[WaitlistEntry]:
    """Each pet gets an entry of its own; those who come together or not at all are served as one."""
    places.lock_client(client.id)
    if not pets:
        raise Refused("Choose who is to come.")
    if by.kind == "client" and how_many(client) + len(pets) * len(wishes) > MOST:
        raise Refused(f"These are more than {MOST} places in line for your pets. Choose fewer days. {contact()}")
    entries = []
    for wish in wishes:
        if by.kind == "client":
            must_be_open(client, pets, wish, at)
        party = [stand_in_line(pet, wish, by=by, at=at) for pet in pets]
        if together and len(party) > 1:
            for entry in party:
                entry.party_id = party[0].id
        look(party[0], at)
        entries += party
        if tell:
            announce(client, waiting(party[0].id), pets, by=by, at=at)
    return entries


def how_many(client: Client) -> int:
    """Each of their pets in each of its lines."""
    waits = select(func.count()).where(WaitlistEntry.client_id == client.id, WaitlistEntry.removed_at.is_(None))
    return db.session.execute(waits).scalar_one()


def announce(client: Client, turn: Waiting, pets: Sequence[Pet], *, by: Actor, at: datetime) -> None:
    names = listed([pet.name for pet in pets])
    if by.kind == "client":
        text = f"{client.name} joined the waitlist for {in_full(turn)} ({names})"
        notices.tell(NoticeKind.REQUEST, text, client_id=client.id, at=at)
    else:
        text = f"{names} {'is' if len(pets) == 1 else 'are'} on the waitlist for {in_full(turn)}.\n\n{PROMISE}"
        messages.tell_client(client, f"On the waitlist: {turn.service}", text, at=at)


def must_be_open(client: Client, pets: Sequence[Pet], wish: Wish, at: datetime) -> None:
    """A client joins where waiting is offered, for what they may book and cannot get."""
    service, chance = wish.service, wish.chance()
    if not the_business().waitlist_open or not service.waitlist_open:
        raise Refused(f"{service.name} has no waitlist to join here. {contact()}")
    found = obstacles.obstacles(
        client,
        service,
        location=wish.at_place,
        pets=pets,
        starts_at=chance.starts_at if chance else None,
        ends_at=chance.ends_at if chance else None,
        session=wish.session,
        by_link=True,
        at=at,
    )
    obstacles.must_be_free_of(one for one in found if one.kind not in MENDED_WHILE_WAITING)
    if chance and not places.guard(chance.wanted(len(pets)), at=at):
        raise Refused(f"{service.name} is not full then: there is a place to book right now.")


@atomic
def leave(entry: WaitlistEntry, *, by: Actor, at: datetime) -> Waiting:
    lock(entry)
    if entry.removed_at:
        raise Refused("This entry has already been removed from the waitlist.")
    offers.end(entry, Outcome.WITHDRAWN, at=at, due_at=at + UNDO)
    note(entry, "Waiting", "Removed", by=by, at=at)
    name = waiting(entry.id)
    notices.tell(
        NoticeKind.CANCELLATION,
        f"{by.name} left the waitlist for {name.service} ({name.pet.name})",
        client_id=entry.client_id,
        by=by,
        mailed_at=at + UNDO,
        at=at,
    )
    return name


@atomic
def remove(entry: WaitlistEntry, *, tell: bool, by: Actor, at: datetime) -> None:
    """By staff, who say so to the client unless they would rather not."""
    turn = leave(entry, by=by, at=at)
    if tell:
        text = f"{turn.pet.name} is not on the waitlist for {in_full(turn)} any more.\n\n{contact()}"
        messages.tell_client(entry.pet.client, f"Off the waitlist: {turn.service}", text, at=at)


@atomic
def return_to(entry: WaitlistEntry, *, by: Actor, at: datetime) -> Waiting:
    """Undo leaving: the entry keeps its turn, because it was hardly away."""
    lock(entry)
    if entry.removed_at is None:
        raise Refused("This entry is on the waitlist.")
    if at > entry.removed_at + UNDO or entry.outcome not in (None, Outcome.WITHDRAWN):
        raise Refused("The time to undo is over. Join the waitlist anew, at its end.")
    twice = db.session.scalar(like(entry))
    if twice:
        raise Refused(f"{entry.pet.name} has joined this waitlist again already.")
    told = Notice.client_id == entry.client_id, Notice.at == entry.removed_at
    db.session.execute(delete(Notice).where(*told, Notice.kind == NoticeKind.CANCELLATION))
    entry.removed_at = entry.outcome = None
    note(entry, "Removed", "Waiting", by=by, at=at)
    look(entry, at)
    db.session.flush()
    return waiting(entry.id)
