"""States of bookings as they are looked for: out of the index that finds the bookings, without another table."""

from sqlalchemy import ColumnElement

from portal.db import written
from portal.models import Booking, State

TAKE_A_PLACE = State.BOOKED, State.REQUESTED, State.HERE, State.LEFT


def is_in(*states: State) -> ColumnElement[bool]:
    if len(states) == 1:
        return Booking.state == written(states[0])
    return Booking.state.in_([written(state) for state in states])


# They come, are here or were here: neither cancelled nor declined nor missed.
COUNTS = is_in(*TAKE_A_PLACE)
# Neither cancelled nor declined.
STAND = *TAKE_A_PLACE, State.MISSED
STANDS = is_in(*STAND)
# The same in the words of ix_booking_alone: whoever looks into that need not ask each booking for its state.
IS_STANDING = Booking.state.not_in([written(State.CANCELLED), written(State.DECLINED)])
IS_REQUEST = is_in(State.REQUESTED)
