"""When Maple & Paw is open, who works when, what is offered where, and the classes of the weeks ahead."""

from datetime import date, datetime, time, timedelta

from portal import wording
from portal.db import db
from portal.demo.catalogue import ZONE, Shop
from portal.demo.family import Rosa
from portal.models import (
    Closure,
    Membership,
    MembershipService,
    Offering,
    OpeningHours,
    ReminderTime,
    Repetition,
    ServiceAddOn,
    ServiceAnimal,
    ServiceKind,
    ServiceProvider,
    Subscription,
    WorkingHours,
)
from portal.rules import repetitions
from portal.rules.actors import as_member

WEEKS = 8
MAPLE, RIVER = "Maple Street", "Riverside"
PLACES = {
    ("Daycare, full day", MAPLE): 24,
    ("Daycare, full day", RIVER): 12,
    ("Daycare, half day", MAPLE): 16,
    ("Daycare, half day", RIVER): 8,
    ("Boarding", MAPLE): 10,
    ("Boarding", RIVER): 8,
    ("Holiday Cat Boarding", RIVER): 4,
    ("Full Groom", MAPLE): None,
    ("Nail Trim", MAPLE): None,
    ("Nail Trim", RIVER): None,
    ("Meet & Greet", MAPLE): None,
    ("Behaviour Consultation", MAPLE): None,
    ("Agility for Beginners", MAPLE): None,
    ("Nose Work Drop-in", MAPLE): None,
    ("Sunrise Walk", RIVER): None,
    ("Puppy Manners", MAPLE): None,
}
GIVES = {
    "Ana Silva": ("Full Groom", "Nail Trim"),
    "Nina Park": ("Full Groom", "Nail Trim", "Meet & Greet"),
    "Theo Brandt": (
        "Meet & Greet",
        "Behaviour Consultation",
        "Agility for Beginners",
        "Nose Work Drop-in",
        "Sunrise Walk",
        "Puppy Manners",
    ),
}
# Weekdays, where, from and until.
WORKS = {
    "Ana Silva": [(range(1, 6), MAPLE, time(9), time(17))],
    "Nina Park": [(range(3), MAPLE, time(9), time(13)), (range(3, 5), RIVER, time(10), time(16))],
    "Theo Brandt": [
        (range(5), MAPLE, time(9), time(12)),
        (range(5), MAPLE, time(13), time(19)),
        (range(5, 6), MAPLE, time(9), time(14)),
    ],
}
# Weekday as RFC 5545 names it, wall time, places.
CLASSES = {
    "Agility for Beginners": ("SA", time(10), MAPLE, 6),
    "Nose Work Drop-in": ("WE", time(18, 30), MAPLE, 6),
    "Sunrise Walk": ("FR", time(7), RIVER, 5),
}
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def build(shop: Shop, rosa: Rosa, at: datetime) -> None:
    today = wording.today_in(ZONE, at)
    hours(shop, today)
    offerings(shop)
    members(shop, rosa, today, at)
    for name, (weekday, wall, place, capacity) in CLASSES.items():
        repeat(shop, name, weekday, wall, place, capacity, today)
    course(shop, today)
    db.session.add_all([ReminderTime(minutes=24 * 60), ReminderTime(minutes=120)])
    db.session.flush()


def hours(shop: Shop, today: date) -> None:
    for place in shop.locations.values():
        for weekday in range(7):
            opens, closes = (time(7), time(19)) if weekday < 6 else (time(8), time(18))
            db.session.add(OpeningHours(location_id=place.id, weekday=weekday, opens_at=opens, closes_at=closes))
        christmas = date(today.year, 12, 25)
        db.session.add(Closure(location_id=place.id, first_day=christmas, last_day=christmas, reason="Christmas Day"))
    for name, weeks in WORKS.items():
        for weekdays, place_name, since, until in weeks:
            db.session.add_all(
                WorkingHours(
                    provider_id=shop.providers[name].id,
                    location_id=shop.locations[place_name].id,
                    weekday=weekday,
                    since=since,
                    until=until,
                )
                for weekday in weekdays
            )


def offerings(shop: Shop) -> None:
    for (name, place), places in PLACES.items():
        db.session.add(Offering(service_id=shop.services[name].id, location_id=shop.locations[place].id, places=places))
    for provider, given in GIVES.items():
        db.session.add_all(
            ServiceProvider(service_id=shop.services[name].id, provider_id=shop.providers[provider].id)
            for name in given
        )
    for extra in shop.add_ons.values():
        db.session.add(ServiceAddOn(service_id=shop.services["Full Groom"].id, add_on_id=extra.id))
    dog, cat = shop.animals["Dog"], shop.animals["Cat"]
    for name, service in shop.services.items():
        if service.kind in (ServiceKind.GROUP, ServiceKind.SERIES, ServiceKind.DAY):
            db.session.add(ServiceAnimal(service_id=service.id, animal_id=dog.id))
        elif name == "Holiday Cat Boarding":
            db.session.add(ServiceAnimal(service_id=service.id, animal_id=cat.id))


def members(shop: Shop, rosa: Rosa, today: date, at: datetime) -> None:
    """The Paw Club opens the Sunrise Walk, and Rosa is in it."""
    club = Membership(name="Paw Club", description="Early walks by the river, and the first to hear of new classes.")
    db.session.add(club)
    db.session.flush()
    db.session.add(MembershipService(membership_id=club.id, service_id=shop.services["Sunrise Walk"].id))
    nina = as_member(shop.members["Nina Park"])
    db.session.add(
        Subscription(
            client_id=rosa.client.id,
            membership_id=club.id,
            first_day=today - timedelta(days=120),
            at=at - timedelta(days=120),
            by_kind=nina.kind,
            by_id=nina.id,
            by_name=nina.name,
        )
    )


def repeat(shop: Shop, name: str, weekday: str, wall: time, place: str, capacity: int, today: date) -> None:
    first = today + timedelta(days=(WEEKDAYS.index(weekday) - today.weekday()) % 7 or 7)
    service = shop.services[name]
    row = Repetition(
        service_id=service.id,
        location_id=shop.locations[place].id,
        rule=f"FREQ=WEEKLY;BYDAY={weekday}",
        first_day=first,
        starts_at=wall,
        minutes=service.minutes,
        capacity=capacity,
    )
    meet(shop, row, WEEKS)


def course(shop: Shop, today: date) -> None:
    """The next Puppy Manners: four Mondays, booked as one."""
    first = today + timedelta(days=(0 - today.weekday()) % 7 + 7)
    series = shop.series
    series.description = "Four evenings for puppies up to eight months: name, recall, lead and quiet time."
    series.price = 18000
    row = Repetition(
        service_id=series.service_id,
        location_id=series.location_id,
        series_id=series.id,
        rule="FREQ=WEEKLY;BYDAY=MO;COUNT=4",
        first_day=first,
        last_day=first + timedelta(weeks=3),
        starts_at=time(18),
        minutes=60,
        capacity=6,
    )
    meet(shop, row, 4)


def meet(shop: Shop, row: Repetition, weeks: int) -> None:
    """Given by Theo. Of what goes on without end the worker makes the dates that lie further ahead."""
    row.made_until = row.first_day - timedelta(days=1)
    row.providers = [shop.providers["Theo Brandt"]]
    db.session.add(row)
    db.session.flush()
    repetitions.make(row, until=row.first_day + timedelta(weeks=weeks - 1))
