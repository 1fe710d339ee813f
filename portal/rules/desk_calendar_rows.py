"""What is on, told in one query: classes, appointments, and how many pets come to day care and stay."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import accumulate
from typing import Any

from sqlalchemy import (
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
    select,
    union_all,
)

from portal.db import AnySelect, Instant, rows_of
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
from portal.rules.desk_calendar_days import (
    APPOINTMENT,
    CLASS,
    DAY,
    STAY,
    Span,
    days_of,
    housed,
    named,
)
from portal.rules.desk_calendar_firsts import first_rows
from portal.rules.occupancy import TAKEN_IN_SESSION
from portal.rules.packing import FIELD, UNIT, packed
from portal.rules.rolls import WAITING
from portal.rules.states import IS_REQUEST, is_in


@dataclass(slots=True)
class Item:
    """A class and its places, or an appointment and its pets."""

    providers: list[tuple[int, str]]
    pets: list[str]
    zone: str
    kind: str
    rows: int
    id: int
    name: str
    location_id: int
    starts_at: datetime
    ends_at: datetime
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
    (is_in(State.MISSED), literal("No-show")),
    (is_in(State.LEFT), literal("Done")),
    (is_in(State.HERE), literal("Here")),
    (IS_REQUEST, literal("Requested")),
    else_=literal(""),
)
OFF = case((ServiceSession.called_off_at.is_not(None), literal("Called off")), else_=literal(""))
NOBODY, NO_WORD, NO_MOMENT = literal(0), literal(""), cast(null(), Instant)


@cache
def agenda(spans: int, days: int, of_provider: bool) -> Any:
    """The first rows of each day with all that stands on them; pets in day care and boarding only counted."""
    tables = [days_of(span, days) for span in range(spans)]
    shown = first_rows(tables, days, of_provider)
    counted = [] if of_provider else [one for span, table in enumerate(tables) for one in housed(span, days, table)]
    return union_all(class_rows(shown), appointment_rows(shown), *map(counted_row, counted))


def class_rows(shown: Any) -> AnySelect:
    return (
        select(
            shown.c.number,
            shown.c.kind,
            shown.c.rows,
            ServiceSession.id,
            func.coalesce(Series.name, Service.name),
            ServiceSession.location_id,
            ServiceSession.starts_at,
            ServiceSession.ends_at,
            NOBODY,
            NO_WORD,
            OFF,
            TAKEN_IN_SESSION,
            ServiceSession.capacity,
            WAITING,
            TEACHERS,
            NO_WORD,
        )
        .select_from(ServiceSession)
        .join(shown, and_(shown.c.id == ServiceSession.id, shown.c.kind == literal_column(f"'{CLASS}'")))
        .join(Service, Service.id == ServiceSession.service_id)
        .outerjoin(Series, Series.id == ServiceSession.series_id)
    )


def appointment_rows(shown: Any) -> AnySelect:
    return (
        select(
            shown.c.number,
            shown.c.kind,
            shown.c.rows,
            Booking.id,
            Service.name,
            Booking.location_id,
            Booking.starts_at,
            Booking.ends_at,
            Booking.client_id,
            Client.first_name + " " + Client.last_name,
            STATE,
            NOBODY,
            NOBODY,
            NOBODY,
            CARERS,
            PETS,
        )
        .select_from(Booking)
        .join(shown, and_(shown.c.id == Booking.id, shown.c.kind == literal_column(f"'{APPOINTMENT}'")))
        .join(Service, Service.id == Booking.service_id)
        .join(Client, Client.id == Booking.client_id)
    )


def rows(
    spans: Sequence[Span], most: int, provider_id: int | None, *, at: datetime
) -> Iterator[tuple[int, Item | tuple[str, int]]]:
    """By the number of their day: what is counted, and then what is on in order of time."""
    days = len(spans[0].edges) - 1
    asked, names = (len(spans), days, provider_id is not None), named(spans) | {"provider_id": provider_id or 0}
    nobody = {"at": at, "most": most, "except_booking": 0, "except_offer": 0}
    found = [tuple(row) for row in rows_of(agenda(*asked), names | nobody).all()]
    items = (row for row in found if row[1] in (CLASS, APPOINTMENT))
    yield from counted_days(days, [(row[0], row[1], row[4], row[11]) for row in found if row[1] in (DAY, STAY)])
    for number, kind, *told in sorted(items, key=lambda row: (row[0], row[6], row[1], row[3])):
        yield number, as_item(told, kind, spans)


def counted_days(days: int, rows: Iterable[Any]) -> Iterator[tuple[int, tuple[str, int]]]:
    """Of those who stay each night tells how many more there are than in the night before."""
    found: dict[tuple[str, str], list[int]] = {}
    for number, kind, name, count in rows:
        found.setdefault((kind, name), [0] * days)[number] += count
    for kind, name in sorted(found, key=lambda of: of[1]):
        told = found[kind, name]
        for number, count in enumerate(accumulate(told) if kind == STAY else told):
            if count:
                yield number, (name, count)


def as_item(told: Sequence[Any], kind: str, spans: Sequence[Span]) -> Item:
    rows, id, name, location_id, starts, ends, client_id, client, state, taken, capacity, waiting, people, pets = told
    zone = next(span.zone for span in spans if location_id in span.places)
    whole = (kind, rows, id, name, location_id, starts, ends, client_id, client, state, taken, capacity, waiting)
    named_pets = sorted(pets.split(UNIT)) if pets else []
    return Item(
        sorted(map(provider, people.split(UNIT)), key=lambda one: one[1]) if people else [], named_pets, zone, *whole
    )


def provider(told: str) -> tuple[int, str]:
    id, name = told.split(FIELD, 1)
    return int(id), name


def counted_row(counted: AnySelect) -> AnySelect:
    number, kind, name, count = counted.subquery().c
    before = (number, kind, NOBODY, NOBODY, name, NOBODY, NO_MOMENT, NO_MOMENT, NOBODY, NO_WORD, NO_WORD)
    return select(*before, count, NOBODY, NOBODY, NO_WORD, NO_WORD)
