"""What Rosa has booked, had and waits for, on both sides of each limit."""

from datetime import datetime, timedelta

from sqlalchemy import select

from portal.db import db
from portal.demo.catalogue import Shop, on
from portal.demo.family import Rosa
from portal.models import Attendance, Booking, Pet, ServiceSession
from portal.rules import bookings, waitlists
from portal.rules.actors import as_client, as_member

NO_SHOW, CALLED_OFF = 4, 6


def build(shop: Shop, rosa: Rosa, at: datetime) -> dict[str, Booking]:
    """Upcoming and past bookings; those that the messages speak of are returned by name."""
    made = upcoming(shop, rosa, at)
    past(shop, rosa, at)
    wait(shop, rosa, at)
    return made


def upcoming(shop: Shop, rosa: Rosa, at: datetime) -> dict[str, Booking]:
    by = as_client(rosa.client)
    maple, river = shop.locations["Maple Street"], shop.locations["Riverside"]
    services, theo = shop.services, [shop.providers["Theo Brandt"]]
    agility = session(shop, "Agility for Beginners", on(at, 6, 10))
    made = {
        "groom": bookings.book(
            rosa.client,
            services["Full Groom"],
            [rosa.biscuit],
            location=maple,
            starts_at=on(at, 1, 9),
            providers=theo,
            add_ons=shop.add_ons.values(),
            by=by,
            at=at - timedelta(days=13),
        ),
        "daycare": bookings.book(
            rosa.client,
            services["Daycare, full day"],
            [rosa.biscuit, rosa.juno],
            location=river,
            starts_at=on(at, 3, 7, 30),
            needs_approval=True,
            by=by,
            at=at - timedelta(days=2),
        ),
        "boarding": bookings.book(
            rosa.client,
            services["Boarding"],
            rosa.all,
            location=river,
            starts_at=on(at, 27, 15),
            ends_at=on(at, 36, 11),
            by=by,
            at=at - timedelta(days=20),
        ),
    }
    bookings.book(
        rosa.client,
        services["Agility for Beginners"],
        [rosa.juno],
        location=maple,
        starts_at=agility.starts_at,
        session=agility,
        providers=theo,
        by=by,
        at=at - timedelta(days=9),
    )
    for days in (8, 10, 15):
        bookings.book(
            rosa.client,
            services["Daycare, half day"],
            [rosa.biscuit],
            location=maple,
            starts_at=on(at, days, 8),
            by=by,
            at=at - timedelta(days=5),
        )
    bookings.book(
        rosa.client,
        services["Holiday Cat Boarding"],
        [rosa.miso],
        location=river,
        starts_at=on(at, 40, 15),
        ends_at=on(at, 44, 11),
        by=by,
        at=at - timedelta(days=5),
    )
    return made


def past(shop: Shop, rosa: Rosa, at: datetime) -> None:
    by, desk = as_client(rosa.client), as_member(shop.members["Theo Brandt"])
    told: list[tuple[str, list[Pet], int, int]] = [
        ("Daycare, half day", [rosa.biscuit], 2, 8),
        ("Daycare, full day", [rosa.biscuit, rosa.juno], 5, 8),
        ("Full Groom", [rosa.juno], 9, 13),
        ("Daycare, half day", [rosa.juno], 12, 8),
        ("Nail Trim", [rosa.miso], 16, 16),
        ("Daycare, full day", [rosa.biscuit], 19, 8),
        ("Full Groom", [rosa.biscuit], 33, 9),
        *[("Daycare, full day", [rosa.biscuit, rosa.juno], days, 8) for days in range(40, 100, 7)],
    ]
    for number, (service, who, days, hour) in enumerate(told):
        starts = on(at, -days, hour)
        booking = bookings.book(
            rosa.client,
            shop.services[service],
            who,
            location=shop.locations["Maple Street"],
            starts_at=starts,
            by=by,
            at=starts - timedelta(days=10),
        )
        if number == CALLED_OFF:
            bookings.cancel(booking, by=by, at=starts - timedelta(days=4))
        elif number == NO_SHOW:
            db.session.add(
                Attendance(booking_id=booking.id, missed_at=starts + timedelta(hours=1), missed_by=desk.name)
            )
        else:
            came, went = booking.starts_at + timedelta(minutes=4), booking.ends_at
            db.session.add(
                Attendance(
                    booking_id=booking.id,
                    checked_in_at=came,
                    checked_in_by=desk.name,
                    checked_out_at=went,
                    checked_out_by=desk.name,
                )
            )


def wait(shop: Shop, rosa: Rosa, at: datetime) -> None:
    """Two general entries, and two that stand among the bookings."""
    by, joined = as_client(rosa.client), at - timedelta(days=6)
    maple, river = shop.locations["Maple Street"], shop.locations["Riverside"]
    services = shop.services
    waitlists.join(rosa.client, rosa.juno, services["Puppy Manners"], location=maple, by=by, at=joined)
    waitlists.join(rosa.client, rosa.miso, services["Holiday Cat Boarding"], location=river, by=by, at=joined)
    for days, who in ((4, rosa.biscuit), (11, rosa.juno)):
        nose_work = session(shop, "Nose Work Drop-in", on(at, days, 18, 30))
        waitlists.join(rosa.client, who, services["Nose Work Drop-in"], session=nose_work, by=by, at=joined)


def session(shop: Shop, service: str, starts_at: datetime) -> ServiceSession:
    """The class of that hour, or one more."""
    of, place = shop.services[service], shop.locations["Maple Street"]
    there = select(ServiceSession).where(
        ServiceSession.service_id == of.id,
        ServiceSession.location_id == place.id,
        ServiceSession.starts_at == starts_at,
    )
    if row := db.session.scalars(there).first():
        return row
    row = ServiceSession(
        service_id=of.id,
        location_id=place.id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=of.minutes),
        capacity=6,
    )
    db.session.add(row)
    db.session.flush()
    return row
