"""Today: who comes, who is here and who leaves, with one tap for each; and what is new since it was last shown."""

from datetime import datetime
from functools import partial
from typing import Any

from flask import Response

from portal.answers import Answer, done, show, wants_part
from portal.db import now
from portal.inputs import asked, id_of
from portal.models import Booking
from portal.rules import attendances, desk_days
from portal.rules.desk_lanes import CLOSED, LANES, Opened
from portal.rules.standing import Standing, pet_names
from portal.views.staff.first_steps import steps_ahead
from portal.views.staff.room import me, room, the


@room.get("/")
def today() -> Answer:
    at = now()
    places, newest = desk_days.places()
    mark, since, is_part = marked(newest, at), asked("since"), wants_part()
    if is_part and since == mark:
        return Response(status=204)
    steps = None if is_part else steps_ahead()
    names = board(places, at)
    opening = is_part and not since
    return show("staff/today", "staff/today_changes", mark=mark, steps=steps, opening=opening, **names)


@room.post("/bookings/<int:booking_id>/arrival")
def check_in(booking_id: int) -> Answer:
    at = now()
    came = attendances.check_in(the(Booking, booking_id), by=me().actor, at=at)
    return changed(came, at, f"Checked in: {pet_names(came)}", undo="arrival")


@room.delete("/bookings/<int:booking_id>/arrival")
@room.post("/bookings/<int:booking_id>/arrival/undo")
def undo_check_in(booking_id: int) -> Answer:
    at = now()
    came = attendances.undo_check_in(the(Booking, booking_id), by=me().actor, at=at)
    return changed(came, at, f"Not checked in any more: {pet_names(came)}")


@room.post("/bookings/<int:booking_id>/departure")
def check_out(booking_id: int) -> Answer:
    at = now()
    left = attendances.check_out(the(Booking, booking_id), by=me().actor, at=at)
    return changed(left, at, f"Checked out: {pet_names(left)}", undo="departure")


@room.delete("/bookings/<int:booking_id>/departure")
@room.post("/bookings/<int:booking_id>/departure/undo")
def undo_check_out(booking_id: int) -> Answer:
    at = now()
    left = attendances.undo_check_out(the(Booking, booking_id), by=me().actor, at=at)
    return changed(left, at, f"Still here: {pet_names(left)}")


@room.post("/bookings/<int:booking_id>/absence")
def miss(booking_id: int) -> Answer:
    at = now()
    missed = attendances.miss(the(Booking, booking_id), by=me().actor, at=at)
    return changed(missed, at, f"No-show: {pet_names(missed)}", undo="absence")


@room.delete("/bookings/<int:booking_id>/absence")
@room.post("/bookings/<int:booking_id>/absence/undo")
def undo_miss(booking_id: int) -> Answer:
    at = now()
    missed = attendances.undo_miss(the(Booking, booking_id), by=me().actor, at=at)
    return changed(missed, at, f"Expected again: {pet_names(missed)}")


def changed(booking: Standing, at: datetime, said: str, undo: str = "") -> Answer:
    """The board as it is now, with what others changed meanwhile."""
    places, newest = desk_days.places()
    names = board(places, at, fresh=booking.id)
    more: dict[str, Any] = {"mark": marked(newest, at), "fresh": booking.id, "undo": undo}
    return done("staff/today_changes", then=names["way"](names["day"].opened), said=said, says=said, **more, **names)


def board(places: list[desk_days.Place], at: datetime, fresh: int = 0) -> dict[str, Any]:
    here = next((place for place in places if str(place.id) == asked("at")), None)
    day = desk_days.day([here] if here else places, opened=opened(), fresh=fresh, at=at)
    return {"at": at, "places": places, "here": here, "day": day, "closed": CLOSED, "way": partial(way, here)}


def way(here: desk_days.Place | None, opened: Opened, path: str = "/desk/", since: str = "") -> str:
    """An address that keeps the location and the lane of which more is shown. No word in it needs to be quoted."""
    stretch = opened.stretch if opened.stretch > 1 else 0
    words = {"since": since, "at": here.id if here else 0, "all": opened.lane, "stretch": stretch}
    query = "&".join(f"{name}={word}" for name, word in words.items() if word)
    return f"{path}?{query}" if query else path


def opened() -> Opened:
    lane = asked("all")
    return Opened(lane, max(id_of(asked("stretch", most=2)), 1)) if lane in LANES else CLOSED


def marked(newest: str, at: datetime) -> str:
    """The minute is in it, because words such as “5 min late” grow old by themselves."""
    here = me()
    return f"{newest}-{here.inbox}-{here.requests}-{here.vaccines}-{here.notices}-{at:%H%M}"
