"""Maple & Paw: its locations, services, vaccine kinds and staff."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from io import BytesIO

from sqlalchemy import select

from portal import wording
from portal.db import db
from portal.demo.made import pdf
from portal.models import (
    Access,
    AddOn,
    Animal,
    Location,
    Member,
    Provider,
    Role,
    Series,
    Service,
    ServiceKind,
    StoredDocument,
    VaccineCheck,
    VaccineKind,
)
from portal.passwords import hash_password
from portal.rules import files, storage
from portal.rules.actors import Actor, as_member
from portal.rules.business import the_business

ZONE = "America/New_York"
STORED = (
    "Boarding agreement",
    "Holiday hours and drop-off times",
    "Welcome booklet",
    "House rules",
    "Price list",
)


@dataclass
class Shop:
    """Everything by its name."""

    locations: dict[str, Location]
    services: dict[str, Service]
    add_ons: dict[str, AddOn]
    providers: dict[str, Provider]
    members: dict[str, Member]
    animals: dict[str, Animal]
    series: Series
    stored: list[StoredDocument]


def on(at: datetime, days: int, hour: int, minute: int = 0) -> datetime:
    """A wall time in Kingston, so many days from today."""
    day = wording.today_in(ZONE, at) + timedelta(days=days)
    return datetime.combine(day, time(hour, minute), wording.zone_of(ZONE))


def build(at: datetime) -> Shop:
    business = the_business()
    business.name, business.tagline = "Maple & Paw", "Daycare, grooming and a good night’s sleep"
    business.phone, business.email = "+12125550148", "hello@example.com"
    business.time_zone, business.colour = ZONE, "#1f6866"
    business.header_label, business.header_link = "Our website", "https://maple-and-paw.example.com/"
    locations = [
        Location(
            name="Maple Street", address="212 Maple Street, Kingston, NY 12401", phone="+12125550148", time_zone=ZONE
        ),
        Location(name="Riverside", address="8 River Road, Kingston, NY 12401", phone="+12125550149", time_zone=ZONE),
    ]
    services, add_ons = menu()
    members = [
        Member(
            name="Nina Park", email="nina@example.com", role=Role.OWNER, password_hash=hash_password("front-desk-nina")
        ),
        Member(
            name="Theo Brandt", email="theo@example.com", role=Role.TEAM, password_hash=hash_password("front-desk-theo")
        ),
    ]
    db.session.add_all([*locations, *services, *add_ons, *members])
    db.session.flush()
    providers = [*(Provider(name=member.name, member_id=member.id) for member in members), Provider(name="Ana Silva")]
    by_name = {service.name: service for service in services}
    series = Series(
        service_id=by_name["Puppy Manners"].id, location_id=locations[0].id, name="Puppy Manners, next series"
    )
    animals = {animal.name: animal for animal in db.session.scalars(select(Animal))}
    rabbit = Animal(name="Rabbit", drawing="paw")
    db.session.add_all([*providers, series, rabbit, *vaccine_kinds(animals)])
    nina = as_member(members[0])
    stored = [store(name, nina, at) for name in STORED]
    db.session.flush()
    return Shop(
        locations={place.name: place for place in locations},
        services=by_name,
        add_ons={extra.name: extra for extra in add_ons},
        providers={provider.name: provider for provider in providers},
        members={member.name: member for member in members},
        animals={**animals, rabbit.name: rabbit},
        series=series,
        stored=stored,
    )


def menu() -> tuple[list[Service], list[AddOn]]:
    """What can be booked, and what can be had with it."""
    services = [
        Service(
            name="Full Groom",
            kind=ServiceKind.INDIVIDUAL,
            description="Bath, cut, ears and nails, at your dog’s own pace.",
            price=8500,
            minutes=90,
            cancel_hours=24,
            move_hours=24,
            buffer_after=15,
            notice_minutes=120,
        ),
        Service(
            name="Nail Trim", kind=ServiceKind.INDIVIDUAL, price=2000, minutes=20, cancel_hours=2, every_minutes=20
        ),
        Service(
            name="Meet & Greet",
            kind=ServiceKind.INDIVIDUAL,
            description="A first half hour with us, for those we have invited.",
            minutes=30,
            access=Access.LINK,
            together=True,
        ),
        Service(
            name="Behaviour Consultation",
            kind=ServiceKind.INDIVIDUAL,
            description="An hour with Theo about one thing that is hard. He reads your notes first, then confirms.",
            price=9500,
            minutes=60,
            needs_approval=True,
            notice_minutes=24 * 60,
        ),
        Service(
            name="Daycare, full day",
            kind=ServiceKind.DAY,
            price=4200,
            minutes=630,
            cancel_day_before_at=time(20),
            arrives_at=time(7, 30),
            leaves_at=time(18),
            vaccine_check=VaccineCheck.WARN,
        ),
        Service(
            name="Daycare, half day",
            kind=ServiceKind.DAY,
            price=2600,
            minutes=300,
            cancel_hours=0,
            arrives_at=time(8),
            leaves_at=time(13),
            vaccine_check=VaccineCheck.WARN,
        ),
        Service(
            name="Agility for Beginners",
            kind=ServiceKind.GROUP,
            description="Tunnels, weaves and low jumps. Bring treats and a toy.",
            price=3000,
            cancel_hours=12,
            cancel_day_before_at=time(18),
        ),
        Service(name="Nose Work Drop-in", kind=ServiceKind.GROUP, price=2500, minutes=45, cancel_hours=12),
        Service(
            name="Sunrise Walk",
            kind=ServiceKind.GROUP,
            description="An hour along the river before the day begins.",
            price=1500,
            cancel_hours=12,
            access=Access.MEMBERS,
        ),
        Service(
            name="Boarding",
            kind=ServiceKind.STAY,
            description="A suite of their own, three walks a day and a call whenever you like.",
            price=6500,
            cancel_hours=72,
            arrives_at=time(15),
            leaves_at=time(11),
            ahead_days=365,
            vaccine_check=VaccineCheck.STOP,
        ),
        Service(
            name="Holiday Cat Boarding",
            kind=ServiceKind.STAY,
            price=4500,
            cancel_allowed=False,
            move_allowed=False,
            arrives_at=time(15),
            leaves_at=time(11),
            least_nights=2,
        ),
        Service(name="Puppy Manners", kind=ServiceKind.SERIES, price=4500, cancel_hours=48),
    ]
    for position, service in enumerate(services):
        service.position = position
    add_ons = [
        AddOn(name="Teeth cleaning", price=1500, minutes=15, description="Enzyme gel and a soft brush."),
        AddOn(name="Blueberry facial", price=900, minutes=10, description="A gentle wash that lifts tear stains."),
    ]
    return services, add_ons


def vaccine_kinds(animals: dict[str, Animal]) -> list[VaccineKind]:
    dog, cat = animals["Dog"].id, animals["Cat"].id
    told = [
        (dog, "Rabies", True),
        (dog, "DHPP", True),
        (dog, "Bordetella", True),
        (dog, "Canine Influenza", True),
        (dog, "Leptospirosis", False),
        (cat, "Rabies", True),
        (cat, "FVRCP", True),
    ]
    return [
        VaccineKind(animal_id=animal, name=name, required=required, position=position)
        for position, (animal, name, required) in enumerate(told)
    ]


def store(name: str, by: Actor, at: datetime) -> StoredDocument:
    """A document in the business's own storage."""
    page = pdf(name, "Maple & Paw, Kingston", "Thank you for reading this before your visit.")
    return storage.store(files.keep(BytesIO(page), f"{name}.pdf", at=at), by=by, at=at - timedelta(days=300))
