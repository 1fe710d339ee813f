"""Glances: what whoever looks for a time sees, out of what is kept day by day: when providers are taken, and when the
pets are elsewhere. Whoever takes a time is judged by the rows (`engagements.taken`)."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, bindparam, exists, literal_column, or_, select, union_all

from portal.among import among
from portal.db import NONE, rows_of
from portal.models import (
    Attendance,
    Booking,
    BookingPet,
    BookingProvider,
    Cancellation,
    Pet,
    Service,
    ServiceKind,
    State,
    TakenDay,
)
from portal.rules import hours, kept, pet_engagements
from portal.rules.engagements import (
    AWAY,
    BUFFERS,
    BUFFERS_OF,
    HELD,
    around,
    by_provider,
    meets,
    one_of_them,
    span,
    taken,
    times_of,
    whose,
    with_buffers,
)
from portal.rules.hours import Span
from portal.rules.occupancy import AT, HOUSED, SERVICE, excepting, holding
from portal.rules.packing import packed, units
from portal.rules.states import is_in

# In place of what is kept free before: a provider stands in place of after, or pets are meant.
OF_DAYS, OF_PETS = -1, -2


def number(told: int) -> Any:
    return literal_column(str(told), Integer)


DAYS = (
    select(number(OF_DAYS), TakenDay.provider_id, packed(TakenDay.spans))
    .where(
        one_of_them(TakenDay.provider_id),
        TakenDay.day.between(bindparam("first", type_=Date), bindparam("last", type_=Date)),
    )
    .group_by(TakenDay.provider_id)
)
UNDOABLE = (
    select(*BUFFERS_OF, whose(BookingProvider.provider_id, Booking))
    .select_from(Cancellation)
    .join(Booking, Booking.id == Cancellation.booking_id)
    .join(Service, Service.id == Booking.service_id)
    .join(BookingProvider, BookingProvider.booking_id == Booking.id)
    .where(
        Cancellation.undo_until > AT,
        is_in(State.CANCELLED),
        ~exists().where(Attendance.booking_id == Booking.id, Attendance.missed_at.is_not(None)),
        Service.kind == ServiceKind.INDIVIDUAL,
        *meets(Booking),
    )
    .group_by(Service.id, *BUFFERS_OF)
)
ELSEWHERE = (
    holding(number(OF_PETS), NONE, packed(*times_of(Booking)))
    .join(BookingPet, BookingPet.booking_id == Booking.id)
    .join(Service, Service.id == Booking.service_id)
    .where(
        Booking.client_id == bindparam("client_id", type_=Integer),
        among(BookingPet.pet_id, "pet_ids"),
        *(Service.kind != kind for kind in HOUSED),
        or_(SERVICE == NONE, Service.id == SERVICE),
        *meets(Booking),
    )
)
SEEN = union_all(DAYS, UNDOABLE, HELD, AWAY, ELSEWHERE)


class Seen(NamedTuple):
    """Minutes, in order: those of each provider that are taken, and those in which the pets are elsewhere."""

    providers: dict[int, list[Span]]
    pets: list[Span]


def seen(
    provider_ids: Collection[int],
    since: datetime,
    until: datetime,
    *,
    buffers: timedelta = BUFFERS,
    at: datetime,
    except_booking: int | None = None,
    pets: Sequence[Pet] = (),
    of_service: int | None = None,
) -> Seen:
    """One query: out of what is kept, but for providers whose days were changed a moment ago, or with an appointment
    left out. Where only one service keeps the pets from coming, it is told."""
    if except_booking is not None or kept.is_touched():
        there = pet_engagements.engaged(pets, since, until, at=at, except_booking=except_booking)
        live = taken(provider_ids, since, until, buffers=buffers, at=at, except_booking=except_booking)
        return Seen(live, pet_engagements.spans(one for one in there if of_service in (None, one.service_id)))
    own = {
        "pet_ids": [pet.id for pet in pets],
        "client_id": pets[0].client_id if pets else 0,
        "service_id": of_service or 0,
    }
    names = {**around(since, until, buffers), "at": at, **excepting(None, None), **own}
    found: dict[int, list[Span]] = {id: [] for id in provider_ids}
    others: dict[int, list[Span]] = {}
    elsewhere: list[Span] = []
    for before, after, told in rows_of(SEEN, {**names, "provider_ids": list(found)}).all() if found else ():
        if before == OF_PETS:
            elsewhere = hours.joined(map(span, units(told)))
        elif before == OF_DAYS:
            # Each begins with minutes since 1970, so that words are in order as days are.
            found[after] = [*chain.from_iterable(map(spans_of, sorted(units(told))))]
        else:
            for id, times in by_provider(told).items():
                others.setdefault(id, []).extend(with_buffers(times, before, after))
    whole = {id: hours.joined([*spans, *others[id]]) if id in others else spans for id, spans in found.items()}
    return Seen(whole, elsewhere)


@lru_cache(4096)
def spans_of(words: str) -> tuple[Span, ...]:
    """Of a day that nobody has changed they are the same."""
    pairs = (word.split("-") for word in words.split())
    return tuple((int(since), int(until)) for since, until in pairs)
