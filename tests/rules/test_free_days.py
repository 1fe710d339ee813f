"""Free days and nights, held against counting on one's fingers: SB-2, SB-3."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.db import db
from portal.models import Client, Closure, Location, Offering, OpeningHours, Service
from portal.rules import availability, places
from portal.rules.availability import CLOSED, FULL, PAST, TOO_FAR, TOO_SOON, Day
from portal.rules.places import Wanted
from portal.wording import zone_of
from tests import cast
from tests.rules import salon

FIRSTS = [date(2026, 10, 29), date(2027, 3, 12), date(2028, 2, 27), date(2026, 12, 29)]
DAYS = 6
STATES = ["booked", "requested", "held", "offered", "declined", "cancelled", "missed"]
COUNTS = {"booked", "requested", "held", "offered"}


@dataclass
class Guest:
    stays: bool
    other: bool  # of another service of its kind
    elsewhere: bool
    day: int
    nights: int
    state: str


GUESTS = st.builds(
    Guest,
    stays=st.booleans(),
    other=st.integers(0, 3).map(lambda number: number == 0),
    elsewhere=st.integers(0, 4).map(lambda number: number == 0),
    day=st.integers(-3, DAYS),
    nights=st.integers(0, 4),
    state=st.sampled_from(STATES),
)


class Kennel:
    """Day care and boarding in one house, with guests; beside what was counted by hand."""

    def __init__(self, rosa: Client, first: date, guests: list[Guest]) -> None:
        self.first, self.at = first, datetime.combine(first, time(6), zone_of("America/New_York")).astimezone(UTC)
        self.here, self.elsewhere = db.session.query(Location).order_by(Location.id).all()
        self.services: dict[tuple[bool, bool], Service] = {}
        for stays, name in ((False, "Daycare"), (True, "Boarding")):
            known = cast.service(name)
            self.services[stays, False] = known
            self.services[stays, True] = salon.add(Service(name=f"Other {name}", kind=known.kind))
        self.of_service, self.in_house = Counter[tuple[bool, date]](), Counter[date]()
        for guest in guests:
            self.welcome(guest, rosa)

    def welcome(self, guest: Guest, rosa: Client) -> None:
        service = self.services[guest.stays, guest.other]
        place = self.elsewhere if guest.elsewhere else self.here
        day = self.first + timedelta(days=guest.day)
        nights = guest.nights if guest.stays else 0
        starts, ends = self.wall(day, 9), self.wall(day + timedelta(days=nights), 17)
        if guest.state == "offered":
            salon.hold(service, place, rosa.pets[0], starts, ends, self.at)
        else:
            salon.booked(service, place, rosa.pets[0], starts, ends, guest.state, self.at)
        if guest.state in COUNTS and not guest.elsewhere:
            for number in range(max(nights, 1)):
                night = day + timedelta(days=number)
                self.in_house[night] += 1
                if not guest.other:
                    self.of_service[guest.stays, night] += 1

    def wall(self, day: date, hour: int) -> datetime:
        return datetime.combine(day, time(hour), zone_of(self.here.time_zone)).astimezone(UTC)

    def limit(self, stays: bool, places_of_it: int | None, in_all: int | None) -> Service:
        service = self.services[stays, False]
        salon.add(Offering(service_id=service.id, location_id=self.here.id, places=places_of_it))
        self.here.places = in_all
        return service

    def left(self, stays: bool, day: date, places_of_it: int | None, in_all: int | None) -> int | None:
        known = [] if places_of_it is None else [places_of_it - self.of_service[stays, day]]
        known += [] if in_all is None else [in_all - self.in_house[day]]
        return max(0, min(known)) if known else None


LIMIT = st.none() | st.integers(0, 5)
SLOWLY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@SLOWLY
@given(
    first=st.sampled_from(FIRSTS),
    guests=st.lists(GUESTS, max_size=12),
    pets=st.integers(1, 3),
    of_it=LIMIT,
    in_all=LIMIT,
)
def test_places_of_days_and_nights_are_those_that_fingers_count(  # SB-2, SB-6
    app: Flask, rosa: Client, first: date, guests: list[Guest], pets: int, of_it: int | None, in_all: int | None
) -> None:
    for stays in (False, True):
        with salon.undone():
            kennel = Kennel(rosa, first, guests)
            service, last = kennel.limit(stays, of_it, in_all), first + timedelta(days=DAYS)
            if stays:
                *found, leaving = availability.free_stay(
                    service, kennel.here, pets=pets, first_day=first, last_day=last, at=kennel.at
                )
                assert leaving == Day(last, None)
            else:
                found = availability.free_days(service, kennel.here, pets=pets, first=first, days=DAYS, at=kennel.at)
            left = {
                day: kennel.left(stays, day, of_it, in_all)
                for day in (first + timedelta(days=number) for number in range(DAYS))
            }
            assert {one.day: one.left for one in found} == left
            full = {day for day, places_left in left.items() if places_left is not None and places_left < pets}
            assert {one.day for one in found if one.why == FULL} == full
            ends = last if stays else first
            wanted = Wanted(service, kennel.here, pets, kennel.wall(first, 9), kennel.wall(ends, 17))
            assert bool(places.guard(wanted, at=kennel.at)) == bool(full if stays else first in full)


@pytest.fixture
def place(app: Flask) -> Location:
    """Open from Monday to Saturday."""
    place = db.session.query(Location).filter_by(name="Maple Street").one()
    for weekday in range(6):
        salon.add(OpeningHours(location_id=place.id, weekday=weekday, opens_at=time(7), closes_at=time(19)))
    return place


def whys(place: Location, first: date, days: int, *, at: datetime = cast.NOON, for_staff: bool = False) -> list[str]:
    told = availability.free_days(
        cast.service("Daycare"), place, pets=1, first=first, days=days, at=at, for_staff=for_staff
    )
    return [day.why for day in told]


def test_why_a_day_cannot_be_booked(place: Location) -> None:  # SB-3, SB-12
    """Today is Monday, 23 November, 10 in the morning; day care begins at 8."""
    daycare = cast.service("Daycare")
    salon.add(Closure(location_id=place.id, first_day=date(2026, 11, 26), last_day=date(2026, 11, 27)))
    daycare.notice_minutes, daycare.ahead_days = 24 * 60, 8
    assert whys(place, date(2026, 11, 22), 11) == [
        PAST, PAST, TOO_SOON, "", CLOSED, CLOSED, "", CLOSED, "", "", TOO_FAR,
    ]  # fmt: skip
    assert whys(place, date(2026, 11, 22), 4, for_staff=True) == [PAST, "", "", ""]
    early = datetime(2026, 11, 23, 12, 59, tzinfo=UTC)
    assert whys(place, date(2026, 11, 24), 1, at=early) == [""], "24 hours and a minute before"


def test_a_stay_needs_an_open_door_to_come_and_to_leave(place: Location) -> None:  # SB-2
    """Over a Sunday one may stay, but neither come nor leave."""

    def stay(first: date, last: date) -> list[str]:
        boarding = cast.service("Boarding")
        told = availability.free_stay(boarding, place, pets=1, first_day=first, last_day=last, at=cast.NOON)
        return [day.why for day in told]

    friday, sunday, monday = date(2026, 11, 27), date(2026, 11, 29), date(2026, 11, 30)
    assert stay(friday, monday) == ["", "", "", ""]
    assert stay(friday, sunday) == ["", "", CLOSED]
    assert stay(sunday, monday) == [CLOSED, ""]


def test_a_booking_that_is_moved_makes_room_for_itself(place: Location, rosa: Client) -> None:  # BK-6
    daycare, day = cast.service("Daycare"), date(2026, 11, 24)
    salon.add(Offering(service_id=daycare.id, location_id=place.id, places=1))
    made = cast.booking(rosa, rosa.pets[:1], "Daycare", datetime(2026, 11, 24, 13, tzinfo=UTC), made_at=cast.NOON)
    wants = {"pets": 1, "first": day, "days": 1, "at": cast.NOON}
    assert availability.free_days(daycare, place, **wants) == [Day(day, 0, FULL)]
    assert availability.free_days(daycare, place, except_booking=made.id, **wants) == [Day(day, 1)]
