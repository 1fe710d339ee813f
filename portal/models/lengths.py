"""How long bookings last, in a few lengths, each four times the one before: whoever is there at a moment is found in
one short stretch of an index for each length, however many bookings there are before and after."""

from datetime import timedelta

# Nothing of a length lasts as long as this. What is longer than all of them has a length of its own.
LENGTHS = tuple(timedelta(hours=6) * 4**number for number in range(6))


def length_of(lasting: timedelta) -> int:
    return sum(lasting >= length for length in LENGTHS)
