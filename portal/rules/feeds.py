"""Feeds: a private address from which a calendar program reads a client's bookings, good until it is revoked."""

from datetime import datetime, timedelta

from icalendar import Calendar, Event
from itsdangerous import BadData
from sqlalchemy import Integer, bindparam, select

from portal import wording
from portal.db import AnySelect, Instant, atomic, db, rows_of
from portal.links import public
from portal.models import Booking, Client, Feed, Location, Service
from portal.rules import history, places
from portal.rules.actors import Actor
from portal.rules.business import the_business
from portal.rules.links import signer
from portal.rules.standing import PETS, pet_marks
from portal.rules.states import COUNTS, IS_REQUEST

PAST = timedelta(days=90)
SALT = "feed"
BOOKED: AnySelect = (
    select(
        Booking.id,
        Booking.starts_at,
        Booking.ends_at,
        Booking.made_at,
        Service.name,
        Location.name,
        Location.address,
        IS_REQUEST,
        PETS,
    )
    .join(Service, Service.id == Booking.service_id)
    .join(Location, Location.id == Booking.location_id)
    .where(
        Booking.client_id == bindparam("client_id", type_=Integer),
        Booking.ends_at >= bindparam("since", type_=Instant),
        COUNTS,
    )
    .order_by(Booking.starts_at, Booking.id)
)


def of_client(client_id: int) -> Feed | None:
    """The one that is good."""
    return db.session.scalar(
        select(Feed).where(Feed.client_id == client_id, Feed.revoked_at.is_(None)).order_by(Feed.id.desc()).limit(1)
    )


def address(feed: Feed) -> str:
    return public(f"/feed/{signer(SALT).dumps(feed.id)}.ics")


@atomic
def make(client: Client, *, by: Actor, at: datetime) -> Feed:
    """A new address; whoever knows the old one reads nothing any more."""
    places.lock_client(client.id)
    end_all(client.id, at)
    feed = Feed(client_id=client.id, made_at=at)
    db.session.add(feed)
    db.session.flush()
    history.note(client.id, "Calendar address", "", "New", subject="Profile", by=by, at=at)
    return feed


@atomic
def revoke(client: Client, *, by: Actor, at: datetime) -> None:
    places.lock_client(client.id)
    if end_all(client.id, at):
        history.note(client.id, "Calendar address", "In use", "Revoked", subject="Profile", by=by, at=at)


def end_all(client_id: int, at: datetime) -> int:
    good = list(db.session.scalars(select(Feed).where(Feed.client_id == client_id, Feed.revoked_at.is_(None))))
    for feed in good:
        feed.revoked_at = at
    return len(good)


def opened(token: str) -> Feed | None:
    """Whose it is, if it is still good."""
    try:
        feed_id = signer(SALT).loads(token)
    except BadData:
        return None
    good = select(Feed).join(Client, Client.id == Feed.client_id).where(Client.deactivated_at.is_(None))
    return db.session.scalar(good.where(Feed.id == feed_id, Feed.revoked_at.is_(None)))


def calendar(feed: Feed, *, at: datetime) -> bytes:
    """What is booked and requested; what was cancelled is gone. The same bookings give the same bytes. Times are in
    UTC, so that they are right on both sides of a change of clocks."""
    business = the_business().name
    told = Calendar()
    told.add("prodid", "-//Latchkey//Portal//EN")
    told.add("version", "2.0")
    told.add("x-wr-calname", business)
    told.add("x-published-ttl", "PT1H")
    for row in rows_of(BOOKED, {"client_id": feed.client_id, "since": at - PAST}):
        told.add_component(as_event(business, *row))
    content: bytes = told.to_ical()
    return content


def as_event(
    business: str,
    id: int,
    starts_at: datetime,
    ends_at: datetime,
    made_at: datetime,
    service: str,
    place: str,
    place_address: str,
    requested: bool,
    pets: str | None,
) -> Event:
    event = Event()
    event.add("uid", f"booking-{id}@latchkey")
    event.add("dtstamp", made_at)
    event.add("dtstart", starts_at)
    event.add("dtend", ends_at)
    event.add("summary", f"{service} for {wording.listed([pet.name for pet in pet_marks(pets)])}")
    event.add("location", f"{place}, {place_address}".strip(", "))
    event.add("description", f"{business}\n{public(f'/bookings/{id}')}")
    event.add("status", "TENTATIVE" if requested else "CONFIRMED")
    return event
