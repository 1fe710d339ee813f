"""Where staff can move a booking: any class of the service, or any time, with whom and where they choose."""

from datetime import datetime

from sqlalchemy import select

from portal import wording
from portal.db import db
from portal.models import Booking, Location, Offering, Provider, ServiceKind, ServiceProvider, ServiceSession
from portal.rules import places
from portal.rules.places import Wanted

MOST = 100
CLASSES = (ServiceKind.GROUP, ServiceKind.SERIES)


def is_class(booking: Booking) -> bool:
    return booking.service.kind in CLASSES


def classes(booking: Booking, at: datetime) -> list[tuple[int, str]]:
    """The next ones, each with the places that are left."""
    found = db.session.scalars(
        select(ServiceSession)
        .where(
            ServiceSession.service_id == booking.service_id,
            ServiceSession.starts_at > at,
            ServiceSession.called_off_at.is_(None),
        )
        .order_by(ServiceSession.starts_at, ServiceSession.id)
        .limit(MOST)
    ).all()
    left = places.sessions_left([one.id for one in found], at)
    return [(one.id, f"{named(one, at)} ({wording.counted(left[one.id], 'place')} left)") for one in found]


def named(session: ServiceSession, at: datetime) -> str:
    when = wording.span(session.starts_at, session.ends_at, session.location.time_zone, at)
    return f"{when}, {session.series.name if session.series else session.location.name}"


def locations(booking: Booking) -> list[tuple[int, str]]:
    """Where the service is offered, and where the booking is."""
    offered = select(Offering.location_id).where(Offering.service_id == booking.service_id)
    found = select(Location).where(Location.id.in_(offered) | (Location.id == booking.location_id))
    return [(one.id, one.name) for one in db.session.scalars(found.order_by(Location.name, Location.id))]


def providers(booking: Booking) -> list[tuple[int, str]]:
    """Whoever gives the service, and whoever the booking is with."""
    giving = select(ServiceProvider.provider_id).where(ServiceProvider.service_id == booking.service_id)
    own = [one.id for one in booking.providers]
    found = select(Provider).where((Provider.id.in_(giving) & Provider.retired_at.is_(None)) | Provider.id.in_(own))
    rows = db.session.scalars(found.order_by(Provider.position, Provider.name, Provider.id))
    return [(0, "Nobody in particular"), *((one.id, one.name) for one in rows)]


def to_class(booking: Booking, session_id: int) -> Wanted:
    session = db.session.get_one(ServiceSession, session_id)
    return Wanted(
        booking.service,
        session.location,
        len(booking.pets),
        session.starts_at,
        session.ends_at,
        session,
        tuple(session.providers),
    )


def to_time(
    booking: Booking, location_id: int, starts_at: datetime, ends_at: datetime, provider_id: int | None
) -> Wanted:
    """Without a choice of provider it stays with whom it is."""
    location = db.session.get_one(Location, location_id)
    chosen = (db.session.get_one(Provider, provider_id),) if provider_id else ()
    with_whom = tuple(booking.providers) if provider_id is None else chosen
    return Wanted(booking.service, location, len(booking.pets), starts_at, ends_at, None, with_whom)


def zone_of(location_id: int) -> str:
    return db.session.get_one(Location, location_id).time_zone
