"""Whatever is done in whatever order, what was promised holds: never more than there are places, no pet in one class
twice, nobody forgotten on a waitlist, nobody passed over. SB-6, WL-5."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from portal.db import db, one_change
from portal.models import (
    Booking,
    BookingPet,
    Cancellation,
    Client,
    Decision,
    Location,
    Member,
    Offer,
    Offering,
    Pet,
    ServiceSession,
    WaitlistEntry,
)
from portal.rules import (
    availability,
    bookings,
    free_places,
    moves,
    offers,
    places,
    requests,
    session_plans,
    sessions,
    turns,
    waitlists,
)
from portal.rules.actors import Actor, as_client, as_member
from portal.rules.refused import Refused
from portal.wording import local
from tests import cast

START = cast.NOON + timedelta(days=10)
NUMBER = st.integers(0, 1000)
EVERY = (
    select(
        Booking.id,
        BookingPet.pet_id,
        Booking.starts_at,
        Booking.service_session_id,
        Cancellation.undo_until,
        Decision.confirmed,
    )
    .join(BookingPet, BookingPet.booking_id == Booking.id)
    .outerjoin(Cancellation, Cancellation.booking_id == Booking.id)
    .outerjoin(Decision, Decision.booking_id == Booking.id)
)
RETURNED: dict[int, datetime] = {}
Place = ServiceSession | datetime


class Nothing(Exception):
    """Ends an example, so that the next one finds everything as it was."""


class Counter(RuleBasedStateMachine):
    """Two classes, and a day of day care with two places. The first class is full, and two wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self.life = self.whole()
        self.life.__enter__()
        self.at = cast.NOON
        RETURNED.clear()

    @contextmanager
    def whole(self) -> Iterator[None]:
        try:
            with one_change():
                yield
                raise Nothing
        except Nothing:
            db.session.expire_all()

    def teardown(self) -> None:
        self.life.__exit__(None, None, None)

    @initialize()
    def open(self) -> None:
        agility = cast.service("Agility")
        self.place = db.session.query(Location).filter_by(name="Maple Street").one()
        daycare = cast.service("Daycare")
        daycare.cancel_hours = agility.cancel_hours = 0
        db.session.add(Offering(service_id=daycare.id, location_id=self.place.id, places=2))
        db.session.add(Offering(service_id=agility.id, location_id=self.place.id))
        self.classes = [self.lesson(agility.id, days, capacity) for days, capacity in ((0, 1), (1, 2))]
        db.session.flush()
        self.desk = as_member(db.session.query(Member).first() or Member())
        self.pets = list(db.session.scalars(select(Pet).where(Pet.name != "Miso").order_by(Pet.id)))
        self.places: list[Place] = [*self.classes, START]
        first, *others = self.pets
        bookings.book(first.client, agility, [first], location=self.place, by=self.desk, at=self.at, **self.where(0))
        for pet in others:
            self.at += timedelta(seconds=1)
            waitlists.join(pet.client, pet, agility, session=self.classes[0], by=self.desk, at=self.at)

    def lesson(self, service_id: int, days: int, capacity: int) -> ServiceSession:
        starts = START + timedelta(days=days)
        row = ServiceSession(
            service_id=service_id,
            location_id=self.place.id,
            starts_at=starts,
            ends_at=starts + timedelta(hours=1),
            capacity=capacity,
        )
        db.session.add(row)
        return row

    def attempt(self, act: Callable[..., Any], *args: Any, **more: Any) -> None:
        """A no leaves nothing behind."""
        try:
            with db.session.begin_nested():
                act(*args, at=self.at, **more)
        except Refused:
            db.session.expire_all()

    def one_of(self, model: type[Any], number: int) -> Any:
        ids = list(db.session.scalars(select(model.id).order_by(model.id)))
        return db.session.get_one(model, ids[number % len(ids)]) if ids else None

    def who(self, client: Client, number: int) -> Actor:
        return self.desk if number % 3 == 0 else as_client(client)

    def where(self, number: int) -> dict[str, Any]:
        place = self.places[number % len(self.places)]
        if isinstance(place, ServiceSession):
            return {"session": place, "starts_at": place.starts_at}
        return {"starts_at": place, "ends_at": place + timedelta(hours=8)}

    @rule(number=NUMBER, at_place=NUMBER, family=st.booleans(), requested=st.booleans())
    def book(self, number: int, at_place: int, family: bool, requested: bool) -> None:
        pet, where = self.pets[number % len(self.pets)], self.where(at_place)
        pets = [one for one in self.pets if one.client_id == pet.client_id] if family else [pet]
        service = where["session"].service if "session" in where else cast.service("Daycare")
        if not waiting(pets, where):
            by = as_client(pet.client)
            self.attempt(
                lambda at: bookings.book(
                    pet.client, service, pets, location=self.place, needs_approval=requested, by=by, at=at, **where
                )
            )

    @rule(number=NUMBER)
    def cancel(self, number: int) -> None:
        if booking := self.one_of(Booking, number):
            self.attempt(bookings.cancel, booking, by=self.who(booking.client, number))

    @rule(number=NUMBER)
    def undo(self, number: int) -> None:
        if booking := self.one_of(Booking, number):
            self.attempt(bookings.restore, booking, by=self.desk)

    @rule(number=NUMBER, agreed=st.booleans())
    def decide(self, number: int, agreed: bool) -> None:
        if booking := self.one_of(Booking, number):
            if agreed:
                self.attempt(requests.confirm_request, booking, by=self.desk)
            else:
                self.attempt(requests.decline, booking, "We are away.", by=self.desk)

    @rule(number=NUMBER, at_place=NUMBER)
    def move(self, number: int, at_place: int) -> None:
        booking, where = self.one_of(Booking, number), self.where(at_place)
        if booking and bool(booking.service_session_id) == ("session" in where) and not waiting(booking.pets, where):
            self.attempt(moves.move, booking, by=self.desk, **where)

    @rule(number=NUMBER, at_place=NUMBER)
    def join(self, number: int, at_place: int) -> None:
        pet, where = self.pets[number % len(self.pets)], self.where(at_place)
        session = where.get("session")
        if pet.id in {pet_id for pet_id, _ in holders(session or START, self.at)}:
            return
        wish = {"session": session} if session else {"location": self.place, "first_day": self.day}
        service = session.service if session else cast.service("Daycare")
        self.attempt(waitlists.join, pet.client, pet, service, by=self.desk, **wish)

    @rule(number=NUMBER)
    def leave(self, number: int) -> None:
        if entry := self.one_of(WaitlistEntry, number):
            self.attempt(waitlists.leave, entry, by=self.desk)

    @rule(number=NUMBER)
    def come_back(self, number: int) -> None:
        if entry := self.one_of(WaitlistEntry, number):
            self.attempt(waitlists.return_to, entry, by=self.desk)
            RETURNED[entry.id] = self.at

    @rule(number=NUMBER, takes=st.booleans())
    def answer(self, number: int, takes: bool) -> None:
        if offer := self.one_of(Offer, number):
            verb = offers.accept if takes else offers.decline
            self.attempt(verb, offer, by=as_client(db.session.get_one(Client, offer.client_id)))

    @rule(number=NUMBER, capacity=st.integers(1, 4))
    def resize(self, number: int, capacity: int) -> None:
        session = self.classes[number % len(self.classes)]
        self.attempt(
            sessions.change, session, "this", session_plans.plan_of(session)._replace(capacity=capacity), by=self.desk
        )

    @rule(seconds=st.sampled_from([1, 7, 13, 599, 3607]))
    def wait(self, seconds: int) -> None:
        self.at += timedelta(seconds=seconds)

    @rule()
    def work(self) -> None:
        """The worker comes by, when all that was held for an undo is free."""
        self.at += timedelta(minutes=11)
        free_places.run_due(self.at)
        for place in self.places:
            self.nobody_waits_in_vain(place)

    @property
    def day(self) -> Any:
        return local(START, self.place.time_zone).date()

    def room(self, place: Place) -> int:
        return place.capacity if isinstance(place, ServiceSession) else 2

    @invariant()
    def never_more_than_there_are_places(self) -> None:
        for place in self.places:
            held = len(holders(place, self.at)) + sum(offer.places for offer in open_offers(place, self.at))
            assert held <= self.room(place)
            if isinstance(place, ServiceSession):
                assert places.left(place, self.at) == self.room(place) - held
            else:
                daycare, day = cast.service("Daycare"), {"first": self.day, "days": 1, "at": self.at}
                (told,) = availability.free_days(daycare, self.place, pets=1, **day)
                assert told.left == self.room(place) - held

    @invariant()
    def no_pet_is_in_one_class_twice(self) -> None:
        for place in self.classes:
            there = [pet_id for pet_id, _ in holders(place, self.at)]
            assert len(there) == len(set(there))

    @invariant()
    def everybody_who_waits_has_a_turn(self) -> None:
        for place in self.places:
            line = [turns.waiting(entry.id).place for entry in queue(place)]
            assert line == list(range(1, len(line) + 1))

    @invariant()
    def nobody_is_passed_over(self) -> None:
        """Whoever waits in front of somebody who has an offer has one too, or has come after the offer was made."""
        for place in self.places:
            offered = {offer.waitlist_entry_id: offer for offer in open_offers(place, self.at)}
            line = queue(place)
            for number, entry in enumerate(line):
                if offer := offered.get(entry.id):
                    assert all(one.id in offered or back_after(one, offer) for one in line[:number])

    def nobody_waits_in_vain(self, place: Place) -> None:
        held = len(holders(place, self.at)) + sum(offer.places for offer in open_offers(place, self.at))
        offered = {offer.waitlist_entry_id for offer in open_offers(place, self.at)}
        if held < self.room(place):
            assert all(entry.id in offered for entry in queue(place))


