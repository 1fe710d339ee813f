"""What is on, told in one query: classes, appointments, and how many pets come to day care and stay."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Integer,
    and_,
    bindparam,
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
    HOUSED_WORDS,
    Span,
    appointments,
    classes,
    counts,
    day_care,
    days_of,
    named,
    stays,
)
from portal.rules.occupancy import TAKEN_IN_SESSION
from portal.rules.packing import FIELD, UNIT, packed
from portal.rules.rolls import WAITING
from portal.rules.states import IS_REQUEST, is_in

COUNT = "count"


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
    on = [rule(span, days, table, of_provider) for span, table in enumerate(tables) for rule in (classes, appointments)]
    every: Any = union_all(*on).subquery("every")
    number = every.c.number
    rank = func.row_number().over(partition_by=number, order_by=(every.c.starts_at, every.c.kind, every.c.id))
    count = func.count().over(partition_by=number)
    ranked: Any = select(*every.c, rank.label("rank"), count.label("rows")).subquery("ranked")
    shown = select(*ranked.c).where(ranked.c.rank <= bindparam("most", type_=Integer)).cte("shown")
    of_pets = () if of_provider else (day_care, stays)
    counted = [rule(span, days, table, Service.name) for span, table in enumerate(tables) for rule in of_pets]
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
    spans: Sequence[Span], view: str, most: int, provider_id: int | None, *, at: datetime
) -> Iterator[tuple[int, Item | tuple[str, int]]]:
    """By the number of their day: what is on in order of time, and what is counted."""
    if not spans:
        return
    names = named(spans) | {"provider_id": provider_id or 0}
    asked = len(spans), len(spans[0].edges) - 1, provider_id is not None
    if view == "month":
        for number, word, count in rows_of(counts(*asked), names):
            if count:
                yield number, (HOUSED_WORDS.get(word, word), count)
        return
    nobody = {"at": at, "most": most, "except_booking": 0, "except_offer": 0}
    found = [tuple(row) for row in rows_of(agenda(*asked), names | nobody)]
    for number, kind, *told in sorted(found, key=in_order):
        yield number, (told[2], told[9]) if kind == COUNT else as_item(told, kind, spans)


def in_order(row: tuple[Any, ...]) -> tuple[Any, ...]:
    number, kind, _, id, name, _, starts_at, *_ = row
    return (number, starts_at is not None, starts_at or name, kind, id)


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
    one = counted.subquery()
    kind: Any = literal_column(f"'{COUNT}'")
    before = (one.c.number, kind, NOBODY, NOBODY, one.c.name, NOBODY, NO_MOMENT, NO_MOMENT, NOBODY, NO_WORD, NO_WORD)
    return select(*before, one.c.pets, NOBODY, NOBODY, NO_WORD, NO_WORD)
