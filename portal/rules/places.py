"""Places: how many are left, and the guard before whom nobody takes the same one twice. Places are pets."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Integer, bindparam, func, select

from portal import wording
from portal.db import db, rows_of
from portal.models import (
    Booking,
    BookingPet,
    Client,
    Location,
    Offering,
    Provider,
    Service,
    ServiceKind,
    ServiceSession,
)
from portal.rules import engagements, occupancy
from portal.rules.business import the_business
from portal.rules.refused import Refused

ID = bindparam("id", type_=Integer)
OF_LOCATION = select(Location.places).where(Location.id == ID)
OF_OFFERING = select(Offering.places).where(Offering.service_id == ID, Offering.location_id == occupancy.LOCATION)
LOCATION, OFFERING = (of.with_for_update(key_share=True) for of in (OF_LOCATION, OF_OFFERING))
SESSION = select(ServiceSession.id).where(ServiceSession.id == ID).with_for_update(key_share=True)
PROVIDERS = (
    select(Provider.id)
    .where(engagements.one_of_them(Provider.id))
    .order_by(Provider.id)
    .with_for_update(key_share=True)
)

TAKEN = (
    select(
        Service,
        Location,
        ServiceSession,
        select(func.count()).where(BookingPet.booking_id == bindparam("booking", type_=Integer)).scalar_subquery(),
    )
    .select_from(Service)
    .join(Location, Location.id == bindparam("location", type_=Integer))
    .outerjoin(ServiceSession, ServiceSession.id == bindparam("session", type_=Integer))
    .where(Service.id == bindparam("service", type_=Integer))
)
CLIENT = select(Client.id).where(Client.id == ID).with_for_update(key_share=True)


class Taken(Refused):
    """Somebody was faster. Whoever hears it may be able to wait for the next place."""

    def __init__(self, full: str, service: Service) -> None:
        self.waitlist = service.waitlist_open and the_business().waitlist_open
        then = "Join the waitlist, or choose another time." if self.waitlist else "Please choose another time."
        super().__init__(f"{full} The last place was just taken. {then}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Places for so many pets."""

    service: Service
    location: Location
    pets: int
    starts_at: datetime
    ends_at: datetime
    session: ServiceSession | None = None
    providers: tuple[Provider, ...] = ()


def wanted_by(booking: Booking) -> Wanted:
    """What a booking takes, as it is. One query, and one more where it takes somebody's time."""
    ids = {"location": booking.location_id, "session": booking.service_session_id, "booking": booking.id}
    service, location, session, pets = db.session.execute(TAKEN, {"service": booking.service_id, **ids}).one()
    providers = tuple(booking.providers) if service.kind == ServiceKind.INDIVIDUAL else ()
    return Wanted(service, location, pets, booking.starts_at, booking.ends_at, session, providers)


def guard(
    wanted: Wanted, *, at: datetime, except_booking: int | None = None, except_offer: int | None = None
) -> list[str]:
    """Nobody else takes such a place until the change is done; what is full by then is said. Nothing said: free."""
    limits = lock(wanted)
    return layers(wanted, limits, at, {"except_booking": except_booking, "except_offer": except_offer})


def full(
    wanted: Wanted, *, at: datetime, except_booking: int | None = None, except_offer: int | None = None
) -> list[str]:
    """The same for a page, which holds nobody up: somebody may be faster then."""
    housed = wanted.service.kind in occupancy.HOUSED
    of_service = rows_of(OF_OFFERING, {"id": wanted.service.id, "location_id": wanted.location.id}).scalar()
    limits = of_service, wanted.location.places if housed else None
    return layers(wanted, limits, at, {"except_booking": except_booking, "except_offer": except_offer})


def layers(
    wanted: Wanted, limits: tuple[int | None, int | None], at: datetime, apart: dict[str, int | None]
) -> list[str]:
    full = in_session(wanted, at, apart) if wanted.session else []
    return full + on_days(wanted, *limits, at, apart) + with_providers(wanted, at, apart)


