"""What is on: classes and appointments, with all that stands on their lines."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select, union_all

from portal.among import among
from portal.db import NONE, AnySelect, rows_of, written
from portal.models import (
    Booking,
    BookingPet,
    BookingProvider,
    Client,
    Pet,
    Provider,
    Series,
    Service,
    ServiceSession,
    SessionProvider,
    State,
)
from portal.rules.desk_calendar_days import Span
from portal.rules.desk_calendar_firsts import APPOINTMENT, CLASS, First
from portal.rules.occupancy import TAKEN_IN_SESSION
from portal.rules.packing import FIELD, UNIT, packed
from portal.rules.rolls import WAITING
from portal.rules.states import IS_REQUEST, is_in
from portal.wording import zone_of


@dataclass(slots=True)
class Item:
    """A class and its places, or an appointment and its pets. Times are those of its location."""

    providers: list[tuple[int, str]]
    pets: list[str]
    starts_at: datetime
    ends_at: datetime
    kind: str
    id: int
    name: str
    location_id: int
    client_id: int
    client: str
    state: str
    taken: int
    capacity: int
    waiting: int

    @property
    def who(self) -> str:
        """By first names, as colleagues call each other."""
        return ", ".join(name.split()[0] for _, name in self.providers if name.strip())


TEACHERS = (
    select(packed(Provider.id, Provider.name))
    .join(SessionProvider, SessionProvider.provider_id == Provider.id)
    .where(SessionProvider.service_session_id == ServiceSession.id)
    .correlate(ServiceSession)
    .scalar_subquery()
)
CARERS = (
    select(packed(Provider.id, Provider.name))
    .join(BookingProvider, BookingProvider.provider_id == Provider.id)
    .where(BookingProvider.booking_id == Booking.id)
    .correlate(Booking)
    .scalar_subquery()
)
PETS = (
    select(packed(Pet.name))
    .join(BookingPet, BookingPet.pet_id == Pet.id)
    .where(BookingPet.booking_id == Booking.id)
    .correlate(Booking)
    .scalar_subquery()
)
STATE = case(
    (is_in(State.MISSED), written("No-show")),
    (is_in(State.LEFT), written("Done")),
    (is_in(State.HERE), written("Here")),
    (IS_REQUEST, written("Requested")),
    else_=written(""),
)
OFF = case((ServiceSession.called_off_at.is_not(None), written("Called off")), else_=written(""))
NO_WORD = written("")
CLASSES: AnySelect = (
    select(
        written(CLASS),
        ServiceSession.id,
        func.coalesce(Series.name, Service.name),
        ServiceSession.location_id,
        NONE,
        NO_WORD,
        OFF,
        TAKEN_IN_SESSION,
        ServiceSession.capacity,
        WAITING,
        ServiceSession.starts_at,
        ServiceSession.ends_at,
        TEACHERS,
        NO_WORD,
    )
    .select_from(ServiceSession)
    .join(Service, Service.id == ServiceSession.service_id)
    .outerjoin(Series, Series.id == ServiceSession.series_id)
    .where(among(ServiceSession.id, "classes"))
)
APPOINTMENTS: AnySelect = (
    select(
        written(APPOINTMENT),
        Booking.id,
        Service.name,
        Booking.location_id,
        Booking.client_id,
        Client.first_name + written(" ") + Client.last_name,
        STATE,
        NONE,
        NONE,
        NONE,
        Booking.starts_at,
        Booking.ends_at,
        CARERS,
        PETS,
    )
    .select_from(Booking)
    .join(Service, Service.id == Booking.service_id)
    .join(Client, Client.id == Booking.client_id)
    .where(among(Booking.id, "bookings"))
)
ROWS: Any = union_all(CLASSES, APPOINTMENTS)


def items(firsts: Iterable[First], spans: Sequence[Span], *, at: datetime) -> dict[First, Item]:
    """Those that are still there."""
    ids: dict[str, list[int]] = {CLASS: [], APPOINTMENT: []}
    for first in firsts:
        ids[first.kind].append(first.id)
    if not any(ids.values()):
        return {}
    names = {"at": at, "except_booking": 0, "except_offer": 0, "classes": ids[CLASS], "bookings": ids[APPOINTMENT]}
    zones = {id: zone_of(span.zone) for span in spans for id in span.places}
    return {First(row[0], row[1]): as_item(row, zones) for row in rows_of(ROWS, names).all() if row[3] in zones}


def as_item(row: Sequence[Any], zones: Mapping[int, ZoneInfo]) -> Item:
    *told, starts, ends, people, pets = row
    zone = zones[row[3]]
    providers = sorted(map(provider, people.split(UNIT)), key=lambda one: one[1]) if people else []
    names = sorted(pets.split(UNIT)) if pets else []
    return Item(providers, names, starts.astimezone(zone), ends.astimezone(zone), *told)


def provider(told: str) -> tuple[int, str]:
    id, name = told.split(FIELD, 1)
    return int(id), name