def holders(place: Place, at: datetime) -> list[tuple[int, int]]:
    """Pet and booking of each place that is taken, by looking at every booking."""
    session_id = place.id if isinstance(place, ServiceSession) else None
    return [
        (pet_id, booking_id)
        for booking_id, pet_id, starts, session, undo_until, confirmed in db.session.execute(EVERY)
        if session == session_id
        and (isinstance(place, ServiceSession) or starts.date() == place.date())  # at whatever hour they are brought
        and (undo_until is None or undo_until > at)
        and confirmed is not False
    ]


def open_offers(place: Place, at: datetime) -> list[Offer]:
    session_id = place.id if isinstance(place, ServiceSession) else None
    every = db.session.scalars(select(Offer).where(Offer.ended_at.is_(None)))
    return [one for one in every if one.service_session_id == session_id and one.until > at]


def queue(place: Place) -> list[WaitlistEntry]:
    session_id = place.id if isinstance(place, ServiceSession) else None
    every = select(WaitlistEntry).where(WaitlistEntry.removed_at.is_(None))
    line = db.session.scalars(every.order_by(WaitlistEntry.joined_at, WaitlistEntry.id))
    return [entry for entry in line if entry.service_session_id == session_id]


def back_after(entry: WaitlistEntry, offer: Offer) -> bool:
    """They had left, and came back to their turn when the offer had been made."""
    return entry.id in RETURNED and RETURNED[entry.id] >= offer.at


def waiting(pets: list[Pet], where: dict[str, Any]) -> bool:
    place = where.get("session", where["starts_at"])
    return not {pet.id for pet in pets}.isdisjoint(entry.pet_id for entry in queue(place))


def test_whatever_is_done_in_whatever_order(app: Flask) -> None:  # SB-6, WL-5
    run_state_machine_as_test(
        Counter,
        settings=settings(
            max_examples=8,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
        ),
    )