def lock(wanted: Wanted) -> tuple[int | None, int | None]:
    """Always in this order, so that nobody waits for somebody who waits for them. The limits of a day are read here."""
    service, location = wanted.service, wanted.location
    housed = service.kind in occupancy.HOUSED
    in_all = rows_of(LOCATION, {"id": location.id}).scalar() if housed else None
    of_service = rows_of(OFFERING, {"id": service.id, "location_id": location.id}).scalar()
    if wanted.session:
        rows_of(SESSION, {"id": wanted.session.id}).all()
    if engaged(wanted):
        rows_of(PROVIDERS, {"provider_ids": engaged(wanted)}).all()
    return of_service, in_all


def lock_client(client_id: int) -> None:
    """Before the guard: of two bookings of one client the second sees the first."""
    rows_of(CLIENT, {"id": client_id}).all()


def engaged(wanted: Wanted) -> list[int]:
    """Whose time is taken: that of a class or of a day belongs to the business."""
    return [one.id for one in wanted.providers] if wanted.service.kind == ServiceKind.INDIVIDUAL else []


def in_session(wanted: Wanted, at: datetime, apart: dict[str, int | None]) -> list[str]:
    assert wanted.session
    left = occupancy.left_in([wanted.session.id], at=at, **apart).get(wanted.session.id, 0)
    return [lacking(wanted.service.name, left, wanted.pets)] if left < wanted.pets else []


def on_days(
    wanted: Wanted, of_service: int | None, in_all: int | None, at: datetime, apart: dict[str, int | None]
) -> list[str]:
    if of_service is None and in_all is None:
        return []
    service, location = wanted.service, wanted.location
    days = occupancy.days_of(service.kind, wanted.starts_at, wanted.ends_at, location.time_zone)
    taken = occupancy.taken_on(service.id, location.id, location.time_zone, days[0], len(days), at=at, **apart)
    layers = zip((service.name, location.name), (of_service, in_all), taken, strict=True)
    return [
        lacking(name, limit - pets[day], wanted.pets, f" on {wording.full_day(day)}")
        for name, limit, pets in layers
        if limit is not None
        for day in days
        if limit - pets[day] < wanted.pets
    ]


def with_providers(wanted: Wanted, at: datetime, apart: dict[str, int | None]) -> list[str]:
    ids = engaged(wanted)
    if not ids:
        return []
    since = wanted.starts_at - timedelta(minutes=wanted.service.buffer_before)
    until = wanted.ends_at + timedelta(minutes=wanted.service.buffer_after)
    taken = engagements.busy(ids, since, until, at=at, **apart)
    return [f"{one.name} is not free then." for one in wanted.providers if one.id in taken]


def lacking(name: str, left: int, pets: int, when: str = "") -> str:
    if left <= 0:
        return f"{name} is full{when}."
    return f"{name} has {wording.counted(left, 'place')} left{when}, for {wording.counted(pets, 'pet')}."


def left(session: ServiceSession, at: datetime) -> int:
    return sessions_left([session.id], at)[session.id]


def sessions_left(session_ids: Iterable[int], at: datetime) -> dict[int, int]:
    """One query, however many they are."""
    return {id: max(left, 0) for id, left in occupancy.left_in(session_ids, at=at).items()}


def days_left(
    service: Service,
    location: Location,
    first: date,
    days: int,
    at: datetime,
    *,
    of_service: int | None,
    except_booking: int | None = None,
    except_offer: int | None = None,
) -> dict[date, int | None]:
    """One query. None where neither the service nor the house has a limit."""
    in_all = location.places if service.kind in occupancy.HOUSED else None
    if of_service is None and in_all is None:
        return dict.fromkeys(occupancy.following(first, days))
    apart = {"except_booking": except_booking, "except_offer": except_offer}
    taken = occupancy.taken_on(service.id, location.id, location.time_zone, first, days, at=at, **apart)
    return {
        day: max(
            0,
            min(
                limit - pets[day] for limit, pets in zip((of_service, in_all), taken, strict=True) if limit is not None
            ),
        )
        for day in taken[0]
    }


def minutes_of(service: Service, pets: int, extra_minutes: int = 0) -> int:
    """How long an appointment lasts: one pet after the other, unless they are served together."""
    each = service.minutes + extra_minutes
    return each if service.together or service.kind != ServiceKind.INDIVIDUAL else each * max(pets, 1)
