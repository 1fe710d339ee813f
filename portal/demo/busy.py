"""A busy fortnight and a full calendar, for benchmarks: ten walkers, thousands of walks, two thousand classes."""

import random
from datetime import datetime, time, timedelta

from sqlalchemy import insert, select

from portal import wording
from portal.db import db
from portal.models import (
    Booking,
    BookingPet,
    BookingProvider,
    Location,
    Offering,
    Provider,
    Service,
    ServiceKind,
    ServiceProvider,
    ServiceSession,
    WorkingHours,
)

WALKERS, DAYS, OPENS, CLOSES, MINUTES = 10, 14, 7, 19, 15
WALKS, CLASSES = 5_000, 2_000
SHARE = 40  # one of so many bookings is a walk


def fill(first: int, first_pet: int, clients: int, bookings: int, booking_id: int, at: datetime) -> int:
    """As many walks as fit a business of this size, in ids from `booking_id` on. How many they are."""
    chance = random.Random(bookings)
    place = db.session.scalars(select(Location).order_by(Location.id).limit(1)).one()
    service = offered("Dog Walk", ServiceKind.INDIVIDUAL, place, price=1800, minutes=MINUTES, every_minutes=MINUTES)
    hour = (CLOSES - OPENS) * 60 // MINUTES
    today = datetime.combine(wording.today_in(place.time_zone, at), time(OPENS), wording.zone_of(place.time_zone))
    free = [(walker, day, slot) for walker in hire(service, place) for day in range(DAYS) for slot in range(hour)]
    taken = chance.sample(free, min(WALKS, bookings // SHARE))
    rows, pets, walkers = [], [], []
    for id, (walker, day, slot) in enumerate(taken, booking_id):
        who, starts = chance.randrange(clients), today + timedelta(days=day, minutes=slot * MINUTES)
        rows.append(walk(id, first + who, service, place, starts))
        pets.append({"booking_id": id, "pet_id": first_pet + 2 * who, "client_id": first + who})
        walkers.append({"booking_id": id, "provider_id": walker})
    for model, told in ((Booking, rows), (BookingPet, pets), (BookingProvider, walkers)):
        if told:
            db.session.execute(insert(model), told)
    classes(place, min(CLASSES, bookings // (SHARE * 2)), at)
    return len(taken)


def offered(name: str, kind: ServiceKind, place: Location, **more: int) -> Service:
    service = Service(name=name, kind=kind, **more)
    db.session.add(service)
    db.session.flush()
    db.session.add(Offering(service_id=service.id, location_id=place.id))
    return service


def hire(service: Service, place: Location) -> list[int]:
    people = [Provider(name=f"Walker {number + 1}") for number in range(WALKERS)]
    db.session.add_all(people)
    db.session.flush()
    hours = {"location_id": place.id, "since": time(OPENS), "until": time(CLOSES)}
    for one in people:
        db.session.add(ServiceProvider(service_id=service.id, provider_id=one.id))
        db.session.add_all(WorkingHours(provider_id=one.id, weekday=weekday, **hours) for weekday in range(7))
    db.session.flush()
    return [one.id for one in people]


def walk(id: int, client_id: int, service: Service, place: Location, starts_at: datetime) -> dict[str, object]:
    return {
        "id": id,
        "client_id": client_id,
        "service_id": service.id,
        "location_id": place.id,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=MINUTES),
        "price": service.price,
        "made_at": starts_at - timedelta(days=9),
        "pet_count": 1,
    }


def classes(place: Location, count: int, at: datetime) -> None:
    """Spread over the month that `at` is in and the days around it."""
    service = offered("Open Play", ServiceKind.GROUP, place, price=900, minutes=30)
    first = wording.today_in(place.time_zone, at).replace(day=1)
    begins = datetime.combine(first, time(8), wording.zone_of(place.time_zone))
    rows = []
    for number in range(count):
        starts = begins + timedelta(days=number % 31, minutes=15 * (number // 31 % 44))
        rows.append(
            {
                "service_id": service.id,
                "location_id": place.id,
                "starts_at": starts,
                "ends_at": starts + timedelta(minutes=30),
                "capacity": 8,
            }
        )
    if rows:
        db.session.execute(insert(ServiceSession), rows)
