"""The cast: Rosa and her animals, Omar, Zoë, Nina and Theo, and a small business for them to meet in."""

from datetime import UTC, datetime, time, timedelta

from portal.db import db
from portal.models import (
    AccountNumber,
    AddOn,
    Animal,
    Booking,
    Business,
    Client,
    Location,
    Member,
    Offering,
    OpeningHours,
    Pet,
    Provider,
    Role,
    Series,
    Service,
    ServiceAddOn,
    ServiceKind,
    ServiceProvider,
    ServiceSession,
    VaccineKind,
    WorkingHours,
)
from portal.passwords import hash_password
from portal.rules import bookings
from portal.rules.actors import Actor, as_client

# Monday, 23 November 2026, 10:00 in New York. Tests that care about the time of day travel to it.
NOON = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def client(number: str, first: str, last: str, email: str | None, password: str | None = None) -> Client:
    db.session.add(AccountNumber(number=number))
    db.session.flush()
    row = Client(
        account_number=number,
        first_name=first,
        last_name=last,
        email=email,
        password_hash=hash_password(password) if password else None,
        created_at=NOON - timedelta(days=400),
    )
    db.session.add(row)
    db.session.flush()
    return row


def pet(owner: Client, name: str, animal: Animal) -> Pet:
    row = Pet(client_id=owner.id, name=name, animal_id=animal.id, created_at=NOON - timedelta(days=390))
    db.session.add(row)
    db.session.flush()
    return row


def one_of_many(number: int) -> Client:
    """Somebody with a dog, and an e-mail of their own: one3@example.com."""
    one = client(f"{7_000_000_000 + number}", "One", f"of many {number}", f"one{number}@example.com")
    pet(one, "Dot", db.session.query(Animal).filter_by(name="Dog").one())
    return one


def gather() -> None:
    """Put everybody into an empty, migrated database."""
    business = db.session.query(Business).one()
    business.name, business.phone, business.email = "Maple & Paw", "+12125550148", "hello@example.com"
    dog = db.session.query(Animal).filter_by(name="Dog").one()
    cat = db.session.query(Animal).filter_by(name="Cat").one()
    maple = Location(name="Maple Street", address="212 Maple Street, Kingston, NY 12401", time_zone="America/New_York")
    river = Location(name="Riverside", address="8 River Road, Kingston, NY 12401", time_zone="America/New_York")
    groom = Service(name="Full Groom", kind=ServiceKind.INDIVIDUAL, price=8500, minutes=90, cancel_hours=24)
    daycare = Service(name="Daycare", kind=ServiceKind.DAY, price=4200, minutes=600, cancel_hours=0)
    agility = Service(
        name="Agility", kind=ServiceKind.GROUP, price=3000, cancel_hours=12, cancel_day_before_at=time(18)
    )
    boarding = Service(name="Boarding", kind=ServiceKind.STAY, price=6000, cancel_allowed=False)
    db.session.add_all([maple, river, groom, daycare, agility, boarding, AddOn(name="Teeth cleaning", price=1500)])
    db.session.add_all(
        [
            VaccineKind(animal_id=dog.id, name="Rabies", position=1),
            VaccineKind(animal_id=dog.id, name="Bordetella", position=2),
            VaccineKind(animal_id=dog.id, name="Leptospirosis", required=False, position=3),
            VaccineKind(animal_id=cat.id, name="FVRCP", position=1),
        ]
    )
    nina = Member(
        name="Nina Park", email="nina@example.com", role=Role.OWNER, password_hash=hash_password("front-desk-nina")
    )
    theo = Member(
        name="Theo Brandt", email="theo@example.com", role=Role.TEAM, password_hash=hash_password("front-desk-theo")
    )
    db.session.add_all([nina, theo])
    db.session.flush()
    db.session.add(Provider(name="Theo Brandt", member_id=theo.id))
    rosa = client("4071882365", "Rosa", "Delgado", "rosa@example.com", "biscuit-and-me")
    omar = client("5120093317", "Omar", "Haddad", "omar@example.com")
    client("6631140529", "Zoë", "Łukaszewska", "zoë@example.com", "zażółć-gęślą")
    pet(rosa, "Biscuit", dog)
    pet(rosa, "Juno", dog)
    pet(rosa, "Miso", cat)
    pet(omar, "Pepper", dog)
    db.session.commit()


def open_shop() -> None:
    """Everything offered at both locations, open every day from 7 to 19; Theo works at Maple Street, Mondays to
    Saturdays from 9 to 17, and gives Full Groom and Agility. A day at Maple Street has 10 places in daycare, 5 in
    boarding."""
    maple, river = (db.session.query(Location).filter_by(name=name).one() for name in ("Maple Street", "Riverside"))
    places = {(maple.id, service("Daycare").id): 10, (maple.id, service("Boarding").id): 5}
    theo = db.session.query(Provider).filter_by(name="Theo Brandt").one()
    teeth = db.session.query(AddOn).filter_by(name="Teeth cleaning").one()
    teeth.minutes = 15
    for place in (maple, river):
        for offered in db.session.query(Service):
            limit = places.get((place.id, offered.id))
            db.session.add(Offering(service_id=offered.id, location_id=place.id, places=limit))
        for weekday in range(7):
            hours = OpeningHours(location_id=place.id, weekday=weekday, opens_at=time(7), closes_at=time(19))
            db.session.add(hours)
    for name in ("Full Groom", "Agility"):
        db.session.add(ServiceProvider(service_id=service(name).id, provider_id=theo.id))
    for weekday in range(6):
        shift = WorkingHours(provider_id=theo.id, location_id=maple.id, weekday=weekday, since=time(9), until=time(17))
        db.session.add(shift)
    db.session.add(ServiceAddOn(service_id=service("Full Groom").id, add_on_id=teeth.id))
    db.session.commit()


def booking(
    owner: Client,
    pets: list[Pet],
    service: str,
    starts_at: datetime,
    *,
    made_at: datetime,
    by: Actor | None = None,
    **more: object,
) -> Booking:
    """A booking at Maple Street, made by its client; or by staff, who book one pet for two places where they must."""
    return bookings.book(
        owner,
        db.session.query(Service).filter_by(name=service).one(),
        pets,
        location=db.session.query(Location).filter_by(name="Maple Street").one(),
        starts_at=starts_at,
        by=by or as_client(owner),
        at=made_at,
        **more,  # type: ignore[arg-type]
    )


def service(name: str) -> Service:
    return db.session.query(Service).filter_by(name=name).one()


def session(service: str, starts_at: datetime, capacity: int = 4) -> ServiceSession:
    of = db.session.query(Service).filter_by(name=service).one()
    place = db.session.query(Location).filter_by(name="Maple Street").one()
    row = ServiceSession(
        service_id=of.id,
        location_id=place.id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        capacity=capacity,
    )
    db.session.add(row)
    db.session.commit()
    return row


def course(first: datetime, capacity: int = 4) -> Series:
    """Agility on three dates, a week apart, for $100.00 in all."""
    place = db.session.query(Location).filter_by(name="Maple Street").one()
    series = Series(service_id=service("Agility").id, location_id=place.id, name="Puppy Course", price=10_000)
    db.session.add(series)
    db.session.flush()
    for week in range(3):
        session("Agility", first + timedelta(weeks=week), capacity).series_id = series.id
    db.session.commit()
    return series
