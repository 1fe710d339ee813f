"""A client moves a booking: the open times of the same service, one of them in full, and the move itself."""

from datetime import datetime, timedelta
from typing import Any

from flask import url_for

from portal.answers import Answer, go, show
from portal.db import now
from portal.inputs import moves as inputs
from portal.models import Booking
from portal.rules import move_choices, moves, obstacles
from portal.rules.places import Taken
from portal.rules.refused import Refused
from portal.rules.standing import Standing, is_request, standing
from portal.views.client.room import me, mine, room


@room.get("/bookings/<int:booking_id>/move")
def choose_move(booking_id: int) -> Answer:
    at = now()
    booking = mine(Booking, booking_id)
    stands = standing(booking.id)
    moves.must_be_movable(stands, by=me().actor, at=at)
    told = inputs.chosen()
    if told is None:
        return listed(booking, stands, at)
    try:
        return reviewed(booking, stands, told.words, at)
    except Refused as no:
        return listed(booking, stands, at, str(no), 422)


@room.post("/bookings/<int:booking_id>/move")
def move_booking(booking_id: int) -> Answer:
    at = now()
    booking = mine(Booking, booking_id, locked=False)
    stands = standing(booking.id)
    try:
        moved = moves.move(booking, **move_choices.words(wanted(booking, at)), by=me().actor, at=at)
    except Taken as no:
        return listed(booking, stands, at, str(no), 422)
    said = "Your request is on its way. We will tell you as soon as it is confirmed."
    return go(url_for(".show_booking", booking_id=moved.id), said if is_request(moved) else "Your booking is moved.")


def wanted(booking: Booking, at: datetime) -> move_choices.Wanted:
    told = inputs.chosen()
    if told is None:
        raise Refused(move_choices.GONE)
    return move_choices.wanted(booking, **told._asdict(), at=at)


def listed(booking: Booking, stands: Standing, at: datetime, problem: str = "", status: int = 200) -> Answer:
    today, last = move_choices.earliest(booking, at), move_choices.latest(booking, at)
    since = inputs.since(today, last)
    stretch = timedelta(days=move_choices.STRETCH)
    names: dict[str, Any] = {
        "days": move_choices.choices(booking, first=since, at=at),
        "since": since,
        "until": min(since + stretch - timedelta(days=1), last),
        "earlier": max(since - stretch, today) if since > today else None,
        "later": since + stretch if since + stretch <= last else None,
        "today": today,
        "told": inputs.chosen(),
    }
    return show("client/move", "client/move", status, at=at, booking=stands, problem=problem, review=None, **names)


def reviewed(booking: Booking, stands: Standing, words: str, at: datetime) -> Answer:
    """What it would be, and what stands against it, before anything is done."""
    to = wanted(booking, at)
    found = moves.judged(booking, to, back=f"/bookings/{booking.id}/move?{words}", at=at)
    names: dict[str, Any] = {
        "query": words,
        "review": move_choices.review(booking, to),
        "found": found,
        "stopped": obstacles.stopping(found),
        "again": moves.asks_again(booking.service, by=me().actor) and not is_request(stands),
    }
    return show("client/move", "client/move", at=at, booking=stands, **names)
