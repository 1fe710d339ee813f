"""Settings: the list of sections, the business itself, and what clients find in the portal."""

from typing import Any

from flask import url_for

from portal.answers import Answer, done, go, show, wants_part
from portal.colours import is_colour
from portal.db import now
from portal.inputs import asked
from portal.inputs.business import BusinessInput, PortalInput, SelfBookingInput
from portal.models import Business
from portal.rules import business, files
from portal.views.staff.room import room
from portal.views.uploads import taken


@room.get("/settings")
def list_settings() -> Answer:
    return show("staff/settings/index")


@room.get("/settings/business")
def show_business() -> Answer:
    row = business.the_business()
    return written(business_form(row, obj=row), row)


@room.post("/settings/business")
def change_business() -> Answer:
    row, at = business.the_business(), now()
    form = business_form(row)
    if not form.validate() or not taken(form.logo, files.keep_photo, at=at):
        return written(form, row, 422)
    try:
        business.describe(row, form.facts, logo=form.logo.data, remove_logo=form.remove_logo.data)
    except business.MoneyExists as no:
        form.currency.errors = [str(no)]
        return written(form, row, 422)
    return go(url_for(".show_business"), said="Saved.")


@room.get("/settings/business/colour")
def check_colour() -> Answer:
    """Whether words can be read on a colour, asked while it is being chosen."""
    row = business.the_business()
    colour = asked("colour").lower()
    names: dict[str, Any] = {"colour": colour if is_colour(colour) else row.colour, "offered": wants_part()}
    return show("staff/settings/colour", "staff/settings_colour", **names)


def business_form(row: Business, **more: Any) -> BusinessInput:
    return BusinessInput(has_logo=bool(row.logo_id), kept_phone=row.phone, home=row.country, **more)


def written(form: BusinessInput, row: Business, status: int = 200) -> Answer:
    colour = form.chosen_colour if is_colour(form.chosen_colour) else row.colour
    names = {"form": form, "row": row, "colour": colour}
    return show("staff/settings/business", "staff/settings_business", status, **names)


@room.get("/settings/portal")
def show_portal_settings() -> Answer:
    return show("staff/settings/portal", form=PortalInput(obj=business.the_business()))


@room.post("/settings/portal")
def change_portal_settings() -> Answer:
    form = PortalInput()
    if not form.validate():
        return show("staff/settings/portal", "staff/settings_portal", 422, form=form)
    business.change(business.the_business(), **form.facts)
    then = url_for(".show_portal_settings")
    return done("staff/settings_portal", then=then, said="Saved.", toast=True, form=form)


@room.get("/settings/self-booking")
def show_self_booking() -> Answer:
    row = business.the_business()
    return show("staff/settings/self_booking", form=SelfBookingInput(obj=row, kept_minutes=row.offer_minutes))


@room.post("/settings/self-booking")
def change_self_booking() -> Answer:
    row = business.the_business()
    form = SelfBookingInput(kept_minutes=row.offer_minutes)
    if not form.validate():
        return show("staff/settings/self_booking", "staff/settings_self_booking", 422, form=form)
    business.change(row, **form.facts)
    then = url_for(".show_self_booking")
    return done("staff/settings_self_booking", then=then, said="Saved.", toast=True, form=form)
