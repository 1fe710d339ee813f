"""Booking what a plan comes to: each visit that is free, and a place in line where one is asked for."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select

from portal import wording
from portal.db import atomic, db
from portal.models import AddOn, Booking, BookingPet, Client, Provider, Service, ServiceKind
from portal.rules import bookings, many_days, places, series_registrations, waitlists
from portal.rules.actors import Actor
from portal.rules.chances import Wish
from portal.rules.obstacles import must_be_free_of, stopping
from portal.rules.places import Taken
from portal.rules.plan_visits import Visit, visits
from portal.rules.plans import Plan
from portal.rules.refused import Refused
from portal.rules.standing import STANDING, Standing, standings
from portal.rules.states import STANDS


@dataclass(slots=True)
class Outcome:
    """`waiting` are the days with a place in line, `already` those that were booked before, `skipped` those with
    nothing."""

    booked: list[Booking] = field(default_factory=list)
    waiting: list[date] = field(default_factory=list)
    already: list[date] = field(default_factory=list)
    skipped: list[date] = field(default_factory=list)


def carry_out(
    plan: Plan, *, waits: Collection[date] = (), notes: str = "", key: str, back: str, by: Actor, at: datetime
) -> Outcome:
    """Everything is judged anew. One visit is booked or refused; of many days those that are full are left out."""
    client, service = plan.client, plan.service
    if client is None or service is None or plan.location is None or not plan.pets or not plan.has_time:
        raise Refused("Something is still to be chosen. Go back one step.")
    if plan.series:
        made = series_registrations.register(
            client, plan.series, plan.pets, key=key, tell=plan.tell, overbook=plan.overbook, by=by, at=at
        )
        return Outcome(series_registrations.bookings_of(made))
    if service.kind == ServiceKind.DAY:
        return each_day(plan, client, waits, notes, key, back, by, at)
    return Outcome([one(plan, client, visit, notes, key, by, at) for visit in visits(plan, back=back, at=at)])


def one(plan: Plan, client: Client, visit: Visit, notes: str, key: str, by: Actor, at: datetime) -> Booking:
    """A form that is sent twice finds what the first one booked, though its place is taken by now."""
    if first := bookings.made_with(client, key):
        return first
    full = [obstacle for obstacle in visit.stopped if obstacle.kind == "full"]
    if full and len(full) == len(visit.stopped):
        raise Taken(" ".join(obstacle.words for obstacle in full), service_of(plan))
    must_be_free_of(visit.obstacles)
    return with_somebody(plan, client, visit, notes, key, by, at)


def with_somebody(plan: Plan, client: Client, visit: Visit, notes: str, key: str, by: Actor, at: datetime) -> Booking:
    """Whoever is free, in the order of the house: if somebody else was faster, then with the next one."""
    assert plan.service
    assert plan.location
    people = [[db.session.get_one(Provider, id)] for id in visit.providers] or [[]]
    if visit.session:
        people = [list(visit.session.providers)]
    for providers in people:
        try:
            return bookings.book(
                client,
                plan.service,
                plan.pets,
                location=plan.location,
                starts_at=visit.starts_at,
                ends_at=visit.ends_at,
                session=visit.session,
                providers=providers,
                add_ons=[db.session.get_one(AddOn, extra.id) for extra in plan.add_ons],
                notes=notes,
                key=key,
                overbook=plan.overbook,
                tell=plan.tell,
                alone=visit.day is None,
                by=by,
                at=at,
            )
        except Taken:
            if providers == people[-1]:
                raise
    raise AssertionError("somebody was asked last")


@atomic
def each_day(
    plan: Plan,
    client: Client,
    waits: Collection[date],
    notes: str,
    key: str,
    back: str,
    by: Actor,
    at: datetime,
) -> Outcome:
    """One change, so that all of them are told of together, and each of them once. They are judged once nobody else
    books for this client: of two windows the second sees what the first has booked."""
    places.lock_client(client.id)
    planned = visits(plan, back=back, at=at)
    made, new = Outcome(), []
    for visit in planned:
        assert visit.day
        own_key = f"{key}-{visit.day}"
        first = bookings.made_with(client, own_key)
        try:
            made.booked.append(first or one(plan, client, visit, notes, own_key, by, at))
            new += made.booked[-1:] if first is None else []
        except Refused:
            if visit.day in waits and wait(plan, client, visit.day, by, at):
                made.waiting.append(visit.day)
            else:
                made.skipped.append(visit.day)
    made.already = there_already(plan, client, planned, made.skipped) if made.skipped else []
    made.skipped = [day for day in made.skipped if day not in made.already]
    if not made.booked and not made.waiting:
        must_be_new(made, by)
        must_be_free_of(reason for visit in planned for reason in stopping(visit.obstacles))
        raise Taken("Somebody was faster: these days were just taken.", service_of(plan))
    many_days.announce(client, new, tell=plan.tell, by=by, at=at)
    return made


def there_already(plan: Plan, client: Client, planned: list[Visit], days: Collection[date]) -> list[date]:
    """Of these days those on which it is booked for all of these pets, in another window or by somebody else of the
    family."""
    then = {visit.starts_at: visit.day for visit in planned if visit.day in days}
    rows = select(Booking.starts_at, BookingPet.pet_id).join(BookingPet, BookingPet.booking_id == Booking.id)
    theirs = Booking.client_id == client.id, Booking.service_id == service_of(plan).id, STANDS
    there = set(map(tuple, db.session.execute(rows.where(*theirs, Booking.starts_at.in_(then)))))
    return [day for at, day in then.items() if day and all((at, pet.id) in there for pet in plan.pets)]


def must_be_new(made: Outcome, by: Actor) -> None:
    """Where all of it is booked already, nothing is lost."""
    if made.skipped or not made.already:
        return
    days = wording.listed([wording.full_day(day) for day in made.already])
    these, them = ("This day is", "it") if len(made.already) == 1 else ("These days are", "them")
    find = f" You find {them} under My Bookings." if by.kind == "client" else ""
    raise Refused(f"{these} booked already: {days}.{find} Nothing is booked twice. To book more, choose other days.")


def wait(plan: Plan, client: Client, day: date, by: Actor, at: datetime) -> bool:
    """In line for one day; who is there already stays there."""
    wish = Wish(service_of(plan), None, plan.location, day, day)
    try:
        with db.session.begin_nested():
            waitlists.join_all(client, plan.pets, [wish], together=len(plan.pets) > 1, by=by, at=at)
    except Refused:
        return False
    return True


def service_of(plan: Plan) -> Service:
    assert plan.service
    return plan.service


def booked(client_id: int, ids: Collection[int], *, since: datetime) -> list[Standing]:
    """Those of a client's own bookings that were made since then."""
    of = STANDING.where(Booking.client_id == client_id, Booking.id.in_(ids), Booking.made_at > since)
    return standings(of.order_by(Booking.starts_at, Booking.id), {})


def find(id: int) -> Booking:
    return db.session.get_one(Booking, id)
