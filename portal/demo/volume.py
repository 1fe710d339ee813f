"""Volume: as many clients and bookings as a benchmark wants, written in bulk, not by the rules."""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select

from portal.db import db, one_change
from portal.demo import busy
from portal.models import (
    AccountNumber,
    Animal,
    Author,
    Booking,
    BookingPet,
    Channel,
    Client,
    Location,
    Message,
    Pet,
    Service,
    Thread,
)
from portal.rules import customer_words, kept

CHUNK = 5_000
FIRST = (
    "Ada",
    "Ben",
    "Chloe",
    "Dev",
    "Elif",
    "Femi",
    "Grace",
    "Hana",
    "Ivan",
    "Jun",
    "Kofi",
    "Lena",
    "Mateo",
    "Noor",
    "Ola",
)
LAST = (
    "Abbott",
    "Bauer",
    "Castro",
    "Diaz",
    "Eriksen",
    "Fontaine",
    "Garcia",
    "Hughes",
    "Ito",
    "Jansen",
    "Kaur",
    "Lopez",
)
PETS = (
    "Ace",
    "Bella",
    "Coco",
    "Daisy",
    "Echo",
    "Fig",
    "Gus",
    "Hazel",
    "Iggy",
    "Jasper",
    "Koda",
    "Luna",
    "Milo",
    "Nala",
)


def fill(clients: int, bookings: int, at: datetime, told: Callable[[int], object]) -> None:
    """Bookings lie within two years around `at`, a third of them ahead. The same numbers give the same business."""
    chance = random.Random(clients)
    with one_change():
        first_client, first_pet = following(Client), following(Pet)
        write(Client, people(first_client, clients, at), told, 1, before=AccountNumber)
        write(Pet, animals(first_client, first_pet, clients, at, chance), told, 0)
        customer_words.index(range(first_client, first_client + clients))
        write(Thread, threads(first_client, clients, at), told, 0)
        write(Message, messages(first_client, clients, at), told, 0)
        if clients:
            walks = busy.fill(first_client, first_pet, clients, bookings, following(Booking), at)
            told(walks)
            book(first_client, first_pet, clients, bookings - walks, at, chance, told)
            kept.reckon_all()
    if db.engine.dialect.name == "postgresql":
        advance()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")


def following(model: type[Any]) -> int:
    return (db.session.scalar(select(func.max(model.id))) or 0) + 1


def write(
    model: type[Any], rows: Iterator[dict[str, Any]], told: Callable[[int], object], each: int, before: Any = None
) -> None:
    while chunk := [row for _, row in zip(range(CHUNK), rows, strict=False)]:
        if before is AccountNumber:
            db.session.execute(insert(AccountNumber), [{"number": row["account_number"]} for row in chunk])
        db.session.execute(insert(model), chunk, execution_options={"words_kept": True})
        told(each * len(chunk))


def people(first: int, count: int, at: datetime) -> Iterator[dict[str, Any]]:
    for number in range(count):
        yield {
            "id": first + number,
            "account_number": f"{2_000_000_000 + number}",
            "first_name": FIRST[number % len(FIRST)],
            "last_name": f"{LAST[number % len(LAST)]}",
            "email": f"client{number}@example.net",
            "phone": f"+1212{2_000_000 + number * 7 % 7_999_999}",
            "created_at": at - timedelta(days=number % 900),
        }


def animals(first: int, first_pet: int, count: int, at: datetime, chance: random.Random) -> Iterator[dict[str, Any]]:
    kinds = list(db.session.scalars(select(Animal.id).order_by(Animal.id).limit(2)))
    for number in range(2 * count):
        yield {
            "id": first_pet + number,
            "client_id": first + number // 2,
            "name": PETS[number % len(PETS)],
            "animal_id": chance.choice(kinds),
            "created_at": at - timedelta(days=number % 900),
        }


def threads(first: int, count: int, at: datetime) -> Iterator[dict[str, Any]]:
    start = following(Thread)
    for number in range(count):
        yield {
            "id": start + number,
            "client_id": first + number,
            "subject": "Welcome to Maple & Paw",
            "channel": Channel.EMAIL,
            "last_message_at": at - timedelta(days=number % 900),
        }


def messages(first: int, count: int, at: datetime) -> Iterator[dict[str, Any]]:
    start = following(Thread) - count
    for number in range(count):
        yield {
            "thread_id": start + number,
            "client_id": first + number,
            "author": Author.AUTOMATIC,
            "author_name": "",
            "text": "Everything you need to know before the first visit.",
            "written_at": at - timedelta(days=number % 900),
        }


def book(
    first: int,
    first_pet: int,
    clients: int,
    count: int,
    at: datetime,
    chance: random.Random,
    told: Callable[[int], object],
) -> None:
    services, places = list(db.session.scalars(select(Service))), list(db.session.scalars(select(Location)))
    start = following(Booking)
    for begin in range(0, count, CHUNK):
        rows, of_pets = [], []
        for id in range(start + begin, start + min(begin + CHUNK, count)):
            who, service = chance.randrange(clients), chance.choice(services)
            starts = (at + timedelta(days=chance.randrange(-480, 240), hours=chance.randrange(8, 17))).replace(minute=0)
            rows.append(
                {
                    "id": id,
                    "client_id": first + who,
                    "service_id": service.id,
                    "location_id": chance.choice(places).id,
                    "starts_at": starts,
                    "ends_at": starts + timedelta(minutes=service.minutes),
                    "price": service.price,
                    "cancel_allowed": service.cancel_allowed,
                    "cancel_hours": service.cancel_hours,
                    "cancel_day_before_at": service.cancel_day_before_at,
                    "made_at": starts - timedelta(days=9),
                    "pet_count": 1,
                }
            )
            of_pets.append({"booking_id": id, "pet_id": first_pet + 2 * who + id % 2, "client_id": first + who})
        db.session.execute(insert(Booking), rows)
        db.session.execute(insert(BookingPet), of_pets)
        told(len(rows))


def advance() -> None:
    """Rows came with their own ids, so PostgreSQL's counters are moved behind them."""
    with db.engine.begin() as connection:
        for model in (Client, Pet, Thread, Booking):
            table = model.__tablename__
            connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # noqa: S608
            )
