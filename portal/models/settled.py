"""What a booking keeps of the rows around it, settled as soon as one of them changes: its state, and how many pets.
And how long it lasts, settled whenever its times change; and on which day a session is, by the clock of its place."""

from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, event, exists, func, inspect, or_, select, update
from sqlalchemy.orm import Mapper

from portal.models.bookings import Attendance, Booking, BookingPet, Cancellation, Decision, State
from portal.models.business import Location
from portal.models.lengths import length_of
from portal.models.local_days import local_day, name_day
from portal.models.services import ServiceSession

BOOKING: Any = Booking.__table__


def has(kept: Any, *where: Any) -> Any:
    return exists().where(kept.booking_id == BOOKING.c.id, *where)


STATE = case(
    (has(Decision, Decision.confirmed.is_(False)), State.DECLINED),
    (has(Cancellation), State.CANCELLED),
    (has(Attendance, Attendance.missed_at.is_not(None)), State.MISSED),
    (has(Attendance, Attendance.checked_out_at.is_not(None)), State.LEFT),
    (has(Attendance, Attendance.checked_in_at.is_not(None)), State.HERE),
    (and_(BOOKING.c.needs_approval.is_(True), ~has(Decision)), State.REQUESTED),
    else_=State.BOOKED,
)
PETS = select(func.count()).where(BookingPet.booking_id == BOOKING.c.id).correlate(BOOKING).scalar_subquery()
SETTLE = update(BOOKING).where(BOOKING.c.id == bindparam("booking")).values(state=STATE, pet_count=PETS)
SESSION: Any = ServiceSession.__table__
# Not of one that somebody has just taken elsewhere.
STILL_THERE = SESSION.c.id == bindparam("session"), SESSION.c.location_id == bindparam("location")
NAME_DAY = update(SESSION).where(*STILL_THERE).values(day=bindparam("is_on"))
UNSETTLED = select(BOOKING.c.id).where(or_(BOOKING.c.state != STATE, BOOKING.c.pet_count != PETS))


def settle(_: Mapper[Any], connection: Connection, row: Any) -> None:
    connection.execute(SETTLE, {"booking": row.booking_id})


def settle_itself(_: Mapper[Any], connection: Connection, booking: Booking) -> None:
    if inspect(booking).attrs.needs_approval.history.has_changes():
        connection.execute(SETTLE, {"booking": booking.id})


def measure(_: Mapper[Any], connection: Connection, booking: Booking) -> None:
    times = inspect(booking).attrs
    if times.starts_at.history.has_changes() or times.ends_at.history.has_changes():
        booking.length = length_of(booking.ends_at - booking.starts_at)


def name_days(_: Mapper[Any], connection: Connection, location: Location) -> None:
    """Its clock is set to another zone."""
    if inspect(location).attrs.time_zone.history.has_changes():
        name_all(connection, location.id, location.time_zone)


def name_all(connection: Connection, location_id: int, zone: str) -> None:
    there = select(SESSION.c.id, SESSION.c.starts_at).where(SESSION.c.location_id == location_id)
    found = connection.execute(there.order_by(SESSION.c.id)).all()
    if days := [{"session": id, "location": location_id, "is_on": local_day(begins, zone)} for id, begins in found]:
        connection.execute(NAME_DAY, days)


for around in (Cancellation, Decision, Attendance, BookingPet):
    for change in ("after_insert", "after_update", "after_delete"):
        event.listen(around, change, settle)
event.listen(Booking, "after_update", settle_itself)
event.listen(Booking, "before_update", measure)
event.listen(ServiceSession, "before_update", name_day)
event.listen(Location, "after_update", name_days)
