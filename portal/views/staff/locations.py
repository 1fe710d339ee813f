"""Locations, in the settings."""

from typing import Any

from flask import url_for

from portal.answers import Answer, go, show
from portal.db import now
from portal.identity import business
from portal.inputs.business import LocationInput
from portal.models import Location
from portal.rules import closures, locations, weeks
from portal.views.staff.room import room, the


@room.get("/settings/locations")
def list_locations() -> Answer:
    return show("staff/settings/locations", locations=locations.every())


@room.get("/settings/locations/new")
def write_location() -> Answer:
    return written(location_form(data={"time_zone": business().time_zone}))


@room.post("/settings/locations")
def add_location() -> Answer:
    form = location_form()
    if not form.validate():
        return written(form, status=422)
    location = locations.add(form.facts)
    return go(url_for(".list_locations"), said=f"{location.name} is added.")


@room.get("/settings/locations/<int:location_id>")
def edit_location(location_id: int) -> Answer:
    location = the(Location, location_id)
    return written(location_form(location, obj=location), location)


@room.post("/settings/locations/<int:location_id>")
def change_location(location_id: int) -> Answer:
    location = the(Location, location_id)
    form = location_form(location)
    if not form.validate():
        return written(form, location, 422)
    locations.change(location, form.facts, at=now())
    return go(url_for(".list_locations"), said="Saved.")


@room.post("/settings/locations/<int:location_id>/deactivation")
def deactivate_location(location_id: int) -> Answer:
    location = the(Location, location_id)
    locations.deactivate(location, at=now())
    return go(url_for(".list_locations"), said=f"{location.name} is deactivated.")


@room.post("/settings/locations/<int:location_id>/reactivation")
def reactivate_location(location_id: int) -> Answer:
    location = the(Location, location_id)
    locations.reactivate(location)
    return go(url_for(".list_locations"), said=f"{location.name} is open again.")


@room.post("/settings/locations/<int:location_id>/removal")
def remove_location(location_id: int) -> Answer:
    location = the(Location, location_id)
    locations.remove(location)
    return go(url_for(".list_locations"), said=f"{location.name} is removed.")


def location_form(location: Location | None = None, **more: Any) -> LocationInput:
    kept = {"kept_phone": location.phone, "kept_places": location.places} if location else {"kept_phone": ""}
    return LocationInput(**kept, home=business().country, **more)


def written(form: LocationInput, location: Location | None = None, status: int = 200) -> Answer:
    removable = bool(location and locations.is_removable(location))
    names: dict[str, Any] = {"form": form, "location": location, "removable": removable}
    if location:
        names |= {"hours": weeks.in_words(weeks.opening(location.id)), "closures": closures.ahead(location, now())}
    return show("staff/settings/location", "staff/settings_location", status, **names)
