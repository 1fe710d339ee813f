"""When a location is open, in the settings: its hours, and the days on which it is closed all the same."""

from datetime import datetime

from flask import url_for

from portal import wording
from portal.answers import Answer, go, show
from portal.db import now
from portal.inputs.away import DaysInput
from portal.inputs.weeks import WeekInput
from portal.models import Closure, Location
from portal.rules import closures, weeks
from portal.rules.refused import Misfit
from portal.views.staff.room import room, the


@room.get("/settings/locations/<int:location_id>/hours")
def edit_opening_hours(location_id: int) -> Answer:
    location = the(Location, location_id)
    return hours_shown(WeekInput(weeks.opening(location.id)), location)


@room.post("/settings/locations/<int:location_id>/hours")
def change_opening_hours(location_id: int) -> Answer:
    location, form = the(Location, location_id), WeekInput()
    if not form.validate():
        return hours_shown(form, location, 422)
    weeks.open_at(location, form.windows, at=now())
    return go(url_for(".edit_location", location_id=location.id), said="Saved.")


def hours_shown(form: WeekInput, location: Location, status: int = 200) -> Answer:
    address = url_for(".change_opening_hours", location_id=location.id)
    back = url_for(".edit_location", location_id=location.id)
    names = {"form": form, "address": address, "back": back, "location": location}
    return show("staff/settings/opening_hours", "staff/week_form", status, **names)


@room.get("/settings/locations/<int:location_id>/closures")
def write_closure(location_id: int) -> Answer:
    location = the(Location, location_id)
    return written(closure_form(location, now()), location)


@room.post("/settings/locations/<int:location_id>/closures")
def add_closure(location_id: int) -> Answer:
    location, at = the(Location, location_id), now()
    form = closure_form(location, at)
    if not form.validate():
        return written(form, location, 422)
    try:
        closures.add(location, form.first, form.last, reason=form.reason.data or "", at=at)
    except Misfit as no:
        form[no.field].errors = [str(no)]
        return written(form, the(Location, location_id), 422)
    return go(url_for(".edit_location", location_id=location.id), said=f"{location.name} is closed then.")


@room.post("/settings/closures/<int:closure_id>/removal")
def remove_closure(closure_id: int) -> Answer:
    closure = the(Closure, closure_id)
    location = the(Location, closure.location_id)
    closures.remove(closure, location, at=now())
    return go(url_for(".edit_location", location_id=location.id), said=f"{location.name} is open then.")


def closure_form(location: Location, at: datetime) -> DaysInput:
    return DaysInput(today=wording.today_in(location.time_zone, at))


def written(form: DaysInput, location: Location, status: int = 200) -> Answer:
    return show("staff/settings/closure", "staff/closure_form", status, form=form, location=location)
