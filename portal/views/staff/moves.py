"""Staff move a booking, wherever they want; what stands against it is said before."""

from datetime import datetime

from flask import url_for

from portal.answers import Answer, go, show
from portal.db import now
from portal.inputs.desk_bookings import MoveInput, told_of
from portal.models import Booking, ServiceKind
from portal.rules import desk_moves, move_choices, moves
from portal.rules.places import Wanted
from portal.rules.standing import pet_names, standing
from portal.views.staff.room import me, room, the


@room.get("/bookings/<int:booking_id>/move")
def write_move(booking_id: int) -> Answer:
    at, booking = now(), the(Booking, booking_id)
    moves.must_be_movable(standing(booking.id), by=me().actor, at=at)
    return written(booking, form_of(booking, at, fresh=True), at)


@room.post("/bookings/<int:booking_id>/move")
def move_booking(booking_id: int) -> Answer:
    at, booking = now(), the(Booking, booking_id, locked=False)
    form = form_of(booking, at)
    if not form.validate() or not form.in_order():
        return written(booking, form, at, status=422)
    to = wanted(booking, form)
    found = moves.warnings(booking, to, at=at)
    if found and form.anyway.data != " ".join(found):
        return written(booking, form, at, found, 422)
    words = {**move_choices.words(to), "overbook": True, "tell": not form.quiet.data}
    moved = moves.move(booking, **words, by=me().actor, at=at)
    return go(url_for(".show_booking", booking_id=moved.id), f"Moved: {pet_names(moved)}.")


def form_of(booking: Booking, at: datetime, fresh: bool = False) -> MoveInput:
    """Only what this kind of booking has."""
    told = told_of(booking.starts_at, booking.ends_at, booking.location.time_zone)
    own = booking.providers[0].id if booking.providers else 0
    told |= {"location_id": booking.location_id, "provider_id": own, "session_id": booking.service_session_id}
    if booking.service.kind != ServiceKind.STAY:
        del told["ends_at"]
    form = MoveInput(formdata=None, data=told) if fresh else MoveInput()
    if desk_moves.is_class(booking):
        form.offer("session_id", desk_moves.classes(booking, at))
        form.without("location_id", "day", "starts_at", "last", "ends_at", "provider_id")
        return form
    form.offer("location_id", desk_moves.locations(booking))
    form.offer("provider_id", desk_moves.providers(booking))
    individual = booking.service.kind == ServiceKind.INDIVIDUAL
    form.without("session_id", *(() if booking.service.kind == ServiceKind.STAY else ["last"]))
    form.without(*(() if individual else ["provider_id"]))
    return form


def wanted(booking: Booking, form: MoveInput) -> Wanted:
    if desk_moves.is_class(booking):
        return desk_moves.to_class(booking, form.session_id.data)
    zone = desk_moves.zone_of(form.location_id.data)
    starts_at = form.moment("day", "starts_at", zone)
    if form.ends_at.data is None:
        ends_at = starts_at + (booking.ends_at - booking.starts_at)
    else:
        ends_at = form.moment(form.last_day, "ends_at", zone)
    provider_id = form.provider_id.data if "provider_id" in form else None
    return desk_moves.to_time(booking, form.location_id.data, starts_at, ends_at, provider_id)


def written(
    booking: Booking, form: MoveInput, at: datetime, found: list[str] | None = None, status: int = 200
) -> Answer:
    stands = standing(booking.id)
    return show("staff/booking_move", None, status, at=at, booking=stands, form=form, found=found or [])
