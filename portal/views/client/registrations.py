"""A series that a client is registered for: all of its dates, and calling it off as a whole."""

from flask import url_for

from portal.answers import Answer, go, show
from portal.db import now
from portal.models import Registration
from portal.rules import series_cancellations, series_registrations
from portal.views.client.room import me, mine, room


@room.get("/registrations/<int:registration_id>")
def show_registration(registration_id: int) -> Answer:
    return shown(mine(Registration, registration_id), "client/registration")


@room.get("/registrations/<int:registration_id>/cancellation")
def ask_to_cancel_registration(registration_id: int) -> Answer:
    registration = mine(Registration, registration_id)
    dates = series_registrations.dates_of(registration.id)
    series_cancellations.must_be_cancellable(dates, by=me().actor, at=now())
    return shown(registration, "client/registration_cancellation")


@room.post("/registrations/<int:registration_id>/cancellation")
def cancel_registration(registration_id: int) -> Answer:
    registration = mine(Registration, registration_id)
    series_cancellations.cancel_registration(registration, by=me().actor, at=now())
    then = url_for(".show_registration", registration_id=registration.id)
    return go(then, "Cancelled. You can undo this for 10 seconds.")


def shown(registration: Registration, page: str) -> Answer:
    at = now()
    dates = series_registrations.dates_of(registration.id)
    return show(
        page,
        at=at,
        registration=registration,
        dates=dates,
        ahead=series_cancellations.ahead_of(dates, at),
        reason=series_cancellations.why_not_cancel_all(dates, at),
    )
