"""What stands in the way of a booking: the one judge, asked by the page, by the calendar and by the booking itself."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from portal import wording
from portal.business_here import House
from portal.models import Access, Client, Location, Pet, Provider, Service, ServiceSession
from portal.rules import business, pet_obstacles, places
from portal.rules.access import holds, is_visible
from portal.rules.actors import Actor
from portal.rules.demands import Demands, demands
from portal.rules.pet_obstacles import WARNING, Obstacle
from portal.rules.place_obstacles import of_the_days, of_the_place, of_the_room
from portal.rules.refused import Refused
from portal.rules.time_obstacles import of_the_time

__all__ = ["Obstacle", "obstacles", "stopping"]
# What not even the front desk can do.
IMPOSSIBLE = {"pet-twice", "retired", "full"}
# Where this is so, whether there is a place does not matter.
SAY_ENOUGH = {"past", "too-late", "too-far", "closed", "offering", "pet-twice", "nights"}


def obstacles(
    client: Client | None,
    service: Service,
    *,
    location: Location | None = None,
    pets: Sequence[Pet] = (),
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    session: ServiceSession | None = None,
    providers: Sequence[Provider] = (),
    by_link: bool = False,
    except_booking: int | None = None,
    except_offer: int | None = None,
    back: str = "",
    house: House | None = None,
    told: Demands | None = None,
    at: datetime,
) -> list[Obstacle]:
    """As much as can be said so far: what has not been chosen yet is not judged. `back` is where mending returns to.

    With `except_booking` that booking is being moved. Nothing is locked here; the places are counted again when booked.
    """
    house = house or business.the_business()
    if session:
        location, starts_at, ends_at = session.location, session.starts_at, session.ends_at
    found = of_the_house(house, client, moving=except_booking is not None)
    found += of_the_service(service)
    if except_booking is None:
        found += of_access(client, service, by_link, starts_at, house, at)
    told = told or demands(service, pets, location)
    found += of_the_place(service, location, session, told.offered, back)
    if starts_at and location:
        ends_at = ends_at or starts_at + timedelta(minutes=places.minutes_of(service, len(pets)))
        found += of_the_time(service, starts_at, location.time_zone, at, back)
        found += of_the_days(service, location, starts_at, ends_at, back)
        found += pet_obstacles.booked_already(
            service,
            pets,
            starts_at=starts_at,
            ends_at=ends_at,
            zone=location.time_zone,
            session=session,
            except_booking=except_booking,
            at=at,
        )
        if not {one.kind for one in found} & SAY_ENOUGH:
            wanted = places.Wanted(service, location, max(len(pets), 1), starts_at, ends_at, session, tuple(providers))
            apart = {"except_booking": except_booking, "except_offer": except_offer}
            found += of_the_room(wanted, house, **apart, at=at, back=back)
    found += of_the_pets(service, pets, starts_at, ends_at, location, house, at, back, told)
    return [with_contact(one, house) for one in found]


def stopping(found: Iterable[Obstacle]) -> list[Obstacle]:
    """Without those that are only to be known."""
    return [one for one in found if not one.warns]


def for_staff(found: Iterable[Obstacle], *, overbook: bool = False) -> list[Obstacle]:
    """Staff are told what stands in the way, and go on; beyond the places only on purpose."""
    hard = IMPOSSIBLE - ({"full"} if overbook else set())
    return [one if one.kind in hard or one.warns else as_warning(one) for one in found]


def as_warning(one: Obstacle) -> Obstacle:
    return replace(one, kind=f"{WARNING}{one.kind}", mend="", mend_label="", waitlist=False)


def must_be_free_of(found: Iterable[Obstacle]) -> None:
    """Refuse with all the reasons."""
    reasons = stopping(found)
    if reasons:
        raise Refused(" ".join(dict.fromkeys(one.words for one in reasons)))


def must_be_free_then(
    pets: Sequence[Pet], wanted: places.Wanted, *, except_booking: int | None = None, by: Actor, at: datetime
) -> None:
    """It was judged when they chose. Two windows may have chosen at once, and only here does one of them wait. Staff
    have been warned that a pet is elsewhere then; twice in one place it cannot be."""
    found = pet_obstacles.booked_already(
        wanted.service,
        pets,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        zone=wanted.location.time_zone,
        session=wanted.session,
        except_booking=except_booking,
        at=at,
    )
    must_be_free_of(one for one in found if by.kind == "client" or one.kind == "pet-twice")


def of_the_house(house: House, client: Client | None, *, moving: bool) -> list[Obstacle]:
    if client and client.blocked_online:
        return [Obstacle("blocked", "Online booking is not open to you.")]
    if moving:
        is_open = house.moves_open
    else:
        # Who is new becomes a client by booking, so where clients do not book, nobody does.
        is_open = house.booking_open and (client is not None or house.public_booking_open)
    what = "Bookings are not moved online" if moving else "Online booking is closed"
    return [] if is_open else [Obstacle("closed", f"{what} at the moment.")]


def of_the_service(service: Service) -> list[Obstacle]:
    if service.retired_at is None:
        return []
    return [Obstacle("retired", f"{service.name} is not offered any more.", "/book", "Choose another service")]


def of_access(
    client: Client | None, service: Service, by_link: bool, starts_at: datetime | None, house: House, at: datetime
) -> list[Obstacle]:
    """What is booked already may be moved, whoever booked it."""
    if service.access == Access.STAFF:
        return [Obstacle("access", f"{service.name} is booked by the front desk.")]
    if service.access == Access.LINK and not by_link:
        return [Obstacle("access", f"{service.name} is booked by its own link.")]
    if service.access != Access.MEMBERS:
        return []
    if client is None or not is_visible(client.id, service, by_link=by_link, house=house, at=at):
        return [Obstacle("access", f"{service.name} is for members.")]
    if starts_at and not holds(client.id, service.id, wording.local(starts_at, house.time_zone).date()):
        return [Obstacle("access", f"{service.name} is for members, and your membership ends before that day.")]
    return []


def of_the_pets(
    service: Service,
    pets: Sequence[Pet],
    starts_at: datetime | None,
    ends_at: datetime | None,
    location: Location | None,
    house: House,
    at: datetime,
    back: str,
    told: Demands | None = None,
) -> list[Obstacle]:
    """Without a date the least is asked: what will not do on any day that could be booked."""
    zone = location.time_zone if location else house.time_zone
    first = wording.local(starts_at, zone).date() if starts_at else wording.today_in(zone, at)
    last = wording.local(ends_at, zone).date() if ends_at else first
    grown: date = first if starts_at else first + timedelta(days=service.ahead_days)
    told = told or demands(service, pets, location)
    found = pet_obstacles.of_animal(service, pets, told.animals)
    wrong = {one.pet_id for one in found}
    right = [pet for pet in pets if pet.id not in wrong]
    found += pet_obstacles.of_age(service, right, first, grown, back, house.pets_open)
    asked_for = [one for one in told.vaccines if one.pet_id not in wrong]
    return found + pet_obstacles.of_vaccines(service, asked_for, last, starts_at is not None, back)


def with_contact(one: Obstacle, house: House) -> Obstacle:
    """Where nothing can be mended here, the next step is to ask."""
    if one.mend or one.warns:
        return one
    return replace(one, words=f"{one.words} {business.contact(house)}")
