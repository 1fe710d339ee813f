"""What stands in the way of a booking: the one judge, asked by the page, by the calendar and by the booking itself."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

from sqlalchemy import exists, select

from portal import wording
from portal.db import db
from portal.models import (
    Access,
    Business,
    Client,
    Location,
    Offering,
    Pet,
    Service,
    ServiceKind,
    ServiceSession,
    VaccineCheck,
)
from portal.rules import business, pet_obstacles, places
from portal.rules.access import Bookable, bookable_services, holds, is_visible
from portal.rules.pet_obstacles import Obstacle
from portal.rules.refused import Refused

__all__ = ["Bookable", "Obstacle", "bookable_services", "holds", "is_visible", "obstacles", "stopping"]
WARNINGS = {"warn-vaccine"}
OF_TIME = {"session", "at", "day", "first", "last", "provider"}


def obstacles(
    client: Client | None,
    service: Service,
    *,
    location: Location | None = None,
    pets: Sequence[Pet] = (),
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    session: ServiceSession | None = None,
    by_link: bool = False,
    except_booking: int | None = None,
    except_offer: int | None = None,
    back: str = "",
    at: datetime,
) -> list[Obstacle]:
    """As much as can be said so far: what has not been chosen yet is not judged. `back` is where mending returns to.

    With `except_booking` that booking is being moved. Nothing is locked here; the places are counted again when booked.
    """
    house = business.the_business()
    if session:
        location, starts_at, ends_at = session.location, session.starts_at, session.ends_at
    found = of_the_house(house, client, moving=except_booking is not None)
    found += of_the_service(client, service, by_link, starts_at, location, house, at)
    found += of_the_place(service, location, session, back)
    if starts_at and location:
        ends_at = ends_at or starts_at + timedelta(minutes=service.minutes)
        found += of_the_time(service, starts_at, ends_at, location.time_zone, at, back)
        found += pet_obstacles.booked_already(
            service,
            pets,
            starts_at=starts_at,
            ends_at=ends_at,
            session=session,
            except_booking=except_booking,
            at=at,
        )
        if not {one.kind for one in found} & {"past", "pet-twice"}:
            found += of_the_room(service, session, max(len(pets), 1), house, at, back)
    found += of_the_pets(service, pets, starts_at, ends_at, location, house, at, back)
    return [with_contact(one) for one in found]


def stopping(found: Iterable[Obstacle]) -> list[Obstacle]:
    """Without those that are only to be known."""
    return [one for one in found if one.kind not in WARNINGS]


def must_be_free_of(found: Iterable[Obstacle]) -> None:
    """Refuse with all the reasons."""
    reasons = stopping(found)
    if reasons:
        raise Refused(" ".join(dict.fromkeys(one.words for one in reasons)))


def of_the_house(house: Business, client: Client | None, *, moving: bool) -> list[Obstacle]:
    if client and client.blocked_online:
        return [Obstacle("blocked", "Online booking is not open to you.")]
    if moving:
        is_open = house.moves_open
    else:
        is_open = house.booking_open if client else house.public_booking_open
    what = "Bookings are not moved online" if moving else "Online booking is closed"
    return [] if is_open else [Obstacle("closed", f"{what} at the moment.")]


def of_the_service(
    client: Client | None,
    service: Service,
    by_link: bool,
    starts_at: datetime | None,
    location: Location | None,
    house: Business,
    at: datetime,
) -> list[Obstacle]:
    if service.retired_at:
        return [Obstacle("retired", f"{service.name} is not offered any more.", "/book", "Choose another service")]
    if service.access == Access.STAFF or (service.access == Access.LINK and not by_link):
        return [Obstacle("access", f"{service.name} is booked by the front desk.")]
    if service.access != Access.MEMBERS:
        return []
    if client is None or not is_visible(client.id, service, by_link=by_link, at=at):
        return [Obstacle("access", f"{service.name} is for members.")]
    if starts_at and not holds(client.id, service.id, wording.local(starts_at, house.time_zone).date()):
        return [Obstacle("access", f"{service.name} is for members, and your membership ends before that day.")]
    return []


def of_the_place(
    service: Service, location: Location | None, session: ServiceSession | None, back: str
) -> list[Obstacle]:
    if session and session.called_off_at:
        words = f"{service.name} does not take place then: it was called off."
        return [Obstacle("closed", words, other_time(service, back), "Choose another time")]
    if location is None:
        return []
    offered = exists().where(Offering.service_id == service.id, Offering.location_id == location.id)
    if location.deactivated_at or not (session or db.session.scalar(select(offered))):
        words = f"{service.name} is not offered at {location.name}."
        return [Obstacle("offering", words, without(back, OF_TIME | {"location"}, service), "Choose another location")]
    return []


class Timed(Protocol):
    """As much of a service as its limits of time need."""

    id: int
    name: str
    kind: ServiceKind
    notice_minutes: int
    ahead_days: int


def of_the_time(
    service: Timed, starts_at: datetime, ends_at: datetime, zone: str, at: datetime, back: str = ""
) -> list[Obstacle]:
    """Asks nothing of the database: a calendar asks it of each of its sessions."""
    other = other_time(service, back), "Choose another time"
    if starts_at <= at:
        return [Obstacle("past", f"That time is over: {wording.moment(starts_at, zone, at)}.", *other)]
    if starts_at - timedelta(minutes=service.notice_minutes) < at:
        words = f"{service.name} is booked at least {duration(service.notice_minutes)} before it starts."
        return [Obstacle("too-late", words, *other)]
    last = wording.today_in(zone, at) + timedelta(days=service.ahead_days)
    if wording.local(starts_at, zone).date() > last:
        words = f"{service.name} can be booked until {wording.full_day(last)} for now."
        return [Obstacle("too-far", words, *other)]
    return []


def of_the_room(
    service: Service, session: ServiceSession | None, pets: int, house: Business, at: datetime, back: str
) -> list[Obstacle]:
    left = places.left(session, at) if session else pets
    if left >= pets:
        return []
    words = f"{service.name} is full then."
    if left > 0:
        words = f"{service.name} has {wording.counted(left, 'place')} left then, and you need {pets}."
    waitlist = service.waitlist_open and house.waitlist_open
    return [Obstacle("full", words, other_time(service, back), "Choose another time", waitlist)]


def of_the_pets(
    service: Service,
    pets: Sequence[Pet],
    starts_at: datetime | None,
    ends_at: datetime | None,
    location: Location | None,
    house: Business,
    at: datetime,
    back: str,
) -> list[Obstacle]:
    """Without a date the least is asked: what will not do on any day that could be booked."""
    zone = location.time_zone if location else house.time_zone
    first = wording.local(starts_at, zone).date() if starts_at else wording.today_in(zone, at)
    last = wording.local(ends_at, zone).date() if ends_at else first
    grown: date = first if starts_at else first + timedelta(days=service.ahead_days)
    found = pet_obstacles.of_animal(service, pets)
    wrong = {one.pet_id for one in found}
    right = [pet for pet in pets if pet.id not in wrong]
    found += pet_obstacles.of_age(service, right, first, grown, back, house.pets_open)
    if service.vaccine_check != VaccineCheck.NONE:
        found += pet_obstacles.of_vaccines(service, right, last, starts_at is not None, back)
    return found


def with_contact(one: Obstacle) -> Obstacle:
    """Where nothing can be mended here, the next step is to ask."""
    return one if one.mend or one.kind in WARNINGS else replace(one, words=f"{one.words} {business.contact()}")


def other_time(service: Timed, back: str) -> str:
    return without(back, OF_TIME, service)


def without(back: str, names: set[str], service: Timed) -> str:
    """The same booking with some of its choices open again."""
    parts = urlsplit(back or f"/book?service={service.id}")
    kept = urlencode([(name, value) for name, value in parse_qsl(parts.query) if name not in names])
    return f"{parts.path}?{kept}" if kept else parts.path


def duration(minutes: int) -> str:
    """45 minutes, 12 hours, 2 days"""
    if minutes % 1440 == 0:
        return wording.counted(minutes // 1440, "day")
    return wording.counted(minutes // 60, "hour") if minutes % 60 == 0 else wording.counted(minutes, "minute")
