"""Booking what a plan comes to: each visit that is free, and a place in line where one is asked for."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from portal.db import atomic, db
from portal.models import AddOn, Booking, Client, Provider, Service, ServiceKind
from portal.rules import bookings, many_days, places, series_registrations, waitlists
from portal.rules.actors import Actor
from portal.rules.chances import Wish
from portal.rules.obstacles import must_be_free_of, stopping
from portal.rules.places import Taken
from portal.rules.plan_visits import Visit, visits
from portal.rules.plans import Plan
from portal.rules.refused import Refused
from portal.rules.standing import STANDING, Standing, standings


@dataclass(slots=True)
class Outcome:
    """`waiting` are the days with a place in line, `skipped` those with nothing."""

    booked: list[Booking] = field(default_factory=list)
    waiting: list[date] = field(default_factory=list)
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
    planned = visits(plan, back=back, at=at)
    if service.kind == ServiceKind.DAY:
        return each_day(plan, client, planned, waits, notes, key, by, at)
    return Outcome([one(plan, client, visit, notes, key, by, at) for visit in planned])


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
    planned: list[Visit],
    waits: Collection[date],
    notes: str,
    key: str,
    by: Actor,
    at: datetime,
) -> Outcome:
    """One change, so that all of them are told of together, and each of them once."""
    places.lock_client(client.id)
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
    if not made.booked and not made.waiting:
        must_be_free_of(reason for visit in planned for reason in stopping(visit.obstacles))
        raise Taken("Somebody was faster: these days were just taken.", service_of(plan))
    many_days.announce(client, new, tell=plan.tell, by=by, at=at)
    return made


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
