"""What a booking keeps of the rows around it, settled as soon as one of them changes: its state, and how many pets.
And how long it lasts, settled whenever its times change."""

from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, event, exists, func, inspect, or_, select, update
from sqlalchemy.orm import Mapper

from portal.models.bookings import Attendance, Booking, BookingPet, Cancellation, Decision, State
from portal.models.lengths import length_of

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


for around in (Cancellation, Decision, Attendance, BookingPet):
    for change in ("after_insert", "after_update", "after_delete"):
        event.listen(around, change, settle)
event.listen(Booking, "after_update", settle_itself)
event.listen(Booking, "before_update", measure)
