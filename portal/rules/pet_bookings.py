"""A pet's bookings: what is coming up, and what is completed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, and_, bindparam, exists, literal, select, tuple_, union_all

from portal.db import rows_of
from portal.models import Booking, BookingPet, State
from portal.rules.agendas import LONG, SHORT, Stretch, cursor, stretch
from portal.rules.standing import STANDING, Standing, as_standing, standings
from portal.rules.states import is_in

After = tuple[datetime, int, int] | None


@dataclass(slots=True)
class PetAgenda:
    """The short lists of a pet's page, and whether there are more."""

    upcoming: list[Standing]
    completed: list[Standing]
    more_upcoming: bool
    more_completed: bool


# The client stands beside the pet because bookings are indexed by client and time: a list reads what it shows.
OF_PET = and_(
    Booking.client_id == bindparam("client_id", type_=Integer),
    exists().where(BookingPet.booking_id == Booking.id, BookingPet.pet_id == bindparam("pet_id", type_=Integer)),
)
NOW = bindparam("at", type_=Booking.starts_at.type)
UPCOMING = and_(OF_PET, Booking.ends_at >= NOW)
# Over, and it took place: not cancelled, declined, missed, or a request that nobody answered.
COMPLETED = and_(
    OF_PET,
    Booking.ends_at < NOW,
    is_in(State.BOOKED, State.HERE, State.LEFT),
)
SOONEST, LATEST = (Booking.starts_at, Booking.id), (Booking.ends_at.desc(), Booking.id.desc())
FINISHED = select(Booking.id, literal(1).label("part")).where(COMPLETED)
BOTH = union_all(
    select(select(Booking.id, literal(0).label("part")).where(UPCOMING).order_by(*SOONEST).limit(SHORT + 1).subquery()),
    select(FINISHED.order_by(*LATEST).limit(SHORT + 1).subquery()),
).subquery()
SHORT_LISTS = STANDING.add_columns(BOTH.c.part).join(BOTH, BOTH.c.id == Booking.id)
UPCOMING_PAGE = STANDING.where(UPCOMING).order_by(*SOONEST).limit(LONG + 1)
COMPLETED_PAGE = STANDING.where(COMPLETED).order_by(*LATEST).limit(LONG + 1)


def agenda(client_id: int, pet_id: int, *, at: datetime) -> PetAgenda:
    rows: dict[int, list[Standing]] = {0: [], 1: []}
    for row in rows_of(SHORT_LISTS, {"client_id": client_id, "pet_id": pet_id, "at": at}):
        rows[row[-1]].append(as_standing(tuple(row)))
    upcoming = sorted(rows[0], key=lambda row: (row.starts_at, row.id))
    completed = sorted(rows[1], key=lambda row: (row.ends_at, row.id), reverse=True)
    return PetAgenda(upcoming[:SHORT], completed[:SHORT], len(upcoming) > SHORT, len(completed) > SHORT)


def upcoming_page(client_id: int, pet_id: int, *, at: datetime, after: After) -> Stretch:
    statement = UPCOMING_PAGE
    if after:
        statement = statement.where(tuple_(Booking.starts_at, Booking.id) > tuple_(after[0], after[2]))
    rows = standings(statement, {"client_id": client_id, "pet_id": pet_id, "at": at})
    return stretch(rows, lambda row: cursor(row.starts_at, 0, row.id))


def completed_page(client_id: int, pet_id: int, *, at: datetime, after: After) -> Stretch:
    statement = COMPLETED_PAGE
    if after:
        statement = statement.where(tuple_(Booking.ends_at, Booking.id) < tuple_(after[0], after[2]))
    rows = standings(statement, {"client_id": client_id, "pet_id": pet_id, "at": at})
    return stretch(rows, lambda row: cursor(row.ends_at, 0, row.id))
